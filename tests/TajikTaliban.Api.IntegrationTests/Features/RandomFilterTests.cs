using System.Net;
using CsCheck;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Features;

/// <summary>2,000 random requests over 5,000 records: any filters, values, orders and page sizes, against the oracle.</summary>
[Collection(nameof(ManyRecords))]
public sealed class RandomFilterTests(ManyRecords records) : IAsyncLifetime
{
    private IReadOnlyDictionary<string, Oracle> _oracles = null!;

    public async ValueTask InitializeAsync() => _oracles = await Oracle.ForAsync(records);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void There_are_more_than_5000_records() => Assert.InRange(records.Stored.Values.Sum(r => r.Count), 5001, 6000);

    [Theory]
    [InlineData("/v1/events", 500)]
    [InlineData("/v1/trade", 350)]
    [InlineData("/v1/relations", 350)]
    [InlineData("/v1/indicators/indicator-0/observations", 300)]
    [InlineData("/v1/actors", 250)]
    [InlineData("/v1/sources", 150)]
    [InlineData("/v1/indicators", 100)]
    public async Task Random_filters_return_the_ids_of_the_oracle_in_its_order(string path, int requests)
    {
        var oracle = _oracles[path];
        var found = 0;
        await Gen.OneOf(oracle.Queries(1), oracle.Queries(2, isTimed: true), oracle.Queries(5, isTimed: true)).SampleAsync(async query =>
        {
            // beside the time that is asked for, each record says how surely
            var expected = oracle.Ordered(oracle.Matching(query.Filters), query.Sort).Select(r => oracle.SaysHolds(query)
                ? $"{r["id"]} {oracle.HoldsOrNull(r, query.Filters)}" : (string)r["id"]!).ToList();
            found += expected.Count > 0 ? 1 : 0;
            var address = $"{path}?{query.Parameters}&fields=id";
            // a second page continues after the keys of the first
            var next = await AssertPageAsync(address, address, [.. expected.Take(query.Limit)]);
            Assert.Equal(expected.Count > query.Limit, next is not null);
            if (next is not null)
                await AssertPageAsync(address, next, [.. expected.Skip(query.Limit).Take(query.Limit)]);
        }, iter: requests, threads: 1, print: q => $"{path}?{q.Parameters}");
        Assert.True(found > requests / 4, $"only {found} of {requests} requests have records");
    }

    private async Task<string?> AssertPageAsync(string address, string page, List<string> expected)
    {
        var answer = await records.Api.Reader.GetJsonAsync(page);
        Assert.True(answer.Status == HttpStatusCode.OK, $"{page}: {answer.Status} {answer.Body?.ToJsonString()}");
        var ids = answer.Body!["items"]!.AsArray().Select(i => $"{i!["id"]} {i["holds"]}".TrimEnd()).ToList();
        Assert.True(ids.SequenceEqual(expected), $"{address}\ngives {string.Join(' ', ids)}\nnot   {string.Join(' ', expected)}");
        return (string?)answer.Body["next"];
    }
}
