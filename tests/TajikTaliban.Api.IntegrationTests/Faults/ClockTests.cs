using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Npgsql;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Faults;

/// <summary>
/// The clock of the database is set ahead and back. The functions of the ledger find a clock of the test first, which is the database's own
/// with an offset.
/// </summary>
public sealed class ClockTests(ClockTests.Logged api) : IClassFixture<ClockTests.Logged>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_the_clock_was_set_back_the_present_finds_every_record_and_stamps_stay_in_order()
    {
        await ExecuteAsync("create table clock (ahead interval not null); insert into clock values ('0')");
        await ExecuteAsync(
            "create function public.clock_timestamp() returns timestamptz language sql volatile as "
            + "'select pg_catalog.clock_timestamp() + ahead from public.clock'");
        var name = new NpgsqlConnectionStringBuilder(api.ConnectionString).Database!;
        await ExecuteAsync($"alter database \"{name}\" set search_path = public, pg_catalog");
        api.Database.Clear();
        await AddAsync("before");
        await ExecuteAsync("update clock set ahead = '3 days'");
        await AddAsync("ahead");
        await ExecuteAsync("update clock set ahead = '0'");

        Assert.DoesNotContain(api.Lines.All, IsOnTheClock);
        // no commit has seen the right clock since, and the record is there
        Assert.Equal(["ahead", "before"], await IdsAsync(await NowAsync()));

        await AddAsync("back");
        Assert.Contains("2.23:59:", Assert.Single(api.Lines.All, IsOnTheClock), StringComparison.Ordinal);
        var afterBack = await NowAsync();
        await AddAsync("last");
        Assert.Equal(["ahead", "back", "before", "last"], await IdsAsync(await NowAsync()));
        // later the last minute is over, and an instant is what the clock showed at the commits
        await ExecuteAsync("update clock set ahead = '2 minutes'");
        Assert.Equal(["ahead", "back", "before"], await IdsAsync(afterBack));
        Assert.Equal([], await IdsAsync(afterBack.AddMinutes(-5)));

        // when the clock has caught up, all is as it was
        await ExecuteAsync("update clock set ahead = '4 days'");
        await AddAsync("caught-up");
        Assert.Equal(2L, await CountAsync("select count(*) from ledger_transactions where clocked_at is not null"));
        Assert.Equal(0L, await CountAsync(
            "select count(*) from (select committed_at, lag(committed_at) over (order by position) as last from ledger_transactions) t "
            + "where committed_at <= last"));
        var feed = (await api.Reader.GetJsonAsync("/v1/changes")).Body!["items"]!.AsArray();
        Assert.Equal(["before", "ahead", "back", "last", "caught-up"], feed.Select(c => (string)c!["id"]!));
    }

    private static bool IsOnTheClock(string line) => line.Contains("ahead of the database's clock", StringComparison.Ordinal);

    private async Task AddAsync(string id) => await api.Editor.AddAsync("/v1/sources", SampleRecords.Source(id));

    private async Task<IEnumerable<string>> IdsAsync(DateTime instant)
    {
        var text = instant.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        var answer = await api.Reader.GetJsonAsync($"/v1/sources?sort=id&asOf={text}");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body?.ToJsonString());
        return answer.Body!["items"]!.AsArray().Select(i => (string)i!["id"]!);
    }

    private async Task<DateTime> NowAsync()
    {
        await using var command = api.Database.CreateCommand("select pg_catalog.clock_timestamp()");
        return (DateTime)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private async Task<long> CountAsync(string statement)
    {
        await using var command = api.Database.CreateCommand(statement);
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private async Task ExecuteAsync(string statement)
    {
        await using var command = api.Database.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>A service whose log is read.</summary>
    public sealed class Logged(PostgresServer server) : ApiFixture(server)
    {
        public LogLines Lines { get; } = new();

        protected override ILoggerProvider Logs => Lines;
    }
}
