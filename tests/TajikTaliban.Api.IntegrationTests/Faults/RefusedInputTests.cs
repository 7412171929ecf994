using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Platform;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.IntegrationTests.Faults;

/// <summary>Input that was taken, or answered with another status than the rules say.</summary>
public sealed class RefusedInputTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"resource":"sources","id":"a\u0000b","record":{"kind":"report","title":"T"}}""", "/lines/2/id")]
    [InlineData("""{"resource":"sources","record":{"id":"a\u0000b","kind":"report","title":"T"}}""", "/lines/2/record/id")]
    [InlineData("""{"resource":"sources","op":"patch","id":"a\u0000b","record":{"title":"T"}}""", "/lines/2/id")]
    [InlineData("""{"resource":"sources","op":"delete","id":"a\u0000b"}""", "/lines/2/id")]
    [InlineData("""{"resource":"actors","op":"delete","id":"iso3:\u0000"}""", "/lines/2/id")]
    public async Task A_batch_line_with_a_control_character_in_its_id_is_a_fault_of_that_line(string line, string pointer)
    {
        using var content = new StringContent(
            """{"resource":"sources","record":{"id":"of-the-first-line","kind":"report","title":"T"}}""" + "\n" + line,
            Encoding.UTF8, "application/x-ndjson");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch") { Content = content };

        var answer = await api.Editor.SendJsonAsync(request);

        Assert.True(answer.Status == HttpStatusCode.BadRequest, answer.Body?.ToJsonString());
        Assert.Equal([pointer], answer.Pointers);
        Assert.Equal(HttpStatusCode.NotFound, (await api.Reader.GetJsonAsync("/v1/sources/of-the-first-line")).Status);
    }

    [Theory]
    [InlineData("https://example.org/\"onload=\"x")]
    [InlineData("https://example.org/<script>")]
    [InlineData("https://example.org/`x`")]
    [InlineData("https://user:password@example.org/")]
    [InlineData("https://@example.org/")]
    [InlineData("https:\\\\example.org/")]
    [InlineData("https://example.org/\u202Egpj.exe")]
    [InlineData("https://example.org/\u200Bx")]
    [InlineData("https://exa\u00ADmple.org/")]
    [InlineData("https://example.org/\u2066x")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://")]
    public async Task The_address_of_a_source_is_as_it_is_shown(string url)
    {
        var source = SampleRecords.Source("with-an-address");
        source["url"] = url;

        var answer = await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/sources", source);

        Assert.True(answer.Status == HttpStatusCode.UnprocessableEntity, answer.Body?.ToJsonString());
        Assert.Equal(["/url"], answer.Pointers);
    }

    [Fact]
    public async Task Addresses_of_any_script_are_taken()
    {
        string[] addresses =
        [
            "https://example.org/?q=a'b&c=(d)", "https://тоҷикистон.example/хабар", "http://[2001:db8::1]/x", "https://example.org/a@b",
        ];
        foreach (var (i, url) in addresses.Index())
        {
            var source = SampleRecords.Source($"at-{i}");
            source["url"] = url;
            Assert.Equal(url, (string)(await api.Editor.AddAsync("/v1/sources", source))["url"]!);
        }
    }

    [Fact]
    public async Task Whoever_loses_a_race_to_create_by_PUT_gets_412()
    {
        for (var round = 0; round < 10; round++)
        {
            var id = $"raced-{round}";
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => api.Editor.SendJsonAsync(
                HttpMethod.Put, $"/v1/sources/{id}", new JsonObject { ["kind"] = "report", ["title"] = $"Title {i}" }, ifNoneMatch: "*")));

            Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
            Assert.Equal(7, answers.Count(a => a.Status == HttpStatusCode.PreconditionFailed));
        }
    }

    [Theory]
    [InlineData("/v1/batch")]
    [InlineData("/v1/sources")]
    [InlineData("/v1/releases")]
    [InlineData("/v1/webhooks")]
    [InlineData("/v1/actors/alpha/merge")]
    public async Task Without_a_key_the_media_type_does_not_matter_and_with_one_it_does(string path)
    {
        foreach (var (client, type) in new[] { (api.Reader, ProblemType.Unauthorized), (api.Editor, ProblemType.UnsupportedMediaType) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("x", null, "image/png") };
            var answer = await client.SendJsonAsync(request);
            HttpTests.AssertProblem(answer, path == "/v1/webhooks" && client == api.Editor ? ProblemType.Forbidden : type);
        }
    }

    [Theory]
    [InlineData("/v1/changes?after=1-abcdefgh")]
    [InlineData("/v1/corrections.atom")]
    [InlineData("/v1/sources?limit=1")]
    [InlineData("/v1/releases/latest")]
    [InlineData("/v1")]
    [InlineData("/v1/nothing")]
    public async Task No_Host_of_a_client_gets_into_a_response(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = "evil.example" } };
        request.Headers.Add("X-Forwarded-Host", "evil.example");

        using var answer = await api.Reader.SendAsync(request, Cancellation);

        Assert.DoesNotContain("evil.example", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", answer.Headers.ToString(), StringComparison.Ordinal);
    }
}
