using System.Diagnostics;
using System.Globalization;
using Npgsql;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.IntegrationTests.Contract;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Ledger;

/// <summary>
/// No change is missed, doubled or out of order, whatever is killed. <c>STORM_CHANGES=100000 dotnet test</c> makes the storm a large one.
/// </summary>
public sealed class StormTests(PostgresServer server)
{
    private const int UsualChanges = 4000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static int Changes =>
        int.TryParse(Environment.GetEnvironmentVariable("STORM_CHANGES"), CultureInfo.InvariantCulture, out var changes)
            ? changes : UsualChanges;

    [Fact]
    public async Task Every_reader_gets_every_change_once_and_in_order_and_a_copy_equals_the_origin()
    {
        var database = await DatabaseAsync();
        var copy = await server.CreateDatabaseAsync();
        var program = await BuildFollowerAsync();
        await using var storm = new Storm(database, Changes, isService: true);
        await storm.StartAsync();
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var kills = 0;
        // the example that follows, killed again and again
        var follower = Task.Run(async () =>
        {
            while (!ends.IsCancellationRequested)
            {
                using var process = Follow(program, storm.Address, copy);
                try
                {
                    await Task.Delay(Random.Shared.Next(1500, 4000), ends.Token);
                }
                catch (OperationCanceledException)
                {
                    // the storm is over: it may go on to the end
                }

                if (!ends.IsCancellationRequested)
                    kills++;
                process.Kill();
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }, Cancellation);

        await using var snapshots = new StormSnapshots(storm.Address);
        snapshots.Start();

        await storm.RunAsync();
        await snapshots.StopAsync();
        await ends.CancelAsync();
        await follower;

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{storm.Summary}; the follower was killed {kills} times; {snapshots.Count} snapshots");
        Assert.Empty((await storm.FaultsAsync()).Take(20));
        Assert.True(storm.Readers.Values.All(r => r.Count >= Changes), storm.Summary);
        Assert.NotEqual(0, snapshots.Count);
        await AssertCopyAsync(program, storm, copy, snapshots);
    }

    /// <summary>The numbers given when a transaction begins, as a plain sequence gives them: the same storm has to find that out.</summary>
    [Fact]
    public async Task The_storm_detects_missed_changes_with_a_plain_sequence_as_position()
    {
        var database = await DatabaseAsync();
        await ExecuteAsync(database,
            """
            create sequence plain_positions;
            create or replace function ledger_transaction() returns bigint language plpgsql volatile as $$
            declare known text := current_setting('ledger.transaction', true); own bigint; number bigint;
            begin
                if known <> '' then return known::bigint; end if;
                own := pg_current_xact_id()::text::bigint;
                insert into ledger_transactions (xid, key_name, position, horizon, committed_at)
                    values (own, nullif(current_setting('ledger.key', true), ''), nextval('plain_positions'), 0, clock_timestamp())
                    returning id into number;
                perform set_config('ledger.transaction', number::text, true),
                    set_config('ledger.recorded', clock_timestamp()::text, true);
                return number;
            end $$;
            create or replace function ledger_open() returns bigint language sql as $$ select ledger_transaction() $$;
            alter table ledger_transactions disable trigger ledger_close, disable trigger ledger_stamp;
            """);
        await using var storm = new Storm(database, 1500, isService: false);
        await storm.StartAsync();

        await storm.RunAsync();

        Assert.NotEmpty(await storm.FaultsAsync());
    }

    private async Task<string> DatabaseAsync() => await server.CreateDatabaseAsync("migrated-for-storms", async connection =>
    {
        await using var source = Api.Storage.Database.Open(connection);
        await CommandDatabase.MigrateAsync(source, CancellationToken.None);
    });

    private static async Task ExecuteAsync(string database, string statements)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(statements, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task AssertCopyAsync(string program, Storm storm, string copy, StormSnapshots snapshots)
    {
        var origin = await storm.RecordsAsync();
        var (service, client) = await ServiceProcess.ServeAtAsync($"http://127.0.0.1:{ServiceProcess.FreePort()}", storm.Database);
        using (service)
        using (client)
        using (var process = Follow(program, client.BaseAddress!.ToString(), copy))
        {
            SortedDictionary<string, string> copied = [];
            for (var attempt = 0; attempt < 120 && !origin.SequenceEqual(copied); attempt++)
            {
                await Task.Delay(250, Cancellation);
                copied = await CopiedAsync(copy);
            }

            process.Kill();
            Assert.Equal(origin, copied);
            Assert.Empty(await snapshots.FaultsAsync(client));
        }
    }

    internal static async Task<SortedDictionary<string, string>> CopiedAsync(string copy)
    {
        var records = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await using var source = NpgsqlDataSource.Create(copy);
        await using var command = source.CreateCommand("select resource || '/' || id, version || ' ' || record::text from records");
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
            records.Add(reader.GetString(0), reader.GetString(1));
        return records;
    }

    /// <summary>The example as its users have it, made by the SDK from its one file.</summary>
    internal static async Task<string> BuildFollowerAsync()
    {
        var output = Path.Combine(Path.GetTempPath(), $"follow-{Guid.NewGuid():n}");
        using var build =
            Process.Start(
                new ProcessStartInfo("dotnet",
                    ["build", Path.Combine(Repository.Root, "deploy/examples/follow.cs"), "-o", output, "-v", "q"])
                {
                    RedirectStandardOutput = true,
                })!;
        var text = await build.StandardOutput.ReadToEndAsync(Cancellation);
        await build.WaitForExitAsync(Cancellation);
        Assert.True(build.ExitCode == 0, text);
        return Path.Combine(output, "follow.dll");
    }

    internal static Process Follow(string program, string address, string copy)
    {
        var process =
            Process.Start(
                new ProcessStartInfo("dotnet", [program, address, copy]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
