using System.Text.Json.Nodes;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>For each resource a body that gives every field, and the answer that it has to get.</summary>
public sealed record Sample(string Resource, string Path, JsonObject Body, JsonObject Answer)
{
    private const string RecordedAt = "2026-11-24T10:00:00Z";

    public string Id => (string)Body["id"]!;

    /// <summary>The address of the record.</summary>
    public string Address => $"{Path}/{Id}";

    public override string ToString() => Resource;

    /// <summary>All of them, in an order in which each comes after what it refers to. They refer to <see cref="AddBasicsAsync"/>.</summary>
    public static IReadOnlyList<Sample> All() =>
    [
        new("sources", "/v1/sources",
            Json("""
                { "id": "full-source", "kind": "report", "title": "Торговля \"через\" границу\n1", "authors": ["A. Author", "Б. Автор"],
                "publisher": "A press",
                  "published": "2024-09~", "url": "https://example.org/report?id=1", "licence": "CC-BY-4.0", "description": "What it is." }
                """),
            Json($$"""
                { "id": "full-source", "kind": "report", "title": "Торговля \"через\" границу\n1", "authors": ["A. Author", "Б. Автор"],
                "publisher": "A press",
                  "published": "2024-09~", "url": "https://example.org/report?id=1", "licence": "CC-BY-4.0", "description": "What it is.",
                  "version": 1, "recordedAt": "{{RecordedAt}}" }
                """)),
        new("actors", "/v1/actors",
            Json($$"""
                { "id": "full-actor", "type": "armed-group", "name": "Full actor",
                  "names": [{ "text": "طالبان", "lang": "ps", "kind": "native" }, { "text": "FA", "lang": null, "kind": "acronym" }],
                  "sectors": ["REB", "GOV"], "identifiers": [{ "scheme": "wikidata", "value": "Q1000" }],
                  "statuses": [{ "status": "banned-organisation", "from": "2006", "to": "2024-06~", "by": "alpha",
                  "citations": [{{Citation}}] }],
                  "description": "What it is.", "citations": [{{Citation}}, {{Derived}}] }
                """),
            Json($$"""
                { "id": "full-actor", "type": "armed-group", "followTheMoney": "Organization", "name": "Full actor",
                  "names": [{ "text": "طالبان", "lang": "ps", "kind": "native" }, { "text": "FA", "lang": null, "kind": "acronym" }],
                  "sectors": ["REB", "GOV"], "identifiers": [{ "scheme": "wikidata", "value": "Q1000" }],
                  "statuses": [{ "status": "banned-organisation", "from": "2006", "to": "2024-06~", "by": "alpha",
                  "citations": [{{Citation}}] }],
                  "description": "What it is.", "citations": [{{Citation}}, {{Derived}}], "referents": [], "version": 1,
                  "recordedAt": "{{RecordedAt}}" }
                """)),
        new("relations", "/v1/relations",
            Json($$"""
                { "id": "full-relation", "type": "perception", "subject": "alpha", "object": "beta", "stance": "wary", "from": "2021-08~",
                "to": "2024",
                  "summary": "How it stands.", "citations": [{{Citation}}] }
                """),
            Json($$"""
                { "id": "full-relation", "type": "perception", "typeLabel": "Perception", "directed": true, "subject": "alpha",
                "object": "beta",
                  "stance": "wary", "from": "2021-08~", "to": "2024", "earliest": "2021-08-01", "latest": "2024-12-31",
                  "summary": "How it stands.", "citations": [{{Citation}}], "version": 1, "recordedAt": "{{RecordedAt}}" }
                """)),
        new("events", "/v1/events",
            Json($$"""
                { "id": "full-event", "type": "ASSAULT", "cameo": "190", "title": "Full event", "description": "What happened.",
                "date": "2024-08-16/2024-08-18",
                  "status": "reported", "participants": [{ "actor": "alpha", "role": "source" }, { "actor": "beta", "role": "target" }],
                  "place": { "name": "Kabul", "latitude": 34.530, "longitude": 69.17, "precision": 1 },
                  "deaths": { "best": 2, "low": 1, "high": 3 },
                  "violenceType": 1, "citations": [{{Citation}}] }
                """),
            Json($$"""
                { "id": "full-event", "type": "ASSAULT", "typeLabel": "Assault", "cameo": "190",
                  "cameoLabel": "Use conventional military force", "quadClass": 4, "goldstein": -10.0, "title": "Full event",
                  "description": "What happened.", "date": "2024-08-16/2024-08-18", "earliest": "2024-08-16", "latest": "2024-08-18",
                  "datePrecision": 2,
                  "status": "reported", "participants": [{ "actor": "alpha", "role": "source" }, { "actor": "beta", "role": "target" }],
                  "place": { "name": "Kabul", "latitude": 34.530, "longitude": 69.17, "precision": 1 },
                  "deaths": { "best": 2, "low": 1, "high": 3 },
                  "violenceType": 1, "citations": [{{Citation}}], "version": 1, "recordedAt": "{{RecordedAt}}" }
                """)),
        new("trade", "/v1/trade",
            Json($$"""
                { "id": "full-trade", "reporter": "alpha", "partner": "beta", "flow": "T", "period": "2024-S1", "type": "C",
                  "commodity": { "classification": "HS", "code": "2716" }, "value": 46000000.10, "currency": "USD", "valuation": "FOB",
                  "approximate": true, "obsStatus": "E", "citations": [{{Citation}}] }
                """),
            Json($$"""
                { "id": "full-trade", "reporter": "alpha", "partner": "beta", "flow": "T", "flowLabel": "Turnover", "period": "2024-S1",
                  "frequency": "S", "earliest": "2024-01-01", "latest": "2024-06-30", "type": "C",
                  "commodity": { "classification": "HS", "code": "2716" }, "value": 46000000.10, "currency": "USD", "valuation": "FOB",
                  "approximate": true, "obsStatus": "E", "obsStatusLabel": "Estimated value", "citations": [{{Citation}}],
                  "version": 1, "recordedAt": "{{RecordedAt}}" }
                """)),
        new("indicators", "/v1/indicators",
            Json($$"""
                { "id": "full-indicator", "name": "Full indicator", "unit": "km", "description": "What it measures.",
                  "citations": [{{Citation}}] }
                """),
            Json($$"""
                { "id": "full-indicator", "name": "Full indicator", "unit": "km", "description": "What it measures.",
                "citations": [{{Citation}}],
                  "version": 1, "recordedAt": "{{RecordedAt}}" }
                """)),
        new("observations", "/v1/indicators/length/observations",
            Json($$"""
                { "id": "full-observation", "indicator": "length", "subjects": ["alpha", "beta"], "date": "2024~", "value": 1344.00,
                "approximate": true,
                  "obsStatus": "P", "note": "What to know.", "citations": [{{Citation}}] }
                """),
            Json($$"""
                { "id": "full-observation", "indicator": "length", "subjects": ["alpha", "beta"], "date": "2024~", "earliest": "2024-01-01",
                  "latest": "2024-12-31", "value": 1344.00, "approximate": true, "obsStatus": "P", "obsStatusLabel": "Provisional value",
                  "note": "What to know.", "citations": [{{Citation}}], "version": 1, "recordedAt": "{{RecordedAt}}" }
                """)),
    ];

    public static Sample Of(string resource) => All().Single(s => s.Resource == resource);

    /// <summary>The same record under another id, and with what may be there only once made its own.</summary>
    public Sample As(string id)
    {
        var (body, answer) = ((JsonObject)Body.DeepClone(), (JsonObject)Answer.DeepClone());
        foreach (var json in (JsonObject[])[body, answer])
        {
            json["id"] = id;
            if (Resource == "actors")
                json["identifiers"]![0]!["value"] = $"Q{(uint)StringComparer.Ordinal.GetHashCode(id) + 1}";
            if (Resource == "trade")
                json["commodity"]!["code"] = $"{10 + ((uint)StringComparer.Ordinal.GetHashCode(id) % 899_980)}".PadLeft(6, '1');
        }

        return this with { Body = body, Answer = answer };
    }

    /// <summary>The records that the samples refer to: a source, the actors <c>alpha</c> and <c>beta</c>, the indicator
    /// <c>length</c>.</summary>
    public static async Task AddBasicsAsync(HttpClient editor)
    {
        await editor.AddBasicsAsync();
        await editor.AddAsync("/v1/indicators", Records.Indicator("length"));
    }

    private const string Citation = """{ "source": "source", "locator": "page 1", "certainty": "stated", "note": null }""";

    private const string Derived = """{ "source": "source", "locator": null, "certainty": "derived", "note": "Worked out." }""";

    private static JsonObject Json(string text) => (JsonObject)JsonNode.Parse(text)!;
}

/// <summary>The service over a database that begins with what the samples refer to.</summary>
public sealed class BasicsApiFixture(PostgresServer server) : ApiFixture(server), IAsyncLifetime
{
    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        await Sample.AddBasicsAsync(Editor);
    }
}
