using System.Text.Json.Nodes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>Fails a test whose request is answered by a problem with a code, or with data of an error, that is not documented.</summary>
internal sealed class DocumentedProblems(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly Dictionary<string, FaultCode> Codes = FaultCode.All.ToDictionary(c => c.Value);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json" || request.Method == HttpMethod.Head
            || response.Content.Headers.ContentEncoding.Count > 0)
        {
            return response;
        }

        await response.Content.LoadIntoBufferAsync(cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        var faults = FaultsOf(JsonNode.Parse(text)!).ToList();
        Assert.True(faults.Count == 0, $"{request.Method} {request.RequestUri}: {string.Join("; ", faults)}\n{text}");
        return response;
    }

    /// <summary>What is not documented of a problem.</summary>
    public static IEnumerable<string> FaultsOf(JsonNode problem)
    {
        var code = (string?)problem["code"];
        if (!ProblemType.All.Any(t => t.Slug == code && t.Path == (string?)problem["type"]))
            yield return $"the code '{code}' is not that of the type '{problem["type"]}'";
        foreach (var (pointer, errors) in problem["errors"] as JsonObject ?? [])
        {
            foreach (var error in errors!.AsArray())
            {
                if (!Codes.TryGetValue((string?)error!["code"] ?? "", out var known) || known == FaultCode.Invalid)
                    yield return $"the code '{error["code"]}' at '{pointer}' is not documented";
                else if ((error["data"] as JsonObject ?? []).Select(d => d.Key).Except(known.Data).ToList() is { Count: > 0 } other)
                    yield return $"the data {string.Join(", ", other)} of '{known.Value}' at '{pointer}' is not documented";
                if (string.IsNullOrWhiteSpace((string?)error["message"]))
                    yield return $"the error at '{pointer}' has no message";
            }
        }
    }
}
