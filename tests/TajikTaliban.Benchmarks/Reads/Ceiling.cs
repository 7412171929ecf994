using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Storage.Access;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Benchmarks.Reads;

/// <summary>
/// The ceiling: what the same bytes cost with Kestrel, Npgsql and nothing in between. It knows the few addresses of the benchmark and no
/// others, checks nothing, sends no header but type and length, and has its statements written out. What it cannot leave out it does in
/// the plainest way: the cursor of the next page and the echo of the query are part of the bytes.
/// </summary>
internal static class Ceiling
{
    public const string ConnectionVariable = "CEILING_DATABASE";
    private const int Limit = 50;
    /// <summary>How far the ledger goes, which every list says last; nothing is written meanwhile.</summary>
    private static string _end = "";

    private const string Unasked =
        "\"matched\":null,\"count\":null,\"facets\":null,\"facetsKind\":null,\"empty\":null,\"mayAlsoHold\":null,";

    private static Position _position;
    private static ServiceSecrets? _secrets;

    /// <summary>What was sent, by address; null where all is read from the database each time.</summary>
    private static ConcurrentDictionary<string, byte[]>? _sent;

    private const string CommittedAt = "(select i.committed_at from ledger_transactions i where i.id = e.transaction_id)";

    private const string RecordStatement = "select e.document, " + CommittedAt + " from events e where id = $1";

    private const string FirstPageStatement =
        $"""
        select e.document, w.earliest, w.event_id, {CommittedAt} from (
            select distinct earliest, event_id from event_participants where actor_id = $1 and earliest > '-infinity'
            order by earliest, event_id limit 51
        ) w join events e on e.id = w.event_id order by w.earliest, w.event_id
        """;

    private const string NextPageStatement =
        $"""
        select e.document, w.earliest, w.event_id, {CommittedAt} from (
            select distinct earliest, event_id from event_participants where actor_id = $1 and (earliest, event_id) > ($2, $3)
            order by earliest, event_id limit 51
        ) w join events e on e.id = w.event_id order by w.earliest, w.event_id
        """;

    /// <summary>How surely an event was in the span.</summary>
    private const string Holds =
        "case when e.latest_begin <= $3 and e.earliest_end >= $2 then 'certain' else 'possible' end";

    // those that begin in the span, those that began in the year before and reach into it, the few that last longer than a year, and last
    // those without a known beginning
    private const string PageStatement =
        $"""
        select e.document, w.earliest, w.event_id, {CommittedAt}, {Holds} from (select * from (
            (select distinct earliest, event_id from event_participants where actor_id = $1 and earliest >= $2 and earliest <= $3
                order by earliest, event_id limit 51)
            union all
            (select distinct earliest, event_id from event_participants where actor_id = $1 and earliest < $2 and earliest >= $2 - 366
                and latest >= $2 and latest > earliest and latest <= earliest + 366 and earliest <= $3 order by earliest, event_id limit 51)
            union all
            (select distinct earliest, event_id from event_participants where actor_id = $1 and earliest < $2 and earliest > '-infinity'
                and latest >= $2 and latest > earliest + 366 and earliest <= $3 order by earliest, event_id limit 51)
            union all
            (select distinct earliest, event_id from event_participants where actor_id = $1 and earliest = '-infinity'
                and latest >= $2 and latest > earliest + 366 order by earliest, event_id limit 51)
        ) b order by earliest = '-infinity', earliest, event_id limit 51
        ) w join events e on e.id = w.event_id order by w.earliest = '-infinity', w.earliest, w.event_id
        """;

    private const string SeriesStatement =
        $"""
        select e.document, {CommittedAt} from trade_flows e
        where reporter_id = $1 and partner_id = $2 and flow = $3 and frequency = $4 and commodity_code = $5
        order by earliest, id limit 51
        """;

    public static Command CreateCommand()
    {
        var urls = new Option<string>("--urls") { Required = true };
        var memory = new Option<bool>("--memory") { Description = "Send the bytes of before again, without the database." };
        var command = new Command("ceiling", "The bare program that `reads` starts and compares with.") { urls, memory };
        command.Hidden = true;
        command.SetAction(async (arguments, cancellation) =>
        {
            await using var database = new NpgsqlSlimDataSourceBuilder(Environment.GetEnvironmentVariable(ConnectionVariable)
                ?? throw new BenchmarkException($"{ConnectionVariable} is not set.")).Build();
            _secrets = new ServiceSecrets(database);
            await _secrets.LoadAsync(cancellation);
            await using (var newest =
                database.CreateCommand(
                    "select position || '-' || token from ledger_transactions where position is not null order by position desc limit 1"))
            {
                _position = Position.TryParse((string?)await newest.ExecuteScalarAsync(cancellation), out var end) ? end : Position.Start;
                _end = $"\"expanded\":null,\"position\":\"{_position}\"}}";
            }

            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls(arguments.GetValue(urls)!);
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
            await using var app = builder.Build();
            _sent = arguments.GetValue(memory) ? new ConcurrentDictionary<string, byte[]>() : null;
            app.Run(http => HandleAsync(http, database));
            await app.StartAsync(cancellation);
            await app.WaitForShutdownAsync(cancellation);
            return 0;
        });
        return command;
    }

    private static Task HandleAsync(HttpContext http, NpgsqlDataSource database)
    {
        if (_sent is not null && _sent.TryGetValue(RawTarget(http), out var sent))
            return SendAsync(http, sent);
        var path = http.Request.Path.Value!;
        return path.StartsWith("/v1/events/", StringComparison.Ordinal) ? RecordAsync(http, database, path["/v1/events/".Length..])
            : path == "/v1/events" ? PageAsync(http, database)
            : SeriesAsync(http, database);
    }

    private static async Task RecordAsync(HttpContext http, NpgsqlDataSource database, string id)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(RecordStatement, connection) { Parameters = { Text(id) } };
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        using var body = new PooledBody(4096);
        Copy(reader, body, 1);
        await SendAsync(http, body.Written);
    }

    private static async Task PageAsync(HttpContext http, NpgsqlDataSource database)
    {
        string actor = "", from = "", to = "", cursor = "";
        foreach (var parameter in new QueryStringEnumerable(http.Request.QueryString.Value))
        {
            var value = parameter.DecodeValue().ToString();
            switch (parameter.DecodeName().Span)
            {
                case "actor": actor = value; break;
                case "from": from = value; break;
                case "to": to = value; break;
                case "cursor": cursor = value; break;
            }
        }

        await using var connection = await database.OpenConnectionAsync();
        await using var command =
            new NpgsqlCommand(from.Length > 0 ? PageStatement : cursor.Length > 0 ? NextPageStatement : FirstPageStatement, connection);
        command.Parameters.Add(Text(actor));
        if (from.Length > 0)
        {
            command.Parameters.Add(Date(from));
            command.Parameters.Add(Date(to));
        }
        else if (cursor.Length > 0)
        {
            // a digest of eight bytes, then the mode, the position, the date and the id
            var keys = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor).AsSpan(8)).Split('\0');
            command.Parameters.Add(Date(keys[2]));
            command.Parameters.Add(Text(keys[3]));
        }

        await using var reader = await command.ExecuteReaderAsync();
        using var body = new PooledBody();
        body.Write("""{"items":["""u8);
        var (earliest, last) = (default(DateOnly), "");
        var more = false;
        for (var i = 0; await reader.ReadAsync(); i++)
        {
            if (i == Limit)
            {
                more = true;
                break;
            }

            if (i > 0)
                body.Write(","u8);
            Copy(reader, body, 3);
            if (from.Length > 0)
            {
                // in place of the closing brace
                body.Advance(-1);
                body.Write(",\"holds\":\""u8);
                body.Write(Encoding.UTF8.GetBytes(reader.GetString(4)));
                body.Write("\"}"u8);
            }

            if (i == Limit - 1)
                (earliest, last) = (await reader.GetFieldValueAsync<DateOnly>(1), reader.GetString(2));
        }

        var asked = from.Length > 0 ? $"&from={from}&to={to}" : "";
        var next = "null";
        if (more)
        {
            var canonical = from.Length > 0
                ? $"events/&actor={actor}&from={from}&sort=earliest,id&to={to}" : $"events/&actor={actor}&sort=earliest,id";
            var after = Cursor.Write([earliest.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), last], SearchMode.Words, _position,
                canonical, _secrets!);
            next = $"\"/v1/events?actor={actor}{asked}&limit={Limit}&cursor={after}\"";
        }

        var echo = from.Length > 0 ? $"""
            "from":["{from}"],"to":["{to}"],
            """ : "";
        body.Write(Encoding.UTF8.GetBytes(
            $$"""],"next":{{next}},"complete":{{(more ? "false" : "true")}},"query":{"actor":["{{actor}}"],{{echo}}"sort":"""
            + """["earliest","id"],"limit":["50"]},"""
            + Unasked
            + _end));
        await SendAsync(http, body.Written);
    }

    private static async Task SeriesAsync(HttpContext http, NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(SeriesStatement, connection);
        using var body = new PooledBody();
        body.Write("""{"items":["""u8);
        var echo = new StringBuilder();
        foreach (var parameter in new QueryStringEnumerable(http.Request.QueryString.Value))
        {
            command.Parameters.Add(Text(parameter.DecodeValue().ToString()));
            echo.Append(CultureInfo.InvariantCulture, $"\"{parameter.DecodeName()}\":[\"{parameter.DecodeValue()}\"],");
        }

        await using var reader = await command.ExecuteReaderAsync();
        for (var first = true; await reader.ReadAsync(); first = false)
        {
            if (!first)
                body.Write(","u8);
            Copy(reader, body, 1);
        }

        body.Write(Encoding.UTF8.GetBytes(
            $$"""],"next":null,"complete":true,"query":{{{echo}}"sort":["earliest","id"],"limit":["50"]},""" + Unasked + _end));
        await SendAsync(http, body.Written);
    }

    private static string RawTarget(HttpContext http) => http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    private static async Task SendAsync(HttpContext http, ReadOnlyMemory<byte> body)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.Length;
        _sent?.TryAdd(RawTarget(http), body.ToArray());
        await http.Response.BodyWriter.WriteAsync(body);
    }

    // a row is in memory when it has been read: its document goes from there to the body, with no array of its own
    private static void Copy(NpgsqlDataReader row, PooledBody body, int committedAt)
    {
        var length = (int)row.GetBytes(0, 0, null, 0, 0);
        var target = body.GetMemory(length + RecordingInstant.MaxLength);
        _ = MemoryMarshal.TryGetArray<byte>(target, out var array);
        row.GetBytes(0, 0, array.Array!, array.Offset, length);
        body.Advance(RecordingInstant.Set(target.Span, length, row.GetDateTime(committedAt)));
    }

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter<DateOnly> Date(string value) =>
        new() { TypedValue = DateOnly.ParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture), NpgsqlDbType = NpgsqlDbType.Date };
}
