using System.CommandLine;
using System.Globalization;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Storage.Access;

namespace TajikTaliban.Api.Hosting.Commands;

/// <summary><c>keys create|rotate|list|revoke</c>. Each change is in the audit log, in one transaction with it.</summary>
internal static class KeysCommand
{
    private const int MaxName = 100;
    private static readonly TimeSpan MaxGrace = TimeSpan.FromDays(90);

    public static Command Create(ServiceFactory service, CancellationToken stop) =>
        new("keys", "Create, rotate, list and revoke API keys.")
        {
            Make(service, stop), Rotate(service, stop), List(service, stop), Revoke(service, stop),
        };

    private static Command Make(ServiceFactory service, CancellationToken stop)
    {
        var name = Name("Name of the key; every change made with the key states it.");
        var role = new Option<string>("--role")
        {
            Description = "Role of the key: reader, editor (writes records) or admin (all operations).",
            Required = true,
        };
        role.AcceptOnlyFromAmong([.. Roles.All]);
        var expires = Expires("From when on the key is refused: 90d, 2027-01-31 or 2027-01-31T12:00:00Z (default: never).");
        var command = new Command("create",
            "Create a key and print it on the last line. It is shown only once: the database stores only its hash.")
        {
            name, role, expires,
        };
        command.Aliases.Add("add");
        command.SetAction((arguments, _) => WithDatabaseAsync(service, async connection =>
        {
            var now = TimeProvider.System.GetUtcNow();
            var (who, key) = (arguments.GetValue(name)!.Trim(), KeyText.New());
            if (who.Length is 0 or > MaxName || who.Any(char.IsControl))
                throw new CommandException($"Use a name of 1 to {MaxName} characters without control characters.");
            var added = new ApiKey
            {
                Name = who,
                Role = arguments.GetValue(role)!,
                Hash = KeyText.Hash(key),
                CreatedAt = now,
                ExpiresAt = ReadExpiryOrNull(arguments.GetValue(expires), now),
            };
            if (!await new ApiKeyStore(connection).AddAsync(added, stop))
            {
                throw new CommandException($"The name '{who}' is used by a key, perhaps a revoked one. Choose another name.");
            }

            await AuditAsync(connection, "keys.create", who, $"role {added.Role}, expires {InstantOrNever(added.ExpiresAt)}", stop);
            return [
                $"Key '{who}' ({added.Role}, expires: {InstantOrNever(added.ExpiresAt)}). Send it as `Authorization: Bearer KEY`; it is "
                + "not shown again:",
                key];
        }, stop));
        return command;
    }

    private static Command Rotate(ServiceFactory service, CancellationToken stop)
    {
        var name = Name("Name of the key.");
        var grace = new Option<string>("--grace")
        {
            Description = "How long the key before is accepted as well: 0, 30m, 24h or 7d; at most 90d (default: 24h).",
            DefaultValueFactory = _ => "24h",
        };
        var expires = Expires("From when on the new key is refused: 90d, 2027-01-31 or 2027-01-31T12:00:00Z (default: as before).");
        var command = new Command("rotate",
            "Replace a key by a new one of the same name and role, and print it on the last line. The key before is accepted for a grace "
            + "time; one that was rotated earlier is refused at once.") { name, grace, expires };
        command.SetAction((arguments, _) => WithDatabaseAsync(service, async connection =>
        {
            var now = TimeProvider.System.GetUtcNow();
            var (who, key, keys) = (arguments.GetValue(name)!, KeyText.New(), new ApiKeyStore(connection));
            if (ReadSpanOrNull(arguments.GetValue(grace)!) is not { } overlap || overlap > MaxGrace)
                throw new CommandException("Write --grace as 0, 30m, 24h or 7d, at most 90d.");
            var known = await keys.FindOrNullAsync(who, stop);
            if (known is null or { RevokedAt: not null })
                throw new CommandException($"No valid key has the name '{who}'; see `keys list`.");
            known.ExpiresAt = ReadExpiryOrNull(arguments.GetValue(expires), now) ?? known.ExpiresAt;
            if (known.ExpiresAt <= now)
                throw new CommandException($"The key '{who}' expired at {InstantOrNever(known.ExpiresAt)}; send --expires as well.");
            (known.Hash, known.RotatedAt) = (KeyText.Hash(key), now);
            var until = now + overlap;
            await keys.RotateAsync(known, until, stop);
            await AuditAsync(connection, "keys.rotate", who,
                $"the key before until {InstantOrNever(until)}, expires {InstantOrNever(known.ExpiresAt)}", stop);
            return [
                $"Key '{who}' ({known.Role}, expires: {InstantOrNever(known.ExpiresAt)}). The key before is accepted until "
                + $"{InstantOrNever(until)}. Send the new one as `Authorization: Bearer KEY`; it is not shown again:",
                key];
        }, stop));
        return command;
    }

    private static Command List(ServiceFactory service, CancellationToken stop)
    {
        var command = new Command("list", "List the keys with name, role, creation, expiry, rotation and revocation.");
        command.SetAction((_, _) => WithDatabaseAsync(service, async connection =>
        {
            var lines = new List<string> { $"{"name",-30} {"role",-8} {"created",-18} {"expires",-18} {"rotated",-18} revoked" };
            foreach (var key in await new ApiKeyStore(connection).AllAsync(stop))
            {
                lines.Add(
                    $"{key.Name,-30} {key.Role,-8} {InstantOrDash(key.CreatedAt),-18} {InstantOrDash(key.ExpiresAt),-18} "
                    + $"{InstantOrDash(key.RotatedAt),-18} {InstantOrDash(key.RevokedAt)}");
            }

            return lines;
        }, stop));
        return command;
    }

    private static Command Revoke(ServiceFactory service, CancellationToken stop)
    {
        var name = Name("Name of the key.");
        var command = new Command("revoke", "Revoke a key at once.") { name };
        command.SetAction((arguments, _) => WithDatabaseAsync(service, async connection =>
        {
            var who = arguments.GetValue(name)!;
            if (!await new ApiKeyStore(connection).RevokeAsync(who, TimeProvider.System.GetUtcNow(), stop))
                throw new CommandException($"No valid key has the name '{who}'; see `keys list`.");
            await AuditAsync(connection, "keys.revoke", who, null, stop);
            return [$"Revoked '{who}'."];
        }, stop));
        return command;
    }

    private static Option<string> Name(string description) => new("--name") { Description = description, Required = true };

    private static Option<string?> Expires(string description) => new("--expires") { Description = description };

    private static Task AuditAsync(NpgsqlConnection connection, string action, string name, string? detail, CancellationToken stop) =>
        AuditLog.AddAsync(connection, AuditEntry.OfCommand(action, $"key {name}") with { Detail = detail }, stop);

    /// <summary>An instant, the beginning of a day (UTC), or a number of days from now.</summary>
    private static DateTimeOffset? ReadExpiryOrNull(string? text, DateTimeOffset now)
    {
        if (text is null)
            return null;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        var expiry = ReadSpanOrNull(text) is { } span ? now + span
            : DateTimeOffset.TryParseExact(
                text, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm'Z'"], CultureInfo.InvariantCulture, Utc, out var at)
                ? at : throw new CommandException("Write --expires as 90d, 2027-01-31 or 2027-01-31T12:00:00Z.");
        return expiry > now ? expiry : throw new CommandException($"--expires is in the past: {InstantOrNever(expiry)}.");
    }

    /// <summary>A time such as <c>30m</c>, <c>24h</c> or <c>7d</c>; null if the text is none.</summary>
    private static TimeSpan? ReadSpanOrNull(string text)
    {
        if (text == "0")
            return TimeSpan.Zero;
        return text.Length is > 1 and <= 6
            && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? text[^1] switch
            {
                'm' => TimeSpan.FromMinutes(number),
                'h' => TimeSpan.FromHours(number),
                'd' => TimeSpan.FromDays(number),
                _ => null,
            }
            : null;
    }

    private static string InstantOrNever(DateTimeOffset? instant) => instant is null ? "never" : InstantOrDash(instant);

    private static string InstantOrDash(DateTimeOffset? instant) =>
        instant?.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>Runs the work in one transaction, and prints its lines after the commit.</summary>
    private static Task<int> WithDatabaseAsync(
        ServiceFactory service, Func<NpgsqlConnection, Task<IReadOnlyList<string>>> work, CancellationToken stop) =>
        CommandLine.GuardAsync(async () =>
    {
        await using var database = await CommandDatabase.OpenAsync(service.CreateBuilder(null).Configuration, Logging.Quiet, stop);
        await CommandDatabase.MigrateIfEmbeddedAsync(database, stop);
        await database.RequireCurrentAsync(stop);
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var lines = await work(connection);
        await transaction.CommitAsync(stop);
        foreach (var line in lines)
            Console.WriteLine(line);
        return 0;
    }, stop);
}
