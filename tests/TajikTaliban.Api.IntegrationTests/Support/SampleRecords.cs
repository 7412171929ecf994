using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using TajikTaliban.Api.Platform.Catalogue;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>
/// The sample records of all tests: the smallest valid bodies, a full one of every resource of the service, and the records that both refer
/// to.
/// </summary>
public static class SampleRecords
{
    /// <summary>How many records <see cref="AddBasicsAsync"/> adds.</summary>
    public const int Basics = 4;

    private const string RecordedAt = "2026-11-24T10:00:00Z";

    private static string Citation(string part) =>
        $$"""
        { "source": "source", "locator": "page 1", "certainty": "claimed", "claimant": "beta", "supports": ["{{part}}"],
          "vouchedFor": "2024-08~", "note": null }
        """;

    private static string ServedCitation(string part) =>
        $$"""
        { "source": "source", "locator": "page 1", "certainty": "claimed", "certaintyLabel": "Claimed", "claimant": "beta",
          "supports": ["{{part}}"], "vouchedFor": "2024-08~", "note": null }
        """;

    private const string Derived =
        """
        { "source": "source", "locator": null, "certainty": "derived", "claimant": null, "supports": ["/name"], "vouchedFor": null,
          "note": "Worked out." }
        """;

    private const string ServedDerived =
        """
        { "source": "source", "locator": null, "certainty": "derived", "certaintyLabel": "Derived", "claimant": null,
          "supports": ["/name"], "vouchedFor": null, "note": "Worked out." }
        """;

    /// <summary>One full sample of each resource, in the order of the catalogue: each comes after those it refers to.</summary>
    public static IReadOnlyList<SampleRecord> All { get; } = OfCatalogue();

    /// <summary>The names of all resources, for theories.</summary>
    public static TheoryData<string> Resources => [.. All.Select(s => s.Resource)];

    public static SampleRecord Of(string resource) => All.Single(s => s.Resource == resource);

    public static JsonObject Source(string id = "source") => new() { ["id"] = id, ["kind"] = "report", ["title"] = "A report" };

    public static JsonArray Citations(string source = "source") =>
        [new JsonObject { ["source"] = source, ["locator"] = "page 1", ["certainty"] = "stated" }];

    public static JsonObject Actor(string id) =>
        new() { ["id"] = id, ["type"] = "state", ["name"] = $"Name of {id}", ["citations"] = Citations() };

    public static JsonObject Relation(string id, string subject, string to) => new()
    {
        ["id"] = id,
        ["type"] = "agreement",
        ["subject"] = subject,
        ["object"] = to,
        ["from"] = "2020",
        ["citations"] = Citations(),
    };

    public static JsonObject Event(string id, string date, params string[] actors) => new()
    {
        ["id"] = id,
        ["type"] = "CONSULT",
        ["cameo"] = "042",
        ["title"] = $"Title of {id}",
        ["date"] = date,
        ["status"] = "occurred",
        ["participants"] = new JsonArray([.. actors.Select(a => new JsonObject { ["actor"] = a, ["role"] = "participant" })]),
        ["citations"] = Citations(),
    };

    /// <summary>A trade figure without an id, which is made from its other fields.</summary>
    public static JsonObject Trade(string reporter, string partner, string period, decimal value) => new()
    {
        ["reporter"] = reporter,
        ["partner"] = partner,
        ["flow"] = "M",
        ["period"] = period,
        ["value"] = value,
        ["currency"] = "USD",
        ["citations"] = Citations(),
    };

    public static JsonObject Indicator(string id) =>
        new() { ["id"] = id, ["name"] = $"Name of {id}", ["unit"] = "km", ["citations"] = Citations() };

    public static JsonObject Observation(string id, string subject, decimal value, string date = "2024") =>
        new() { ["id"] = id, ["subjects"] = new JsonArray(subject), ["date"] = date, ["value"] = value, ["citations"] = Citations() };

    /// <summary>Adds a record and returns it as it is served.</summary>
    public static async Task<JsonNode> AddAsync(this HttpClient editor, string path, JsonObject body)
    {
        var answer = await editor.SendJsonAsync(HttpMethod.Post, path, body);
        Assert.True(answer.Status == HttpStatusCode.Created, $"{path}: {answer.Body?.ToJsonString()}");
        return answer.Body!;
    }

    /// <summary>Adds the records that the samples refer to: a source, the actors <c>alpha</c> and <c>beta</c>, the indicator
    /// <c>length</c>.</summary>
    public static async Task AddBasicsAsync(this HttpClient editor)
    {
        await editor.AddAsync("/v1/sources", Source());
        await editor.AddAsync("/v1/actors", Actor("alpha"));
        await editor.AddAsync("/v1/actors", Actor("beta"));
        await editor.AddAsync("/v1/indicators", Indicator("length"));
    }

    private static JsonObject WrongCertainty => Json("""{ "citations": [{ "source": "source", "certainty": "nonsense" }] }""");

    /// <summary>The samples by the catalogue of the service: a resource without a sample, or a sample without a resource, is an
    /// error.</summary>
    private static List<SampleRecord> OfCatalogue()
    {
        using var nowhere = NpgsqlDataSource.Create("Host=none");
        var app = Service.Build(Service.CreateBuilder(), nowhere);
        var names = app.Services.GetRequiredService<ResourceCatalogue>().All.Select(r => r.Name).ToList();
        var samples = Full().ToDictionary(s => s.Resource);
        if (names.Except(samples.Keys).Concat(samples.Keys.Except(names)).ToList() is [_, ..] odd)
        {
            throw new InvalidOperationException($"Each resource of the catalogue has one sample record; not so: {string.Join(", ", odd)}.");
        }

        return [.. names.Select(n => samples[n])];
    }

    private static IEnumerable<SampleRecord> Full() =>
    [
        new("sources", "/v1/sources",
            Json("""
                { "id": "full-source", "kind": "report", "title": "Торговля \"через\" границу\n1",
                  "authors": ["A. Author", "Б. Автор"], "publisher": "A press",
                  "published": "2024-09~", "url": "https://example.org/report?id=1", "licence": "CC-BY-4.0", "description": "What it is.",
                  "coverage": { "period": "1996/2024", "about": "What it covers.", "silentOn": "What it leaves out." } }
                """),
            Json($$"""
                { "id": "full-source", "kind": "report", "kindLabel": "Report",
                "title": "Торговля \"через\" границу\n1", "authors": ["A. Author", "Б. Автор"],
                "publisher": "A press",
                  "published": "2024-09~", "url": "https://example.org/report?id=1", "licence": "CC-BY-4.0", "description": "What it is.",
                  "coverage": { "period": "1996/2024", "about": "What it covers.", "silentOn": "What it leaves out." },
                  "version": 1, "recordedAt": "{{RecordedAt}}" }
                """))
        {
            Minimal = Source,
            Required = ["id", "kind", "title"],
            Change = Json("""{ "authors": ["C"], "url": null }"""),
            Cleared = Json("""{ "authors": [] }"""),
            Invalid = Json("""{ "kind": "nonsense" }"""),
            MadeId = ("title", ""),
            Referred = "source",
        },
        new("actors", "/v1/actors",
            Json($$"""
                { "id": "full-actor", "type": "armed-group", "name": "Full actor",
                  "names": [{ "text": "طالبان", "lang": "ps", "kind": "native" }, { "text": "FA", "lang": null, "kind": "acronym" }],
                  "sectors": ["REB", "GOV"], "identifiers": [{ "scheme": "wikidata", "value": "Q1000" }],
                  "statuses": [{ "status": "banned-organisation", "from": "2006", "to": "2024-06~", "by": "alpha",
                  "citations": [{{Citation("/status")}}] }],
                  "description": "With \"quotes\", a \\ and an emoji 🏔.", "citations": [{{Citation("/name")}}, {{Derived}}] }
                """),
            Json($$"""
                { "id": "full-actor", "type": "armed-group", "typeLabel": "Armed group", "followTheMoney": "Organization",
                  "name": "Full actor",
                  "names": [{ "text": "طالبان", "lang": "ps", "kind": "native", "kindLabel": "Native name" },
                  { "text": "FA", "lang": null, "kind": "acronym", "kindLabel": "Acronym" }],
                  "sectors": ["REB", "GOV"], "sectorsLabel": ["Rebels", "Government"],
                  "identifiers": [{ "scheme": "wikidata", "schemeLabel": "Wikidata", "value": "Q1000" }],
                  "statuses": [{ "status": "banned-organisation", "statusLabel": "Banned organisation", "from": "2006", "to": "2024-06~",
                  "by": "alpha", "citations": [{{ServedCitation("/status")}}] }],
                  "description": "With \"quotes\", a \\ and an emoji 🏔.", "citations": [{{ServedCitation("/name")}}, {{ServedDerived}}],
                  "referents": [], "version": 1, "recordedAt": "{{RecordedAt}}" }
                """))
        {
            Minimal = Actor,
            Required = ["id", "type", "name", "citations"],
            Change = Json("""{ "type": "person", "names": [], "statuses": [] }"""),
            Changed = Json("""{ "typeLabel": "Person", "followTheMoney": "Person" }"""),
            Cleared = Json("""{ "names": [], "sectors": [], "sectorsLabel": [], "identifiers": [], "statuses": [] }"""),
            Invalid = WrongCertainty,
            UniqueFields = Json("""{ "identifiers": [{ "scheme": "wikidata", "value": "Q1" }] }"""),
            MakeUnique = (json, number) => json["identifiers"]![0]!["value"] = $"Q{number + 1}",
            MadeId = ("name", ""),
            Referred = "alpha",
        },
        new("relations", "/v1/relations",
            Json($$"""
                { "id": "full-relation", "type": "perception", "subject": "alpha", "object": "beta", "stance": "wary", "from": "2021-08~",
                "to": "2024",
                  "summary": "How it stands.", "citations": [{{Citation("/type")}}] }
                """),
            Json($$"""
                { "id": "full-relation", "type": "perception", "typeLabel": "Perception", "directed": true, "subject": "alpha",
                "object": "beta",
                  "stance": "wary", "stanceLabel": "Wary", "from": "2021-08~", "to": "2024",
                  "earliest": "2021-07-01", "latest": "2024-12-31", "summary": "How it stands.",
                  "citations": [{{ServedCitation("/type")}}], "version": 1, "recordedAt": "{{RecordedAt}}" }
                """))
        {
            Minimal = id => Relation(id, "alpha", "beta"),
            Required = ["id", "type", "subject", "object", "citations"],
            Change = Json("""{ "type": "border", "to": null }"""),
            Changed = Json("""{ "typeLabel": "Border", "directed": false, "latest": "2024-09-30" }"""),
            Cleared = Json("""{ "stanceLabel": null, "earliest": "2024-07-01", "latest": "2024-09-30" }"""),
            Invalid = WrongCertainty,
            UniqueFields = Json("""{ "type": "membership", "from": "2020", "to": null }"""),
        },
        new("events", "/v1/events",
            Json($$"""
                { "id": "full-event", "type": "ASSAULT", "cameo": "190", "title": "Full event", "description": "What happened.",
                "date": "2024-08-16/2024-08-18", "from": null, "to": null,
                  "status": "reported", "participants": [{ "actor": "alpha", "role": "source" }, { "actor": "beta", "role": "target" }],
                  "place": { "name": "Kabul", "latitude": 34.530, "longitude": 69.17, "precision": 1 },
                  "deaths": { "best": 2, "low": 1, "high": 3 },
                  "violenceType": 1, "citations": [{{Citation("/title")}}] }
                """),
            Json($$"""
                { "id": "full-event", "type": "ASSAULT", "typeLabel": "Assault", "cameo": "190",
                  "cameoLabel": "Use conventional military force", "quadClass": 4, "quadClassLabel": "Material conflict",
                  "goldstein": -10.0, "title": "Full event",
                  "description": "What happened.", "date": "2024-08-16/2024-08-18", "from": null, "to": null,
                  "earliest": "2024-08-16", "latest": "2024-08-18",
                  "datePrecision": 2, "datePrecisionLabel": "Within 2-6 days",
                  "status": "reported", "statusLabel": "Reported",
                  "participants": [{ "actor": "alpha", "role": "source", "roleLabel": "Source" },
                  { "actor": "beta", "role": "target", "roleLabel": "Target" }],
                  "place": { "name": "Kabul", "latitude": 34.530, "longitude": 69.17, "precision": 1, "precisionLabel": "Exact" },
                  "deaths": { "best": 2, "low": 1, "high": 3 },
                  "violenceType": 1, "violenceTypeLabel": "State-based conflict", "citations": [{{ServedCitation("/title")}}],
                  "version": 1, "recordedAt": "{{RecordedAt}}" }
                """))
        {
            Minimal = id => Event(id, "2024-08", "alpha"),
            Required = ["id", "title", "date", "status", "participants", "citations"],
            Change = Json("""{ "cameo": null, "date": "2025", "participants": [{ "actor": "beta", "role": "source" }] }"""),
            Changed = Json("""
                { "cameoLabel": null, "goldstein": null, "earliest": "2025-01-01", "latest": "2025-12-31", "datePrecision": 5,
                  "datePrecisionLabel": "Year", "participants": [{ "actor": "beta", "role": "source", "roleLabel": "Source" }] }
                """),
            Cleared = Json("""
                { "typeLabel": null, "quadClass": null, "quadClassLabel": null, "cameoLabel": null, "goldstein": null,
                  "violenceTypeLabel": null }
                """),
            Invalid = WrongCertainty,
            MadeId = ("title", "-2024-08"),
        },
        new("trade", "/v1/trade",
            Json($$"""
                { "id": "full-trade", "reporter": "alpha", "partner": "beta", "flow": "T", "period": "2024-S1", "type": "C",
                  "commodity": { "classification": "HS", "code": "2716" }, "value": 46000000.10, "currency": "USD", "valuation": "FOB",
                  "approximate": true, "obsStatus": "E", "citations": [{{Citation("/period")}}] }
                """),
            Json($$"""
                { "id": "full-trade", "reporter": "alpha", "partner": "beta", "flow": "T", "flowLabel": "Turnover", "period": "2024-S1",
                  "frequency": "S", "frequencyLabel": "Half-yearly", "earliest": "2024-01-01", "latest": "2024-06-30",
                  "type": "C", "typeLabel": "Goods",
                  "commodity": { "classification": "HS", "classificationLabel": "Harmonized System, as reported", "code": "2716" },
                  "value": 46000000.10, "currency": "USD", "currencyLabel": "US Dollar",
                  "valuation": "FOB", "valuationLabel": "Free on board", "approximate": true, "obsStatus": "E",
                  "obsStatusLabel": "Estimated value",
                  "citations": [{{ServedCitation("/period")}}],
                  "version": 1, "recordedAt": "{{RecordedAt}}" }
                """))
        {
            Minimal = id => SampleRecord.With(Trade("alpha", "beta", "2023", 1.5m), new JsonObject { ["id"] = id }),
            Required = ["id", "reporter", "partner", "flow", "period", "currency", "value", "citations"],
            Change = Json("""{ "flow": "M", "value": 1.230, "period": "2023-M02" }"""),
            Changed = Json("""
                { "flowLabel": "Import", "earliest": "2023-02-01", "latest": "2023-02-28", "frequency": "M", "frequencyLabel": "Monthly" }
                """),
            Cleared = Json("""
                { "type": "C", "valuationLabel": null,
                  "commodity": { "classification": "HS", "classificationLabel": "Harmonized System, as reported", "code": "TOTAL" },
                  "approximate": false, "obsStatus": "A", "obsStatusLabel": "Normal value" }
                """),
            Invalid = WrongCertainty,
            UniqueFields = Json("""{ "period": "2024" }"""),
            MakeUnique = (json, number) => json["commodity"]!["code"] = $"{10 + (number % 60)}{number / 60 % 10_000:D4}",
        },
        new("indicators", "/v1/indicators",
            Json($$"""
                { "id": "full-indicator", "name": "Full indicator", "unit": "km", "description": "What it measures.",
                  "citations": [{{Citation("/unit")}}] }
                """),
            Json($$"""
                { "id": "full-indicator", "name": "Full indicator", "unit": "km", "description": "What it measures.",
                "citations": [{{ServedCitation("/unit")}}],
                  "version": 1, "recordedAt": "{{RecordedAt}}" }
                """))
        {
            Minimal = Indicator,
            Required = ["id", "name", "unit", "citations"],
            Change = Json("""{ "unit": "m" }"""),
            Invalid = WrongCertainty,
            MadeId = ("name", ""),
            Referred = "length",
        },
        new("observations", "/v1/indicators/length/observations",
            Json($$"""
                { "id": "full-observation", "indicator": "length", "subjects": ["alpha", "beta"], "date": "2024~", "value": 1344.00,
                "approximate": true,
                  "obsStatus": "P", "note": "What to know.", "citations": [{{Citation("/date")}}] }
                """),
            Json($$"""
                { "id": "full-observation", "indicator": "length", "subjects": ["alpha", "beta"], "date": "2024~", "earliest": "2023-01-01",
                  "latest": "2025-12-31", "value": 1344.00, "approximate": true, "obsStatus": "P", "obsStatusLabel": "Provisional value",
                  "note": "What to know.", "citations": [{{ServedCitation("/date")}}], "version": 1, "recordedAt": "{{RecordedAt}}" }
                """))
        {
            Minimal = id => SampleRecord.With(Observation(id, "alpha", 7),
                new JsonObject { ["date"] = DayOf((uint)StringComparer.Ordinal.GetHashCode(id)) }),
            Required = ["id", "subjects", "date", "value", "citations"],
            UniqueFields = Json("""{ "date": "2024" }"""),
            MakeUnique = (json, number) =>
            {
                json["date"] = DayOf(number);
                foreach (var bound in (string[])["earliest", "latest"])
                {
                    if (json.ContainsKey(bound))
                    {
                        json[bound] = DayOf(number);
                    }
                }
            },
            Change = Json("""{ "value": null, "obsStatus": "M", "subjects": ["beta"] }"""),
            Changed = Json("""{ "obsStatusLabel": "Missing value" }"""),
            Cleared = Json("""{ "indicator": "length", "approximate": false, "obsStatus": "A", "obsStatusLabel": "Normal value" }"""),
            Invalid = WrongCertainty,
        },
    ];

    /// <summary>A day of 1900 to 2099, for figures that have to differ.</summary>
    private static string DayOf(uint number) => $"{new DateOnly(1900, 1, 1).AddDays((int)(number % 73_000)):yyyy-MM-dd}";

    private static JsonObject Json(string text) => (JsonObject)JsonNode.Parse(text)!;
}
