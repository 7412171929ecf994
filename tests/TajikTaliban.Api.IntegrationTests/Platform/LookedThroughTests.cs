using System.Net;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>
/// Lists whose time is used up at once, so that they are looked through in small steps: their pages are short, and together they have the
/// same records as ever.
/// </summary>
[Collection(nameof(GeneratedRecords))]
public sealed class LookedThroughTests(GeneratedRecords records) : IAsyncLifetime
{
    private IReadOnlyDictionary<string, Oracle> _oracles = null!;
    private (TimeSpan Budget, int Most, int Tie) _usual;

    private ListReader Lists => records.Api.Services.GetRequiredService<ListReader>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _oracles = await Oracle.ForAsync(records);
        _usual = (Lists.Budget, Lists.MostLookedAt, Lists.LargeTie);
    }

    public ValueTask DisposeAsync()
    {
        (Lists.Budget, Lists.MostLookedAt, Lists.LargeTie) = _usual;
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("/v1/sources", 15)]
    [InlineData("/v1/actors", 20)]
    [InlineData("/v1/relations", 30)]
    [InlineData("/v1/events", 60)]
    [InlineData("/v1/trade", 40)]
    [InlineData("/v1/indicators/indicator-0/observations", 20)]
    public async Task All_pages_together_have_the_rows_of_the_oracle_in_its_order(string path, int walks)
    {
        var oracle = _oracles[path];
        var (shorter, asOf) = (0, false);
        var position = (string)(await records.Api.Reader.GetJsonAsync("/v1/changes?after=now")).Body!["position"]!;
        await Gen.OneOf(oracle.Queries(1), oracle.Queries(3)).SampleAsync(async query =>
        {
            (Lists.Budget, Lists.MostLookedAt) = (TimeSpan.Zero, 13);
            asOf = !asOf;
            var address = $"{path}?{query.Parameters}{(asOf ? $"&asOf={position}" : "")}";
            var (expected, walked) = (oracle.Ids(query), new List<string>());
            for (string? next = address; next is not null;)
            {
                var page = await records.Api.Reader.GetJsonAsync(next);
                Assert.True(page.Status == HttpStatusCode.OK, $"{next}: {page.Status} {page.Body?.ToJsonString()}");
                var items = page.Body!["items"]!.AsArray();
                walked.AddRange(items.Select(i => (string)i!["id"]!));
                next = (string?)page.Body["next"];
                if (next is not null && items.Count < query.Limit)
                {
                    shorter++;
                    // it is not known that the list is empty, and the next answer may be another
                    Assert.Null(page.Body["empty"]);
                    Assert.DoesNotContain("immutable", page.Response.Headers.CacheControl?.ToString() ?? "", StringComparison.Ordinal);
                }
            }

            Assert.True(walked.SequenceEqual(expected),
                $"{address}\ngives {string.Join(' ', walked)}\nnot   {string.Join(' ', expected)}");
        }, iter: walks, threads: 1, print: q => $"{path}?{q.Parameters}");
        Assert.True(shorter > 0, "no page was short");
    }

    [Theory]
    [InlineData("/v1/events", "q=border")]
    [InlineData("/v1/events", "q=bordr+post")]
    [InlineData("/v1/events", "q=visits+kabul&type=CONSULT&sort=-earliest,id")]
    [InlineData("/v1/events", "q=border&from=2024-08-16&to=2024-08-25")]
    [InlineData("/v1/events", "q=border&validAt=2024&holds=unknown,possible")]
    [InlineData("/v1/events", "validAt=2024&holds=unknown,possible&sort=-earliest")]
    [InlineData("/v1/actors", "q=тоҷикистон&sort=name,-id")]
    [InlineData("/v1/relations", "q=markets&sort=-latest")]
    public async Task Searches_and_exports_have_the_same_records(string path, string query)
    {
        var expected = await IdsAsync($"{path}?{query}&limit=1000");
        var lines = await records.Api.Reader.GetStringAsync(new Uri($"{path}?{query}&format=ndjson", UriKind.Relative), Cancellation);
        (Lists.Budget, Lists.MostLookedAt) = (TimeSpan.Zero, 13);

        Assert.Equal(expected, await IdsAsync($"{path}?{query}&limit=4"));
        Assert.Equal(
            lines, await records.Api.Reader.GetStringAsync(new Uri($"{path}?{query}&format=ndjson", UriKind.Relative), Cancellation));
    }

    /// <summary>A list that an index has in its order needs no limit of time, whatever else is asked of its records.</summary>
    [Theory]
    [InlineData("/v1/events", "actor={0}")]
    [InlineData("/v1/events", "actor={0}&sort=-earliest")]
    [InlineData("/v1/relations", "subject={0}&type=border,hostility")]
    [InlineData("/v1/trade", "reporter={0}&flow=M,X,T")]
    [InlineData("/v1/trade", "partner={0}&approximate=false&sort=-earliest")]
    public async Task A_list_in_the_order_of_an_index_is_read_at_once(string path, string query)
    {
        var found = 0;
        foreach (var actor in (string[])["actor-0", "actor-1", "actor-2", "actor-3", "actor-4"])
        {
            var address = $"{path}?limit=1000&{string.Format(System.Globalization.CultureInfo.InvariantCulture, query, actor)}";
            var expected = await IdsAsync(address);
            (Lists.Budget, Lists.MostLookedAt) = (TimeSpan.Zero, 13);
            var page = await records.Api.Reader.GetJsonAsync($"{address}&consistency=live");
            (Lists.Budget, Lists.MostLookedAt, Lists.LargeTie) = _usual;

            Assert.Equal(expected, page.Body!["items"]!.AsArray().Select(i => (string)i!["id"]!));
            Assert.True((bool)page.Body["complete"]!);
            found += expected.Count;
        }

        Assert.True(found > 13, $"{found} records do not show it");
    }

    /// <summary>Records with the same value of the first of several sort keys are lists of their own, in pages of any size.</summary>
    [Theory]
    [InlineData("/v1/events", "sort=recordedAt,earliest")]
    [InlineData("/v1/events", "sort=-recordedAt,-latest,earliest")]
    [InlineData("/v1/events", "sort=earliest,-latest,-recordedAt&quadClass=1,2")]
    [InlineData("/v1/events", "sort=recordedAt,earliest&from=2024&actor=actor-0,actor-1")]
    [InlineData("/v1/trade", "sort=-recordedAt,value")]
    [InlineData("/v1/trade", "sort=latest,-value,id")]
    [InlineData("/v1/relations", "sort=-type,latest")]
    [InlineData("/v1/relations", "sort=type,-latest,recordedAt")]
    [InlineData("/v1/actors", "sort=type,-name")]
    [InlineData("/v1/indicators/indicator-0/observations", "sort=recordedAt,-value")]
    public async Task Ties_have_the_records_of_the_list_in_its_order(string path, string query)
    {
        var position = (string)(await records.Api.Reader.GetJsonAsync("/v1/changes?after=now")).Body!["position"]!;
        foreach (var asOf in new[] { "", $"&asOf={position}" })
        {
            var address = $"{path}?{query}{asOf}";
            Lists.LargeTie = int.MaxValue;
            var expected = await IdsAsync($"{address}&limit=1000");
            Assert.NotEmpty(expected);
            foreach (var (tie, limit, budget) in new[] { (1, 7, 500), (2, 50, 500), (3, 1000, 500), (2, 7, 0) })
            {
                (Lists.LargeTie, Lists.Budget, Lists.MostLookedAt) = (tie, TimeSpan.FromMilliseconds(budget), 13);
                Assert.Equal(expected, await IdsAsync($"{address}&limit={limit}"));
            }

            (Lists.Budget, Lists.MostLookedAt) = (_usual.Budget, _usual.Most);
        }
    }

    private async Task<List<string>> IdsAsync(string path) => [.. (await records.Api.Reader.WalkAsync(path)).Select(r => (string)r["id"]!)];
}
