using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Problems;
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
        var records = Varied().ToList();
        foreach (var (sample, body) in records)
        {
            await _written.Editor.AddAsync(sample.Path, body);
        }

        Assert.Equal(records.Count, await CopyAsync(records.Select(r => Make(r.Sample, r.Body))));

        foreach (var table in Tables())
        {
            var expected = await RowsAsync(_written.Database, table);
            Assert.True(expected.Count > 0, $"{table} is not compared: no record has a row in it.");
            Assert.Equal(expected, await RowsAsync(_copied.Database, table));
        }

        Assert.Equal(records.Count, (await RowsAsync(_written.Database, Ledger)).Count);
        foreach (var table in new[] { Ledger, "ledger_documents" })
            Assert.Equal(await RowsAsync(_written.Database, table), await RowsAsync(_copied.Database, table));
    }

    [Fact]
    public async Task More_records_than_a_batch_holds_are_copied()
    {
        var source = SampleRecords.Of("sources");
        IEnumerable<Record> Many()
        {
            for (var i = 0; i < BulkCopy.BatchSize + 1; i++)
            {
                yield return Make(source, source.Minimal($"source-{i}"));
            }
        }

        Assert.Equal(BulkCopy.BatchSize + 1, await CopyAsync(Many()));

        await using var count = _copied.Database.CreateCommand("select count(*) from sources");
        Assert.Equal(BulkCopy.BatchSize + 1L, await count.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_error_leaves_nothing_behind()
    {
        // the last of them refers to an actor that is not there
        var records = Basics().Append((Sample: SampleRecords.Of("events"), Body: SampleRecords.Event("event", "2024-08-16", "nobody")));

        await Refused.ByAsync(
            PostgresErrorCodes.ForeignKeyViolation, "fk_event_participants_actors_actor_id",
            () => CopyAsync(records.Select(r => Make(r.Sample, r.Body))));

        foreach (var table in Tables())
            Assert.Empty(await RowsAsync(_copied.Database, table));
    }

    [Fact]
    public async Task An_error_in_the_source_of_records_leaves_nothing_behind()
    {
        IEnumerable<Record> Broken()
        {
            foreach (var (sample, body) in Basics())
            {
                yield return Make(sample, body);
            }

            throw new InvalidDataException();
        }

        await Assert.ThrowsAsync<InvalidDataException>(() => CopyAsync(Broken()));

        foreach (var table in Tables())
            Assert.Empty(await RowsAsync(_copied.Database, table));
    }

    /// <summary>The records that the samples refer to.</summary>
    private static IEnumerable<(SampleRecord Sample, JsonObject Body)> Basics() =>
        SampleRecords.All.Where(s => s.Referred is not null).Select(s => (s, s.Minimal(s.Referred!)))
            .Append((SampleRecords.Of("actors"), SampleRecords.Actor("beta")));

    /// <summary>The full sample of each resource, another with its change, and values at the edges: an open date, a long number.</summary>
    private static IEnumerable<(SampleRecord Sample, JsonObject Body)> Varied() =>
    [
        .. Basics(),
        .. SampleRecords.All.SelectMany(s => new[] { (s, s.Body), (s, s.As("changed").WithChange().Body) }),
        (SampleRecords.Of("events"), SampleRecords.Event("open-event", "2024-08-16/..", "alpha")),
        (SampleRecords.Of("trade"), SampleRecord.With(
            SampleRecords.Of("trade").Minimal("long-number"),
            new JsonObject { ["value"] = JsonNode.Parse("12345678901234567890.1234567") })),
    ];

    /// <summary>The record that the mapping of a resource makes of a body; its type is known only at run time.</summary>
    private Record Make(SampleRecord sample, JsonObject body)
    {
        var resource = _copied.Services.GetRequiredService<ResourceCatalogue>().All.Single(r => r.Name == sample.Resource);
        var mapping = typeof(Service).Assembly.GetTypes().Single(t => t.BaseType is { IsGenericType: true } parent
            && parent.GetGenericTypeDefinition() == typeof(RecordMapping<,,>) && parent.GenericTypeArguments[0] == resource.RequestType);
        return Make((dynamic)Activator.CreateInstance(mapping)!, body);
    }

    private static TRecord Make<TRequest, TRecord, TResponse>(RecordMapping<TRequest, TRecord, TResponse> mapping, JsonObject body)
        where TRequest : class, IRecordRequest
        where TRecord : Record
        where TResponse : class
    {
        var request = body.Deserialize<TRequest>(ApiJson.Options)!;
        var record = mapping.ToRecord(request, request.Id!, (_, id) => id);
        mapping.SetBounds(record, _ => null, new Errors());
        return mapping.Finish(record);
    }

    private Task<long> CopyAsync(IEnumerable<Record> records) =>
        BulkCopy.RunAsync(_copied.Database, records.ToAsyncEnumerable(), new Author(ApiFixture.Start),
            TestContext.Current.CancellationToken);

    /// <summary>The tables of all records and their parts.</summary>
    private List<string> Tables()
    {
        using var context = Api.Storage.Database.Context(_copied.Database);
        return [.. context.Model.GetEntityTypes().Where(e => typeof(Record).IsAssignableFrom(e.ClrType) || e.IsOwned())
            .Select(e => e.GetTableName()!).Distinct()];
    }

    /// <summary>The rows as the database itself writes them out; json keeps the text that it was given.</summary>
    private static async Task<List<string>> RowsAsync(NpgsqlDataSource database, string table)
    {
        // which transaction a row is of differs: the API makes one for each record, the copy one for all
        await using var columns = database.CreateCommand(
            """
            select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
            where attrelid = $1::regclass and attnum > 0 and not attisdropped and attname not in ('transaction_id', 'recorded_at', 'seq')
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
