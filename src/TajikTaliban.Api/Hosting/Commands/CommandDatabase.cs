using Microsoft.EntityFrameworkCore;
using Npgsql;
using TajikTaliban.Api.Hosting.EmbeddedPostgres;
using TajikTaliban.Api.Storage;
using Embedded = TajikTaliban.Api.Hosting.EmbeddedPostgres.EmbeddedPostgres;

namespace TajikTaliban.Api.Hosting.Commands;

/// <summary>The database of a command: the one that is configured, or the service's own, started for as long as the command runs.</summary>
public sealed class CommandDatabase : IAsyncDisposable
{
    private readonly Embedded? _embedded;

    private CommandDatabase(string connectionString, Embedded? embedded)
    {
        _embedded = embedded;
        Source = Database.Open(connectionString);
        Feed = Database.OpenForFeed(connectionString);
    }

    public NpgsqlDataSource Source { get; }

    /// <summary>For those who read the feed and snapshots.</summary>
    public NpgsqlDataSource Feed { get; }

    public bool IsEmbedded => _embedded is not null;

    public string Description => _embedded is null
        ? $"the configured database ({new NpgsqlConnectionStringBuilder(Source.ConnectionString).Host})"
        : $"PostgreSQL {_embedded.Version} of its own, in {_embedded.DataFolder}";

    /// <exception cref="CommandException">
    /// The configuration cannot be read, or the database holds a migration that this program does not have.
    /// </exception>
    public static async Task<CommandDatabase> OpenAsync(
        IConfiguration configuration, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var database = configuration.GetConnectionString("Database") is { Length: > 0 } connectionString
            ? Configured(connectionString)
            : await EmbeddedAsync(configuration, loggers, cancellation);
        try
        {
            await database.RefuseUnknownMigrationsAsync(cancellation);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    private static CommandDatabase Configured(string connectionString)
    {
        try
        {
            return new CommandDatabase(connectionString, null);
        }
        catch (ArgumentException e)
        {
            throw new CommandException(
                $"ConnectionStrings__Database cannot be read: {e.Message}\nIt takes the form Host=…;Database=…;Username=…;Password=….");
        }
    }

    private static async Task<CommandDatabase> EmbeddedAsync(
        IConfiguration configuration, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var options = new EmbeddedPostgresOptions
        {
            BinFolder = configuration["Embedded:BinFolder"],
            DataFolder = configuration["Embedded:DataFolder"],
            CacheFolder = configuration["Embedded:CacheFolder"],
            Source = SourceOf(configuration["Embedded:Source"]),
        };
        var embedded = await Embedded.StartAsync(options, loggers.CreateLogger<Embedded>(), cancellation);
        return new CommandDatabase(embedded.ConnectionString, embedded);
    }

    private static EmbeddedPostgresSource SourceOf(string? setting) =>
        setting is null ? EmbeddedPostgresSource.Any
        : Enum.TryParse<EmbeddedPostgresSource>(setting, ignoreCase: true, out var source) && Enum.IsDefined(source) ? source
        : throw new CommandException(
            $"Embedded__Source is '{setting}'; it takes {string.Join(", ", Enum.GetNames<EmbeddedPostgresSource>()).ToLowerInvariant()}.");

    /// <summary>Brings the schema to the program's version; gives the migrations that were applied.</summary>
    public static async Task<IReadOnlyList<string>> MigrateAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        if (await IsCurrentAsync(database, cancellation))
            return [];
        await using var context = Database.Context(database);
        // a migration may rewrite every record
        context.Database.SetCommandTimeout(TimeSpan.FromHours(12));
        var pending = (await context.Database.GetPendingMigrationsAsync(cancellation)).ToList();
        await context.Database.MigrateAsync(cancellation);
        // connections of the pool may have read the types before the extensions were made
        await database.ReloadTypesAsync(cancellation);
        return pending;
    }

    /// <summary>Migrates the embedded database; a configured one is migrated only on request.</summary>
    public static async Task MigrateIfEmbeddedAsync(CommandDatabase database, CancellationToken cancellation)
    {
        if (database.IsEmbedded)
            await MigrateAsync(database.Source, cancellation);
    }

    /// <summary>Whether the newest migration of the program has been applied.</summary>
    public static async Task<bool> IsCurrentAsync(NpgsqlDataSource database, CancellationToken cancellation) =>
        (await Schema.AppliedAsync(database, cancellation)).Contains(Schema.NewestMigration);

    private async Task RefuseUnknownMigrationsAsync(CancellationToken cancellation)
    {
        var unknown = (await Schema.AppliedAsync(Source, cancellation)).Except(Schema.Migrations).Max(StringComparer.Ordinal);
        if (unknown is null)
        {
            return;
        }

        var isNewer = StringComparer.Ordinal.Compare(unknown, Schema.NewestMigration) > 0;
        var (data, other) = _embedded is null
            ? ("The configured database", "create a new database and name it in ConnectionStrings__Database")
            : ($"The data in {_embedded.DataFolder}", $"move the folder {_embedded.DataFolder} away or remove it, and start again");
        throw new CommandException(isNewer
            ? $"{data} was made by a newer version of this program (migration {unknown}). Use that version; or {other}."
            : $"{data} was made by an earlier, unreleased version of this program (migration {unknown}) and cannot be upgraded. "
                + $"To use this version, {other}.");
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Feed.DisposeAsync();
        if (_embedded is not null)
            await _embedded.DisposeAsync();
    }
}
