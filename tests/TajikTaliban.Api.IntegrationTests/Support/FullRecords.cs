using System.Text.Json.Nodes;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>A body of each resource with every field set, in an order in which each comes after those it refers to.</summary>
public static class FullRecords
{
    public static IReadOnlyList<(string Path, JsonObject Body)> All { get; } =
    [
        ("/v1/sources", Parse(
            """
            { "id": "full-source", "kind": "report", "title": "A report, «Гузориш», گزارش", "authors": ["A. Author", "Б. Муаллиф"], "publisher": "A publisher",
              "published": "2024-09~", "url": "https://example.org/report", "licence": "CC-BY-4.0", "description": "All of it." }
            """)),
        ("/v1/actors", Parse(
            """
            { "id": "full-actor", "type": "state", "name": "Full Actor", "names": [{ "text": "Актёр", "lang": "ru", "kind": "alias" }, { "text": "FA", "kind": "acronym" }],
              "sectors": ["GOV", "MIL"], "identifiers": [{ "scheme": "iso3", "value": "TJK" }, { "scheme": "cow", "value": "702" }],
              "statuses": [
                { "status": "de-facto-government", "from": "2021-08-15", "to": null, "citations": [{ "source": "full-source", "certainty": "stated" }] }
              ],
              "description": "A description with \"quotes\", a \\ and an emoji 🏔.",
              "citations": [{ "source": "full-source", "locator": "page 1", "certainty": "derived", "note": "How it was derived." }] }
            """)),
        ("/v1/actors", Parse(
            """
            { "id": "other-actor", "type": "armed-group", "name": "Other Actor",
              "statuses": [{ "status": "banned-organisation", "from": null, "to": "2016~", "by": "full-actor" }],
              "citations": [{ "source": "full-source", "certainty": "stated" }] }
            """)),
        ("/v1/relations", Parse(
            """
            { "id": "full-relation", "type": "agreement", "subject": "full-actor", "object": "other-actor", "from": "1992-05", "to": null, "summary": "A summary.",
              "citations": [{ "source": "full-source", "locator": "page 2", "certainty": "reported" }] }
            """)),
        ("/v1/events", Parse(
            """
            { "id": "full-event", "type": "ASSAULT", "cameo": "190", "title": "A clash", "description": "What happened.", "date": "2024-08-16/..", "status": "reported",
              "participants": [{ "actor": "full-actor", "role": "source" }, { "actor": "other-actor", "role": "target" }],
              "place": { "name": "Panj", "latitude": 37.2345, "longitude": 69.1000, "precision": 1 },
              "deaths": { "best": 2, "low": 1, "high": 5 }, "violenceType": 1,
              "citations": [{ "source": "full-source", "certainty": "claimed" }, { "source": "full-source", "certainty": "disputed" }] }
            """)),
        ("/v1/trade", Parse(
            """
            { "id": "full-figure", "reporter": "full-actor", "partner": "other-actor", "flow": "X", "period": "2024-Q1", "type": "C",
              "commodity": { "classification": "HS", "code": "271600" }, "value": 12345678901234567890.1234567, "currency": "USD", "valuation": "FOB",
              "approximate": true, "obsStatus": "E", "citations": [{ "source": "full-source", "certainty": "stated" }] }
            """)),
        ("/v1/trade", Parse(
            """
            { "id": "missing-figure", "reporter": "full-actor", "partner": "other-actor", "flow": "M", "period": "2024", "value": null, "currency": "USD",
              "obsStatus": "M", "citations": [{ "source": "full-source", "certainty": "stated" }] }
            """)),
        ("/v1/indicators", Parse(
            """
            { "id": "full-indicator", "name": "Length", "unit": "km", "description": "How long.", "citations": [{ "source": "full-source", "certainty": "stated" }] }
            """)),
        ("/v1/indicators/full-indicator/observations", Parse(
            """
            { "id": "full-observation", "indicator": "full-indicator", "subjects": ["full-actor", "other-actor"], "date": "2024", "value": 1344.50, "approximate": true,
              "obsStatus": "A", "note": "A note.", "citations": [{ "source": "full-source", "certainty": "stated" }] }
            """)),
    ];

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
