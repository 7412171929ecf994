using System.Net;
using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>Answers from memory are those that the database would give.</summary>
public sealed class AnswerCacheTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Resources => SampleRecords.Resources;

    [Theory, MemberData(nameof(Resources))]
    public async Task An_answer_comes_from_memory_until_its_resource_changes(string resource)
    {
        var sample = SampleRecords.Of(resource).As($"kept-{resource}");
        await api.Editor.AddAsync(sample.Path, Distinct(sample.Body, 1));
        var record = $"{sample.Path}/kept-{resource}";
        string[] addresses = [record, $"{sample.Path}?limit=7", $"{sample.Path}/availability", $"{sample.Path}?fields=id&sort=-id"];
        foreach (var address in addresses)
        {
            var first = await api.Reader.GetStringAsync(address, Cancellation);
            Assert.Equal(first, await UntilHitAsync(address));
        }

        await ChangeAsync(record, resource);
        foreach (var address in addresses)
        {
            using var after = await api.Reader.GetAsync(address, Cancellation);
            Assert.False(IsHit(after), address);
        }

        Assert.Equal(2, (int)(await api.Reader.GetJsonAsync(record)).Body!["version"]!);
    }

    [Fact]
    public async Task A_change_to_another_resource_leaves_it_in_memory()
    {
        await api.Editor.AddAsync("/v1/indicators", Distinct(SampleRecords.Of("indicators").As("kept-beside").Body, 2));
        var before = await UntilHitAsync("/v1/indicators?limit=3");
        var other = await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/actors", SampleRecords.Of("actors").As("kept-other").Body);
        await UntilKnownAsync(Position(other.Response));
        Assert.Equal(before, await UntilHitAsync("/v1/indicators?limit=3"));
    }

    [Fact]
    public async Task What_is_expanded_counts_too()
    {
        var sample = SampleRecords.Of("relations").As("kept-expanded");
        await api.Editor.AddAsync(sample.Path, sample.Body);
        const string Address = "/v1/relations?expand=subject&limit=1000";
        await UntilHitAsync(Address);
        await ChangeAsync($"/v1/actors/{(string)sample.Body["subject"]!}", "actors");
        using var after = await api.Reader.GetAsync(Address, Cancellation);
        Assert.False(IsHit(after));
    }

    [Fact]
    public async Task Each_writer_reads_its_own_writes_among_others()
    {
        await api.Editor.AddAsync("/v1/indicators", Distinct(SampleRecords.Of("indicators").As("kept-counter").Body, 3));
        await Parallel.ForEachAsync(Enumerable.Range(0, 4), Cancellation, async (writer, cancellation) =>
        {
            var id = $"kept-by-{writer}";
            await api.Editor.AddAsync("/v1/indicators", Distinct(SampleRecords.Of("indicators").As(id).Body, 10 + writer));
            for (var i = 0; i < 25; i++)
            {
                var name = $"{writer} wrote {i}";
                await PatchAsync($"/v1/indicators/{id}", new JsonObject { ["name"] = name });
                for (var read = 0; read < 3; read++)
                    Assert.Equal(name, (string)(await api.Reader.GetJsonAsync($"/v1/indicators/{id}")).Body!["name"]!);
            }
        });
    }

    [Fact]
    public async Task Conditions_forms_and_compression_are_as_from_the_database()
    {
        var sample = SampleRecords.Of("sources").As("kept-forms");
        await api.Editor.AddAsync(sample.Path, sample.Body);
        const string Address = "/v1/sources?id=kept-forms";
        var body = await UntilHitAsync(Address);
        using var kept = await api.Reader.GetAsync(Address, Cancellation);
        Assert.True(IsHit(kept));
        using var condition = new HttpRequestMessage(HttpMethod.Get, Address);
        condition.Headers.TryAddWithoutValidation("If-None-Match", kept.Headers.ETag!.ToString());
        using var unchanged = await api.Reader.SendAsync(condition, Cancellation);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Empty(await unchanged.Content.ReadAsByteArrayAsync(Cancellation));

        for (var i = 0; i < 3; i++)
        {
            using var csv = new HttpRequestMessage(HttpMethod.Get, Address) { Headers = { { "Accept", "text/csv" } } };
            using var table = await api.Reader.SendAsync(csv, Cancellation);
            Assert.Equal("text/csv", table.Content.Headers.ContentType!.MediaType);

            using var zipped = new HttpRequestMessage(HttpMethod.Get, Address) { Headers = { { "Accept-Encoding", "gzip" } } };
            using var packed = await api.Reader.SendAsync(zipped, Cancellation);
            Assert.Equal(["gzip"], packed.Content.Headers.ContentEncoding);
            await using var stream = new System.IO.Compression.GZipStream(
                await packed.Content.ReadAsStreamAsync(Cancellation), System.IO.Compression.CompressionMode.Decompress);
            using var text = new StreamReader(stream);
            Assert.Equal(body, await text.ReadToEndAsync(Cancellation));
        }
    }

    private static bool IsHit(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Cache-Status", out var status) && status.Contains("memory; hit");

    private static JsonObject Distinct(JsonObject body, int number)
    {
        if (body["commodity"] is JsonObject commodity)
            commodity["code"] = $"{200000 + number}";
        return body;
    }

    private static string Position(HttpResponseMessage answer) => answer.Headers.GetValues("Position").Single();

    /// <summary>Until the service knows of a write by its notification, as of those of other instances.</summary>
    private async Task UntilKnownAsync(string position)
    {
        for (var i = 0; i < 100; i++)
        {
            using var answer = await api.Reader.GetAsync("/v1/codelists", Cancellation);
            if (Position(answer) == position)
                return;
            await Task.Delay(20, Cancellation);
        }

        throw new TimeoutException($"{position} never became known.");
    }

    private async Task<string> UntilHitAsync(string address)
    {
        for (var i = 0; i < 100; i++)
        {
            using var answer = await api.Reader.GetAsync(address, Cancellation);
            if (IsHit(answer))
                return await answer.Content.ReadAsStringAsync(Cancellation);
            await Task.Delay(20, Cancellation);
        }

        throw new TimeoutException($"{address} never came from memory.");
    }

    private async Task PatchAsync(string address, JsonObject change)
    {
        var answer = await api.Editor.SendJsonAsync(HttpMethod.Patch, address, change, "*", mediaType: "application/merge-patch+json");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    private Task ChangeAsync(string address, string resource) =>
        PatchAsync(address, resource switch
        {
            "sources" => new JsonObject { ["title"] = $"A title {Guid.NewGuid()}" },
            "actors" or "indicators" => new JsonObject { ["name"] = $"A name {Guid.NewGuid()}" },
            "relations" => new JsonObject { ["summary"] = $"A summary {Guid.NewGuid()}" },
            "events" => new JsonObject { ["title"] = $"A title {Guid.NewGuid()}" },
            _ => new JsonObject { ["value"] = 4711 },
        });
}
