using System.Runtime.InteropServices;
using Npgsql;
using TajikTaliban.Api.Storage;

namespace TajikTaliban.Api.Hosting.EmbeddedPostgres;

/// <summary>
/// A private PostgreSQL for a service without a configured database: found or fetched, started in a folder of the user, and stopped by
/// the last instance that uses it. An instance that comes while another runs shares its cluster.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(20);

    private readonly FolderLock _use;
    private readonly Cluster _cluster;
    private readonly ILogger _logger;
    private readonly PosixSignalRegistration _hangUp;
    private int _left;

    private EmbeddedPostgres(FolderLock use, Cluster cluster, string dataFolder, PostgresBinaries binaries, ILogger logger)
    {
        _use = use;
        _cluster = cluster;
        _logger = logger;
        DataFolder = dataFolder;
        BinFolder = binaries.Folder;
        Version = binaries.Version;
        AppDomain.CurrentDomain.ProcessExit += LeaveAtExit;
        // A closed terminal ends the process without that event.
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => LeaveAtExit(null, EventArgs.Empty));
    }

    /// <summary>The connection string of the existing database. It contains the password: do not log it.</summary>
    public string ConnectionString { get; private set; } = "";

    public string BinFolder { get; }

    /// <summary>Where the data really is: not the wanted folder if PostgreSQL's account could not get there.</summary>
    public string DataFolder { get; }

    public string Version { get; }

    public int Port { get; private set; }

    /// <exception cref="PostgresNotFoundException">There is no PostgreSQL and no way to get one.</exception>
    /// <exception cref="EmbeddedPostgresException">There is one, but it could not be started.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, ILogger logger, CancellationToken ct)
    {
        var account = await ServerAccount.ChooseAsync(ct);
        var dataFolder = await Folders.DataAsync(options.DataFolder, account, ct);
        var cacheFolder = await Folders.CacheAsync(options.CacheFolder, account, ct);
        Folders.Make(dataFolder, Folders.OwnerOnly);
        // Root may open anything, and would shut out the user whose folder this is by giving it to another account.
        if (account.IsAnother && File.Exists(GateOf(dataFolder)) && !await ServerAccount.Own.OwnsAsync(GateOf(dataFolder), ct))
            throw FolderLock.BelongsToAnother(dataFolder);
        await account.TakeOverAsync(dataFolder, withAllBelow: false, ct);

        using var gate = await EnterAsync(dataFolder, logger, ct);
        var finder = new BinaryFinder(
            options,
            new NpmBinaries(cacheFolder, options.SearchFolders, account, logger),
            new ReachableCopy(cacheFolder, account, logger),
            account,
            logger);
        var binaries = await finder.FindAsync(Cluster.MajorsIn(dataFolder), dataFolder, ct);
        var durable = !options.Settings.TryGetValue("fsync", out var fsync) || fsync != "off";
        var cluster = await Cluster.OpenAsync(dataFolder, binaries, durable, account, logger, ct);

        var isShared = IsInUse(dataFolder);
        var instance = new EmbeddedPostgres(await FolderLock.TakeSharedAsync(UseOf(dataFolder), ct), cluster, dataFolder, binaries, logger);
        try
        {
            await instance.ConnectAsync(options, isShared, ct);
            return instance;
        }
        catch
        {
            await instance.LeaveAsync(gate);
            throw;
        }
    }

    /// <summary>Stops the cluster, unless another instance is using it still.</summary>
    public async ValueTask DisposeAsync() => await LeaveAsync(gateHeld: null);

    /// <summary>Has the effect of a killed process: releases the locks and leaves the cluster running.</summary>
    internal void Abandon()
    {
        if (TryLeaveOnce())
            _use.Dispose();
    }

    private static string GateOf(string dataFolder) => Path.Combine(dataFolder, "gate.lock");

    private static string UseOf(string dataFolder) => Path.Combine(dataFolder, "use.lock");

    private static async Task<FolderLock> EnterAsync(string dataFolder, ILogger logger, CancellationToken ct)
    {
        if (FolderLock.TryTakeAlone(GateOf(dataFolder)) is { } free)
            return free;
        logger.LogInformation("Another instance is starting or stopping PostgreSQL in {Folder}; waiting for it", dataFolder);
        return await FolderLock.TakeAloneAsync(GateOf(dataFolder), ct);
    }

    private static bool IsInUse(string dataFolder)
    {
        using var alone = FolderLock.TryTakeAlone(UseOf(dataFolder));
        return alone is null;
    }

    private async Task ConnectAsync(EmbeddedPostgresOptions options, bool isShared, CancellationToken ct)
    {
        var running = await _cluster.FindRunningOrNullAsync(ct);
        if (running is null && isShared && _cluster.WasStartedElsewhere)
        {
            throw new EmbeddedPostgresException(
                $"'{DataFolder}' is in use by an instance in another container or on another machine, whose PostgreSQL cannot be shared "
                + "from here. Use a separate data folder for each (Embedded__DataFolder).");
        }

        var server = running ?? await _cluster.StartAsync(options.Settings, ct);
        Port = server.Port;
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = server.Port,
            Username = Cluster.User,
            Password = _cluster.Password,
            Database = options.Database,
            // Over loopback to a server without certificates there is nothing to negotiate.
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
        await EnsureDatabaseAsync(connection, ct);
        ConnectionString = connection.ConnectionString;
        _logger.LogInformation(
            "PostgreSQL {Version} from {BinFolder} {State} on port {Port}, data in {DataFolder}",
            Version,
            BinFolder,
            running is null ? "started" : "was already running",
            Port,
            DataFolder);
    }

    private async Task EnsureDatabaseAsync(NpgsqlConnectionStringBuilder wanted, CancellationToken ct)
    {
        try
        {
            await Database.EnsureExistsAsync(wanted.ConnectionString, ct);
        }
        catch (NpgsqlException e)
        {
            throw new EmbeddedPostgresException(
                $"PostgreSQL {Version} (port {Port}, data in '{DataFolder}') rejected the connection: {e.Message}", e);
        }
    }

    /// <summary>
    /// The gate keeps others from arriving while this one finds out whether it is the last; later instances find either a running
    /// cluster in use or a stopped one.
    /// </summary>
    private async Task LeaveAsync(FolderLock? gateHeld)
    {
        if (!TryLeaveOnce())
            return;
        try
        {
            using var gate = gateHeld is null ? await FolderLock.TakeAloneAsync(GateOf(DataFolder), CancellationToken.None) : null;
            _use.Dispose();
            // A child process that is being started briefly inherits the locks: retry.
            for (var attempt = 0; attempt < 3; attempt++)
            {
                using var last = FolderLock.TryTakeAlone(UseOf(DataFolder));
                if (last is not null)
                {
                    await _cluster.StopAsync();
                    return;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
            }

            if (Port != 0)
                _logger.LogInformation("PostgreSQL keeps running on port {Port}: another instance uses it", Port);
        }
        catch (Exception e) when (e is IOException or EmbeddedPostgresException)
        {
            // PostgreSQL ends by itself within a minute once its folder is gone.
            _logger.LogWarning("PostgreSQL was not stopped: its data folder is not accessible: {Problem}", e.Message);
            _use.Dispose();
        }
    }

    private bool TryLeaveOnce()
    {
        if (Interlocked.Exchange(ref _left, 1) != 0)
            return false;
        AppDomain.CurrentDomain.ProcessExit -= LeaveAtExit;
        _hangUp.Dispose();
        return true;
    }

    /// <summary>For a process exit without disposal, where nothing can be awaited.</summary>
    private void LeaveAtExit(object? sender, EventArgs e) => _ = Task.Run(() => LeaveAsync(gateHeld: null)).Wait(ExitLimit);
}
