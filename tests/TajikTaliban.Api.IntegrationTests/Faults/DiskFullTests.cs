using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.IntegrationTests.Platform;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.IntegrationTests.Faults;

/// <summary>
/// A database on a disk that fills up: a file system in memory, which only root may mount. Skipped where that is not so, or where the
/// server runs elsewhere.
/// </summary>
public sealed class DiskFullTests(PostgresServer server)
{
    private const int FreeMegabytes = 12;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Writes_are_refused_with_Retry_After_until_there_is_room_and_reads_go_on()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "not root on Linux: no file system can be mounted");
        Assert.SkipUnless(server.Kind is "embedded" or "installed" or "npm", "the server does not run on this machine");
        var database = await server.CreateDatabaseAsync("migrated", async connection =>
        {
            await using var source = Api.Storage.Database.Open(connection);
            await CommandDatabase.MigrateAsync(source, CancellationToken.None);
        });
        var name = new NpgsqlConnectionStringBuilder(database).Database!;
        await using var admin = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(database) { Database = "postgres", Pooling = false }.ConnectionString);
        await admin.OpenAsync(Cancellation);
        var folder = Directory.CreateTempSubdirectory("full-disk-").FullName;
        var megabytes = (int)((long)(await ReadAsync(admin, $"select pg_database_size('{name}')"))! / 1024 / 1024) + FreeMegabytes;
        var data = (string)(await ReadAsync(admin, "show data_directory"))!;
        var owner = (await RunAsync("stat", "-c", "%u", data)).Output.Trim();
        var mounted = await RunAsync("mount", "-t", "tmpfs", "-o", Size(megabytes) + $",uid={owner},mode=0700", "none", folder);
        Assert.SkipUnless(mounted.ExitCode == 0, "mounting a file system is not allowed");
        try
        {
            await ReadAsync(admin, $"create tablespace full_disk location '{folder}'");
            NpgsqlConnection.ClearAllPools();
            await ReadAsync(admin, $"alter database {name} set tablespace full_disk");

            var key = (await ServiceProcess.RunAsync(database, "keys", "create", "--name", "writer", "--role", Roles.Editor)).LastLine;
            var (service, client) = await ServiceProcess.ServeAsync(database);
            using (service)
            using (client)
            {
                client.DefaultRequestHeaders.Authorization = new("Bearer", key);
                JsonResponse? refused = null;
                var written = 0;
                for (; refused is null && written < 5000; written++)
                {
                    var answer = await client.SendJsonAsync(HttpMethod.Post, "/v1/sources", Large(written));
                    if (answer.Status != HttpStatusCode.Created)
                        refused = answer;
                }

                Assert.NotNull(refused);
                HttpTests.AssertProblem(refused, ProblemType.Unavailable);
                Assert.NotNull(refused.Response.Headers.RetryAfter);
                Assert.Contains("no disk space", (string)refused.Body!["detail"]!, StringComparison.Ordinal);
                Assert.Contains("SQLSTATE 53100", service.Output, StringComparison.Ordinal);
                Assert.Equal(HttpStatusCode.OK, (await client.GetJsonAsync("/v1/sources/large-0")).Status);
                Assert.Equal(HttpStatusCode.NotFound, (await client.GetJsonAsync($"/v1/sources/large-{written - 1}")).Status);
                Assert.Equal(HttpStatusCode.OK, (await client.GetJsonAsync("/health/ready")).Status);

                await RunAsync("mount", "-o", "remount," + Size(megabytes + 50), folder);
                var after = await client.SendJsonAsync(HttpMethod.Post, "/v1/sources", Large(written - 1));
                Assert.Equal(HttpStatusCode.Created, after.Status);
            }
        }
        finally
        {
            NpgsqlConnection.ClearAllPools();
            await ReadAsync(admin, $"drop database if exists {name} with (force)");
            await ReadAsync(admin, "drop tablespace if exists full_disk");
            await RunAsync("umount", folder);
            Directory.Delete(folder);
        }
    }

    private static string Size(int megabytes) => string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m");

    /// <summary>With a text that does not compress.</summary>
    private static JsonObject Large(int number)
    {
        var source = SampleRecords.Source($"large-{number}");
        source["description"] = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(2400));
        return source;
    }

    private static async Task<object?> ReadAsync(NpgsqlConnection connection, string statement)
    {
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 120 };
        return await command.ExecuteScalarAsync(CancellationToken.None);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return (process.ExitCode, output);
    }
}
