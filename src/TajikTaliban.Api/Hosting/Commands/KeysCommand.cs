using System.CommandLine;
using System.Globalization;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Storage.Access;

namespace TajikTaliban.Api.Hosting.Commands;

/// <summary><c>keys create|list|revoke</c>.</summary>
internal static class KeysCommand
{
    private const int MaxName = 100;

    public static Command Create(ServiceFactory service, CancellationToken stop) =>
        new("keys", "Create, list and revoke API keys.") { Make(service, stop), List(service, stop), Revoke(service, stop) };

    private static Command Make(ServiceFactory service, CancellationToken stop)
    {
        var name = new Option<string>("--name")
        {
            Description = "Name of the key; every change made with the key states it.",
            Required = true,
        };
        var role = new Option<string>("--role")
        {
            Description = "Role of the key: reader, editor (writes records) or admin (all operations).",
            Required = true,
        };
        role.AcceptOnlyFromAmong([.. Roles.All]);
        var command = new Command("create",
            "Create a key and print it on the last line. It is shown only once: the database stores only its hash.") { name, role };
        command.SetAction((arguments, _) => WithDatabaseAsync(service, async keys =>
        {
            var (who, key) = (arguments.GetValue(name)!.Trim(), KeyText.New());
            if (who.Length is 0 or > MaxName || who.Any(char.IsControl))
                throw new CommandException($"Use a name of 1 to {MaxName} characters without control characters.");
            var added = new ApiKey
            {
                Name = who,
                Role = arguments.GetValue(role)!,
                Hash = KeyText.Hash(key),
                CreatedAt = TimeProvider.System.GetUtcNow(),
            };
            if (!await keys.AddAsync(added, stop))
            {
                throw new CommandException($"The name '{who}' is used by a key, perhaps a revoked one. Choose another name.");
            }

            Console.WriteLine($"Key '{who}' ({arguments.GetValue(role)}). Send it as `Authorization: Bearer KEY`; it is not shown again:");
            Console.WriteLine(key);
        }, stop));
        return command;
    }

    private static Command List(ServiceFactory service, CancellationToken stop)
    {
        var command = new Command("list", "List the keys with name, role, creation and revocation.");
        command.SetAction((_, _) => WithDatabaseAsync(service, async keys =>
        {
            Console.WriteLine($"{"name",-30} {"role",-8} {"created",-20} revoked");
            foreach (var key in await keys.AllAsync(stop))
            {
                Console.WriteLine(
                    $"{key.Name,-30} {key.Role,-8} {Instant(key.CreatedAt),-20} {(key.RevokedAt is { } at ? Instant(at) : "-")}");
            }
        }, stop));
        return command;
    }

    private static Command Revoke(ServiceFactory service, CancellationToken stop)
    {
        var name = new Option<string>("--name") { Description = "Name of the key.", Required = true };
        var command = new Command("revoke", "Revoke a key at once.") { name };
        command.SetAction((arguments, _) => WithDatabaseAsync(service, async keys =>
        {
            var who = arguments.GetValue(name)!;
            Console.WriteLine(await keys.RevokeAsync(who, TimeProvider.System.GetUtcNow(), stop)
                ? $"Revoked '{who}'." : throw new CommandException($"No valid key has the name '{who}'; see `keys list`."));
        }, stop));
        return command;
    }

    private static string Instant(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    private static Task<int> WithDatabaseAsync(ServiceFactory service, Func<ApiKeyStore, Task> work, CancellationToken stop) =>
        CommandLine.GuardAsync(async () =>
    {
        await using var database = await CommandDatabase.OpenAsync(service.CreateBuilder(null).Configuration, Logging.Quiet, stop);
        await CommandDatabase.MigrateIfEmbeddedAsync(database, stop);
        await database.RequireCurrentAsync(stop);
        await work(new ApiKeyStore(database.Source));
        return 0;
    }, stop);
}
