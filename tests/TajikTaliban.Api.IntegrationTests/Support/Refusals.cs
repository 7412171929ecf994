using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>
/// Sends invalid requests and collects the faults of the responses, so that one test reports all of them: each response has to be a problem
/// (RFC 9457) with a 4xx status and a pointer to the fault. It reveals nothing of the implementation, and its type has a page.
/// </summary>
public sealed class Refusals(ApiFixture api)
{
    private const string Marker = "\"@@HERE@@\"";
    private static readonly string[] Inside = ["   at ", "Npgsql", "Exception", "System.", "TajikTaliban.", "select ", "insert into",
        "violates", "constraint", "42601", ".cs:"];
    private readonly List<string> _failures = [];
    private readonly HashSet<string> _types = [];
    private string _before = "";

    public int Sent { get; private set; }

    public static async Task<Refusals> BeginAsync(ApiFixture api) => new(api) { _before = await Tables.StateAsync(api.Database) };

    /// <summary>Fails the test with everything that was wrong; also when less was sent than there should be, or something was
    /// written.</summary>
    public async Task EndAsync(int least)
    {
        foreach (var type in _types)
        {
            using var page = await api.Reader.GetAsync(new Uri(type, UriKind.Relative), TestContext.Current.CancellationToken);
            if (page.StatusCode != System.Net.HttpStatusCode.OK || page.Content.Headers.ContentType?.MediaType != "text/html")
                _failures.Add($"{type} gives no page: {page.StatusCode}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Sent} requests were sent.");
        Assert.True(_failures.Count == 0, $"{_failures.Count} of {Sent}:\n{string.Join('\n', _failures.Take(60))}");
        Assert.True(Sent >= least, $"{Sent} requests were sent, at least {least} should be.");
        Assert.Equal(_before, await Tables.StateAsync(api.Database));
    }

    /// <summary>A request to the address exactly as it is written.</summary>
    public HttpRequestMessage Request(HttpMethod method, string address) => new(method,
        new Uri(api.Reader.BaseAddress!.GetLeftPart(UriPartial.Authority) + address,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));

    /// <summary>A body with the bytes of <paramref name="raw"/> in the place that the pointer names.</summary>
    public static byte[] With(JsonObject body, string pointer, byte[] raw)
    {
        var copy = body.DeepClone();
        var steps = pointer.Split('/')[1..];
        var at = copy;
        foreach (var step in steps[..^1])
            at = at is JsonArray array ? array[int.Parse(step, null)]! : at[step]!;
        if (at is JsonArray members)
            members[int.Parse(steps[^1], null)] = "@@HERE@@";
        else
            at[steps[^1]] = "@@HERE@@";
        var text = copy.ToJsonString();
        var here = text.IndexOf(Marker, StringComparison.Ordinal);
        return [.. Encoding.UTF8.GetBytes(text[..here]), .. raw, .. Encoding.UTF8.GetBytes(text[(here + Marker.Length)..])];
    }

    public static byte[] With(JsonObject body, string pointer, string raw) => With(body, pointer, Encoding.UTF8.GetBytes(raw));

    /// <summary>A PUT that replaces a record.</summary>
    public Task ReplaceAsync(string name, string path, byte[] body, string pointer, params int[] statuses)
    {
        var request = Request(HttpMethod.Put, path);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        return SendAsync(name, request, pointer, statuses);
    }

    public Task BodyAsync(string name, HttpMethod method, string path, byte[] body, string pointer, params int[] statuses)
    {
        var request = Request(method, path);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(method == HttpMethod.Patch ? "application/merge-patch+json"
            : "application/json");
        // the service may answer before it has read a large body, and close: a client that asks first gets to read the answer
        request.Headers.ExpectContinue = body.Length > 1024 * 1024;
        if (method == HttpMethod.Patch)
            request.Headers.TryAddWithoutValidation("If-Match", "*");
        if (method == HttpMethod.Put)
            request.Headers.TryAddWithoutValidation("If-None-Match", "*");
        return SendAsync(name, request, pointer, statuses);
    }

    public Task GetAsync(string address, string? pointer, params int[] statuses) =>
        SendAsync("", Request(HttpMethod.Get, address), pointer, statuses, api.Reader);

    public async Task<HttpResponseMessage> SendAsync(string name, HttpRequestMessage request, string? pointer, int[] statuses,
        HttpClient? client = null)
    {
        Sent++;
        var address = request.RequestUri!.OriginalString[api.Reader.BaseAddress!.GetLeftPart(UriPartial.Authority).Length..];
        var what = $"{request.Method} {Short(address)} {Short(name)}";
        HttpResponseMessage response;
        string text;
        try
        {
            response = await (client ?? api.Editor).SendAsync(request, TestContext.Current.CancellationToken);
            text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
        catch (HttpRequestException e)
        {
            _failures.Add($"{what}: no answer ({e.Message})");
            return new HttpResponseMessage();
        }
        finally
        {
            request.Dispose();
        }

        var status = (int)response.StatusCode;
        if (status is < 400 or > 499 || (statuses.Length > 0 && !statuses.Contains(status)))
            _failures.Add($"{what}: {status} instead of {(statuses.Length > 0 ? string.Join('/', statuses) : "4xx")}: {Short(text)}");
        else if (response.Content.Headers.ContentType?.ToString() != "application/problem+json")
            _failures.Add($"{what}: {status} is {response.Content.Headers.ContentType} instead of a problem: {Short(text)}");
        else
            Check(what, status, text, request.RequestUri, pointer);
        return response;
    }

    private static string Short(string text) => text.Length <= 300 ? text : $"{text[..300]}… ({text.Length})";

    private void Check(string what, int status, string text, Uri address, string? pointer)
    {
        var problem = JsonNode.Parse(text)!;
        foreach (var field in (string[])["type", "code", "title", "status", "detail", "instance", "traceId"])
        {
            if (problem[field] is null)
                _failures.Add($"{what}: the problem has no {field}: {Short(text)}");
        }

        if ((int?)problem["status"] != status)
            _failures.Add($"{what}: the problem's status is {problem["status"]}, the answer's {status}.");
        if ((string?)problem["type"] is { } type)
            _types.Add(type);
        if (!text.Contains("\"/", StringComparison.Ordinal) || (string?)problem["instance"] is not ['/', ..])
            _failures.Add($"{what}: the instance is no path: {Short(text)}");
        if (pointer is not null && (problem["errors"] as JsonObject)?.ContainsKey(pointer) != true)
            _failures.Add($"{what}: nothing at '{pointer}': {Short(problem["errors"]?.ToJsonString() ?? text)}");
        // a trace or a port may have any digits
        var said = text.Replace(problem["traceId"]?.ToString() ?? "no trace", "", StringComparison.Ordinal)
            .Replace(api.Reader.BaseAddress!.Authority, "", StringComparison.Ordinal);
        foreach (var word in Inside)
        {
            if (said.Contains(word, StringComparison.Ordinal) && !Uri.UnescapeDataString(address.OriginalString)
                .Contains(word, StringComparison.Ordinal))
            {
                _failures.Add($"{what}: the answer says '{word}': {Short(text)}");
            }
        }
    }
}
