using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Storage;

/// <summary>Whether a program and the schema of a database fit.</summary>
public enum SchemaFit
{
    /// <summary>The schema is the program's, or a newer one that it can serve.</summary>
    Fits,

    /// <summary>Migrations or search texts of the program are missing.</summary>
    Older,

    /// <summary>A newer version has changed the schema in a way that the program cannot serve.</summary>
    TooNew,
}

/// <summary>The migrations of the program, and those of a database. Decision 0044.</summary>
public static class Schema
{
    private const string History = "\"__EFMigrationsHistory\"";

    // less than the time for which a write is tried again and the deadline of a read
    private const string LockTimeout = "2s";
    private static readonly TimeSpan LockPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxLockWait = TimeSpan.FromMinutes(30);

    /// <summary>The ids of all migrations, oldest first.</summary>
    public static IReadOnlyList<string> Migrations { get; } =
    [
        .. typeof(Schema).Assembly.GetTypes()
            .Where(t => t.IsSubclassOf(typeof(Migration)))
            .Select(IdOf)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The id of the newest migration, to check the version of a database.</summary>
    public static string NewestMigration => Migrations[^1];

    /// <summary>
    /// Whether the program may serve a database: it has the schema of the program, or a newer one with which older programs go on. Waits
    /// for no migration.
    /// </summary>
    public static async Task<SchemaFit> FitAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var exists = database.CreateCommand("select to_regclass('schema_state') is not null");
        if (!(bool)(await exists.ExecuteScalarAsync(cancellation))!)
            return SchemaFit.Older;
        await using var read = database.CreateCommand(
            "select c.newest, c.compatible_since, s.edition from schema_state c cross join search_state s");
        await using var row = await read.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation) || await row.IsDBNullAsync(0, cancellation))
            return SchemaFit.Older;
        var (newest, since, edition) = (row.GetString(0), row.GetString(1), row.GetInt32(2));
        // a migration that breaks this program may be under way: it counts before the newest one is recorded
        if (StringComparer.Ordinal.Compare(since, NewestMigration) > 0 || edition > SearchText.Edition)
            return SchemaFit.TooNew;
        return StringComparer.Ordinal.Compare(newest, NewestMigration) < 0 || edition < SearchText.Edition
            ? SchemaFit.Older : SchemaFit.Fits;
    }

    /// <summary>
    /// Brings the schema and the search texts to the program's version, beside services of older versions: a migration waits for no lock
    /// longer than they can wait behind it, and is tried again. Returns the applied migrations.
    /// </summary>
    public static async Task<IReadOnlyList<string>> MigrateAsync(
        NpgsqlDataSource database, ISearchTexts texts, CancellationToken cancellation)
    {
        if (await AppliedOrNullAsync(database, cancellation) is { } applied && !Migrations.Except(applied).Any()
            && await FitAsync(database, cancellation) == SchemaFit.Fits)
        {
            return [];
        }

        var pending = await ApplyAsync(database, cancellation);
        await SearchTextUpgrade.RunAsync(database, texts, cancellation);
        await using (var record = database.CreateCommand(
            $"""
            update schema_state set newest = n.id from (select max(migration_id collate "C") as id from {History}) n
            where newest is distinct from n.id
            """))
        {
            await record.ExecuteNonQueryAsync(cancellation);
        }

        // connections of the pool may have read the types before the extensions were made
        await database.ReloadTypesAsync(cancellation);
        return pending;
    }

    /// <summary>Says that versions of the program that do not have a migration cannot serve the schema that it makes.</summary>
    /// <param name="builder">The builder of the migration.</param>
    /// <param name="migration">The migration.</param>
    public static void BreakOlderVersions(this MigrationBuilder builder, Migration migration) => builder.Sql(
        $"""
        insert into schema_state (compatible_since) values ('{IdOf(migration.GetType())}')
        on conflict (is_only) do update set compatible_since = excluded.compatible_since
        """);

    private static async Task<List<string>> ApplyAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        List<string> applied = [];
        for (var began = TimeProvider.System.GetTimestamp(); ;)
        {
            try
            {
                await using var context = Database.Context(database);
                // a migration may rewrite every record
                context.Database.SetCommandTimeout(TimeSpan.FromHours(12));
                var pending = await context.Database.GetPendingMigrationsAsync(cancellation);
                // of all attempts: each may apply some
                applied = [.. applied.Union(pending)];
                await context.Database.OpenConnectionAsync(cancellation);
                await context.Database.ExecuteSqlAsync($"select set_config('lock_timeout', {LockTimeout}, false)", cancellation);
                await context.Database.MigrateAsync(cancellation);
                await context.Database.ExecuteSqlAsync($"reset lock_timeout", cancellation);
                return applied;
            }
            catch (Exception e) when (DatabaseFaults.Of(e) is DatabaseFault.Locked or DatabaseFault.Conflict
                && TimeProvider.System.GetElapsedTime(began) < MaxLockWait)
            {
                // the requests that have waited behind it come first
                await Task.Delay(LockPause, cancellation);
            }
        }
    }

    private static string IdOf(Type migration) => migration.GetCustomAttribute<MigrationAttribute>()!.Id;

    /// <summary>The ids of the migrations that a database holds, in any order. This does not build the model.</summary>
    /// <returns>null while a migration is under way: it keeps the list to itself until it ends.</returns>
    public static async Task<IReadOnlyList<string>?> AppliedOrNullAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var exists = database.CreateCommand($"select to_regclass('{History}') is not null");
        if (!(bool)(await exists.ExecuteScalarAsync(cancellation))!)
            return [];
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        try
        {
            await using var alone = new NpgsqlCommand($"lock table {History} in access share mode nowait", connection, transaction);
            await alone.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException e) when (DatabaseFaults.Of(e) == DatabaseFault.Locked)
        {
            return null;
        }

        await using var applied = new NpgsqlCommand($"select array_agg(migration_id) from {History}", connection);
        return await applied.ExecuteScalarAsync(cancellation) as string[] ?? [];
    }
}
