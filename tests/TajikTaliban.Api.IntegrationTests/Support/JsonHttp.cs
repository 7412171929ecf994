using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>An answer with its body read as JSON.</summary>
public sealed record JsonResponse(HttpStatusCode Status, JsonNode? Body, HttpResponseMessage Response)
{
    public string? ETag => Response.Headers.ETag?.ToString();

    /// <summary>The pointers of a problem's errors.</summary>
    public IReadOnlyList<string> Pointers => [.. (Body?["errors"] as JsonObject ?? []).Select(e => e.Key)];
}

/// <summary>Sends and reads JSON as a client would.</summary>
public static class JsonHttp
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<JsonResponse> GetJsonAsync(this HttpClient client, string path) => client.SendJsonAsync(HttpMethod.Get, path);

    public static async Task<JsonResponse> SendJsonAsync(
        this HttpClient client, HttpMethod method, string path, JsonNode? body = null, string? ifMatch = null, string? ifNoneMatch = null,
            string mediaType = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue(mediaType));
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (ifNoneMatch is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        return await client.SendJsonAsync(request);
    }

    public static async Task<JsonResponse> SendJsonAsync(this HttpClient client, HttpRequestMessage request)
    {
        var response = await client.SendAsync(request, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        JsonNode? json = null;
        if (response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true && text.Length > 0)
            json = JsonNode.Parse(text, null, new JsonDocumentOptions());
        return new JsonResponse(response.StatusCode, json, response);
    }

    /// <summary>All records of a list, by following <c>next</c>.</summary>
    public static async Task<List<JsonNode>> WalkAsync(this HttpClient client, string path)
    {
        var records = new List<JsonNode>();
        var walked = new HashSet<string>();
        for (string? next = path; next is not null;)
        {
            Assert.True(walked.Add(next), $"The walk comes to {next} again: it would never end.");
            var page = await client.GetJsonAsync(next);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            records.AddRange(page.Body!["items"]!.AsArray().Select(i => i!.DeepClone()));
            next = (string?)page.Body["next"];
        }

        return records;
    }
}
