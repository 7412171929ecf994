using System.Net;
using CsCheck;
using Microsoft.AspNetCore.WebUtilities;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>Walks over pages: for any filters, any order and any page size they give what the oracle gives, each row once.</summary>
[Collection(nameof(GeneratedRecords))]
public sealed class CursorWalkTests(GeneratedRecords records) : IAsyncLifetime
{
    private const int MaxPages = 25;
    private IReadOnlyDictionary<string, Oracle> _oracles = null!;

    public async ValueTask InitializeAsync() => _oracles = await Oracle.ForAsync(records);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("/v1/sources", 25)]
    [InlineData("/v1/actors", 30)]
    [InlineData("/v1/relations", 50)]
    [InlineData("/v1/events", 90)]
    [InlineData("/v1/trade", 60)]
    [InlineData("/v1/indicators", 15)]
    [InlineData("/v1/indicators/indicator-0/observations", 50)]
    public async Task Paging_returns_the_rows_of_the_oracle_in_its_order(string path, int walks)
    {
        var oracle = _oracles[path];
        await Gen.OneOf(oracle.Queries(1), oracle.Queries(3)).SampleAsync(query => AssertWalkAsync(oracle, query), iter: walks, threads: 1,
            print: q => $"{path}?{q.Parameters}");
    }

    [Theory]
    [InlineData("/v1/events", "earliest,-id")]
    [InlineData("/v1/events", "-earliest,id")]
    [InlineData("/v1/events", "-latest,earliest,id")]
    [InlineData("/v1/events", "recordedAt,-latest")]
    [InlineData("/v1/trade", "value")]
    [InlineData("/v1/trade", "-value,earliest")]
    [InlineData("/v1/trade", "value,-recordedAt,id")]
    [InlineData("/v1/sources", "title")]
    [InlineData("/v1/sources", "-title,latest,-id")]
    [InlineData("/v1/actors", "-name")]
    [InlineData("/v1/relations", "type,-earliest")]
    [InlineData("/v1/indicators/indicator-0/observations", "-value")]
    public async Task One_by_one_and_in_one_page_a_list_is_the_same(string path, string sort)
    {
        var oracle = _oracles[path];
        var keys = sort.Split(',').Select(k => (oracle.Sort(k.TrimStart('-')), k[0] == '-')).ToList();
        var expected = oracle.Ids(new OracleQuery([], keys, 1));

        Assert.Equal(expected, await IdsAsync($"{path}?sort={sort}&limit=1"));
        Assert.Equal(expected, await IdsAsync($"{path}?sort={sort}&limit=1000"));
    }

    [Theory]
    [InlineData("/v1/events", "from=2024-08-16&to=2024-08-20", "earliest")]
    [InlineData("/v1/events", "from=2024-08-16", "-earliest")]
    [InlineData("/v1/events", "from=2024-08-15", "earliest")]
    [InlineData("/v1/events", "from=2024-08-15&actor=actor-1,actor-2,actor-3,actor-4", "earliest")]
    [InlineData("/v1/indicators/indicator-0/observations", "from=2024-08-15&to=2024-08-15", "earliest,-value")]
    [InlineData("/v1/events", "actor=actor-1,actor-2,actor-3&from=2024-08-20", "-earliest,id")]
    [InlineData("/v1/events", "actor.all=actor-1,actor-2", "earliest")]
    [InlineData("/v1/events", "actor=actor-1&to=2024-08-20", "-earliest")]
    [InlineData("/v1/events", "actor=actor-1&from=2024&type=CONSULT", "earliest,-id")]
    [InlineData("/v1/relations", "from=2004&actor=actor-1", "earliest,type,-latest")]
    [InlineData("/v1/trade", "from=2024-08", "earliest,-value")]
    [InlineData("/v1/trade", "from=2024&to=2024", "-earliest,value,recordedAt")]
    public async Task Paging_by_one_over_spans_and_actors_neither_repeats_nor_misses_a_row(string path, string filters, string sort)
    {
        var oracle = _oracles[path];
        var query = new OracleQuery(
            [.. filters.Split('&').Select(f => (oracle.Filter(f.Split('=')[0]), f.Split('=')[1]))],
            [.. sort.Split(',').Select(k => (oracle.Sort(k.TrimStart('-')), k[0] == '-'))], 1);
        Assert.True(oracle.Ids(query).Count > 3, "too few rows for a walk");

        await AssertWalkAsync(oracle, query, maxPages: 1000);
    }

    [Theory]
    [InlineData("/v1/events", "q=border", "words")]
    [InlineData("/v1/events", "q=bordr+post", "similar-spelling")]
    [InlineData("/v1/events", "q=visits+kabul&type=CONSULT&sort=-earliest,id", "words")]
    [InlineData("/v1/events", "q=border&from=2024-08-16&to=2024-08-25", "words")]
    [InlineData("/v1/actors", "q=тоҷикистон&sort=name,-id", "words")]
    [InlineData("/v1/relations", "q=markets&sort=-latest", "words")]
    public async Task A_search_is_walked_the_same_whatever_the_page_size(string path, string query, string matched)
    {
        var whole = await records.Api.Reader.GetJsonAsync($"{path}?{query}&limit=1000");
        Assert.Equal(matched, (string)whole.Body!["query"]!["matched"]![0]!);
        var expected = whole.Body["items"]!.AsArray().Select(i => (string)i!["id"]!).ToList();
        Assert.True(expected.Count > 3, $"{expected.Count} rows are too few for a walk");

        foreach (var limit in new[] { 1, 2, expected.Count - 1, expected.Count })
            Assert.Equal(expected, await IdsAsync($"{path}?{query}&limit={limit}"));
    }

    [Fact]
    public async Task Next_keeps_every_parameter_and_is_also_the_link()
    {
        var parameters = new Dictionary<string, string>
        {
            ["actor"] = "actor-1,actor-2",
            ["type"] = "CONSULT,AID",
            ["from"] = "1990",
            ["sort"] = "-latest,id",
            ["limit"] = "2",
            ["fields"] = "id,date",
            ["expand"] = "participants.actor",
            ["count"] = "exact",
            ["facets"] = "type",
            ["q"] = "border & \"post\" +",
        };
        var first = await records.Api.Reader.GetJsonAsync(QueryHelpers.AddQueryString("/v1/events", parameters!) + "&actor=actor-3");
        Assert.True(first.Status == HttpStatusCode.OK, first.Body?.ToJsonString());
        var address = (string)first.Body!["next"]!;
        var next = QueryHelpers.ParseQuery(address[address.IndexOf('?', StringComparison.Ordinal)..]);

        Assert.StartsWith("/v1/events?", address, StringComparison.Ordinal);
        Assert.Equal([$"<{address}>; rel=\"next\""], first.Response.Headers.GetValues("Link"));
        Assert.Equal(parameters.Keys.Append("cursor").Order(), next.Keys.Order());
        foreach (var (name, value) in parameters.Where(p => p.Key != "actor"))
            Assert.Equal([value], next[name].ToArray());
        Assert.Equal(["actor-1,actor-2", "actor-3"], next["actor"].ToArray());
        Assert.Equal(HttpStatusCode.OK, (await records.Api.Reader.GetJsonAsync(address)).Status);
    }

    [Fact]
    public async Task The_last_page_says_that_it_is_the_last()
    {
        var count = records.Stored["indicators"].Count;

        foreach (var limit in new[] { count, count + 1 })
        {
            var only = await records.Api.Reader.GetJsonAsync($"/v1/indicators?limit={limit}");
            Assert.Null(only.Body!["next"]);
            Assert.True((bool)only.Body["complete"]!);
            Assert.False(only.Response.Headers.Contains("Link"));
        }

        var first = await records.Api.Reader.GetJsonAsync($"/v1/indicators?limit={count - 1}");
        Assert.NotNull(first.Body!["next"]);
        Assert.False((bool)first.Body["complete"]!);
    }

    [Fact]
    public async Task The_page_size_is_50_by_default_and_1000_at_most()
    {
        Assert.Equal(50, (await records.Api.Reader.GetJsonAsync("/v1/events")).Body!["items"]!.AsArray().Count);
        foreach (var limit in new[] { "0", "-1", "1001", "ten", "1.5", "99999999999" })
        {
            var answer = await records.Api.Reader.GetJsonAsync($"/v1/events?limit={limit}");
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.Equal(["/query/limit"], answer.Pointers);
        }
    }

    [Theory]
    [InlineData("type=AID")]
    [InlineData("sort=-earliest")]
    [InlineData("q=border")]
    [InlineData("from=2024")]
    [InlineData("actor=actor-1")]
    public async Task A_cursor_of_another_query_is_refused(string other)
    {
        var cursor = await CursorAsync("/v1/events?limit=3");

        var answer = await records.Api.Reader.GetJsonAsync($"/v1/events?limit=3&{other}&cursor={cursor}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(["/query/cursor"], answer.Pointers);
    }

    [Fact]
    public async Task A_cursor_of_another_resource_or_a_damaged_one_is_refused_and_never_fails()
    {
        var cursor = await CursorAsync("/v1/events?limit=3");
        var sibling = await CursorAsync("/v1/indicators/indicator-0/observations?limit=3");
        Assert.Equal(HttpStatusCode.BadRequest, (await records.Api.Reader.GetJsonAsync($"/v1/relations?cursor={cursor}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest,
            (await records.Api.Reader.GetJsonAsync($"/v1/indicators/indicator-1/observations?cursor={sibling}")).Status);

        // not the last letter: some of its bits are beyond the last byte and may be any
        var damaged = Gen.Select(Gen.Int[0, cursor.Length - 3], Gen.Char["AZaz09-_=%&+/\0ж"])
            .Select((i, c) => cursor[..i] + c + cursor[(i + 1)..]);
        var cut = Gen.Int[0, cursor.Length - 1].Select(i => cursor[..i]);
        await Gen.OneOf(damaged, cut, Gen.String).Where(c => c != cursor).SampleAsync(async text =>
        {
            var answer = await records.Api.Reader.GetJsonAsync($"/v1/events?limit=3&cursor={Escape(text)}");
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.Equal(["/query/cursor"], answer.Pointers);
        }, iter: 80, threads: 1);
    }

    [Fact]
    public async Task A_cursor_holds_while_page_size_fields_and_counts_change()
    {
        var all = await IdsAsync("/v1/events?limit=1000");
        var cursor = await CursorAsync("/v1/events?limit=3");

        var rest = await records.Api.Reader.GetJsonAsync(
            $"/v1/events?limit=1000&fields=id&count=exact&expand=participants.actor&cursor={cursor}");

        Assert.Equal(all[3..], rest.Body!["items"]!.AsArray().Select(i => (string)i!["id"]!));
        Assert.Equal(all.Count, (int)rest.Body["count"]!["value"]!);
    }

    [Theory]
    [InlineData("sort=earlyest", "'earliest'")]
    [InlineData("sort=--earliest", "'earliest'")]
    [InlineData("sort=earliest,earliest", "twice")]
    [InlineData("sort=+earliest", "'earliest'")]
    [InlineData("sort=title", "use ")]
    public async Task An_unknown_sort_key_is_refused(string query, string hint)
    {
        var answer = await records.Api.Reader.GetJsonAsync($"/v1/events?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(hint, (string)answer.Body!["errors"]!["/query/sort"]![0]!["message"]!, StringComparison.Ordinal);
    }

    /// <summary>As it would be typed: a lone surrogate cannot be escaped, so it goes as the replacement character does.</summary>
    private static string Escape(string text) =>
        Uri.EscapeDataString(new string([.. text.Select(c => char.IsSurrogate(c) ? '\ufffd' : c)]));

    private async Task AssertWalkAsync(Oracle oracle, OracleQuery query, int maxPages = MaxPages)
    {
        var expected = oracle.Ids(query);
        // small pages over many rows would take long: there the pages are as large as they need be
        query = query with { Limit = Math.Max(query.Limit, (expected.Count + maxPages - 1) / maxPages) };
        var walked = new List<string>();
        var address = $"{oracle.Path}?{query.Parameters}";
        for (string? next = address; next is not null;)
        {
            var page = await records.Api.Reader.GetJsonAsync(next);
            Assert.True(page.Status == HttpStatusCode.OK, $"{next}: {page.Status} {page.Body?.ToJsonString()}");
            var ids = page.Body!["items"]!.AsArray().Select(i => (string)i!["id"]!).ToList();
            walked.AddRange(ids);
            next = (string?)page.Body["next"];
            Assert.Equal(next is null, (bool)page.Body["complete"]!);
            Assert.Equal(next is null ? null : $"<{next}>; rel=\"next\"",
                page.Response.Headers.TryGetValues("Link", out var link) ? link.Single() : null);
            Assert.True(next is null || ids.Count == query.Limit, $"{address}: a page of {ids.Count} is followed by another");
            Assert.True(walked.Count <= expected.Count, $"{address} gives more than the {expected.Count} rows there are");
        }

        Assert.True(walked.SequenceEqual(expected), $"{address}\ngives {string.Join(' ', walked)}\nnot   {string.Join(' ', expected)}");
    }

    private async Task<List<string>> IdsAsync(string path) => [.. (await records.Api.Reader.WalkAsync(path)).Select(r => (string)r["id"]!)];

    private async Task<string> CursorAsync(string path)
    {
        var next = (string)(await records.Api.Reader.GetJsonAsync(path)).Body!["next"]!;
        return QueryHelpers.ParseQuery(next[next.IndexOf('?', StringComparison.Ordinal)..])["cursor"].ToString();
    }
}
