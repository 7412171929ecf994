using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using TajikTaliban.Api.Features.Actors;
using TajikTaliban.Api.Features.Events;
using TajikTaliban.Api.Features.Indicators;
using TajikTaliban.Api.Features.Relations;
using TajikTaliban.Api.Features.Sources;
using TajikTaliban.Api.Features.Trade;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Records;
using Record = TajikTaliban.Api.Domain.Record;

namespace TajikTaliban.Api.IntegrationTests.Storage;

/// <summary>Records that are copied in bulk are those that the API would have written.</summary>
public sealed class BulkCopyTests(PostgresServer server) : IAsyncLifetime
{
    private const string Ledger = "ledger_changes";
    private readonly ApiFixture _written = new(server);
    private readonly ApiFixture _copied = new(server);

    public async ValueTask InitializeAsync()
    {
        await _written.InitializeAsync();
        await _copied.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _written.DisposeAsync();
        await _copied.DisposeAsync();
    }

    [Fact]
    public async Task A_copied_record_of_each_resource_is_the_one_that_the_API_writes_table_by_table_and_byte_for_byte()
    {
        foreach (var (path, body) in FullRecords.All)
            await _written.Editor.AddAsync(path, body);

        Assert.Equal(FullRecords.All.Count, await CopyAsync(FullRecords.All.Select(r => Make(r.Path, r.Body))));

        foreach (var table in Tables())
        {
            var expected = await RowsAsync(_written.Database, table);
            Assert.True(expected.Count > 0, $"{table} is not compared: no record has a row in it.");
            Assert.Equal(expected, await RowsAsync(_copied.Database, table));
        }

        Assert.Equal(FullRecords.All.Count, (await RowsAsync(_written.Database, Ledger)).Count);
        Assert.Equal(await RowsAsync(_written.Database, Ledger), await RowsAsync(_copied.Database, Ledger));
    }

    [Fact]
    public async Task More_records_than_a_batch_holds_are_copied()
    {
        var body = FullRecords.All[0].Body.DeepClone().AsObject();
        IEnumerable<Record> Many()
        {
            for (var i = 0; i < BulkCopy.BatchSize + 1; i++)
            {
                body["id"] = $"source-{i}";
                yield return Make("/v1/sources", body);
            }
        }

        Assert.Equal(BulkCopy.BatchSize + 1, await CopyAsync(Many()));

        await using var count = _copied.Database.CreateCommand("select count(*) from sources");
        Assert.Equal(BulkCopy.BatchSize + 1L, await count.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_error_leaves_nothing_behind()
    {
        // the last of them refers to a source and an actor that are not there
        var records = FullRecords.All.Where(r => r.Path is "/v1/sources" or "/v1/actors").Select(r => Make(r.Path, r.Body))
            .Append(Make("/v1/events", Records.Event("event", "2024-08-16", "nobody")));

        var error = await Assert.ThrowsAsync<PostgresException>(() => CopyAsync(records));

        Assert.Equal(PostgresErrorCodes.ForeignKeyViolation, error.SqlState);
        foreach (var table in Tables())
            Assert.Empty(await RowsAsync(_copied.Database, table));
    }

    [Fact]
    public async Task An_error_of_the_one_who_makes_the_records_leaves_nothing_behind()
    {
        IEnumerable<Record> Broken()
        {
            yield return Make(FullRecords.All[0].Path, FullRecords.All[0].Body);
            yield return Make(FullRecords.All[1].Path, FullRecords.All[1].Body);
            throw new InvalidDataException();
        }

        await Assert.ThrowsAsync<InvalidDataException>(() => CopyAsync(Broken()));

        foreach (var table in Tables())
            Assert.Empty(await RowsAsync(_copied.Database, table));
    }

    private static Record Make(string path, JsonObject body) => path switch
    {
        "/v1/sources" => Make(new SourceMapping(), body),
        "/v1/actors" => Make(new ActorMapping(), body),
        "/v1/relations" => Make(new RelationMapping(), body),
        "/v1/events" => Make(new EventMapping(), body),
        "/v1/trade" => Make(new TradeMapping(), body),
        "/v1/indicators" => Make(new IndicatorMapping(), body),
        _ => Make(new ObservationMapping(), body),
    };

    private static TRecord Make<TRequest, TRecord, TResponse>(RecordMapping<TRequest, TRecord, TResponse> mapping, JsonObject body)
        where TRequest : class, IRecordRequest
        where TRecord : Record
        where TResponse : class
    {
        var request = body.Deserialize<TRequest>(ApiJson.Options)!;
        var record = mapping.ToRecord(request, request.Id!, (_, id) => id);
        record.RecordedAt = ApiFixture.Start;
        return mapping.Finish(record);
    }

    private Task<long> CopyAsync(IEnumerable<Record> records) =>
        BulkCopy.RunAsync(_copied.Database, records.ToAsyncEnumerable(), new Author(ApiFixture.Start), TestContext.Current.CancellationToken);

    /// <summary>The tables of all records and their parts.</summary>
    private List<string> Tables()
    {
        using var context = Api.Storage.Database.Context(_copied.Database);
        return [.. context.Model.GetEntityTypes().Where(e => typeof(Record).IsAssignableFrom(e.ClrType) || e.IsOwned()).Select(e => e.GetTableName()!).Distinct()];
    }

    /// <summary>The rows as the database itself writes them out; json keeps the text that it was given.</summary>
    private static async Task<List<string>> RowsAsync(NpgsqlDataSource database, string table)
    {
        // which transaction a row is of differs: the API makes one for each record, the copy one for all
        await using var columns = database.CreateCommand(
            """
            select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
            where attrelid = $1::regclass and attnum > 0 and not attisdropped and attname not in ('transaction_id', 'seq')
            """);
        columns.Parameters.Add(new NpgsqlParameter { Value = table });
        var compared = (string)(await columns.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        await using var command = database.CreateCommand($"select row({compared})::text as r from {table} order by r");
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            rows.Add(reader.GetString(0));
        return rows;
    }
}
