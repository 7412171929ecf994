using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Features.Events;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Storage.Counts;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.IntegrationTests.Ledger;

/// <summary>
/// A ledger after a bulk load: one transaction with nearly all changes, of which alone the statistics know, and a few small ones after it.
/// </summary>
public sealed class LoadedLedgerFixture(PostgresServer server) : ApiFixture(server)
{
    protected override async ValueTask FillAsync()
    {
        await Editor.AddBasicsAsync();
        await Editor.AddAsync("/v1/events", SampleRecords.Event("loaded", "2024-08-16", "alpha", "beta"));
        await using var connection = await Database.OpenConnectionAsync();
        foreach (var statement in (string[])
            [
                "alter table ledger_changes set (autovacuum_enabled = false)",
                "alter table ledger_transactions set (autovacuum_enabled = false)",
                "alter table ledger_changes disable trigger all",
                """
                with changes as (
                    insert into ledger_changes (transaction_id, resource, id, version, operation)
                    select transaction_id, resource, 'loaded-' || g, version, operation
                    from ledger_changes, generate_series(1, 50000) g where id = 'loaded' returning seq)
                insert into ledger_documents (seq, document, shape, edition)
                select c.seq, d.document, d.shape, d.edition
                from changes c, ledger_changes l join ledger_documents d using (seq) where l.id = 'loaded'
                """,
                "alter table ledger_changes enable trigger all",
                "vacuum (analyze) ledger_changes, ledger_documents, ledger_transactions",
            ])
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }

        await Editor.AddAsync("/v1/events", SampleRecords.Event("later", "2024-08-17", "alpha", "beta"));
    }
}

/// <summary>What is read of the ledger depends on what is asked for, not on how much there is nor on what the statistics know.</summary>
public sealed class LedgerPlanTests(LoadedLedgerFixture api) : IClassFixture<LoadedLedgerFixture>
{
    /// <summary>A walk over the ledger reads some thousands.</summary>
    private const long MaxBlocks = 200;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("indicators")]
    [InlineData("indicators", "trade_flows", "events")]
    [InlineData("sources", "actors")]
    [InlineData]
    public async Task A_page_of_the_feed_reads_the_changes_that_it_has(params string[] tables)
    {
        foreach (var hasBefore in new[] { false, true })
        {
            var plan = await BlocksAsync(
                FeedReader.Statement(tables.Length == 0 ? null : tables, 5, hasBefore, false),
                [Number(0), Number(long.MaxValue), .. tables.Select(Text)]);
            Assert.InRange(plan, 1, MaxBlocks);
        }
    }

    [Fact]
    public async Task What_was_changed_since_kept_counts_is_read_alone()
    {
        var loaded = await LoadedAsync();
        var statement = $"select c.id from ledger_transactions n cross join lateral "
            + $"({LedgerRows.ChangesOfTransaction("n.id", "$1", "0", 1001)}) c where n.position > $2";
        Assert.InRange(await BlocksAsync(statement, [Text("events"), Number(loaded)]), 1, MaxBlocks);
        var kept = await BlocksAsync(KeptCounts.Read,
            [
                Text("events"), Number(long.MaxValue), Text(""),
                new NpgsqlParameter { Value = new[] { "" }, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                Text(ValueCountSql.Counted(new EventResource().List)),
            ]);
        Assert.InRange(kept, 1, MaxBlocks);
    }

    /// <summary>The position of the bulk load: the one before the newest.</summary>
    private async Task<long> LoadedAsync()
    {
        await using var connection = await api.Database.OpenConnectionAsync(Cancellation);
        await using var command = new NpgsqlCommand("select max(position) - 1 from ledger_transactions", connection);
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private async Task<long> BlocksAsync(string statement, NpgsqlParameter[] parameters)
    {
        await using var connection = await api.Database.OpenConnectionAsync(Cancellation);
        return await PlanBlocks.OfAsync(connection, statement, parameters, Cancellation);
    }

    private static NpgsqlParameter Number(long value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    private static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };
}
