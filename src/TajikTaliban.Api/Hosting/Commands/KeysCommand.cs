using System.CommandLine;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Storage;

namespace TajikTaliban.Api.Hosting.Commands;

/// <summary><c>keys create|list|revoke</c>.</summary>
internal static class KeysCommand
{
    private const int MaxName = 100;

    public static Command Create(CancellationToken stop) => new("keys", "Make, list and revoke the keys that may write.") { Make(stop), List(stop), Revoke(stop) };

    private static Command Make(CancellationToken stop)
    {
        var name = new Option<string>("--name") { Description = "Whose key it is. Every change names it.", Required = true };
        var role = new Option<string>("--role") { Description = "What it may do: reader, editor (writes records) or admin (all).", Required = true };
        role.AcceptOnlyFromAmong([.. Roles.All]);
        var command = new Command("create", "Make a key and print it, alone on the last line. It is shown this once: only its hash is kept.") { name, role };
        command.SetAction((arguments, _) => WithDatabaseAsync(async context =>
        {
            var (who, key) = (arguments.GetValue(name)!.Trim(), KeyText.New());
            if (who.Length is 0 or > MaxName || who.Any(char.IsControl))
                throw new CommandException($"A name has 1 to {MaxName} characters, none of them a control character.");
            context.Add(new ApiKey { Name = who, Role = arguments.GetValue(role)!, Hash = KeyText.Hash(key), CreatedAt = TimeProvider.System.GetUtcNow() });
            try
            {
                await context.SaveChangesAsync(stop);
            }
            catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
            {
                throw new CommandException($"There is a key of the name '{who}' already, or was: names are not used again. Choose another.");
            }

            Console.WriteLine($"Key '{who}' ({arguments.GetValue(role)}). Send it as `Authorization: Bearer KEY`; it is not shown again:");
            Console.WriteLine(key);
        }, stop));
        return command;
    }

    private static Command List(CancellationToken stop)
    {
        var command = new Command("list", "List the keys: name, role, when made, when revoked.");
        command.SetAction((_, _) => WithDatabaseAsync(async context =>
        {
            var keys = await context.ApiKeys.AsNoTracking().OrderBy(k => k.CreatedAt).ToListAsync(stop);
            Console.WriteLine($"{"name",-30} {"role",-8} {"made",-20} revoked");
            foreach (var key in keys)
                Console.WriteLine($"{key.Name,-30} {key.Role,-8} {Instant(key.CreatedAt),-20} {(key.RevokedAt is { } at ? Instant(at) : "-")}");
        }, stop));
        return command;
    }

    private static Command Revoke(CancellationToken stop)
    {
        var name = new Option<string>("--name") { Description = "The key to revoke.", Required = true };
        var command = new Command("revoke", "Revoke a key: from now on it is refused.") { name };
        command.SetAction((arguments, _) => WithDatabaseAsync(async context =>
        {
            var who = arguments.GetValue(name)!;
            var now = TimeProvider.System.GetUtcNow();
            var revoked = await context.ApiKeys.Where(k => k.Name == who && k.RevokedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(k => k.RevokedAt, now), stop);
            Console.WriteLine(revoked == 1 ? $"Revoked '{who}'." : throw new CommandException($"There is no key '{who}' that is not revoked already; see `keys list`."));
        }, stop));
        return command;
    }

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    private static Task<int> WithDatabaseAsync(Func<ApiDbContext, Task> work, CancellationToken stop) => CommandLine.GuardAsync(async () =>
    {
        await using var database = await CommandDatabase.OpenAsync(Service.CreateBuilder().Configuration, Logging.Quiet, stop);
        await CommandDatabase.MigrateIfEmbeddedAsync(database, stop);
        if (!await CommandDatabase.IsCurrentAsync(database.Source, stop))
            throw new CommandException("The configured database is not of this version. Run `migrate` first.");
        await using var context = Database.Context(database.Source);
        await work(context);
        return 0;
    }, stop);
}
