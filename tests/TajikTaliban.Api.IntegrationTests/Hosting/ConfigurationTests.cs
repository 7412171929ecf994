using System.Net;
using System.Net.Sockets;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Hosting;

/// <summary>A wrong setting ends the start with a sentence that names it, and never with a stack trace.</summary>
public sealed class ConfigurationTests(PostgresServer server)
{
    [Theory]
    [InlineData("Webhooks__AllowedNetworks", "nonsense", "Webhooks__AllowedNetworks is 'nonsense', which is not valid;")]
    [InlineData("Webhooks__AllowedNetworks", "10.0.0.1/8", "without host bits")]
    [InlineData("Webhooks__AllowedNetworks", "0177.0.0.0/8", "Webhooks__AllowedNetworks is '0177.0.0.0/8'")]
    [InlineData("Webhooks__AllowedNetworks__0", "nonsense", "Webhooks__AllowedNetworks is 'nonsense'")]
    [InlineData("Webhooks__Atempts", "3", "did you mean Webhooks__Attempts?")]
    [InlineData("Embedded__DataFoldre", "/tmp", "did you mean Embedded__DataFolder?")]
    [InlineData("ConnectionStrings__Databse", "Host=x", "did you mean ConnectionStrings__Database?")]
    [InlineData("ConnectionStrings__Direct", "nonsense", "ConnectionStrings__Direct is not valid")]
    [InlineData("ConnectionStrings__Database", "nonsense", "ConnectionStrings__Database is not valid")]
    [InlineData("ConnectionStrings__Database", "Host=127.0.0.1;Port=many", "ConnectionStrings__Database is not valid")]
    [InlineData("ConnectionStrings__Database", "Database=x", "ConnectionStrings__Database is not valid")]
    [InlineData("AccessLog__Sample", "nonsense", "AccessLog__Sample")]
    [InlineData("AccessLog__Sampel", "1", "did you mean AccessLog__Sample?")]
    [InlineData("AccessLog__Output", "/no/such/folder/access.log", "/no/such/folder/access.log")]
    [InlineData("Cors__Origins", "https://example.org/", "Cors__Origins is 'https://example.org/', which is not valid;")]
    [InlineData("Cors__Origins", "http://localhost:5173,example.org", "Cors__Origins is 'example.org'")]
    [InlineData("Cors__Origins", "*", "Cors__Origins is '*'")]
    [InlineData("Cors__Origins", "null", "Cors__Origins is 'null'")]
    [InlineData("Cors__Origins", "https://*.example.org", "Cors__Origins is 'https://*.example.org'")]
    [InlineData("Cors__Origins__0", "https://example.org/page", "Cors__Origins is 'https://example.org/page'")]
    [InlineData("Cors__Orgins", "https://example.org", "did you mean Cors__Origins?")]
    [InlineData("ASPNETCORE_URLS", "nonsense", "--urls")]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:99999", "--urls")]
    [InlineData("ASPNETCORE_URLS", "https://127.0.0.1:0", "--urls")]
    [InlineData("ASPNETCORE_URLS", "http://203.0.113.1:0", "--urls")]
    public async Task A_wrong_setting_is_one_sentence(string name, string value, string said)
    {
        var answer = await ServiceProcess.RunAsync(await MigratedAsync(), [(name, value)], "serve");

        AssertRefused(answer, said);
    }

    [Fact]
    public async Task A_taken_port_is_one_sentence_for_one_address_and_for_all()
    {
        using var taken = new TcpListener(IPAddress.Any, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        foreach (var host in (string[])["127.0.0.1", "localhost", "0.0.0.0", "*"])
        {
            AssertRefused(
                await ServiceProcess.RunAsync(await MigratedAsync(), "serve", "--urls", $"http://{host}:{port}"), $"{port}");
        }
    }

    private static void AssertRefused(CommandResult answer, string said)
    {
        Assert.True(answer.ExitCode == 1, answer.All);
        Assert.Contains(said, answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.All, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", answer.All, StringComparison.Ordinal);
        Assert.InRange(answer.Error.TrimEnd('\n').Split('\n').Length, 1, 2);
    }

    private Task<string> MigratedAsync() => server.CreateDatabaseAsync("migrated", async connection =>
    {
        await using var database = Api.Storage.Database.Open(connection);
        await CommandDatabase.MigrateAsync(database, CancellationToken.None);
    });
}
