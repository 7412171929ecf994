using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.Hosting.Seeding;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>The service on a real port over a database of its own; one a test class (<c>IClassFixture&lt;ApiFixture&gt;</c>).</summary>
public class ApiFixture(PostgresServer server) : IAsyncLifetime
{
    private WebApplication? _app;

    /// <summary>The instant at which the fixture's clock stands until a test moves it.</summary>
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);

    public FakeTimeProvider Time { get; } = new(Start);

    public NpgsqlDataSource Database { get; private set; } = null!;

    public string ConnectionString { get; private set; } = "";

    /// <summary>Sends no key.</summary>
    public HttpClient Reader { get; private set; } = null!;

    /// <summary>Sends an editor's key.</summary>
    public HttpClient Editor { get; private set; } = null!;

    public IServiceProvider Services => _app!.Services;

    /// <summary>The addresses of all routes, with <c>{…}</c> for parameters.</summary>
    public IReadOnlyList<string> Routes =>
    [
        .. Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(e => "/" + e.RoutePattern.RawText!.Trim('/')).Distinct(),
    ];

    /// <summary>Whether the database begins with the seed records or with none.</summary>
    protected virtual bool Seeded => false;

    /// <summary>The name of the template that the database is a copy of, and what makes it, given its connection string.</summary>
    protected virtual (string Name, Func<string, Task> MakeAsync) Template =>
        (Seeded ? "seeded" : "migrated", connection => MakeAsync(connection, Seeded ? SeedFiles.ArticleFolder : null));

    /// <summary>Settings of the service beside its defaults.</summary>
    protected virtual IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>();

    /// <summary>The edition of the service's responses; null is that of this version.</summary>
    protected virtual Edition? Edition => null;

    /// <summary>Who reads the log of the service; nobody, unless a test does.</summary>
    protected virtual ILoggerProvider? Logs => null;

    /// <summary>The service's clock; a real one for what waits by itself.</summary>
    protected virtual TimeProvider Clock => Time;

    public async ValueTask InitializeAsync()
    {
        ConnectionString = await server.CreateDatabaseAsync(Template.Name, Template.MakeAsync);
        Database = Api.Storage.Database.Open(ConnectionString);
        _app = await StartServiceAsync(Database);
        var address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Reader = Client(address, null);
        Editor = Client(address, await CreateKeyAsync("editor", Roles.Editor));
        await FillAsync();
    }

    /// <summary>Adds the records that the tests of the class need.</summary>
    protected virtual ValueTask FillAsync() => ValueTask.CompletedTask;

    /// <summary>The pools of the service: one for all work, unless a test needs them apart.</summary>
    protected virtual ConnectionPools PoolsOf(NpgsqlDataSource database) => database;

    /// <summary>Starts a service over a database, this one's or a second one beside it.</summary>
    public async Task<WebApplication> StartServiceAsync(NpgsqlDataSource database, DirectDatabase? direct = null, Edition? edition = null)
    {
        var builder = Service.CreateBuilder("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        if (Logs is not null)
            builder.Logging.AddProvider(Logs);
        builder.Configuration.AddInMemoryCollection(Settings);
        if ((edition ?? Edition) is { } other)
            builder.Services.AddSingleton(other);
        var app = Service.Build(builder, PoolsOf(database), Clock, direct);
        await app.StartAsync();
        return app;
    }

    /// <summary>Stops the service and leaves the database to others.</summary>
    public Task StopServiceAsync() => _app!.StopAsync();

    public HttpClient Client(string? key) => Client(Reader.BaseAddress!.ToString(), key);

    /// <summary>Makes a key and gives its text.</summary>
    public async Task<string> CreateKeyAsync(string name, string role)
    {
        var key = KeyText.New();
        await using var context = Api.Storage.Database.Context(Database);
        context.Add(new ApiKey { Name = name, Role = role, Hash = KeyText.Hash(key), CreatedAt = Start });
        await context.SaveChangesAsync();
        return key;
    }

    public async ValueTask DisposeAsync()
    {
        Reader.Dispose();
        Editor.Dispose();
        var pools = Services.GetRequiredService<ConnectionPools>();
        await _app!.DisposeAsync();
        await pools.DisposeAsync();
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes the tables and writes the seeds of a folder, if there is one.</summary>
    protected static async Task MakeAsync(string connectionString, string? seeds)
    {
        await using var database = Api.Storage.Database.Open(connectionString);
        await CommandDatabase.MigrateAsync(database, CancellationToken.None);
        if (seeds is null)
            return;
        await using var app = Service.Build(Service.CreateBuilder("http://127.0.0.1:0"), database, new FakeTimeProvider(Start));
        await app.Services.GetRequiredService<Seeder>().RunAsync(seeds, false, CancellationToken.None);
    }

    private static HttpClient Client(string address, string? key)
    {
        var client = new HttpClient(new DocumentedProblems(new SocketsHttpHandler { AllowAutoRedirect = false }))
        {
            BaseAddress = new Uri(address),
        };
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }
}

/// <summary>The same, beginning with the seed records of the article.</summary>
public sealed class SeededApiFixture(PostgresServer server) : ApiFixture(server)
{
    protected override bool Seeded => true;
}

/// <summary>The same, beginning with all packs of seeds, as a service does that is started anew.</summary>
public sealed class PackedApiFixture(PostgresServer server) : ApiFixture(server)
{
    protected override (string Name, Func<string, Task> MakeAsync) Template =>
        ("packed", connection => MakeAsync(connection, SeedFiles.DefaultFolder));
}

/// <summary>The same, beginning with the records that the sample records refer to.</summary>
public sealed class BasicsApiFixture(PostgresServer server) : ApiFixture(server), IAsyncLifetime
{
    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        await Editor.AddBasicsAsync();
    }
}
