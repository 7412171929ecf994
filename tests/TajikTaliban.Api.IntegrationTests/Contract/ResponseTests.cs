using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using NSwag;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Catalogue;

namespace TajikTaliban.Api.IntegrationTests.Contract;

/// <summary>A service that delivers to this machine, and has no more than one webhook.</summary>
public sealed class OneWebhookApiFixture(PostgresServer server) : ApiFixture(server)
{
    protected override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>
    {
        ["Webhooks:AllowHttp"] = "true",
        ["Webhooks:AllowedNetworks:0"] = "127.0.0.0/8",
        ["Webhooks:MaxEndpoints"] = "1",
    };
}

/// <summary>
/// Makes every operation give every answer that the contract declares, and holds each against it: status, headers, media type, body. What
/// is
/// declared and cannot be had fails, and so does what is given and not declared.
/// </summary>
public sealed class ResponseTests(OneWebhookApiFixture api) : IClassFixture<OneWebhookApiFixture>
{
    private const string Big = "big";

    /// <summary>A position that no database has.</summary>
    private const string NoPosition = "999999999-ffffffff";

    /// <summary>Conflicts that two writers of the same moment have, and nobody else: records of these resources have no key but their
    /// id.</summary>
    private static readonly string[] OnlyInARace =
    [
        "replaceSource 409", "changeSource 409", "replaceEvent 409", "changeEvent 409", "replaceIndicator 409", "changeIndicator 409",
        "replaceObservation 409", "changeObservation 409",
    ];

    private readonly HashSet<string> _seen = [];
    private readonly List<string> _faults = [];
    private ServedContract _contract = null!;
    private HttpClient _mayNotWrite = null!;

    /// <summary>A resource as the contract names its operations, with its sample.</summary>
    private sealed record Operations(string One, string Many, SampleRecord Sample)
    {
        public string Path => Sample.Path;

        public JsonObject Invalid => (JsonObject)Sample.Invalid.DeepClone();

        /// <summary>A valid body; only the one of the id <c>first</c> has the fields that no two records may share.</summary>
        public JsonObject Body(string id) =>
            id == "first" && Sample.UniqueFields is { } unique ? SampleRecord.With(Sample.Minimal(id), unique) : Sample.Minimal(id);
    }

    private IEnumerable<Operations> Resources =>
        api.Services.GetRequiredService<ResourceCatalogue>().All.Select(r =>
            new Operations(r.Singular, r.Plural, SampleRecords.Of(r.Name)));

    [Fact]
    public async Task Every_declared_response_occurs_and_matches_the_contract()
    {
        _contract = await ServedContract.LoadAsync(api.Reader);
        _mayNotWrite = api.Client(await api.CreateKeyAsync("reader", Roles.Reader));
        await api.Editor.AddBasicsAsync();
        await api.Editor.AddAsync("/v1/indicators", SampleRecords.Indicator("dropped"));
        await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/indicators/dropped", ifMatch: "*");

        foreach (var sample in Resources)
        {
            await WriteAsync(sample);
            await ReadAsync(sample);
            await DeleteAsync(sample);
        }

        await MergeActorsAsync();
        await ReadChangesAsync();
        await ReleaseAsync();
        await BatchAsync();
        await WebhooksAsync();
        await AuditAsync();
        await RedactAsync();
        await ReportAsync();
        await ReadParentsAsync();
        await ReadRestAsync();

        Assert.True(_faults.Count == 0, string.Join("\n", _faults));
        var declared = _contract.Declared.Where(d => d.Status is not (429 or 500 or 503)).Select(d => $"{d.Operation} {d.Status}").ToList();
        Assert.Empty(declared.Except(_seen).Except(OnlyInARace));
        Assert.Empty(OnlyInARace.Except(declared));
    }

    /// <summary>What needs the database only to look up a key.</summary>
    private static readonly string[] OnlyForKeys = ["/v1", "/v1/codelists", "/v1/codelists/all", "/v1/codelists/{name}"];

    [Fact]
    public async Task Every_operation_that_needs_the_database_responds_503_without_it()
    {
        _contract = await ServedContract.LoadAsync(api.Reader);
        var builder = Service.CreateBuilder("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Timeout=2");
        await using var app = Service.Build(builder, nowhere);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        using var reader = new HttpClient { BaseAddress = address };
        using var editor = new HttpClient { BaseAddress = address };
        editor.DefaultRequestHeaders.Authorization = new("Bearer", KeyText.New());

        foreach (var described in _contract.Document.Operations)
        {
            if (described.Operation.ActualResponses.ContainsKey("503"))
            {
                var path = described.Path.Replace("{id}", "some-id", StringComparison.Ordinal)
                    .Replace("{indicator}", "length", StringComparison.Ordinal)
                    + (described.Operation.OperationId == "search" ? "?q=report" : "");
                await AskAsync(described.Operation.ActualSecurity is { Count: > 0 } || OnlyForKeys.Contains(described.Path)
                    ? editor : reader, described.Operation.OperationId,
                    new HttpMethod(described.Method.ToUpperInvariant()), path, HttpStatusCode.ServiceUnavailable,
                    described.Operation.RequestBody is null ? null : new JsonObject());
            }
        }

        Assert.True(_faults.Count == 0, string.Join("\n", _faults));
        Assert.Equal(_contract.Declared.Count(d => d.Status == 503), _seen.Count);
    }

    [Fact]
    public async Task A_response_that_breaks_the_contract_is_detected()
    {
        _contract = await ServedContract.LoadAsync(api.Reader);
        using var answer = new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content =
                new StringContent(
                    """{ "items": [], "next": 1, "complete": true, "query": {}, "matched": null, "count": null, """
                    + """ "facets": null, "facetsKind": null, "empty": null, "mayAlsoHold": null, "more": 0 }""",
                Encoding.UTF8, "application/json"),
        };

        var faults = await _contract.FaultsAsync("listActors", answer);

        Assert.Equal(
            ["#/expanded: PropertyRequired", "#/more: not named", "#/next: StringExpected",
                "#/position: PropertyRequired", "has no ETag", "has no Edition", "has no Position"], faults.Order(StringComparer.Ordinal));
    }

    private async Task WriteAsync(Operations s)
    {
        var (first, other) = ($"{s.Path}/first", $"{s.Path}/second");
        JsonObject Broken() => SampleRecord.With(s.Body("third"), s.Invalid);

        var create = $"create{s.One}";
        await AskAsync(api.Editor, create, HttpMethod.Post, s.Path, HttpStatusCode.Created, s.Body("first"));
        await AskAsync(api.Editor, create, HttpMethod.Post, s.Path, HttpStatusCode.Conflict, s.Body("first"));
        await AskAsync(api.Editor, create, HttpMethod.Post, s.Path, HttpStatusCode.UnprocessableEntity, Broken());
        await RefusedAsync(create, HttpMethod.Post, s.Path, s.Body("third"), null);
        await AskAsync(api.Editor, create, HttpMethod.Post, s.Path, HttpStatusCode.Created, s.Body("once"), ("Idempotency-Key", s.Many));
        var again = await AskAsync(api.Editor, create, HttpMethod.Post, s.Path, HttpStatusCode.Created, s.Body("once"),
            ("Idempotency-Key", s.Many));
        Assert.Equal(["true"], again.Headers.GetValues("Idempotency-Replayed"));
        await AskAsync(api.Editor, create, HttpMethod.Post, s.Path, HttpStatusCode.UnprocessableEntity, s.Body("twice"),
            ("Idempotency-Key", s.Many));
        await api.Editor.SendJsonAsync(HttpMethod.Delete, $"{s.Path}/once", ifMatch: "*");

        var replace = $"replace{s.One}";
        await AskAsync(api.Editor, replace, HttpMethod.Put, other, HttpStatusCode.Created, s.Body("second"), ("If-None-Match", "*"));
        await AskAsync(api.Editor, replace, HttpMethod.Put, first, HttpStatusCode.OK, s.Body("first"), ("If-Match", "*"));
        await AskAsync(api.Editor, replace, HttpMethod.Put, first, HttpStatusCode.PreconditionRequired, s.Body("first"));
        await AskAsync(api.Editor, replace, HttpMethod.Put, first, HttpStatusCode.PreconditionFailed, s.Body("first"),
            ("If-Match", "\"99\""));
        await AskAsync(api.Editor, replace, HttpMethod.Put, $"{s.Path}/No_Id", HttpStatusCode.BadRequest, s.Body("third"));
        await AskAsync(api.Editor, replace, HttpMethod.Put, first, HttpStatusCode.UnprocessableEntity,
            SampleRecord.With(s.Body("first"), s.Invalid), ("If-Match", "*"));
        var unique = s.Sample.UniqueFields;
        if (unique is not null)
        {
            await AskAsync(api.Editor, replace, HttpMethod.Put, other, HttpStatusCode.Conflict, SampleRecord.With(s.Body("second"), unique),
                ("If-Match", "*"));
        }

        await RefusedAsync(replace, HttpMethod.Put, first, s.Body("first"), ("If-Match", "*"));

        var change = $"change{s.One}";
        await AskAsync(api.Editor, change, HttpMethod.Patch, first, HttpStatusCode.OK, new JsonObject(), ("If-Match", "*"));
        await AskAsync(api.Editor, change, HttpMethod.Patch, first, HttpStatusCode.PreconditionRequired, new JsonObject());
        await AskAsync(api.Editor, change, HttpMethod.Patch, first, HttpStatusCode.PreconditionFailed, new JsonObject(),
            ("If-Match", "\"99\""));
        await AskAsync(api.Editor, change, HttpMethod.Patch, $"{s.Path}/nobody", HttpStatusCode.NotFound, new JsonObject(),
            ("If-Match", "*"));
        await AskAsync(api.Editor, change, HttpMethod.Patch, first, HttpStatusCode.UnprocessableEntity, s.Invalid, ("If-Match", "*"));
        if (unique is not null)
        {
            await AskAsync(api.Editor, change, HttpMethod.Patch, other, HttpStatusCode.Conflict, (JsonObject)unique.DeepClone(),
                ("If-Match", "*"));
        }

        await RefusedAsync(change, HttpMethod.Patch, first, new JsonObject(), ("If-Match", "*"));
    }

    /// <summary>What is refused before the record is looked at.</summary>
    private async Task RefusedAsync(string operation, HttpMethod method, string path, JsonObject body, (string, string)? condition)
    {
        (string, string)[] headers = condition is { } c ? [c] : [];
        await AskAsync(api.Reader, operation, method, path, HttpStatusCode.Unauthorized, body, headers);
        await AskAsync(_mayNotWrite, operation, method, path, HttpStatusCode.Forbidden, body, headers);
        await AskAsync(api.Editor, operation, method, path, HttpStatusCode.BadRequest, new JsonObject { ["bogus"] = 1 }, headers);
        await AskAsync(api.Editor, operation, method, path, HttpStatusCode.UnsupportedMediaType, body,
            [.. headers, ("Content-Type", "text/plain")]);
        await AskAsync(api.Editor, operation, method, path, HttpStatusCode.Gone, body, [.. headers, ("Min-Position", NoPosition)]);
        await AskAsync(api.Editor, operation, method, path, HttpStatusCode.RequestEntityTooLarge,
            new JsonObject { [Big] = new string('x', 1024 * 1024) }, headers);
    }

    private async Task ReadAsync(Operations s)
    {
        var (list, availability, get) = ($"list{s.Many}", $"get{s.Many}Availability", $"get{s.One}");
        var parameters = _contract.Document.Operations.Single(o => o.Operation.OperationId == list).Operation.ActualParameters;
        string All(string parameter) => parameters.FirstOrDefault(p => p.Name == parameter) is { } names
            ? $"{parameter}={string.Join(',', names.ActualSchema.Item!.ActualSchema.Enumeration)}" : "";
        foreach (var query in new[] { "", "?limit=1", $"?count=exact&{All("facets")}&{All("expand")}", "?count=estimated", "?q=zzzz",
            "?updatedAfter=2100-01-01T00:00:00Z" })
        {
            await AskAsync(api.Reader, list, HttpMethod.Get, s.Path + query, HttpStatusCode.OK);
        }

        await AskAsync(api.Reader, get, HttpMethod.Get, $"{s.Path}/first?{All("expand")}", HttpStatusCode.OK);
        await AskAsync(api.Reader, get, HttpMethod.Get, $"{s.Path}/nobody", HttpStatusCode.NotFound);

        var history = $"get{s.One}History";
        await AskAsync(api.Reader, history, HttpMethod.Get, $"{s.Path}/nobody/history", HttpStatusCode.NotFound);
        await AskAsync(api.Reader, history, HttpMethod.Get, $"{s.Path}/first/history?limit=1", HttpStatusCode.OK);
        await AskAsync(api.Reader, get, HttpMethod.Get, $"{s.Path}/first?version=1", HttpStatusCode.OK);
        await AskAsync(api.Reader, get, HttpMethod.Get, $"{s.Path}/first?version=99", HttpStatusCode.NotFound);
        foreach (var (operation, path) in new[] { (list, s.Path), (availability, $"{s.Path}/availability"), (get, $"{s.Path}/first"),
            (history, $"{s.Path}/first/history") })
        {
            await ReadOrRefuseAsync(operation, path);
            await AskAsync(api.Reader, operation, HttpMethod.Get, path, HttpStatusCode.Gone, null, ("Min-Position", NoPosition));
            if (operation == history)
                continue;
            var now = await NowAsync();
            await AskAsync(api.Reader, operation, HttpMethod.Get, $"{path}?asOf={now}", HttpStatusCode.OK);
            await AskAsync(api.Reader, operation, HttpMethod.Get, $"{path}?asOf={NoPosition}", HttpStatusCode.Gone);
        }
    }

    /// <summary>Where the ledger ends, which the header of a read may say a moment later.</summary>
    private async Task<string> NowAsync() => (string)(await api.Reader.GetJsonAsync("/v1/changes?after=now")).Body!["position"]!;

    private async Task ReadOrRefuseAsync(string operation, string path)
    {
        var answer = await AskAsync(api.Reader, operation, HttpMethod.Get, path, HttpStatusCode.OK);
        await AskAsync(api.Reader, operation, HttpMethod.Get, path, HttpStatusCode.NotModified, null,
            ("If-None-Match", answer.Headers.ETag!.ToString()));
        await AskAsync(api.Reader, operation, HttpMethod.Get, $"{path}?bogus=1", HttpStatusCode.BadRequest);
        await AskAsync(api.Reader, operation, HttpMethod.Get, path, HttpStatusCode.NotAcceptable, null, ("Accept", "image/png"));
    }

    private async Task DeleteAsync(Operations s)
    {
        var (delete, path) = ($"delete{s.One}", $"{s.Path}/second");
        await AskAsync(api.Editor, delete, HttpMethod.Delete, path, HttpStatusCode.PreconditionRequired);
        await AskAsync(api.Editor, delete, HttpMethod.Delete, path, HttpStatusCode.PreconditionFailed, null, ("If-Match", "\"99\""));
        await AskAsync(api.Editor, delete, HttpMethod.Delete, $"{path}?bogus=1", HttpStatusCode.BadRequest, null, ("If-Match", "*"));
        await AskAsync(api.Editor, delete, HttpMethod.Delete, path, HttpStatusCode.Gone, null, ("If-Match", "*"),
            ("Min-Position", NoPosition));
        await AskAsync(api.Reader, delete, HttpMethod.Delete, path, HttpStatusCode.Unauthorized, null, ("If-Match", "*"));
        await AskAsync(_mayNotWrite, delete, HttpMethod.Delete, path, HttpStatusCode.Forbidden, null, ("If-Match", "*"));
        await AskAsync(api.Editor, delete, HttpMethod.Delete, $"{s.Path}/nobody", HttpStatusCode.NotFound, null, ("If-Match", "*"));
        if (s.Sample.Referred is { } referred)
        {
            await api.Editor.SendJsonAsync(
                HttpMethod.Post, "/v1/indicators/length/observations", SampleRecords.Observation("holds-on", "alpha", 1, "1990"));
            await AskAsync(api.Editor, delete, HttpMethod.Delete, $"{s.Path}/{referred}", HttpStatusCode.Conflict, null, ("If-Match", "*"));
        }

        await AskAsync(api.Editor, delete, HttpMethod.Delete, path, HttpStatusCode.NoContent, null, ("If-Match", "*"));
        await AskAsync(api.Editor, delete, HttpMethod.Delete, path, HttpStatusCode.Gone, null, ("If-Match", "*"));
        await AskAsync(api.Reader, $"get{s.One}", HttpMethod.Get, path, HttpStatusCode.Gone);
        await AskAsync(api.Editor, $"replace{s.One}", HttpMethod.Put, path, HttpStatusCode.Gone, s.Body("second"), ("If-Match", "*"));
        await AskAsync(api.Editor, $"change{s.One}", HttpMethod.Patch, path, HttpStatusCode.Gone, new JsonObject(), ("If-Match", "*"));
    }

    private async Task MergeActorsAsync()
    {
        const string Merge = "mergeActor";
        const string Path = "/v1/actors/loser/merge";
        JsonObject Into(string survivor) => new() { ["into"] = survivor };

        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor("loser"));
        await api.Editor.AddAsync("/v1/relations", SampleRecords.Relation("of-both", "loser", "alpha"));
        await AskAsync(api.Editor, Merge, HttpMethod.Post, Path, HttpStatusCode.Conflict, Into("alpha"));
        await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/relations/of-both", ifMatch: "*");
        await RefusedAsync(Merge, HttpMethod.Post, Path, Into("alpha"), null);
        await AskAsync(api.Editor, Merge, HttpMethod.Post, Path, HttpStatusCode.PreconditionFailed, Into("alpha"), ("If-Match", "\"99\""));
        await AskAsync(api.Editor, Merge, HttpMethod.Post, Path, HttpStatusCode.UnprocessableEntity, Into("nobody"));
        await AskAsync(api.Editor, Merge, HttpMethod.Post, "/v1/actors/nobody/merge", HttpStatusCode.NotFound, Into("alpha"));
        await AskAsync(api.Editor, Merge, HttpMethod.Post, "/v1/actors/second/merge", HttpStatusCode.Gone, Into("alpha"));
        await AskAsync(api.Editor, Merge, HttpMethod.Post, Path, HttpStatusCode.OK, Into("alpha"));

        await AskAsync(api.Editor, Merge, HttpMethod.Post, Path, HttpStatusCode.Conflict, Into("alpha"));
        await AskAsync(api.Reader, "getActor", HttpMethod.Get, "/v1/actors/loser", HttpStatusCode.PermanentRedirect);
        await AskAsync(api.Editor, "replaceActor", HttpMethod.Put, "/v1/actors/loser", HttpStatusCode.Conflict,
            SampleRecords.Actor("loser"), ("If-Match", "*"));
        await AskAsync(api.Editor, "changeActor", HttpMethod.Patch, "/v1/actors/loser", HttpStatusCode.Conflict, new JsonObject(),
            ("If-Match", "*"));
        await AskAsync(api.Editor, "deleteActor", HttpMethod.Delete, "/v1/actors/loser", HttpStatusCode.Conflict, null, ("If-Match", "*"));
        await AskAsync(api.Reader, "getActorHistory", HttpMethod.Get, "/v1/actors/loser/history", HttpStatusCode.OK);
    }

    private async Task ReadChangesAsync()
    {
        foreach (var (operation, path) in new[] { ("listChanges", "/v1/changes"), ("getSnapshot", "/v1/snapshot") })
        {
            foreach (var query in new[] { "?resource=actors,trade", "" })
            {
                foreach (var accept in operation == "listChanges"
                    ? new[] { "application/json", "application/x-ndjson" } : ["application/x-ndjson"])
                {
                    await AskAsync(api.Reader, operation, HttpMethod.Get, path + query, HttpStatusCode.OK, null, ("Accept", accept));
                }
            }

            await AskAsync(api.Reader, operation, HttpMethod.Get, $"{path}?resource=bogus", HttpStatusCode.BadRequest);
            await AskAsync(api.Reader, operation, HttpMethod.Get, path, HttpStatusCode.NotAcceptable, null, ("Accept", "image/png"));
            await AskAsync(api.Reader, operation, HttpMethod.Get, path, HttpStatusCode.Gone, null, ("Min-Position", NoPosition));
        }

        foreach (var query in new[] { "?limit=2", "?limit=1000", "?after=now&wait=1" })
            await AskAsync(api.Reader, "listChanges", HttpMethod.Get, $"/v1/changes{query}", HttpStatusCode.OK);
        await AskAsync(api.Reader, "listChanges", HttpMethod.Get, "/v1/changes?limit=2", HttpStatusCode.OK, null,
            ("Accept", "text/event-stream"));
        await AskAsync(api.Reader, "listChanges", HttpMethod.Get, $"/v1/changes?after={NoPosition}", HttpStatusCode.Gone);
        await AskAsync(api.Reader, "listChanges", HttpMethod.Get, "/v1/changes", HttpStatusCode.Gone, null, ("Last-Event-ID", NoPosition));
    }

    private async Task ReleaseAsync()
    {
        const string Path = "/v1/releases";
        JsonObject Body(string id) => new() { ["id"] = id, ["title"] = "A release" };
        var first = await NowAsync();
        var corrected = await api.Editor.SendJsonAsync(HttpMethod.Patch, "/v1/actors/alpha", new JsonObject { ["name"] = "Another" }, "*",
            mediaType: "application/json");
        Assert.Equal(HttpStatusCode.OK, corrected.Status);
        using var revised = new HttpRequestMessage(HttpMethod.Patch,
            "/v1/actors/alpha")
        { Content = new StringContent("""{ "name": "Right" }""", Encoding.UTF8, "application/json") };
        revised.Headers.TryAddWithoutValidation("If-Match", "*");
        revised.Headers.TryAddWithoutValidation("Change-Cause", "our-error");
        revised.Headers.TryAddWithoutValidation("Change-Note", "It was wrong.");
        Assert.Equal(HttpStatusCode.OK, (await api.Editor.SendAsync(revised, TestContext.Current.CancellationToken)).StatusCode);

        await AskAsync(api.Editor, "createRelease", HttpMethod.Post, Path, HttpStatusCode.Created, With(Body("one"), "position", first));
        await AskAsync(api.Editor, "createRelease", HttpMethod.Post, Path, HttpStatusCode.Created,
            With(Body("two"), "notes", "What to know."));
        await AskAsync(api.Editor, "createRelease", HttpMethod.Post, Path, HttpStatusCode.Conflict, Body("one"));
        await AskAsync(api.Editor, "createRelease", HttpMethod.Post, Path, HttpStatusCode.UnprocessableEntity, Body("latest"));
        await AskAsync(api.Editor, "createRelease", HttpMethod.Post, Path, HttpStatusCode.Gone,
            With(Body("three"), "position", NoPosition));
        await RefusedAsync("createRelease", HttpMethod.Post, Path, Body("three"), null);

        await AskAsync(api.Reader, "getRelease", HttpMethod.Get, $"{Path}/latest", HttpStatusCode.TemporaryRedirect);
        foreach (var (operation, path) in new[] { ("getRelease", $"{Path}/nothing"), ("listReleaseChanges", $"{Path}/nothing/changes") })
            await AskAsync(api.Reader, operation, HttpMethod.Get, path, HttpStatusCode.NotFound);
        foreach (var (operation, path) in new[] { ("listReleases", Path), ("getRelease", $"{Path}/one"),
            ("listReleaseChanges", $"{Path}/one/changes"), ("listCorrections", "/v1/corrections") })
        {
            await ReadOrRefuseAsync(operation, path);
            await AskAsync(api.Reader, operation, HttpMethod.Get, path, HttpStatusCode.Gone, null, ("Min-Position", NoPosition));
        }

        const string Search = "/v1/search?q=report";
        var found = await AskAsync(api.Reader, "search", HttpMethod.Get, Search, HttpStatusCode.OK);
        await AskAsync(api.Reader, "search", HttpMethod.Get, Search, HttpStatusCode.NotModified, null,
            ("If-None-Match", found.Headers.ETag!.ToString()));
        await AskAsync(api.Reader, "search", HttpMethod.Get, "/v1/search", HttpStatusCode.BadRequest);
        await AskAsync(api.Reader, "search", HttpMethod.Get, Search, HttpStatusCode.NotAcceptable, null, ("Accept", "image/png"));
        await AskAsync(api.Reader, "search", HttpMethod.Get, Search, HttpStatusCode.Gone, null, ("Min-Position", NoPosition));
        await AskAsync(api.Reader, "listCorrections", HttpMethod.Get, "/v1/corrections", HttpStatusCode.OK, null,
            ("Accept", "application/atom+xml"));
        const string Feed = "/v1/corrections.atom";
        var feed = await AskAsync(api.Reader, "listCorrections", HttpMethod.Get, Feed, HttpStatusCode.OK);
        await AskAsync(api.Reader, "listCorrections", HttpMethod.Get, Feed, HttpStatusCode.NotModified, null,
            ("If-None-Match", feed.Headers.ETag!.ToString()));
        await AskAsync(api.Reader, "listCorrections", HttpMethod.Get, $"{Feed}?bogus=1", HttpStatusCode.BadRequest);
        await AskAsync(api.Reader, "listCorrections", HttpMethod.Get, Feed, HttpStatusCode.Gone, null, ("Min-Position", NoPosition));
    }

    private async Task BatchAsync()
    {
        const string Path = "/v1/batch";
        JsonObject Line(string operation, string id) => new() { ["op"] = operation, ["resource"] = "sources", ["id"] = id };
        Task LineAsync(HttpStatusCode expected, JsonObject line, HttpClient? client = null, params (string, string)[] headers) =>
            AskAsync(client ?? api.Editor, "writeBatch", HttpMethod.Post, Path, expected, line,
                headers.Append(("Content-Type", "application/x-ndjson")).ToArray());

        await LineAsync(HttpStatusCode.OK, With(Line("upsert", "batched"), "record", SampleRecords.Source("batched")));
        await LineAsync(HttpStatusCode.PreconditionFailed, With(Line("patch", "batched"), "version", 9, "record", new JsonObject()));
        await LineAsync(HttpStatusCode.NotFound, With(Line("patch", "nobody"), "record", new JsonObject()));
        await LineAsync(HttpStatusCode.Conflict, Line("delete", "source"));
        await LineAsync(HttpStatusCode.OK, Line("delete", "batched"));
        await LineAsync(HttpStatusCode.Gone, Line("delete", "batched"));
        await LineAsync(HttpStatusCode.UnprocessableEntity,
            With(Line("upsert", "wrong"), "record", With(SampleRecords.Source("wrong"), "kind", "nonsense")));
        await LineAsync(HttpStatusCode.BadRequest, new JsonObject { ["bogus"] = 1 });
        await LineAsync(HttpStatusCode.RequestEntityTooLarge, new JsonObject { [Big] = new string('x', 1024 * 1024) });
        await LineAsync(HttpStatusCode.Unauthorized, Line("delete", "batched"), api.Reader);
        await LineAsync(HttpStatusCode.Forbidden, Line("delete", "batched"), _mayNotWrite);
        await AskAsync(api.Editor, "writeBatch", HttpMethod.Post, Path, HttpStatusCode.UnsupportedMediaType, Line("delete", "batched"),
            ("Content-Type", "text/plain"));
    }

    private async Task WebhooksAsync()
    {
        const string Path = "/v1/webhooks";
        using var admin = api.Client(await api.CreateKeyAsync("operator", Roles.Admin));
        await using var receiver = await WebhookReceiver.StartAsync();
        JsonObject Body() =>
            new() { ["url"] = $"{receiver.Address}/take", ["resources"] = new JsonArray("actors"), ["description"] = "For a test." };

        var made = await AskAsync(admin, "createWebhook", HttpMethod.Post, Path, HttpStatusCode.Created, Body());
        var id = made.Headers.Location!.ToString()[(Path.Length + 1)..];
        await AskAsync(admin, "createWebhook", HttpMethod.Post, Path, HttpStatusCode.Conflict, Body());
        await AskAsync(admin, "createWebhook", HttpMethod.Post, Path, HttpStatusCode.Gone, With(Body(), "after", NoPosition));
        await AskAsync(admin, "createWebhook", HttpMethod.Post, Path, HttpStatusCode.UnprocessableEntity,
            With(Body(), "url", "ftp://example.org/"));
        await AskAsync(admin, "testWebhook", HttpMethod.Post, $"{Path}/{id}/test", HttpStatusCode.OK);
        receiver.RespondWith(500);
        await AskAsync(admin, "testWebhook", HttpMethod.Post, $"{Path}/{id}/test", HttpStatusCode.OK);
        await AskAsync(admin, "changeWebhook", HttpMethod.Patch, $"{Path}/{id}", HttpStatusCode.OK,
            new JsonObject { ["active"] = false, ["description"] = null });
        await AskAsync(admin, "changeWebhook", HttpMethod.Patch, $"{Path}/{id}", HttpStatusCode.UnprocessableEntity,
            new JsonObject { ["resources"] = new JsonArray("bogus") });
        await AskAsync(admin, "rotateWebhookSecret", HttpMethod.Post, $"{Path}/{id}/rotate-secret", HttpStatusCode.OK);
        await AskAsync(admin, "replayWebhook", HttpMethod.Post, $"{Path}/{id}/replay", HttpStatusCode.Conflict,
            new JsonObject { ["deadLetters"] = true });
        await AskAsync(admin, "replayWebhook", HttpMethod.Post, $"{Path}/{id}/replay", HttpStatusCode.Gone,
            new JsonObject { ["after"] = NoPosition });
        await AskAsync(admin, "replayWebhook", HttpMethod.Post, $"{Path}/{id}/replay", HttpStatusCode.UnprocessableEntity,
            new JsonObject());
        var now = await NowAsync();
        await AskAsync(admin, "replayWebhook", HttpMethod.Post, $"{Path}/{id}/replay", HttpStatusCode.OK,
            new JsonObject { ["after"] = now });
        // as after 8 failures, which take longer than a test has
        await using (var dead = api.Database.CreateCommand(
            """
            insert into webhook_dead_letters (webhook_id, seq, message_id, type, record_id, version, position_number, position_token,
                attempts, failed_at, status, error)
            select $1, c.seq, 'msg_1', 'actors.created', c.id, c.version, t.position, t.token, 8, t.committed_at, 500, 'HTTP 500'
            from ledger_changes c join ledger_transactions t on t.id = c.transaction_id where c.resource = 'actors' order by c.seq limit 2
            """))
        {
            dead.Parameters.Add(new NpgsqlParameter { Value = id });
            Assert.Equal(2, await dead.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        }

        foreach (var (operation, method, part, body) in new (string, HttpMethod, string, JsonObject?)[]
        {
            ("listWebhooks", HttpMethod.Get, "", null), ("getWebhook", HttpMethod.Get, $"/{id}", null),
            ("listWebhookAttempts", HttpMethod.Get, $"/{id}/attempts", null),
                ("listWebhookDeadLetters", HttpMethod.Get, $"/{id}/dead-letters", null),
            ("createWebhook", HttpMethod.Post, "", Body()), ("changeWebhook", HttpMethod.Patch, $"/{id}", new JsonObject()),
            ("replayWebhook", HttpMethod.Post, $"/{id}/replay", new JsonObject { ["deadLetters"] = true }),
            ("rotateWebhookSecret", HttpMethod.Post, $"/{id}/rotate-secret", null), ("testWebhook", HttpMethod.Post, $"/{id}/test", null),
            ("deleteWebhook", HttpMethod.Delete, $"/{id}", null),
        })
        {
            var path = $"{Path}{part}";
            Task RefusedAsync(HttpStatusCode status, HttpClient? client = null, string? at = null, JsonObject? instead = null,
                params (string, string)[] headers) =>
                AskAsync(client ?? admin, operation, method, at ?? path, status, instead ?? body?.DeepClone().AsObject(), headers);
            if (method == HttpMethod.Get)
                await AskAsync(admin, operation, method, path, HttpStatusCode.OK);
            if (operation is "listWebhookAttempts" or "listWebhookDeadLetters")
                await AskAsync(admin, operation, method, $"{path}?limit=1", HttpStatusCode.OK);
            await RefusedAsync(HttpStatusCode.Unauthorized, api.Reader);
            await RefusedAsync(HttpStatusCode.Forbidden, api.Editor);
            await RefusedAsync(HttpStatusCode.BadRequest, at: $"{path}?bogus=1");
            await RefusedAsync(HttpStatusCode.Gone, headers: ("Min-Position", NoPosition));
            if (method != HttpMethod.Delete)
                await RefusedAsync(HttpStatusCode.NotAcceptable, headers: ("Accept", "image/png"));
            if (part.Length > 0)
                await RefusedAsync(HttpStatusCode.NotFound, at: path.Replace(id, "nothing", StringComparison.Ordinal));
            if (body is null)
                continue;
            await RefusedAsync(HttpStatusCode.BadRequest, instead: new JsonObject { ["bogus"] = 1 });
            await RefusedAsync(HttpStatusCode.UnsupportedMediaType, headers: ("Content-Type", "text/plain"));
            await RefusedAsync(HttpStatusCode.RequestEntityTooLarge, instead: new JsonObject { [Big] = new string('x', 1024 * 1024) });
        }

        await AskAsync(admin, "replayWebhook", HttpMethod.Post, $"{Path}/{id}/replay", HttpStatusCode.OK,
            new JsonObject { ["deadLetters"] = true });
        await AskAsync(admin, "deleteWebhook", HttpMethod.Delete, $"{Path}/{id}", HttpStatusCode.NoContent);
    }

    private async Task AuditAsync()
    {
        const string Path = "/v1/audit";
        var admin = api.Client(await api.CreateKeyAsync("auditor", Roles.Admin));
        foreach (var query in (string[])["", "?limit=1", "?action=createWebhook", "?key=nobody"])
            await AskAsync(admin, "listAudit", HttpMethod.Get, Path + query, HttpStatusCode.OK);
        await AskAsync(admin, "listAudit", HttpMethod.Get, $"{Path}?action=", HttpStatusCode.BadRequest);
        await AskAsync(api.Reader, "listAudit", HttpMethod.Get, Path, HttpStatusCode.Unauthorized);
        await AskAsync(api.Editor, "listAudit", HttpMethod.Get, Path, HttpStatusCode.Forbidden);
        await AskAsync(admin, "listAudit", HttpMethod.Get, Path, HttpStatusCode.NotAcceptable, null, ("Accept", "image/png"));
        await AskAsync(admin, "listAudit", HttpMethod.Get, Path, HttpStatusCode.Gone, null, ("Min-Position", NoPosition));
    }

    private async Task RedactAsync()
    {
        const string Path = "/v1/redactions";
        var admin = api.Client(await api.CreateKeyAsync("redactor", Roles.Admin));
        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor("to-redact"));
        await api.Editor.SendJsonAsync(HttpMethod.Patch, "/v1/actors/to-redact", new JsonObject { ["description"] = "Other." }, "*");
        JsonObject Body(string id = "to-redact", int version = 1) => new()
        {
            ["resource"] = "actors",
            ["id"] = id,
            ["versions"] = new JsonArray(version),
            ["reason"] = "It was private.",
        };
        Task PostAsync(HttpStatusCode status, JsonObject? body = null, HttpClient? client = null, params (string, string)[] headers) =>
            AskAsync(client ?? admin, "createRedaction", HttpMethod.Post, Path, status, body ?? Body(), headers);
        await PostAsync(HttpStatusCode.OK);
        await PostAsync(HttpStatusCode.Conflict);
        await PostAsync(HttpStatusCode.NotFound, Body("nothing-here"));
        await PostAsync(HttpStatusCode.UnprocessableEntity, Body(version: 0));
        await PostAsync(HttpStatusCode.BadRequest, new JsonObject { ["bogus"] = 1 });
        await PostAsync(HttpStatusCode.Unauthorized, client: api.Reader);
        await PostAsync(HttpStatusCode.Forbidden, client: api.Editor);
        await PostAsync(HttpStatusCode.NotAcceptable, headers: ("Accept", "image/png"));
        await PostAsync(HttpStatusCode.UnsupportedMediaType, headers: ("Content-Type", "text/plain"));
        await PostAsync(HttpStatusCode.Gone, headers: ("Min-Position", NoPosition));
        await PostAsync(HttpStatusCode.RequestEntityTooLarge, new JsonObject { [Big] = new string('x', 1024 * 1024) });
        await AskAsync(api.Reader, "listRedactions", HttpMethod.Get, $"{Path}?limit=1", HttpStatusCode.OK);
        var list = await AskAsync(api.Reader, "listRedactions", HttpMethod.Get, Path, HttpStatusCode.OK);
        await AskAsync(api.Reader, "listRedactions", HttpMethod.Get, Path, HttpStatusCode.NotModified, null,
            ("If-None-Match", list.Headers.ETag!.ToString()));
        await AskAsync(api.Reader, "listRedactions", HttpMethod.Get, $"{Path}?bogus=1", HttpStatusCode.BadRequest);
        await AskAsync(api.Reader, "listRedactions", HttpMethod.Get, Path, HttpStatusCode.NotAcceptable, null, ("Accept", "image/png"));
        await AskAsync(api.Reader, "listRedactions", HttpMethod.Get, Path, HttpStatusCode.Gone, null, ("Min-Position", NoPosition));
    }

    private async Task ReportAsync()
    {
        const string Path = "/v1/reports";
        JsonObject Body() => new()
        {
            ["record"] = new JsonObject { ["resource"] = "actors", ["id"] = "alpha" },
            ["text"] = "The name is misspelled.",
        };
        var made = await AskAsync(api.Reader, "createReport", HttpMethod.Post, Path, HttpStatusCode.Created, Body());
        var one = made.Headers.Location!.ToString();
        foreach (var (operation, client, method, path, body) in new (string, HttpClient, HttpMethod, string, JsonObject?)[]
        {
            ("listReports", api.Editor, HttpMethod.Get, Path, null), ("getReport", api.Reader, HttpMethod.Get, one, null),
            ("createReport", api.Reader, HttpMethod.Post, Path, Body()),
            ("changeReport", api.Editor, HttpMethod.Patch, one, new JsonObject { ["state"] = "accepted", ["answer"] = "Corrected." }),
        })
        {
            Task RefusedAsync(HttpStatusCode status, HttpClient? by = null, string? at = null, JsonObject? instead = null,
                params (string, string)[] headers) =>
                AskAsync(by ?? client, operation, method, at ?? path, status, instead ?? body?.DeepClone().AsObject(), headers);
            if (method != HttpMethod.Post)
                await RefusedAsync(HttpStatusCode.OK);
            await RefusedAsync(HttpStatusCode.BadRequest, at: $"{path}?bogus=1");
            await RefusedAsync(HttpStatusCode.Gone, headers: ("Min-Position", NoPosition));
            await RefusedAsync(HttpStatusCode.NotAcceptable, headers: ("Accept", "image/png"));
            if (path == one)
                await RefusedAsync(HttpStatusCode.NotFound, at: $"{Path}/nothing");
            if (operation == "createReport")
                await RefusedAsync(HttpStatusCode.Forbidden, headers: ("Origin", "https://stranger.example"));
            if (client == api.Editor)
            {
                await RefusedAsync(HttpStatusCode.Unauthorized, api.Reader);
                await RefusedAsync(HttpStatusCode.Forbidden, _mayNotWrite);
            }

            if (body is null)
                continue;
            await RefusedAsync(HttpStatusCode.BadRequest, instead: new JsonObject { ["bogus"] = 1 });
            await RefusedAsync(HttpStatusCode.UnprocessableEntity, instead: method == HttpMethod.Post
                ? With(Body(), "text", "short") : new JsonObject { ["answer"] = "" });
            await RefusedAsync(HttpStatusCode.UnsupportedMediaType, headers: ("Content-Type", "text/plain"));
            await RefusedAsync(HttpStatusCode.RequestEntityTooLarge, instead: new JsonObject { [Big] = new string('x', 1024 * 1024) });
        }

        await AskAsync(api.Editor, "listReports", HttpMethod.Get, $"{Path}?limit=1&state=accepted&record=actors/alpha", HttpStatusCode.OK);
        await AskAsync(api.Editor, "getReport", HttpMethod.Get, one, HttpStatusCode.OK);
    }

    private async Task ReadParentsAsync()
    {
        foreach (var (parent, status) in new[] { ("nobody", HttpStatusCode.NotFound), ("dropped", HttpStatusCode.Gone) })
        {
            var path = $"/v1/indicators/{parent}/observations";
            await AskAsync(api.Reader, "listObservations", HttpMethod.Get, path, status);
            await AskAsync(api.Reader, "getObservationsAvailability", HttpMethod.Get, $"{path}/availability", status);
            await AskAsync(api.Editor, "createObservation", HttpMethod.Post, path, status, SampleRecords.Observation("orphan", "alpha", 1));
            await AskAsync(api.Editor, "replaceObservation", HttpMethod.Put, $"{path}/orphan", status,
                SampleRecords.Observation("orphan", "alpha", 1));
        }
    }

    private async Task ReadRestAsync()
    {
        await ReadOrRefuseAsync("getIndex", "/v1");
        await AskAsync(api.Reader, "getMe", HttpMethod.Get, "/v1/me", HttpStatusCode.OK);
        await AskAsync(api.Editor, "getMe", HttpMethod.Get, "/v1/me", HttpStatusCode.OK);
        await AskAsync(api.Reader, "getMe", HttpMethod.Get, "/v1/me?x=1", HttpStatusCode.BadRequest);
        await AskAsync(api.Reader, "getMe", HttpMethod.Get, "/v1/me", HttpStatusCode.NotAcceptable, null, ("Accept", "image/png"));
        await AskAsync(api.Client("nobody"), "getMe", HttpMethod.Get, "/v1/me", HttpStatusCode.Unauthorized);
        await ReadOrRefuseAsync("listCodeLists", "/v1/codelists");
        await ReadOrRefuseAsync("getAllCodeLists", "/v1/codelists/all");
        await ReadOrRefuseAsync("getCodeList", "/v1/codelists/cameo");
        await AskAsync(api.Reader, "getCodeList", HttpMethod.Get, "/v1/codelists/nonsense", HttpStatusCode.NotFound);
        await AskAsync(api.Reader, "getLiveness", HttpMethod.Get, "/health/live", HttpStatusCode.OK);
        await AskAsync(api.Reader, "getReadiness", HttpMethod.Get, "/health/ready", HttpStatusCode.OK);
    }

    private async Task<HttpResponseMessage> AskAsync(
        HttpClient client, string operation, HttpMethod method, string path, HttpStatusCode expected, JsonObject? body = null,
            params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8,
                headers.FirstOrDefault(h => h.Name == "Content-Type").Value ?? "application/json");
        }

        foreach (var (name, value) in headers.Where(h => h.Name != "Content-Type"))
            request.Headers.TryAddWithoutValidation(name, value);
        // a body that is refused unread would be broken off while it is being sent
        request.Headers.ExpectContinue = body?.ContainsKey(Big) == true;
        var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        if (answer.StatusCode != expected)
        {
            _faults.Add(
                $"{operation} ({method} {path}): {(int)answer.StatusCode} instead "
                + $"of {(int)expected}: {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
        }
        else
        {
            _seen.Add($"{operation} {(int)expected}");
            _faults.AddRange(
                (await _contract.FaultsAsync(operation, answer)).Select(f => $"{operation} ({method} {path}): {(int)expected} {f}"));
        }

        return answer;
    }

    private static JsonObject With(JsonObject body, string field, JsonNode? value, string? second = null, JsonNode? secondValue = null)
    {
        body[field] = value;
        if (second is not null)
            body[second] = secondValue;
        return body;
    }
}
