using System.Net;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Representations;

/// <summary>Which format a request gets: suffix, then <c>format=</c>, then <c>Accept</c> (RFC 9110, 12.5.1).</summary>
public sealed class NegotiationTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    private const string Json = "application/json";
    private const string Csv = "text/csv";
    private const string Lines = "application/x-ndjson";
    private const string Problem = "application/problem+json";
    private const string Both = "Accept-Encoding, Accept";
    private const string Coding = "Accept-Encoding";
    private const string Key = ", Authorization";

    /// <summary>Path, <c>Accept</c> (null: not sent), status, media type, <c>Vary</c>.</summary>
    public static TheoryData<string, string?, int, string, string> Cases => new()
    {
        { "/v1/actors", null, 200, Json, Both },
        { "/v1/actors", "", 200, Json, Both },
        { "/v1/actors", "*/*", 200, Json, Both },
        { "/v1/actors", "application/*", 200, Json, Both },
        { "/v1/actors", "text/*", 200, Csv, Both },
        { "/v1/actors", "TEXT/CSV", 200, Csv, Both },
        { "/v1/actors", Csv, 200, Csv, Both },
        { "/v1/actors", Lines, 200, Lines, Both },
        { "/v1/actors", "application/jsonl", 200, Lines, Both },
        { "/v1/actors", "application/ndjson", 200, Lines, Both },
        { "/v1/actors", "text/csv, application/json", 200, Json, Both },
        { "/v1/actors", "text/csv, application/x-ndjson", 200, Csv, Both },
        { "/v1/actors", "text/csv;q=0.9, application/json;q=0.8", 200, Csv, Both },
        { "/v1/actors", "text/csv;q=0.8, application/json;q=0.9", 200, Json, Both },
        { "/v1/actors", "application/json;q=0, */*", 200, Csv, Both },
        { "/v1/actors", "application/json;q=0, text/csv;q=0, */*;q=0.1", 200, Lines, Both },
        { "/v1/actors", "application/json;q=0", 406, Problem, Both },
        { "/v1/actors", "*/*;q=0", 406, Problem, Both },
        { "/v1/actors", "text/*;q=0.5, */*;q=0.1", 200, Csv, Both },
        { "/v1/actors", "text/*;q=0.5, text/csv;q=0, */*;q=0.1", 200, Json, Both },
        { "/v1/actors", "application/*;q=0.2, application/x-ndjson;q=0.9", 200, Lines, Both },
        { "/v1/actors", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", 200, Json, Both },
        { "/v1/actors", "text/html", 406, Problem, Both },
        { "/v1/actors", "image/png, image/*", 406, Problem, Both },
        { "/v1/actors", "garbage", 406, Problem, Both },
        { "/v1/actors", "text/csv; charset=utf-8", 200, Csv, Both },
        { "/v1/actors", "text/csv; charset=iso-8859-1", 406, Problem, Both },
        { "/v1/actors", "text/csv; header=present", 200, Csv, Both },
        { "/v1/actors?format=csv", null, 200, Csv, Both },
        { "/v1/actors?format=csv", Json, 200, Csv, Both },
        { "/v1/actors?format=json", Csv, 200, Json, Both },
        { "/v1/actors?format=ndjson", "image/png", 200, Lines, Both },
        { "/v1/actors?format=xml", null, 400, Problem, Both },
        { "/v1/actors?format=csv&format=json", null, 400, Problem, Both },
        { "/v1/actors.csv", null, 200, Csv, Coding },
        { "/v1/actors.csv", Json, 200, Csv, Coding },
        { "/v1/actors.csv", "image/png", 200, Csv, Coding },
        { "/v1/actors.json", Csv, 200, Json, Coding },
        { "/v1/actors.ndjson", null, 200, Lines, Coding },
        { "/v1/actors.csv?format=csv", null, 200, Csv, Coding },
        { "/v1/actors.csv?format=json", null, 400, Problem, Coding },
        { "/v1/actors.xml", null, 404, Problem, Coding },
        { "/v1/actors.atom", null, 404, Problem, Coding },
        { "/v1/actors.CSV", null, 404, Problem, Coding },
        { "/v1/nothing.csv", null, 404, Problem, Coding },
        { "/v1/batch.csv", null, 404, Problem, Coding },
        { "/v1/actors/alpha.csv", null, 200, Csv, Coding },
        { "/v1/actors/alpha.ndjson", null, 200, Lines, Coding },
        { "/v1/actors/alpha.json", null, 200, Json, Coding },
        { "/v1/actors/alpha", Csv, 200, Csv, Both },
        { "/v1/actors/alpha?format=csv", null, 200, Csv, Both },
        { "/v1/actors/nobody.csv", null, 404, Problem, Coding },
        { "/v1/actors/other:a.csv", null, 404, Problem, Both },
        { "/v1/actors/other:a.csv?format=csv", null, 404, Problem, Both },
        { "/v1/indicators/length/observations.csv", null, 200, Csv, Coding },
        { "/v1/actors/availability", null, 200, Json, Coding },
        { "/v1/actors/availability.json", null, 200, Json, Coding },
        { "/v1/actors/availability.csv", null, 404, Problem, Coding },
        { "/v1/actors/availability?format=json", null, 400, Problem, Coding },
        { "/v1/codelists", Csv, 406, Problem, Coding },
        { "/v1/changes", Lines, 200, Lines, Both + Key },
        { "/v1/changes.ndjson", null, 200, Lines, Coding + Key },
        { "/v1/changes?format=ndjson", null, 200, Lines, Both + Key },
        { "/v1/changes", "text/event-stream;q=0.1, application/json", 200, Json, Both + Key },
        { "/v1/changes.sse?limit=1", null, 200, "text/event-stream", Coding + Key },
        { "/v1/changes", Csv, 406, Problem, Both },
        { "/v1/snapshot", null, 200, Lines, Coding },
        { "/v1/snapshot", Json, 406, Problem, Coding },
        { "/v1/corrections", "application/atom+xml", 200, "application/atom+xml", Both },
        { "/v1/corrections.atom", Json, 200, "application/atom+xml", Coding },
        { "/v1/corrections", null, 200, Json, Both + Key },
        { "/v1/actors?labels=id", null, 400, Problem, Both },
        { "/v1/actors.csv?labels=some", null, 400, Problem, Coding },
        { "/v1/events.csv?expand=participants.actor", null, 400, Problem, Coding },
        { "/v1/events.ndjson?dialect=excel", null, 400, Problem, Coding },
    };

    [Theory, MemberData(nameof(Cases))]
    public async Task A_request_gets(string path, string? accept, int status, string type, string vary)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await api.Reader.SendAsync(request, HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken);
        Assert.Equal((status, type, vary),
            ((int)response.StatusCode, response.Content.Headers.ContentType!.MediaType, string.Join(", ", response.Headers.Vary)));
    }

    [Fact]
    public async Task What_is_not_acceptable_names_what_is()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/actors");
        request.Headers.TryAddWithoutValidation("Accept", "image/png");
        var problem = await api.Reader.SendJsonAsync(request);
        Assert.Equal(HttpStatusCode.NotAcceptable, problem.Status);
        Assert.Equal("This address has application/json, text/csv, application/x-ndjson (suffixes .json, .csv, .ndjson).",
            (string)problem.Body!["detail"]!);
        var unknown = await api.Reader.GetJsonAsync("/v1/actors.xml");
        Assert.Equal("This address has no format '.xml'; use .json, .csv, .ndjson.", (string)unknown.Body!["detail"]!);
        Assert.Equal("/v1/actors.xml", (string)unknown.Body["instance"]!);
    }

    [Fact]
    public async Task The_next_page_keeps_the_format()
    {
        using var response = await api.Reader.GetAsync("/v1/actors.csv?limit=1&labels=id", TestContext.Current.CancellationToken);
        Assert.StartsWith("</v1/actors.csv?limit=1&labels=id&cursor=", response.Headers.GetValues("Link").Single(),
            StringComparison.Ordinal);
        var page = await api.Reader.GetJsonAsync("/v1/actors.json?limit=1");
        Assert.StartsWith("/v1/actors.json?limit=1&cursor=", (string)page.Body!["next"]!, StringComparison.Ordinal);
    }
}
