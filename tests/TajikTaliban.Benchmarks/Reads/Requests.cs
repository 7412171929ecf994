using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Npgsql;
using TajikTaliban.Api.Features.Events;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Storage.Access;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Benchmarks.Load;

namespace TajikTaliban.Benchmarks.Reads;

/// <summary>The requests of each case, made from what the database holds.</summary>
internal sealed class Requests(NpgsqlDataSource database)
{
    private const int Most = 50_000;
    private const int Seed = 20240816;

    /// <summary>Records by id, over all of them.</summary>
    public async Task<byte[][]> RecordsAsync(CancellationToken cancellation) =>
        Get(await ReadAsync($"select '/v1/events/' || id from events order by hashtext(id) limit {Most}", cancellation));

    /// <summary>Pages of 50 by actor and date: each of an actor, in proportion to how often it appears, and of a span of some
    /// years.</summary>
    public async Task<byte[][]> PagesAsync(CancellationToken cancellation)
    {
        var actors = await ReadAsync($"select actor_id from event_participants order by hashtext(event_id || actor_id) limit {Most}",
            cancellation);
        return Pages(actors);
    }

    /// <summary>Pages by actor and date that are full however few events there are: those of the busiest actor.</summary>
    public static byte[][] FullPages() => Pages(Enumerable.Repeat(PlausibleRecords.Busiest, Most));

    private static byte[][] Pages(IEnumerable<string> actors)
    {
        var random = new Random(Seed);
        return Get(actors.Select(actor =>
        {
            var from = new DateOnly(1991, 1, 1).AddDays(random.Next(30 * 365));
            var to = from.AddDays(365 + random.Next(3 * 365));
            return string.Create(CultureInfo.InvariantCulture,
                $"/v1/events?actor={actor}&from={from:yyyy-MM-dd}&to={to:yyyy-MM-dd}&limit=50");
        }));
    }

    /// <summary>The first page of all events of the busiest actor.</summary>
    public static byte[][] FirstPage() => Get([$"/v1/events?actor={PlausibleRecords.Busiest}&limit=50"]);

    /// <summary>The page of the same list that so many records come before; null where there are too few.</summary>
    public async Task<byte[][]?> DeepPageAsync(int depth, CancellationToken cancellation)
    {
        var last = await ReadAsync(
            $"""
            select earliest || ' ' || event_id from (select distinct earliest, event_id from event_participants
            where actor_id = '{PlausibleRecords.Busiest}' order by earliest, event_id offset {depth - 1} limit 1) w
            """, cancellation);
        if (last.Count == 0)
            return null;
        // a cursor belongs to a query; the service's own reader of queries knows what it is called
        var query = $"actor={PlausibleRecords.Busiest}&limit=50";
        var http = new DefaultHttpContext { Request = { QueryString = new QueryString($"?{query}") } };
        var canonical = ListRequest.Read(http.Request, new EventResource(), null).Canonical;
        var secrets = new ServiceSecrets(database);
        await secrets.LoadAsync(cancellation);
        return Get([$"/v1/events?{query}&cursor={Cursor.Write(last[0].Split(' '), SearchMode.Words, null, canonical, secrets)}"]);
    }

    /// <summary>Series of 40 annual figures.</summary>
    public async Task<byte[][]> SeriesAsync(CancellationToken cancellation) =>
        Get(await ReadAsync(
            $"""
            select '/v1/trade?reporter=' || reporter_id || '&partner=' || partner_id || '&flow=M&frequency=A&commodity.code=TOTAL'
            from trade_flows where flow = 'M' and frequency = 'A' and commodity_code = 'TOTAL'
            group by reporter_id, partner_id having count(*) = {PlausibleRecords.SeriesLength}
            order by hashtext(reporter_id || partner_id) limit {Most}
            """, cancellation));

    private static byte[][] Get(IEnumerable<string> paths) =>
        [.. paths.Select(path => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"))];

    private async Task<List<string>> ReadAsync(string statement, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(statement);
        command.CommandTimeout = 0;
        var found = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add(reader.GetString(0));
        return found;
    }
}
