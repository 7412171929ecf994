using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Hosting;

/// <summary>The commands as an operator runs them: what they say, what they leave in the database, and their exit codes.</summary>
public sealed class CommandTests(PostgresServer server)
{
    private const string Password = "not-to-be-told";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_database_is_refused_by_every_command_until_it_is_migrated()
    {
        var database = await server.CreateDatabaseAsync();
        foreach (var command in (string[][])[["keys", "list"], ["seed"],
            ["serve", "--urls", $"http://127.0.0.1:{ServiceProcess.FreePort()}"]])
        {
            var refused = await ServiceProcess.RunAsync(database, command);
            Assert.Equal(1, refused.ExitCode);
            Assert.StartsWith("The schema of the configured database is older than this version. Run `migrate`", refused.Error,
                StringComparison.Ordinal);
            Assert.Single(refused.Error.TrimEnd('\n').Split('\n'));
            Assert.Equal("", refused.Output);
        }

        var first = await ServiceProcess.RunAsync(database, "migrate");
        var second = await ServiceProcess.RunAsync(database, "migrate");

        Assert.Equal((0, ""), (first.ExitCode, first.Error));
        Assert.Matches("^Applied: [0-9]{14}_[A-Za-z, 0-9_]+\n$", first.Output);
        Assert.Equal((0, "The schema is up to date.\n", ""), (second.ExitCode, second.Output, second.Error));
    }

    [Fact]
    public async Task Keys_are_made_listed_and_revoked_and_only_their_hash_is_kept()
    {
        var database = await MigratedAsync();

        var made = await ServiceProcess.RunAsync(database, "keys", "create", "--name", "An editor", "--role", "editor");
        var doubled = await ServiceProcess.RunAsync(database, "keys", "create", "--name", "An editor", "--role", "admin");
        var wrong = await ServiceProcess.RunAsync(database, "keys", "create", "--name", "x", "--role", "owner");
        var listed = await ServiceProcess.RunAsync(database, "keys", "list");
        var revoked = await ServiceProcess.RunAsync(database, "keys", "revoke", "--name", "An editor");
        var reused = await ServiceProcess.RunAsync(database, "keys", "create", "--name", "An editor", "--role", "editor");

        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        var key = made.LastLine;
        Assert.Matches("^tt_[A-Za-z0-9_-]{43}$", key);
        await using var source = NpgsqlDataSource.Create(database);
        await using (var rows = source.CreateCommand("select name, role, hash, revoked_at is not null from api_keys"))
        await using (var reader = await rows.ExecuteReaderAsync(Cancellation))
        {
            Assert.True(await reader.ReadAsync(Cancellation));
            Assert.Equal(("An editor", "editor", true), (reader.GetString(0), reader.GetString(1), reader.GetBoolean(3)));
            Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(key)), (byte[])reader[2]);
            Assert.False(await reader.ReadAsync(Cancellation));
        }

        await using (var texts = source.CreateCommand("select k::text from api_keys k"))
            Assert.DoesNotContain(key, (string)(await texts.ExecuteScalarAsync(Cancellation))!, StringComparison.Ordinal);
        Assert.Equal((1, ""), (doubled.ExitCode, doubled.Output));
        Assert.StartsWith("The name 'An editor' is used by a key", doubled.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, wrong.ExitCode);
        Assert.Contains("'owner'", wrong.Error, StringComparison.Ordinal);
        Assert.Equal(0, listed.ExitCode);
        Assert.Matches("^An editor +editor +[0-9-]+ [0-9:]+Z +- +- +-$", listed.LastLine);
        Assert.DoesNotContain(key, listed.All, StringComparison.Ordinal);
        Assert.Equal((0, "Revoked 'An editor'.\n"), (revoked.ExitCode, revoked.Output));
        Assert.Equal(1, reused.ExitCode);
    }

    [Fact]
    public async Task A_key_with_an_end_is_rotated_and_each_change_of_it_is_in_the_audit_log()
    {
        var database = await MigratedAsync();
        Task<CommandResult> KeysAsync(params string[] arguments) => ServiceProcess.RunAsync(database, ["keys", .. arguments]);

        var made = await KeysAsync("add", "--name", "ends", "--role", "admin", "--expires", "2999-01-31");
        var rotated = await KeysAsync("rotate", "--name", "ends", "--grace", "7d", "--expires", "2999-02-01T12:30:00Z");
        var past = await KeysAsync("rotate", "--name", "ends", "--expires", "2001-01-01");
        var unread = await KeysAsync("rotate", "--name", "ends", "--grace", "a while");
        var nobody = await KeysAsync("rotate", "--name", "nobody");
        var listed = await KeysAsync("list");

        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        Assert.Contains("expires: 2999-01-31 00:00Z", made.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (rotated.ExitCode, rotated.Error));
        Assert.Matches("^tt_[A-Za-z0-9_-]{43}$", rotated.LastLine);
        Assert.NotEqual(made.LastLine, rotated.LastLine);
        Assert.Equal([(1, "--expires is in the past: 2001-01-01 00:00Z.\n"), (1, "Write --grace as 0, 30m, 24h or 7d, at most 90d.\n"),
            (1, "No valid key has the name 'nobody'; see `keys list`.\n")],
            new[] { past, unread, nobody }.Select(r => (r.ExitCode, r.Error)));
        Assert.Matches("^ends +admin +[0-9-]+ [0-9:]+Z +2999-02-01 12:30Z +[0-9-]+ [0-9:]+Z +-$", listed.LastLine);
        await using var source = NpgsqlDataSource.Create(database);
        await using (var rows = source.CreateCommand(
            "select hash, previous_hash, previous_until > now() + interval '6 days' from api_keys"))
        await using (var reader = await rows.ExecuteReaderAsync(Cancellation))
        {
            Assert.True(await reader.ReadAsync(Cancellation));
            Assert.Equal(
                (Hash(rotated.LastLine), Hash(made.LastLine), true),
                (Convert.ToHexString((byte[])reader[0]), Convert.ToHexString((byte[])reader[1]), reader.GetBoolean(2)));
        }

        await using var audit = source.CreateCommand(
            "select string_agg(action || ' of ' || target, ', ' order by id) from audit_log "
            + "where address like '%@%' and action like 'keys.%'");
        Assert.Equal("keys.create of key ends, keys.rotate of key ends", await audit.ExecuteScalarAsync(Cancellation));
        static string Hash(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }

    [Theory]
    [InlineData("keys create --name  --role editor", "Use a name of 1 to 100 characters")]
    [InlineData("keys create --role editor", "--name")]
    [InlineData("keys revoke --name nobody", "No valid key has the name 'nobody'")]
    [InlineData("nonsense", "nonsense")]
    [InlineData("serve --nonsense", "--nonsense")]
    [InlineData("seed --folder /no/such/folder", "The folder /no/such/folder does not exist.")]
    public async Task A_wrong_command_line_is_reported_on_standard_error_and_by_the_exit_code(string command, string said)
    {
        var answer = await ServiceProcess.RunAsync(await MigratedAsync(), command.Split(' '));
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains(said, answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_every_command_and_what_it_takes()
    {
        var root = await ServiceProcess.RunAsync(null, "--help");
        var keys = await ServiceProcess.RunAsync(null, "keys", "create", "--help");

        Assert.Equal((0, ""), (root.ExitCode, root.Error));
        foreach (var word in (string[])["serve", "migrate", "seed", "keys", "openapi", "--urls", "--migrate",
            "ConnectionStrings__Database"])
        {
            Assert.Contains(word, root.Output, StringComparison.Ordinal);
        }

        Assert.Equal(0, keys.ExitCode);
        foreach (var word in (string[])["--name", "--role", "reader", "editor", "admin", "the database stores only its hash"])
            Assert.Contains(word, keys.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($"Host=127.0.0.1;Port=1;Database=x;Username=x;Password={Password}", "cannot be reached")]
    [InlineData($"Host=127.0.0.1;Database=x;Pasword={Password}", "is not valid")]
    public async Task A_database_that_cannot_be_reached_is_one_clear_error_without_the_password(string database, string said)
    {
        var answer = await ServiceProcess.RunAsync(database, "migrate");
        Assert.Equal((1, ""), (answer.ExitCode, answer.Output));
        Assert.Contains(said, answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, answer.All, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Seeding_from_any_folder_writes_the_seeds_once()
    {
        var database = await MigratedAsync();

        var first = await ServiceProcess.RunAsync(database, "seed");
        var second = await ServiceProcess.RunAsync(database, "seed");

        Assert.Equal((0, ""), (first.ExitCode, first.Error));
        Assert.Matches("^in all +[1-9][0-9]* added +0 changed +0 left$", first.LastLine);
        Assert.Equal((0, ""), (second.ExitCode, second.Error));
        var added = first.LastLine.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2];
        Assert.Equal($"in all 0 added 0 changed {added} left", string.Join(' ',
            second.LastLine.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public async Task A_command_redacts_versions_and_says_what_is_left_to_do()
    {
        var database = await MigratedAsync();
        var (service, client) = await ServiceProcess.ServeAsync(database);
        using (service)
        using (client)
        {
            var key = (await ServiceProcess.RunAsync(database, "keys", "create", "--name", "editor", "--role", "editor")).LastLine;
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
            await client.AddBasicsAsync();
            await client.AddAsync("/v1/actors", SampleRecords.Actor("of-a-command"));
            Assert.Equal(HttpStatusCode.OK, (await client.SendJsonAsync(
                HttpMethod.Patch, "/v1/actors/of-a-command", new JsonObject { ["description"] = "Other." }, "*")).Status);
            Task<CommandResult> RedactAsync(params string[] more) => ServiceProcess.RunAsync(
                database, ["redact", "--resource", "actors", "--id", "of-a-command", "--reason", "It was private.", .. more]);

            var current = await RedactAsync("--versions", "2");
            var done = await RedactAsync();
            var again = await RedactAsync("--versions", "1");
            var unread = await RedactAsync("--versions", "one");

            Assert.Equal((0, ""), (done.ExitCode, done.Error));
            Assert.StartsWith("Redacted actors/of-a-command, versions 1. Purge the addresses", done.Output, StringComparison.Ordinal);
            Assert.Equal(
                [
                    (1, "Version 2 is the current one. Change the record, or delete it; then redact that version.\n"),
                    (1, "None of these versions has content that is not redacted.\n"),
                    (1, "Write --versions as numbers separated by commas, such as 1,2.\n"),
                ],
                new[] { current, again, unread }.Select(r => (r.ExitCode, r.Error)));
            Assert.Equal(HttpStatusCode.Gone, (await client.GetJsonAsync("/v1/actors/of-a-command?version=1")).Status);
        }
    }

    [Fact]
    public async Task Serve_with_migrate_creates_and_seeds_the_schema_and_logs_no_secret()
    {
        var database = await server.CreateDatabaseAsync();
        var (service, client) = await ServiceProcess.ServeAsync(database, "--migrate");
        using (service)
        using (client)
        {
            var key = (await ServiceProcess.RunAsync(database, "keys", "create", "--name", "Somebody", "--role", "editor")).LastLine;
            Assert.Equal(HttpStatusCode.OK, (await client.GetJsonAsync("/health/ready")).Status);
            Assert.NotEmpty((await client.GetJsonAsync("/v1/trade")).Body!["items"]!.AsArray());
            foreach (var authorization in (AuthenticationHeaderValue[])[new("Bearer", key), new("Bearer", key + "x"), new("Basic", key)])
            {
                client.DefaultRequestHeaders.Authorization = authorization;
                await client.SendJsonAsync(HttpMethod.Post, "/v1/sources", SampleRecords.Source("written"));
                await client.SendJsonAsync(HttpMethod.Post, "/v1/sources", new JsonObject { ["title"] = 1 });
                await client.GetJsonAsync("/v1/sources?nonsense=1");
            }

            client.DefaultRequestHeaders.Authorization = null;
            Assert.Equal(HttpStatusCode.OK, (await client.GetJsonAsync("/v1/sources/written")).Status);
            var ended = await service.StopAsync("TERM");

            Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
            // the change is logged with the name of its key, so the log is one that could tell more
            Assert.Contains("Somebody", ended.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(key, ended.All, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key))), ended.All,
                StringComparison.OrdinalIgnoreCase);
            var secret = new NpgsqlConnectionStringBuilder(database).Password;
            Assert.DoesNotContain(string.IsNullOrEmpty(secret) ? Password : secret, Redacted(ended.All), StringComparison.Ordinal);
            Assert.DoesNotContain("Exception", ended.All, StringComparison.Ordinal);
        }

        // again, over what is there now: nothing to migrate, and Ctrl-C
        (service, client) = await ServiceProcess.ServeAsync(database);
        using (service)
        using (client)
        {
            var taken = await ServiceProcess.RunAsync(database, "serve", "--urls", client.BaseAddress!.ToString());
            Assert.Equal(1, taken.ExitCode);
            Assert.Contains("--urls", taken.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", taken.Error, StringComparison.Ordinal);
            var ended = await service.StopAsync("INT");
            Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        }
    }

    /// <summary>The embedded server's password may be a common word that its user's name or the database's has in it as well.</summary>
    private static string Redacted(string log) => log.Replace("postgres", "", StringComparison.OrdinalIgnoreCase)
        .Replace("PostgreSQL", "", StringComparison.OrdinalIgnoreCase);

    private Task<string> MigratedAsync() => server.CreateDatabaseAsync("migrated", async connection =>
    {
        await using var database = Api.Storage.Database.Open(connection);
        await CommandDatabase.MigrateAsync(database, CancellationToken.None);
    });
}
