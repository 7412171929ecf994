using System.Net;
using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>Walks while others write: each gives the list of its first page's position; what stands is seen once, in order.</summary>
public sealed class ConcurrentWalkTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const int Standing = 90;
    private const int Written = 60;

    /// <summary>How many records of a writer come before the first goes again.</summary>
    private const int Coming = 40;

    [Fact]
    public async Task Unchanged_rows_are_returned_exactly_once_during_concurrent_writes()
    {
        await api.Editor.AddBasicsAsync();
        var standing = new HashSet<string>();
        for (var i = 0; i < Standing; i++)
        {
            standing.Add($"standing-{i}");
            await api.Editor.AddAsync("/v1/events", Event($"standing-{i}", i));
        }

        for (var i = 0; i < Written; i++)
            await api.Editor.AddAsync("/v1/events", Event($"moving-{i}", i));

        using var done = new CancellationTokenSource();
        var writers = Task.WhenAll(WriteAsync(0, done.Token), WriteAsync(1, done.Token));
        string[] lists =
        [
            "limit=7", "sort=-earliest&limit=4", "sort=-latest,earliest,id&limit=9", "sort=recordedAt&limit=6", "sort=id&limit=5",
            "from=2024-08-05&sort=earliest&limit=3", "actor=alpha&limit=5", "actor=alpha,beta&from=2024-08-05&sort=-earliest&limit=5",
            "q=title&limit=8",
            "q=titlle&limit=8&sort=-earliest,id",
        ];
        try
        {
            var expected = new Dictionary<string, List<string>>();
            foreach (var list in lists)
            {
                // the order among those that stand does not depend on the others
                var before = Ids(await api.Reader.WalkAsync($"/v1/events?{list}"));
                expected[list] = [.. before.Where(standing.Contains)];
                Assert.NotEmpty(expected[list]);
            }

            for (var round = 0; round < 2; round++)
            {
                foreach (var list in lists)
                {
                    var (walked, position) = await WalkAsync($"/v1/events?{list}");
                    var then = await api.Reader.WalkAsync($"/v1/events?{list}&asOf={position}");
                    Assert.Equal(then.Select(r => r.ToJsonString()), walked.Select(r => r.ToJsonString()));
                    var seen = Ids(walked).Where(standing.Contains).ToList();
                    Assert.True(seen.SequenceEqual(expected[list]), $"{list}: {string.Join(' ', seen)}");
                    if (!list.Contains("from=", StringComparison.Ordinal))
                        Assert.Equal(Standing, seen.Count);
                }
            }
        }
        finally
        {
            await done.CancelAsync();
        }

        Assert.True(await Changes(writers) > 50, "the writers hardly wrote: the walks show nothing");
    }

    /// <summary>All records of a list, by following <c>next</c>, and the position of the first page.</summary>
    private async Task<(List<JsonNode> Records, string Position)> WalkAsync(string path)
    {
        var (records, positions) = (new List<JsonNode>(), new List<string>());
        for (string? next = path; next is not null;)
        {
            var page = (await api.Reader.GetJsonAsync(next)).Body!;
            records.AddRange(page["items"]!.AsArray().Select(i => i!.DeepClone()));
            positions.Add((string)page["position"]!);
            next = (string?)page["next"];
        }

        return (records, Assert.Single(positions.Distinct()));
    }

    private static async Task<int> Changes(Task<int[]> writers) => (await writers).Sum();

    private static List<string> Ids(IEnumerable<JsonNode> records) => [.. records.Select(r => (string)r["id"]!)];

    /// <summary>Many on the same days, some over spans, so that a page ends among equals.</summary>
    private static JsonObject Event(string id, int i) =>
        SampleRecords.Event(id, i % 3 == 0 ? $"2024-08-{1 + (i % 4):00}/2024-08-{20 + (i % 5)}" : $"2024-08-{1 + (i % 10):00}", "alpha",
            "beta");

    private async Task<int> WriteAsync(int writer, CancellationToken stop)
    {
        var random = new Random(writer);
        var changes = 0;
        while (!stop.IsCancellationRequested)
        {
            var id = $"moving-{(random.Next(Written / 2) * 2) + writer}";
            var body = Event(id, random.Next(100));
            // after a while what came goes again: the lists would grow faster than they are walked
            var gone = changes < 3 * Coming ? id : $"coming-{writer}-{changes + 1 - (3 * Coming)}";
            var answer = (changes % 3) switch
            {
                0 => await api.Editor.SendJsonAsync(HttpMethod.Put, $"/v1/events/{id}", body, ifMatch: "*"),
                1 => await api.Editor.SendJsonAsync(HttpMethod.Delete, $"/v1/events/{gone}", ifMatch: "*"),
                _ => await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/events", Event($"coming-{writer}-{changes}", random.Next(100))),
            };
            // a deleted one stays deleted: that is no fault
            Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.NoContent or HttpStatusCode.Created or HttpStatusCode.Gone,
                $"{answer.Status} {answer.Body}");
            changes++;
        }

        return changes;
    }
}
