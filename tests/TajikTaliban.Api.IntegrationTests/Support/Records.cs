using System.Net;
using System.Text.Json.Nodes;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>Small valid bodies, and the records that they refer to.</summary>
public static class Records
{
    public static JsonObject Source(string id = "source") => new() { ["id"] = id, ["kind"] = "report", ["title"] = "A report" };

    public static JsonArray Citations(string source = "source") => [new JsonObject { ["source"] = source, ["locator"] = "page 1", ["certainty"] = "stated" }];

    public static JsonObject Actor(string id) => new() { ["id"] = id, ["type"] = "state", ["name"] = $"Name of {id}", ["citations"] = Citations() };

    public static JsonObject Relation(string id, string subject, string to) =>
        new() { ["id"] = id, ["type"] = "agreement", ["subject"] = subject, ["object"] = to, ["from"] = "2020", ["citations"] = Citations() };

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

    public static JsonObject Indicator(string id) => new() { ["id"] = id, ["name"] = $"Name of {id}", ["unit"] = "km", ["citations"] = Citations() };

    public static JsonObject Observation(string id, string subject, decimal value) =>
        new() { ["id"] = id, ["subjects"] = new JsonArray(subject), ["date"] = "2024", ["value"] = value, ["citations"] = Citations() };

    /// <summary>Adds a record and gives it as it is served.</summary>
    public static async Task<JsonNode> AddAsync(this HttpClient editor, string path, JsonObject body)
    {
        var answer = await editor.SendJsonAsync(HttpMethod.Post, path, body);
        Assert.True(answer.Status == HttpStatusCode.Created, $"{path}: {answer.Body?.ToJsonString()}");
        return answer.Body!;
    }

    /// <summary>A source and two actors, <c>alpha</c> and <c>beta</c>, to write records about.</summary>
    public static async Task AddBasicsAsync(this HttpClient editor)
    {
        await editor.AddAsync("/v1/sources", Source());
        await editor.AddAsync("/v1/actors", Actor("alpha"));
        await editor.AddAsync("/v1/actors", Actor("beta"));
    }
}
