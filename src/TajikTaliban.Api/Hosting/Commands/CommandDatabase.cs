using Npgsql;
using TajikTaliban.Api.Hosting.EmbeddedPostgres;
using TajikTaliban.Api.Storage;
using Embedded = TajikTaliban.Api.Hosting.EmbeddedPostgres.EmbeddedPostgres;

namespace TajikTaliban.Api.Hosting.Commands;

/// <summary>The database of a command: the configured one, or an embedded one that runs as long as the command.</summary>
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

    /// <summary>For the feed and snapshots.</summary>
    public NpgsqlDataSource Feed { get; }

    public bool IsEmbedded => _embedded is not null;

    public string Description => _embedded is null
        ? $"the configured database ({new NpgsqlConnectionStringBuilder(Source.ConnectionString).Host})"
        : $"embedded PostgreSQL {_embedded.Version} in {_embedded.DataFolder}";

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
                $"ConnectionStrings__Database is not valid: {e.Message}\nUse the form Host=…;Database=…;Username=…;Password=….");
        }
    }

    private static async Task<CommandDatabase> EmbeddedAsync(
        IConfiguration configuration, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var options = EmbeddedPostgresSettings.Read(configuration);
        var embedded = await Embedded.StartAsync(options, loggers.CreateLogger<Embedded>(), cancellation);
        return new CommandDatabase(embedded.ConnectionString, embedded);
    }

    /// <summary>Brings the schema to the program's version. Returns the applied migrations.</summary>
    public static Task<IReadOnlyList<string>> MigrateAsync(NpgsqlDataSource database, CancellationToken cancellation) =>
        Schema.MigrateAsync(database, Services.CreateEditors(), cancellation);

    /// <summary>Migrates the embedded database; a configured one is migrated only on request.</summary>
    public static async Task MigrateIfEmbeddedAsync(CommandDatabase database, CancellationToken cancellation)
    {
        if (database.IsEmbedded)
            await MigrateAsync(database.Source, cancellation);
    }

    /// <exception cref="CommandException">The schema is not of the program's version.</exception>
    public async Task RequireCurrentAsync(CancellationToken cancellation)
    {
        if (!await Schema.IsCurrentAsync(Source, cancellation))
            throw new CommandException("The schema of the configured database is not of this version. Run `migrate` first.");
    }

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
            ? $"{data} was created by a newer version of this program (migration {unknown}). Use that version; or {other}."
            : $"{data} was created by an earlier, unreleased version of this program (migration {unknown}) and cannot be upgraded. "
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
