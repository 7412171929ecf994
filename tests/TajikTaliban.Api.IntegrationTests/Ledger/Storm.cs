using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.IntegrationTests.Ledger;

/// <summary>A change as a reader got it.</summary>
public sealed record Read(string Position, string Resource, string Id, int Version, string Operation, string? Record);

/// <summary>
/// Writers that write at once, over HTTP, by batch and by transactions of their own that are held open, rolled back and cut between stamp
/// and
/// commit; a service that is killed and started again; readers that follow the feed by polling in pages of any size, by long poll and as a
/// stream, and are cut off; they may read at another address, such as that of a service over a standby. What the readers got is then
/// compared
/// with what the tables hold.
/// </summary>
public sealed class Storm(string database, int changes, bool isService, string? readAt = null, string? direct = null)
    : IAsyncDisposable
{
    private const int HttpWriters = 8;
    private const int BatchWriters = 4;
    private const int TransactionWriters = 4;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);
    private readonly NpgsqlDataSource _database =
        Api.Storage.Database.Open(new NpgsqlConnectionStringBuilder(database) { MaxPoolSize = 40 }.ConnectionString);
    private readonly CancellationTokenSource _ends = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly string _address = $"http://127.0.0.1:{ServiceProcess.FreePort()}";
    private readonly string _key = KeyText.New();
    private readonly ConcurrentDictionary<string, List<Read>> _readers = [];
    private ServiceProcess? _service;
    private Microsoft.AspNetCore.Builder.WebApplication? _app;
    private DirectDatabase? _direct;
    private int _committed;
    private int _rolledBack;
    private int _cut;
    private int _served;

    /// <summary>Versions that a writer was told are committed.</summary>
    private readonly ConcurrentBag<(string Resource, string Id, int Version, string? Position)> _told = [];

    public string Address => _address;

    public string Database => database;

    public string Summary => string.Create(CultureInfo.InvariantCulture,
        $"{_committed} changes committed, {_rolledBack} transactions rolled back, {_cut} cut between stamp and commit or by a kill, "
        + $"service started {_served} times, read by {_readers.Count} readers");

    public IReadOnlyDictionary<string, List<Read>> Readers => _readers;

    public async Task StartAsync()
    {
        await using (var context = Api.Storage.Database.Context(_database))
        {
            context.Add(new ApiKey { Name = "storm", Role = Roles.Editor, Hash = KeyText.Hash(_key), CreatedAt = ApiFixture.Start });
            await context.SaveChangesAsync(_ends.Token);
        }

        // the transactions of the storm's own are written as the service writes, but held open
        var quiet = Service.CreateBuilder("http://127.0.0.1:0");
        quiet.Logging.ClearProviders();
        _app = Service.Build(quiet, _database);
        if (!isService)
        {
            var builder = Service.CreateBuilder(_address);
            builder.Logging.ClearProviders();
            await _app.DisposeAsync();
            _direct = direct is null ? null : Api.Storage.Database.OpenDirect(direct);
            _app = Service.Build(builder, _database, direct: _direct);
            await _app.StartAsync(_ends.Token);
            _served = 1;
        }
        else
        {
            await ServeAsync();
        }

        using var client = Client();
        await SendAsync(client, HttpMethod.Post, "/v1/sources", SampleRecords.Source());
        foreach (var actor in (string[])["alpha", "beta", "gamma"])
            await SendAsync(client, HttpMethod.Post, "/v1/actors", SampleRecords.Actor(actor));
    }

    /// <summary>Runs until there are enough changes, and then until all readers have come to the end.</summary>
    public async Task RunAsync(params Task[] others)
    {
        using var writing = CancellationTokenSource.CreateLinkedTokenSource(_ends.Token);
        var readers = new List<Task>
        {
            Task.Run(() => PollAsync("poll of 1 to 50", () => Random.Shared.Next(1, 51), 0)),
            Task.Run(() => PollAsync("poll of 1000", () => 1000, 0)),
            Task.Run(() => PollAsync("long poll", () => Random.Shared.Next(1, 200), 5)),
            Task.Run(() => StreamAsync("stream")),
            Task.Run(() => StreamAsync("stream that is cut", cut: true)),
        };
        var writers = Enumerable.Range(0, HttpWriters).Select(i => Task.Run(() => WriteAsync(i, OneAsync, writing.Token)))
            .Concat(Enumerable.Range(0, BatchWriters).Select(i => Task.Run(() => WriteAsync(100 + i, BatchAsync, writing.Token))))
            .Concat(Enumerable.Range(0, TransactionWriters)
                .Select(i => Task.Run(() => WriteAsync(200 + i, TransactionAsync, writing.Token)))).ToList();
        var killer = Task.Run(() => KillAsync(writing.Token));
        while (Volatile.Read(ref _committed) < changes && writers.Any(w => !w.IsCompleted))
            await Task.Delay(100, _ends.Token);
        await writing.CancelAsync();
        await Task.WhenAll([.. writers, killer]);

        // they are done when nothing has come for a while
        for (var (still, before) = (0, -1L); still < Quiet / TimeSpan.FromMilliseconds(250);)
        {
            await Task.Delay(250, _ends.Token);
            var now = _readers.Values.Sum(r => { lock (r) return (long)r.Count; });
            still = now == before ? still + 1 : 0;
            before = now;
        }

        await _ends.CancelAsync();
        await Task.WhenAll([.. readers, .. others]);
    }

    /// <summary>What is wrong with what the readers got: nothing, unless something was missed, doubled or out of order.</summary>
    public async Task<List<string>> FaultsAsync()
    {
        var faults = new List<string>();
        // what is there, by the tables of the records themselves: version 1 to the last of each
        var expected = new Dictionary<(string, string), (int Version, string? Document)>();
        foreach (var resource in _app!.Services.GetRequiredService<ResourceCatalogue>().All)
        {
            await using var command = _database.CreateCommand(
                $"select id, version, document::text, {Documents.CommittedAt("r")} from {resource.Table} r "
                + $"union all select id, version, null, null from tombstones where resource = '{resource.Table}'");
            await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
            while (await reader.ReadAsync(CancellationToken.None))
            {
                expected.Add((resource.Name, reader.GetString(0)),
                    (reader.GetInt32(1), await reader.IsDBNullAsync(2, CancellationToken.None)
                        ? null : RecordingInstant.Set(reader.GetString(2), reader.GetDateTime(3))));
            }
        }

        var total = expected.Values.Sum(e => e.Version);
        List<Read>? first = null;
        foreach (var (name, read) in _readers)
        {
            var versions = new Dictionary<(string, string), int>();
            var last = new Dictionary<(string, string), string?>();
            foreach (var change in read)
            {
                var key = (change.Resource, change.Id);
                var before = versions.GetValueOrDefault(key);
                if (change.Version != before + 1)
                    faults.Add($"{name}: {key} version {change.Version} came after version {before}");
                versions[key] = change.Version;
                last[key] = change.Record;
            }

            if (read.Count != total)
                faults.Add($"{name}: {read.Count} changes were read, {total} were committed");
            foreach (var (key, (version, document)) in expected)
            {
                if (versions.GetValueOrDefault(key) != version)
                    faults.Add($"{name}: {key} was read up to version {versions.GetValueOrDefault(key)}, and is at {version}");
                else if (last[key] != document)
                    faults.Add($"{name}: {key} was read as {last[key]}, and is {document}");
            }

            var places = read.DistinctBy(r => (r.Resource, r.Id, r.Version))
                .ToDictionary(r => (r.Resource, r.Id, r.Version), r => r.Position);
            foreach (var told in _told)
            {
                if (!places.TryGetValue((told.Resource, told.Id, told.Version), out var place))
                    faults.Add($"{name}: {told} was answered as committed and not read");
                else if (told.Position is not null && (!Position.TryParse(place, out var at) || at.Whole.ToString() != told.Position))
                    faults.Add($"{name}: {told} was read at {place}");
            }

            first ??= read;
            if (!first.Select(r => (r.Position, r.Id)).SequenceEqual(read.Select(r => (r.Position, r.Id))))
                faults.Add($"{name}: another order than the first reader's");
        }

        return faults;
    }

    /// <summary>Every record as it is, by resource and id.</summary>
    public async Task<SortedDictionary<string, string>> RecordsAsync()
    {
        var records = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var resource in _app!.Services.GetRequiredService<ResourceCatalogue>().All)
        {
            await using var command = _database.CreateCommand($"select id, version, ({Tables.Served("r")})::text from {resource.Table} r");
            await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
            while (await reader.ReadAsync(CancellationToken.None))
                records.Add($"{resource.Name}/{reader.GetString(0)}", $"{reader.GetInt32(1)} {reader.GetString(2)}");
        }

        return records;
    }

    public async ValueTask DisposeAsync()
    {
        _service?.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
        if (_direct is not null)
            await _direct.DisposeAsync();
        await _database.DisposeAsync();
        _ends.Dispose();
    }

    private async Task ServeAsync()
    {
        var (service, client) = await ServiceProcess.ServeAtAsync(_address, database);
        client.Dispose();
        _service = service;
        Interlocked.Increment(ref _served);
    }

    private HttpClient Client(string? address = null)
    {
        var client = new HttpClient { BaseAddress = new Uri(address ?? _address), Timeout = TimeSpan.FromSeconds(30) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _key);
        return client;
    }

    private async Task WriteAsync(int writer, Func<HttpClient, Mine, Task> write, CancellationToken cancellation)
    {
        using var client = Client();
        var mine = new Mine(writer);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await write(client, mine);
            }
            catch (Exception e)
                when (e is HttpRequestException or IOException or TaskCanceledException or NpgsqlException or ProblemException
                    or InvalidOperationException)
            {
                // killed or cut: what became of it the tables say
                mine.Records.Clear();
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }

    /// <summary>The records that a writer knows the version of; after a cut it begins new ones.</summary>
    private sealed class Mine(int writer)
    {
        public Dictionary<string, int> Records { get; } = [];

        public Random Random { get; } = new(writer);

        public int Next { get; set; }

        public string NewId() => $"w{writer}-{Random.Next(1_000_000):x}-{Next++}";
    }

    private async Task OneAsync(HttpClient client, Mine mine)
    {
        var random = mine.Random;
        if (mine.Records.Count < 5 || random.Next(3) == 0)
        {
            var id = mine.NewId();
            if (random.Next(10) == 0)
            {
                // refused at its end: nothing of it is there
                var wrong = Event(id, random);
                wrong["participants"]![0]!["actor"] = "nobody";
                await SendAsync(client, HttpMethod.Post, "/v1/events", wrong, expected: HttpStatusCode.UnprocessableEntity);
                Interlocked.Increment(ref _rolledBack);
                return;
            }

            var added = await SendAsync(client, HttpMethod.Post, "/v1/events", Event(id, random));
            mine.Records[id] = 1;
            Told("events", id, 1, added);
            return;
        }

        var known = mine.Records.Keys.ElementAt(random.Next(mine.Records.Count));
        var version = mine.Records[known];
        mine.Records.Remove(known);
        if (random.Next(5) == 0)
        {
            var deleted = await SendAsync(client, HttpMethod.Delete, $"/v1/events/{known}", null, version, HttpStatusCode.NoContent);
            Told("events", known, version + 1, deleted);
            return;
        }

        var replaced = await SendAsync(client, HttpMethod.Put, $"/v1/events/{known}", Event(known, random), version);
        mine.Records[known] = version + 1;
        Told("events", known, version + 1, replaced);
    }

    private async Task BatchAsync(HttpClient client, Mine mine)
    {
        var random = mine.Random;
        var lines = new List<string>();
        var next = new List<(string Id, int Version)>();
        for (var i = random.Next(2, 120); i > 0; i--)
        {
            if (mine.Records.Count < 50 || random.Next(2) == 0)
            {
                var id = mine.NewId();
                lines.Add(Line("events", Event(id, random), 0));
                next.Add((id, 1));
                continue;
            }

            var known = mine.Records.Keys.ElementAt(random.Next(mine.Records.Count));
            var version = mine.Records[known];
            mine.Records.Remove(known);
            lines.Add(random.Next(6) == 0
                ? new JsonObject { ["op"] = "delete", ["resource"] = "events", ["id"] = known, ["version"] = version }.ToJsonString()
                : Line("events", Event(known, random), version));
            next.Add((known, version + 1));
        }

        var isWrong = random.Next(10) == 0;
        if (isWrong)
            lines.Add("""{"resource":"events","op":"delete","id":"nothing"}""");
        using var content = new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson");
        using var answer = await client.PostAsync("/v1/batch", content, CancellationToken.None);
        if (isWrong)
        {
            mine.Records.Clear();
            Interlocked.Increment(ref _rolledBack);
            if ((int)answer.StatusCode is not (404 or 422) && (int)answer.StatusCode < 500)
                throw new InvalidOperationException($"A wrong batch was answered with {answer.StatusCode}");
            return;
        }

        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException($"{answer.StatusCode} {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
        var results = JsonNode.Parse(await answer.Content.ReadAsStringAsync(CancellationToken.None))!["lines"]!.AsArray();
        foreach (var line in results)
        {
            var (id, version) = ((string)line!["id"]!, (int)line["version"]!);
            Told("events", id, version, PositionOf(answer));
            if ((string)line["outcome"]! != "deleted")
                mine.Records[id] = version;
        }

        static string Line(string resource, JsonObject record, int version) =>
            new JsonObject { ["resource"] = resource, ["record"] = record, ["version"] = version }.ToJsonString();
    }

    /// <summary>A transaction that is held open before its stamp, or after it, and then committed, rolled back or cut.</summary>
    private async Task TransactionAsync(HttpClient client, Mine mine)
    {
        var random = mine.Random;
        var resource = _app!.Services.GetRequiredService<ResourceCatalogue>().All.First(r => r.Name == "events");
        var events = _app.Services.GetRequiredService<RecordEditors>().Of(resource);
        var author = new Author(ApiFixture.Start, "storm");
        await using var context = Api.Storage.Database.Context(_database);
        await Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.OpenConnectionAsync(context.Database,
            CancellationToken.None);
        await using var transaction = await context.Database.BeginTransactionAsync(CancellationToken.None);
        var session = new RecordSession(context, author);
        await LedgerSession.BeginAsync(session.Connection, author, CancellationToken.None);
        var written = new List<(string Id, int Version)>();
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var id = mine.Records.Count > 3 && random.Next(2) == 0
                ? mine.Records.Keys.ElementAt(random.Next(mine.Records.Count)) : mine.NewId();
            mine.Records.Remove(id);
            var made = await events.PutAsync(session, new RecordTarget(id, WriteCondition.Any),
                JsonSerializer.SerializeToElement(Event(id, random)), CancellationToken.None);
            written.Add((id, made.Version));
            if (random.Next(4) == 0)
                await Task.Delay(random.Next(1, 60), CancellationToken.None);
        }

        if (random.Next(3) == 0)
        {
            // stamped, and not committed yet
            await ExecuteAsync(session.Connection, "set constraints all immediate");
            await Task.Delay(random.Next(0, 15), CancellationToken.None);
            if (random.Next(6) == 0)
            {
                Interlocked.Increment(ref _cut);
                await ExecuteAsync(session.Connection, "select pg_terminate_backend(pg_backend_pid())");
            }
        }

        if (random.Next(10) == 0)
        {
            await transaction.RollbackAsync(CancellationToken.None);
            Interlocked.Increment(ref _rolledBack);
            mine.Records.Clear();
            return;
        }

        await transaction.CommitAsync(CancellationToken.None);
        foreach (var (id, version) in written)
        {
            mine.Records[id] = version;
            Told("events", id, version, null);
        }
    }

    private async Task KillAsync(CancellationToken cancellation)
    {
        var kills = 0;
        try
        {
            while (true)
            {
                await Task.Delay(Random.Shared.Next(300, 900), cancellation);
                // somebody at work for the service, wherever he is
                await using (var terminate = _database.CreateCommand(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() "
                    + "and xact_start is not null order by random() limit 1"))
                {
                    if (await terminate.ExecuteScalarAsync(cancellation) is true)
                        Interlocked.Increment(ref _cut);
                }

                if (isService && _service is not null && Volatile.Read(ref _committed) > changes * (kills + 1) / 4 && kills < 3)
                {
                    kills++;
                    _service.Dispose();
                    await Task.Delay(200, CancellationToken.None);
                    await ServeAsync();
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or NpgsqlException)
        {
            if (!cancellation.IsCancellationRequested)
                await KillAsync(cancellation);
        }
    }

    private async Task PollAsync(string name, Func<int> limit, int wait)
    {
        var read = _readers.GetOrAdd(name, _ => []);
        var position = "0-00000000";
        using var client = Client(readAt);
        while (!_ends.IsCancellationRequested)
        {
            try
            {
                var page = await GetAsync(client, $"/v1/changes?after={position}&limit={limit()}{(wait > 0 ? $"&wait={wait}" : "")}");
                Take(read, page["items"]!.AsArray());
                position = (string)page["position"]!;
                if (wait == 0 && (bool)page["complete"]!)
                    await Task.Delay(20, _ends.Token);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or JsonException)
            {
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }

    private async Task StreamAsync(string name, bool cut = false)
    {
        var read = _readers.GetOrAdd(name, _ => []);
        string? last = null;
        using var client = Client(readAt);
        client.Timeout = Timeout.InfiniteTimeSpan;
        while (!_ends.IsCancellationRequested)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/changes");
                request.Headers.Add("Accept", "text/event-stream");
                if (last is not null)
                    request.Headers.Add("Last-Event-ID", last);
                using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _ends.Token);
                answer.EnsureSuccessStatusCode();
                await using var body = await answer.Content.ReadAsStreamAsync(_ends.Token);
                var taken = 0;
                var most = cut ? Random.Shared.Next(1, 400) : int.MaxValue;
                await foreach (var item in SseParser.Create(body, (_, data) => JsonNode.Parse(data)!).EnumerateAsync(_ends.Token))
                {
                    Take(read, [item.Data]);
                    last = item.EventId;
                    if (++taken == most)
                        break;
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or JsonException)
            {
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }

    private static void Take(List<Read> read, JsonArray items)
    {
        lock (read)
        {
            foreach (var item in items)
            {
                read.Add(
                    new Read((string)item!["position"]!, (string)item["resource"]!, (string)item["id"]!, (int)item["version"]!,
                        (string)item["operation"]!,
                    item["record"]?.ToJsonString(
                        new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })));
            }
        }
    }

    private void Told(string resource, string id, int version, string? position)
    {
        _told.Add((resource, id, version, position));
        Interlocked.Increment(ref _committed);
    }

    private static JsonObject Event(string id, Random random)
    {
        var date = new DateOnly(2000, 1, 1).AddDays(random.Next(9000)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var made = SampleRecords.Event(id, date, random.Next(2) == 0 ? ["alpha", "beta"] : ["gamma"]);
        made["title"] = $"Title {random.Next()}";
        return made;
    }

    private static async Task<string?> SendAsync(
        HttpClient client, HttpMethod method, string path, JsonObject? body, int? version = null, HttpStatusCode? expected = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        if (version is not null)
            request.Headers.Add("If-Match", $"\"{version}\"");
        using var answer = await client.SendAsync(request, CancellationToken.None);
        if (!answer.IsSuccessStatusCode && answer.StatusCode != expected)
            throw new HttpRequestException($"{method} {path}: {answer.StatusCode}");
        return PositionOf(answer);
    }

    private static string? PositionOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues(Positions.Header, out var positions) ? positions.Single() : null;

    private static async Task<JsonNode> GetAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, CancellationToken.None);
        answer.EnsureSuccessStatusCode();
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(CancellationToken.None))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
