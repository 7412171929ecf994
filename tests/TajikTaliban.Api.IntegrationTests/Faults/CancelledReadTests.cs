using System.Collections.Concurrent;
using Npgsql;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Storage;

namespace TajikTaliban.Api.IntegrationTests.Faults;

/// <summary>
/// The deadline of a request cancels whatever statement runs: the connection goes back to its pool, and the next request that takes it has
/// to get its own answer.
/// </summary>
public sealed class CancelledReadTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const int Workers = 6;
    private const int Rounds = 150;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("select n, repeat('x', 500) from generate_series(1, 20000) n")]
    [InlineData("select pg_sleep(0.02)")]
    [InlineData("select 1")]
    public async Task A_statement_after_a_cancelled_one_gets_its_own_answer(string statement)
    {
        await using var pool = Database.Open(new NpgsqlConnectionStringBuilder(api.ConnectionString) { MaxPoolSize = 3 }.ConnectionString);
        var faults = new ConcurrentBag<string>();
        var cancelled = 0;
        await Parallel.ForAsync(0, Workers, Cancellation, async (worker, stop) =>
        {
            var random = new Random(worker);
            for (var round = 0; round < Rounds; round++)
            {
                try
                {
                    using var ends = new CancellationTokenSource(TimeSpan.FromMicroseconds(random.Next(1, 20_000)));
                    await using var connection = await pool.OpenConnectionAsync(ends.Token);
                    await using var batch = new NpgsqlBatch(connection)
                    {
                        BatchCommands =
                        {
                            new NpgsqlBatchCommand("select set_config('plan_cache_mode', 'auto', true)"), new NpgsqlBatchCommand(statement),
                        },
                    };
                    await using var reader = await batch.ExecuteReaderAsync(ends.Token);
                    await reader.NextResultAsync(ends.Token);
                    while (await reader.ReadAsync(ends.Token))
                        _ = reader.GetValue(0);
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref cancelled);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    faults.Add($"cancelled: {e.GetType().Name} {e.Message}");
                }

                try
                {
                    var (own, text) = (random.Next(), $"{worker}/{round}");
                    await using var check = pool.CreateCommand("select $1::int, $2::text");
                    check.Parameters.Add(new NpgsqlParameter { Value = own });
                    check.Parameters.Add(new NpgsqlParameter { Value = text });
                    await using var reader = await check.ExecuteReaderAsync(stop);
                    if (!await reader.ReadAsync(stop) || reader.GetInt32(0) != own || reader.GetString(1) != text)
                        faults.Add("another answer");
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    faults.Add($"later: {e.GetType().Name} {e.Message} {e.InnerException?.Message}");
                }
            }
        });
        Assert.True(cancelled > 0, "nothing was cancelled");
        Assert.True(faults.IsEmpty, string.Join('\n', faults.GroupBy(f => f).Select(g => $"{g.Count()} x {g.Key}").Take(10)));
    }
}
