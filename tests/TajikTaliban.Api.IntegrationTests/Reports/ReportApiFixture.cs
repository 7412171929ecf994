using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Reports;

/// <summary>A service behind a trusted proxy, with one foreign origin, an access log in a file, and three reports an hour.</summary>
public class ReportApiFixture(PostgresServer server) : ApiFixture(server)
{
    public const string Desk = "https://desk.example.org";
    public const int PerHour = 3;

    public string AccessLog { get; } = Path.Combine(Path.GetTempPath(), $"reports-{Guid.NewGuid():N}.log");

    /// <summary>All that the service logs.</summary>
    public LogLines Log { get; } = new(LogLevel.Trace);

    protected override ILoggerProvider? Logs => Log;

    protected virtual int MaxOpen => 1000;

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["AccessLog:Output"] = AccessLog,
        ["Cors:Origins"] = Desk,
        ["Fairness:TrustedProxies"] = "127.0.0.0/8",
        ["Reports:PerHour"] = $"{PerHour}",
        ["Reports:MaxOpen"] = $"{MaxOpen}",
        ["Reports:KeptDays"] = "30",
    };

    protected override async ValueTask FillAsync() => await Editor.AddBasicsAsync();

    public static JsonObject Report(string id, string resource = "actors", string text = "The name is misspelled.") => new()
    {
        ["record"] = new JsonObject { ["resource"] = resource, ["id"] = id },
        ["text"] = text,
    };

    /// <summary>Sends a report of a network.</summary>
    public async Task<JsonResponse> SendAsync(string? network, JsonNode body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/reports")
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        if (network is not null)
            request.Headers.Add("X-Forwarded-For", network);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Reader.SendJsonAsync(request);
    }

    /// <summary>Sends a report of this machine, and gives its address.</summary>
    public async Task<string> AddAsync(JsonNode body)
    {
        var made = await SendAsync(null, body);
        Assert.True(made.Status == System.Net.HttpStatusCode.Created, made.Body?.ToJsonString());
        return made.Response.Headers.Location!.ToString();
    }

    public Task<JsonResponse> CloseAsync(string address, string state = "accepted", string? answer = null) =>
        Editor.SendJsonAsync(HttpMethod.Patch, address,
            answer is null ? new JsonObject { ["state"] = state } : new JsonObject { ["state"] = state, ["answer"] = answer }, null, null,
            "application/merge-patch+json");
}

/// <summary>The same, with two open reports at most.</summary>
public sealed class TwoReportsApiFixture(PostgresServer server) : ReportApiFixture(server)
{
    protected override int MaxOpen => 2;
}
