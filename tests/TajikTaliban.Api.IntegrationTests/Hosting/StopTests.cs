using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;

namespace TajikTaliban.Api.IntegrationTests.Hosting;

/// <summary>The service stops in time, whatever is open.</summary>
public sealed class StopTests(PostgresServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Slow_readers_waiters_and_writers_do_not_hold_up_the_end()
    {
        var database = await server.CreateDatabaseAsync("migrated", async connection =>
        {
            await using var source = Api.Storage.Database.Open(connection);
            await CommandDatabase.MigrateAsync(source, CancellationToken.None);
        });
        var key = (await ServiceProcess.RunAsync(database, "keys", "create", "--name", "writer", "--role", Roles.Editor)).LastLine;
        var (service, client) = await ServiceProcess.ServeAsync(database);
        using (service)
        using (client)
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", key);
            // more than the buffers on the way take
            var text = new string('x', 4000);
            var lines = string.Join('\n', Enumerable.Range(0, 4000).Select(i => new JsonObject
            {
                ["resource"] = "sources",
                ["record"] = new JsonObject { ["id"] = $"s{i}", ["kind"] = "report", ["title"] = "Long", ["description"] = text },
            }.ToJsonString()));
            using var batch = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
            using var filled = await client.PostAsync("/v1/batch", batch, Cancellation);
            Assert.True(filled.IsSuccessStatusCode, await filled.Content.ReadAsStringAsync(Cancellation));
            var position = filled.Headers.GetValues("Position").Single();

            var port = client.BaseAddress!.Port;
            string[] open =
            [
                "GET /v1/snapshot HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /v1/sources.csv HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /v1/changes HTTP/1.1\r\nHost: localhost\r\nAccept: application/x-ndjson\r\n\r\n",
                "GET /v1/changes HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n",
                $"GET /v1/changes?after={position}&wait=60 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                $"POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nContent-Type: application/x-ndjson\r\n"
                    + "Content-Length: 100000\r\n\r\n{\"resource\":\"sources\",",
            ];
            var sockets = new List<TcpClient>();
            foreach (var request in open)
            {
                var socket = new TcpClient { ReceiveBufferSize = 4096 };
                await socket.ConnectAsync("127.0.0.1", port, Cancellation);
                await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), Cancellation);
                sockets.Add(socket);
            }

            // the readers have begun, and stop to read
            foreach (var socket in sockets[..3])
                Assert.NotEqual(0, await socket.GetStream().ReadAsync(new byte[200], Cancellation));
            await Task.Delay(500, Cancellation);

            var began = TimeProvider.System.GetTimestamp();
            var ended = await service.StopAsync("TERM");
            var took = TimeProvider.System.GetElapsedTime(began);
            sockets.ForEach(s => s.Dispose());

            TestContext.Current.TestOutputHelper?.WriteLine($"stopped within {took.TotalSeconds:0.0} s");
            Assert.True(ended.ExitCode == 0, ended.All);
            Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
            // 3 s for what is open; on a machine with other work the end of the process itself takes longer
            Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(8));
        }
    }
}
