using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>A record that was written, and the bounds that it should have.</summary>
public sealed record Generated(string Resource, string Id, JsonObject Body, string? Parent = null);

/// <summary>Hundreds of records, made by chance (the same each time) and written the way that the body of a request goes.</summary>
public sealed class GeneratedRecords(PostgresServer server) : RandomRecords(server, 1);

/// <summary>More than 5,000 records, made the same way.</summary>
public sealed class ManyRecords(PostgresServer server) : RandomRecords(server, 6);

/// <summary>Records made by chance.</summary>
/// <param name="server">The database server.</param>
/// <param name="scale">1 for hundreds of records, 6 for thousands.</param>
public abstract class RandomRecords(PostgresServer server, int scale) : IAsyncLifetime
{
    private const int Seed = 20240816;
    private const int RecordsOfTransaction = 7;
    private readonly Random _random = new(Seed);

    /// <summary>For the time of records alone, so that the rest of them stays as it is.</summary>
    private readonly Random _time = new(Seed + 1);

    private readonly List<Generated> _written = [];

    public ApiFixture Api { get; } = new(server);

    public IReadOnlyList<Generated> Written => _written;

    /// <summary>The stored documents by table, as the database has them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<JsonNode>> Stored { get; private set; } = new Dictionary<string,
        IReadOnlyList<JsonNode>>();

    public async ValueTask InitializeAsync()
    {
        await Api.InitializeAsync();
        Generate();
        var editors = Api.Services.GetRequiredService<RecordEditors>();
        var catalogue = Api.Services.GetRequiredService<ResourceCatalogue>();
        // several transactions, and so several instants
        foreach (var together in _written.Chunk(RecordsOfTransaction))
        {
            await Api.Services.GetRequiredService<WriteTransaction>().RunAsync(new Author(ApiFixture.Start), async session =>
            {
                foreach (var record in together)
                {
                    var resource = catalogue.All.First(r => r.Name == record.Resource);
                    var body = JsonSerializer.SerializeToElement(record.Body);
                    await editors.Of(resource).PutAsync(
                        session, new RecordTarget(record.Id, WriteCondition.None, record.Parent), body, CancellationToken.None);
                }

                return 0;
            }, CancellationToken.None);
        }

        // the planner knows nothing of the tables until this; without it every test would run the plans of empty ones
        await ExecuteAsync("analyze");
        var stored = new Dictionary<string, IReadOnlyList<JsonNode>>();
        foreach (var resource in catalogue.All)
            stored[resource.Table] = await ReadAsync(resource.Table);
        Stored = stored;
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Api.DisposeAsync();
    }

    /// <summary>The place of each record in the order of a text column, by the database, whose collation decides.</summary>
    public async Task<Dictionary<string, int>> RanksAsync(string table, string column)
    {
        await using var command = Api.Database.CreateCommand($"select id, (dense_rank() over (order by {column}))::int from {table}");
        await using var reader = await command.ExecuteReaderAsync();
        var ranks = new Dictionary<string, int>();
        while (await reader.ReadAsync())
            ranks[reader.GetString(0)] = reader.GetInt32(1);
        return ranks;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = Api.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<IReadOnlyList<JsonNode>> ReadAsync(string table)
    {
        await using var command = Api.Database.CreateCommand(
            $"select r.document::text, {Documents.CommittedAt("r")} from {table} r");
        await using var reader = await command.ExecuteReaderAsync();
        var documents = new List<JsonNode>();
        while (await reader.ReadAsync())
            documents.Add(JsonNode.Parse(RecordingInstant.Set(reader.GetString(0), reader.GetDateTime(1)))!);
        return documents;
    }

    private void Generate()
    {
        var few = scale == 1 ? 40 : 120;
        for (var i = 0; i < few; i++)
            Add("sources", Source(i));
        for (var i = 0; i < few; i++)
            Add("actors", Actor(i));
        for (var i = 0; i < 160 * scale; i++)
            Add("relations", Relation());
        for (var i = 0; i < 260 * scale; i++)
            Add("events", Event());
        var figures = new HashSet<string>();
        while (figures.Count < 200 * scale)
        {
            if (Trade() is var trade
                && figures.Add($"{trade["reporter"]} {trade["partner"]} {trade["flow"]} {trade["period"]} {trade["type"]} "
                + $"{CommodityOf(trade["commodity"]!)} "
                + $"{trade["currency"]} {trade["valuation"] ?? UsualValuation(trade)} {trade["citations"]![0]!["source"]}"))
            {
                Add("trade", trade);
            }
        }

        for (var i = 0; i < 8; i++)
            Add("indicators", Indicator(i), $"indicator-{i}");
        var observed = new HashSet<string>();
        while (observed.Count < 180 * scale)
        {
            var (observation, indicator) = (Observation(), observed.Count < 150 * scale ? 0 : observed.Count % 7);
            var date = Dated.All.First(d => d.Text == (string)observation["date"]!);
            if (observed.Add($"{indicator} {string.Join(' ', observation["subjects"]!.AsArray().Select(s => (string)s!).Order())} "
                + $"{date.First} {date.Last} {observation["citations"]![0]!["source"]}"))
            {
                Add("observations", observation, parent: $"indicator-{indicator}");
            }
        }
    }

    private static string CommodityOf(JsonNode commodity) =>
        (string)commodity["code"]! == "TOTAL" ? "TOTAL" : $"{commodity["classification"]} {commodity["code"]}";

    private static string? UsualValuation(JsonObject trade) => (string)trade["type"]! == "S" ? null
        : (string)trade["flow"]! switch { "T" => null, "M" or "RM" or "FM" => "CIF", _ => "FOB" };

    private void Add(string resource, JsonObject body, string? id = null, string? parent = null)
    {
        id ??= resource switch
        {
            // the first of these are referred to by number
            "sources" => $"source-{_written.Count}",
            "actors" => $"actor-{_written.Count(w => w.Resource == "actors")}",
            // so that the order of ids is not that of writing
            _ => $"{resource}-{_random.Next(0xfffff):x5}-{_written.Count}",
        };
        var part = resource switch
        {
            "events" => "/title",
            "trade" => "/period",
            "indicators" => "/unit",
            "observations" => "/date",
            _ => "/type",
        };
        foreach (var citation in body["citations"] as JsonArray ?? [])
        {
            if ((string)citation!["certainty"]! == "reported")
                citation["supports"] = new JsonArray(part);
            // before there is an actor nobody claims
            if ((string)citation["certainty"]! == "claimed" && _written.Exists(w => w.Id == "actor-0"))
                citation["claimant"] = "actor-0";
            else if ((string)citation["certainty"]! == "claimed")
                citation["certainty"] = "stated";
        }

        // drawn so that the records that follow stay as they are
        _ = (_random.Next(60), _random.Next(3));
        _written.Add(new Generated(resource, id, body, parent));
    }

    private JsonObject Source(int i)
    {
        var body = new JsonObject
        {
            ["kind"] = Any("article", "dataset", "report", "book"),
            // a sort key as long as they come, in letters of more than one byte
            ["title"] = i % 4 == 0 ? new string(Any('т', 'ط', '塔'), 495) + i
                : $"{Any("Border", "border", "Ångström", "Trade", "Émigrés")} {i}",
            ["authors"] = new JsonArray(
                [.. Distinct(_random.Next(3), "Asatryan, G.", "Rahmonova, Ş.", "Doe, J.").Select(a => JsonValue.Create(a))]),
        };
        if (_random.Next(2) == 0)
            body["publisher"] = Any("Press", "Press, and Sons", "Нашр");
        if (_random.Next(4) > 0)
            body["published"] = Any([.. Dated.All]).Text;
        return body;
    }

    private JsonObject Actor(int i)
    {
        var body = new JsonObject
        {
            ["type"] = Any("state", "armed-group", "person", "igo", "organization"),
            ["name"] = $"{Any("Tajik", "Badakhshān", "Тоҷикистон", "طالبان", "zeta", "Alpha", "alpha")} {_random.Next(12)}",
            ["sectors"] = new JsonArray([.. Distinct(_random.Next(3), "GOV", "MIL", "REB", "SPY").Select(a => JsonValue.Create(a))]),
            ["citations"] = Citations(),
        };
        var identifiers = new JsonArray();
        if (i % 2 == 0)
            identifiers.Add(new JsonObject { ["scheme"] = "iso3", ["value"] = $"A{(char)('A' + (i / 26))}{(char)('A' + (i % 26))}" });
        if (i % 3 == 0)
            identifiers.Add(new JsonObject { ["scheme"] = "m49", ["value"] = $"{i + 100}" });
        if (i % 10 == 1)
            identifiers.Add(new JsonObject { ["scheme"] = "other", ["value"] = $"x,{i}\\" });
        body["identifiers"] = identifiers;
        body["statuses"] = new JsonArray(
            [.. Distinct(_random.Next(3), "armed-movement", "active", "banned-organisation", "inactive").Select(status =>
        {
            var (from, to) = Validity();
            var entry = new JsonObject { ["status"] = status, ["from"] = from, ["to"] = to };
            if (_time.Next(4) == 0)
                entry["citations"] = new JsonArray(new JsonObject { ["source"] = $"source-{_time.Next(6)}", ["certainty"] = "stated" });
            SetTime(entry, entry["citations"] as JsonArray ?? []);
            if (status == "banned-organisation")
                entry["by"] = $"actor-{_random.Next(Math.Max(i, 1))}";
            return entry;
        })]);
        return body;
    }

    private JsonObject Relation()
    {
        var (from, to) = Validity();
        var (subject, other) = TwoActors();
        var body = new JsonObject
        {
            ["type"] = Any("border", "conflict", "agreement", "perception", "aid"),
            ["subject"] = subject,
            ["object"] = other,
            ["stance"] = Any(null, "wary", "hostile", "neutral"),
            ["from"] = from,
            ["to"] = to,
            ["summary"] = Any(null, "Shares a border.", "Signed an agreement on markets."),
            ["citations"] = Citations(),
        };
        SetTime(body, body["citations"]!.AsArray());
        return body;
    }

    private JsonObject Event()
    {
        var (type, cameo) = Any(
            ("CONSULT", "042"), ("CONSULT", "040"), ("CONSULT", null), ("AID", "070"), ("ASSAULT", "190"), ("ASSAULT", null),
            ("CONCEDE", "0812"), ("REJECT", "120"), (null, null));
        var body = new JsonObject
        {
            ["type"] = type,
            ["cameo"] = cameo,
            ["title"] = Any("Visit to Kabul", "Talks at the border", "Attack on a border post", "Markets are opened"),
            ["date"] = (_random.Next(5) < 3 ? Any([.. Dated.Days]) : Any([.. Dated.All])).Text,
            ["status"] = Any("reported", "occurred", "planned", "denied"),
            ["participants"] = new JsonArray(
                [.. Enumerable.Range(0, _random.Next(1, 5))
                    .Select(_ => (Actor: ActorId(), Role: Any("source", "target", "host", "mediator", "participant", "location")))
                .Distinct().Select(p => new JsonObject { ["actor"] = p.Actor, ["role"] = p.Role })]),
            ["citations"] = Citations(),
        };
        if (_time.Next(5) == 0)
        {
            body.Remove("date");
            (body["from"], body["to"]) = (Dated.Partial[_time.Next(Dated.Partial.Count)].Text, null);
            SetTime(body, body["citations"]!.AsArray());
        }

        if (_random.Next(3) > 0)
        {
            var place = new JsonObject { ["name"] = Any("Kabul", "Dushanbe") };
            if (_random.Next(3) > 0)
                (place["latitude"], place["longitude"]) = (36 + (_random.Next(9) / 2m), 67 + (_random.Next(9) / 2m));
            if (_random.Next(3) > 0)
                place["precision"] = _random.Next(1, 8);
            body["place"] = place;
        }

        if (_random.Next(3) == 0)
        {
            var best = _random.Next(6);
            body["deaths"] = new JsonObject { ["best"] = best, ["low"] = 0, ["high"] = best + 5 };
            body["violenceType"] = _random.Next(1, 4);
        }

        return body;
    }

    private JsonObject Trade()
    {
        var (reporter, partner) = TwoActors();
        var missing = _random.Next(6) == 0;
        var type = Any("C", "C", "S");
        var classification = type == "S" ? Any("EB", "EB02") : Any("HS", "H5", "S1");
        return new JsonObject
        {
            ["reporter"] = reporter,
            ["partner"] = partner,
            ["flow"] = Any("M", "X", "T"),
            ["period"] = Any("2023", "2024", "2024-S1", "2024-Q3", "2024-M08", "2022"),
            ["type"] = type,
            ["commodity"] = new JsonObject
            {
                ["classification"] = classification,
                ["code"] = classification switch
                {
                    "S1" => Any("TOTAL", "334"),
                    "EB" or "EB02" => Any("TOTAL", "205"),
                    _ => Any("TOTAL", "27", "2710"),
                },
            },
            ["value"] = missing ? null : JsonValue.Create(Value()),
            ["currency"] = Any("USD", "TJS"),
            ["valuation"] = Any(null, "CIF", "FOB"),
            ["approximate"] = _random.Next(2) == 0,
            ["obsStatus"] = missing ? "M" : Any("A", "E", "P"),
            ["citations"] = Citations(),
        };
    }

    private JsonObject Indicator(int i) => new()
    {
        ["name"] = $"Indicator {Any("border", "length", "market")} {i}",
        ["unit"] = Any("km", "%", "markets"),
        ["citations"] = Citations(),
    };

    private JsonObject Observation()
    {
        var missing = _random.Next(6) == 0;
        return new JsonObject
        {
            ["subjects"] = new JsonArray(
                [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => ActorId()).Distinct().Select(a => JsonValue.Create(a))]),
            ["date"] = Any([.. Dated.All]).Text,
            ["value"] = missing ? null : JsonValue.Create(Value() - 500m),
            ["approximate"] = _random.Next(2) == 0,
            ["obsStatus"] = missing ? "M" : Any("A", "E"),
            ["citations"] = Citations(),
        };
    }

    /// <summary>Few values, so that there are ties; some equal but written with other digits, some too long for a double.</summary>
    private decimal Value() =>
        Any(0m, 1m, 1.0m, 1.5m, 12.25m, 1000m, 1000.00m, 46000000m, 123456789012345678.123456789m, 123456789012345678.12345679m);

    private (string? From, string? To) Validity()
    {
        var from = _random.Next(4) == 0 ? null : Any([.. Dated.Partial, .. Dated.Days]);
        var to = _random.Next(2) == 0 ? null : Any([.. Dated.Partial, .. Dated.Days]);
        return from is not null && to is not null && from.First > to.Last ? (to.Text, from.Text) : (from?.Text, to?.Text);
    }

    /// <summary>Ends of other forms for some, and moments that sources vouch for.</summary>
    private void SetTime(JsonObject body, JsonArray citations)
    {
        string? End(string? end) => _time.Next(10) switch
        {
            0 => "..",
            1 or 2 => Dated.Ends[_time.Next(Dated.Ends.Count)].Text,
            3 => null,
            _ => end,
        };
        var (from, to) = (End((string?)body["from"]), End((string?)body["to"]));
        Dated? Of(string? text) => text is null or ".." ? null : Dated.All.First(d => d.Text == text);
        if (Of(from)?.First > Of(to)?.Last || (from ?? to) is null)
            (from, to) = ((string?)body["from"], (string?)body["to"]);
        (body["from"], body["to"]) = (from, to);
        foreach (var citation in citations)
        {
            var moment = Dated.All[_time.Next(Dated.All.Count)];
            if (_time.Next(4) == 0 && !(moment.Last < Of(from)?.First) && !(moment.First > Of(to)?.Last))
                citation!["vouchedFor"] = moment.Text;
        }
    }

    private JsonArray Citations() =>
        [.. Enumerable.Range(0, _random.Next(1, 3))
            .Select(_ => new JsonObject
            {
                ["source"] = $"source-{_random.Next(6)}",
                ["certainty"] = Any("stated", "reported", "claimed"),
            })];

    private string ActorId() => $"actor-{_random.Next(10)}";

    private (string, string) TwoActors()
    {
        var first = _random.Next(8);
        return ($"actor-{first}", $"actor-{(first + _random.Next(1, 8)) % 8}");
    }

    private T Any<T>(params T[] values) => values[_random.Next(values.Length)];

    private IEnumerable<T> Distinct<T>(int count, params T[] values) => values.OrderBy(_ => _random.Next()).Take(count);
}

/// <summary>The classes that read the generated records share them.</summary>
[CollectionDefinition(nameof(GeneratedRecords))]
public sealed class GeneratedRecordsGroup : ICollectionFixture<GeneratedRecords>;

/// <summary>The classes that read many generated records share them.</summary>
[CollectionDefinition(nameof(ManyRecords))]
public sealed class ManyRecordsGroup : ICollectionFixture<ManyRecords>;
