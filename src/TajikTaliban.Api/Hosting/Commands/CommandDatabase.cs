using Npgsql;
using TajikTaliban.Api.Hosting.EmbeddedPostgres;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Access;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Counts;
using Embedded = TajikTaliban.Api.Hosting.EmbeddedPostgres.EmbeddedPostgres;

namespace TajikTaliban.Api.Hosting.Commands;

/// <summary>The database of a command: the configured one, or an embedded one that runs as long as the command.</summary>
public sealed class CommandDatabase : IAsyncDisposable
{
    private readonly Embedded? _embedded;

    private CommandDatabase(string connectionString, string? direct, Embedded? embedded, StatementLimits? limits)
    {
        _embedded = embedded;
        Pools = Database.OpenPools(connectionString, limits: limits);
        Direct = Database.OpenDirect(direct ?? connectionString);
    }

    /// <summary>The pools of the service.</summary>
    public ConnectionPools Pools { get; }

    /// <summary>The pool for what a command does itself.</summary>
    public NpgsqlDataSource Source => Pools[Lane.Writes];

    /// <summary>Connections to the server itself: <c>ConnectionStrings__Direct</c>, or else as the others.</summary>
    public DirectDatabase Direct { get; }

    public bool IsEmbedded => _embedded is not null;

    public string Description => _embedded is null
        ? $"the configured database ({new NpgsqlConnectionStringBuilder(Source.ConnectionString).Host})"
        : $"embedded PostgreSQL {_embedded.Version} in {_embedded.DataFolder}";

    /// <param name="configuration">The configuration.</param>
    /// <param name="loggers">For the log of the embedded database.</param>
    /// <param name="cancellation">Cancels the start.</param>
    /// <param name="limits">The limits of the statements of requests; a command has none.</param>
    /// <exception cref="CommandException">
    /// The configuration cannot be read, or the database holds a migration that this program does not have.
    /// </exception>
    public static async Task<CommandDatabase> OpenAsync(
        IConfiguration configuration, ILoggerFactory loggers, CancellationToken cancellation, StatementLimits? limits = null)
    {
        OwnSettings.RefuseUnknown(configuration);
        var database = configuration.GetConnectionString("Database") is { Length: > 0 } connectionString
            ? await ConfiguredAsync(
                connectionString, configuration.GetConnectionString("Direct") is { Length: > 0 } direct ? direct : null, loggers, limits,
                cancellation)
            : await EmbeddedAsync(configuration, loggers, limits, cancellation);
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

    private static async Task<CommandDatabase> ConfiguredAsync(
        string connectionString, string? direct, ILoggerFactory loggers, StatementLimits? limits, CancellationToken cancellation)
    {
        Check("Database", connectionString);
        if (direct is not null)
            Check("Direct", direct);
        (connectionString, var isPooled) = await Database.BehindPoolerAsync(connectionString, cancellation);
        if (isPooled && direct is null)
        {
            loggers.CreateLogger<CommandDatabase>().LogWarning(
                "ConnectionStrings__Database leads to a pooler: name the database itself in ConnectionStrings__Direct. Until then commits "
                + "are noticed half a second late, and commands do not wait for each other");
        }

        return new CommandDatabase(connectionString, direct, null, limits);
    }

    /// <summary>Throws unless a connection string can be read.</summary>
    private static void Check(string name, string connectionString)
    {
        try
        {
            using var source = Database.Open(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException or NotSupportedException
            or OverflowException)
        {
            throw new CommandException(
                $"ConnectionStrings__{name} is not valid: {e.Message}\nUse the form Host=…;Database=…;Username=…;Password=….");
        }
    }

    private static async Task<CommandDatabase> EmbeddedAsync(
        IConfiguration configuration, ILoggerFactory loggers, StatementLimits? limits, CancellationToken cancellation)
    {
        var options = EmbeddedPostgresSettings.Read(configuration);
        var embedded = await Embedded.StartAsync(options, loggers.CreateLogger<Embedded>(), cancellation);
        return new CommandDatabase(embedded.ConnectionString, null, embedded, limits);
    }

    /// <summary>Brings the schema to the program's version, and fills what is kept beside it. Returns the applied migrations.</summary>
    public static async Task<IReadOnlyList<string>> MigrateAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        var applied = await Schema.MigrateAsync(database, Services.CreateEditors(), cancellation);
        if (applied.Count > 0)
        {
            await new AuditLog(database).AddAsync(
                [AuditEntry.OfCommand("migrate", "schema") with { Detail = string.Join(", ", applied) }], cancellation);
        }

        await KeepCountsAsync(database, cancellation);
        return applied;
    }

    /// <summary>Brings the kept counts to the newest position, after many writes; the service does it while it runs.</summary>
    public static Task KeepCountsAsync(NpgsqlDataSource database, CancellationToken cancellation) =>
        CountKeeping.RunAsync(database, Services.CreateLists(), CountKeeping.LeastRecords, cancellation);

    /// <summary>The same over connections to the server itself: a migration may take longer than a pooler lets it.</summary>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellation)
    {
        // another command, which this one has waited for, may have migrated
        await RefuseUnknownMigrationsAsync(cancellation);
        IReadOnlyList<string> applied;
        try
        {
            applied = await MigrateAsync(Direct.Source, cancellation);
        }
        catch (Exception e) when (DatabaseFaults.Of(e) == DatabaseFault.Locked)
        {
            throw new CommandException(
                "Other transactions have held a table for too long (pg_stat_activity names them). Run `migrate` again when they end.");
        }

        // connections of the pool may have read the types before the extensions were made
        if (applied.Count > 0)
            await Source.ReloadTypesAsync(cancellation);
        return applied;
    }

    /// <summary>Migrates the embedded database; a configured one is migrated only on request.</summary>
    public static async Task MigrateIfEmbeddedAsync(CommandDatabase database, CancellationToken cancellation)
    {
        if (database.IsEmbedded)
            await database.MigrateAsync(cancellation);
    }

    /// <summary>Waits until no other command changes this database, and keeps the others waiting until the result is disposed of.</summary>
    public Task<CommandLock> LockAsync(CancellationToken cancellation) => CommandLock.TakeAsync(
        Direct, () => Console.Error.WriteLine("Waiting for another command on this database to end."), cancellation);

    /// <summary>Throws unless the program can serve the schema.</summary>
    /// <param name="advice">What to do about a schema that is too old.</param>
    /// <param name="cancellation">Cancels the look at it.</param>
    /// <exception cref="CommandException">It cannot.</exception>
    public async Task RequireSchemaAsync(string advice, CancellationToken cancellation)
    {
        if (await Schema.FitAsync(Source, cancellation) == SchemaFit.Older)
            throw new CommandException($"The schema of the configured database is older than this version. {advice}");
    }

    /// <inheritdoc cref="RequireSchemaAsync"/>
    public Task RequireCurrentAsync(CancellationToken cancellation) => RequireSchemaAsync("Run `migrate` first.", cancellation);

    /// <summary>Throws if a newer version has migrated the database beyond this one, or one that was never released has.</summary>
    private async Task RefuseUnknownMigrationsAsync(CancellationToken cancellation)
    {
        // a migration that is under way leaves the other versions the schema that they have
        var applied = await Schema.AppliedOrNullAsync(Source, cancellation);
        var unknown = (applied ?? []).Except(Schema.Migrations).ToList();
        var earlier = unknown.Where(id => StringComparer.Ordinal.Compare(id, Schema.NewestMigration) < 0).Max(StringComparer.Ordinal);
        var fit = applied is [] ? SchemaFit.Older : await Schema.FitAsync(Source, cancellation);
        if (earlier is null && fit != SchemaFit.TooNew && (unknown.Count == 0 || fit == SchemaFit.Fits))
            return;
        var (data, other) = _embedded is null
            ? ("The configured database", "create a new database and name it in ConnectionStrings__Database")
            : ($"The data in {_embedded.DataFolder}", $"move the folder {_embedded.DataFolder} away or remove it, and start again");
        throw new CommandException(earlier is null
            ? $"{data} was migrated by a newer version of this program{Named(unknown.Max(StringComparer.Ordinal))}, and this one cannot "
                + $"serve it. Use that version; or {other}."
            : $"{data} was created by an earlier, unreleased version of this program (migration {earlier}) and cannot be upgraded. "
                + $"To use this version, {other}.");

        static string Named(string? migration) => migration is null ? "" : $" (migration {migration})";
    }

    public async ValueTask DisposeAsync()
    {
        await Pools.DisposeAsync();
        await Direct.DisposeAsync();
        if (_embedded is not null)
            await _embedded.DisposeAsync();
    }
}
