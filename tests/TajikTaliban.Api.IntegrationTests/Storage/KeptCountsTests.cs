using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Storage.Counts;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.IntegrationTests.Storage;

/// <summary>Kept counts are those that counting anew gives, whatever is written and whenever they are brought up to date.</summary>
public sealed class KeptCountsTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    private const int Writers = 3;
    private const int WritesOfEach = 60;
    private static readonly string[] Statuses = ["occurred", "reported", "planned", "occurred"];
    private static readonly string[] Actors = ["counted-a", "counted-b", "counted-c", "counted-d"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IReadOnlyList<ListDefinition> Lists =>
        [.. api.Services.GetRequiredService<ResourceCatalogue>().All.Select(r => r.List)];

    [Fact]
    public async Task They_equal_recomputed_ones_after_random_writes_merges_and_deletes_at_once()
    {
        foreach (var actor in Actors)
            await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor(actor));
        var positions = new ConcurrentBag<string>();
        using var done = new CancellationTokenSource();
        var keeper = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
                await CountKeeping.RunAsync(api.Database, Lists, 0, Cancellation);
        }, Cancellation);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => WriteAsync(w, positions)));
        await MergeAsync("counted-d", "counted-a");
        await done.CancelAsync();
        await keeper;

        // with what was written since
        await api.Editor.AddAsync("/v1/events", SampleRecords.Event("counted-last", "2024-08", "counted-a", "counted-b"));
        await AssertReadsAsync(null);
        foreach (var position in positions.Distinct().Order().Where((_, i) => i % 20 == 0))
        {
            Assert.True(Position.TryParse(position, out var known));
            await AssertReadsAsync(await api.Services.GetRequiredService<PositionReader>().AsOfAsync(known, Cancellation));
        }

        await CountKeeping.RunAsync(api.Database, Lists, 0, Cancellation);
        var kept = await RowsAsync();
        await ExecuteAsync("update count_states set token = 'another'");
        await CountKeeping.RunAsync(api.Database, Lists, 0, Cancellation);
        Assert.Equal(await RowsAsync(), kept);
        // a program that counts something else does not use them
        await ExecuteAsync("update count_states set counted = '0'");
        Assert.Null(await new KeptCounts(api.Database).ReadOrNullAsync(
            new ListQuery { Definition = Lists[0], Order = [new OrderBy(ListDefinition.Id, false)], Limit = 1 }, [""], Cancellation));
        await CountKeeping.RunAsync(api.Database, Lists, 0, Cancellation);
        Assert.Equal(await RowsAsync(), kept);
        Assert.Contains(kept, r => r.StartsWith("events|counted-a|actor|counted-b|", StringComparison.Ordinal));
        Assert.DoesNotContain(kept, r => r.Contains("counted-d", StringComparison.Ordinal));
    }

    /// <summary>Responses say what is kept, although it was made wrong: nothing was counted.</summary>
    [Theory]
    [InlineData("/v1/events?limit=1&count=exact&facets=type,actor,status,quadClass,cameo,datePrecision")]
    [InlineData("/v1/events?actor=kept&limit=1&count=exact&facets=type,actor,status")]
    [InlineData("/v1/events/availability")]
    public async Task What_is_kept_is_not_counted_for_a_response(string path)
    {
        const int More = 70_000;
        if ((await api.Reader.GetJsonAsync("/v1/actors/kept")).Status != System.Net.HttpStatusCode.OK)
        {
            await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor("kept"));
            await api.Editor.AddAsync("/v1/events", SampleRecords.Event("kept", "2024-08", "kept", "alpha"));
        }

        await CountKeeping.RunAsync(api.Database, Lists, 0, Cancellation);
        await ExecuteAsync($"update record_counts set records = records + {More} where resource = 'events'");
        try
        {
            var body = (await api.Reader.GetJsonAsync(path)).Body!;

            var numbers = NumbersOf(body).ToList();
            Assert.True(numbers.Count > 1, body.ToJsonString());
            Assert.All(numbers, n => Assert.InRange(n, More, More + 1000));
        }
        finally
        {
            await ExecuteAsync($"update record_counts set records = records - {More} where resource = 'events'");
        }
    }

    /// <summary>The number of all records, and those of the values of facets.</summary>
    private static IEnumerable<long> NumbersOf(JsonNode body) => body is JsonObject o
        ? o.SelectMany(m => m.Key is "records" or "count" or "value" && m.Value is JsonValue v && v.TryGetValue(out long number)
            ? [number] : m.Key is "items" or "query" || m.Value is null ? [] : NumbersOf(m.Value))
        : body is JsonArray a ? a.SelectMany(e => NumbersOf(e!)) : [];

    private async Task WriteAsync(int writer, ConcurrentBag<string> positions)
    {
        var random = new Random(writer);
        var mine = new List<string>();
        for (var i = 0; i < WritesOfEach; i++)
        {
            var chance = random.Next(10);
            if (chance < 5 || mine.Count == 0)
            {
                mine.Add($"counted-{writer}-{i}");
                await AddEventAsync(mine[^1], random);
            }
            else
            {
                var id = mine[random.Next(mine.Count)];
                using var request = new HttpRequestMessage(chance < 8 ? HttpMethod.Patch : HttpMethod.Delete, $"/v1/events/{id}");
                request.Headers.TryAddWithoutValidation("If-Match", "*");
                if (chance < 8)
                {
                    request.Content = new StringContent(
                        new JsonObject { ["status"] = Statuses[random.Next(4)], ["participants"] = Participants(random) }.ToJsonString(),
                        null,
                        "application/merge-patch+json");
                }
                else
                {
                    mine.Remove(id);
                }

                using var answer = await api.Editor.SendAsync(request, Cancellation);
                Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
                positions.Add(answer.Headers.GetValues("Position").Single());
            }
        }
    }

    private async Task AddEventAsync(string id, Random random)
    {
        var body = SampleRecords.Event(id, $"2024-0{random.Next(1, 10).ToString(CultureInfo.InvariantCulture)}", "counted-a");
        body["status"] = Statuses[random.Next(4)];
        body["participants"] = Participants(random);
        await api.Editor.AddAsync("/v1/events", body);
    }

    private static JsonArray Participants(Random random) =>
    [
        .. Actors.Where(_ => random.Next(2) == 0).DefaultIfEmpty(Actors[0])
            .Select(a => (JsonNode)new JsonObject { ["actor"] = a, ["role"] = "participant" }),
    ];

    private async Task MergeAsync(string actor, string survivor)
    {
        // no event may have both
        var shared = (await api.Reader.GetJsonAsync($"/v1/events?actor.all={actor},{survivor}&limit=1000")).Body!;
        foreach (var both in shared["items"]!.AsArray())
        {
            using var delete = new HttpRequestMessage(HttpMethod.Delete, $"/v1/events/{(string)both!["id"]!}");
            delete.Headers.TryAddWithoutValidation("If-Match", "*");
            using var deleted = await api.Editor.SendAsync(delete, Cancellation);
            Assert.True(deleted.IsSuccessStatusCode);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/actors/{actor}/merge");
        request.Content = new StringContent($$"""{"into":"{{survivor}}"}""", null, "application/json");
        using var answer = await api.Editor.SendAsync(request, Cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    /// <summary>Compares what is read from kept counts with what counting gives, for the whole and for each actor.</summary>
    private async Task AssertReadsAsync(AsOf? asOf)
    {
        var kept = new KeptCounts(api.Database) { Budget = TimeSpan.FromMinutes(1) };
        foreach (var list in Lists.Where(l => l.Scope is null))
        {
            var filter = list.Filters.FirstOrDefault(f => f.Name == list.KeptBy?.Name);
            foreach (var actor in filter is null ? [null] : Actors.Prepend(null))
            {
                var query = new ListQuery
                {
                    Definition = list,
                    Order = [new OrderBy(ListDefinition.Id, false)],
                    Limit = 1,
                    Facets = list.Facets,
                    AsOf = asOf,
                    Conditions = actor is null ? [] : [new Condition(filter!, new[] { actor })],
                };
                var read = await kept.ReadOrNullAsync(query, [.. ValueCountSql.FacetsOf(list)], Cancellation);

                Assert.NotNull(read);
                Assert.True(read.IsExact);
                Assert.Equal(await CountAsync(query),
                    read.Values.SelectMany(f => f.Value.Where(v => v.Value != 0).Select(v => $"{f.Key}|{v.Key}|{v.Value}"))
                        .Order(StringComparer.Ordinal));
            }
        }
    }

    private async Task<IEnumerable<string>> CountAsync(ListQuery query)
    {
        var sql = new SqlParameters(query.AsOf);
        await using var command = api.Database.CreateCommand(CountSql.Count(query, 10_000, sql));
        sql.CopyTo(command.Parameters);
        var rows = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
        {
            if (reader.GetInt64(2) != 0)
                rows.Add($"{reader.GetString(0)}|{reader.GetString(1)}|{reader.GetInt64(2)}");
        }

        return rows.Order(StringComparer.Ordinal);
    }

    private async Task<List<string>> RowsAsync()
    {
        await using var command = api.Database.CreateCommand(
            "select concat_ws('|', resource, scope, facet, value, records) from record_counts order by resource, scope, facet, value");
        var rows = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
            rows.Add(reader.GetString(0));
        return rows;
    }

    private async Task ExecuteAsync(string statement)
    {
        await using var command = api.Database.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
