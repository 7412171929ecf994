using System.CommandLine;
using Npgsql;
using TajikTaliban.Api.Hosting.OpenApi;

namespace TajikTaliban.Api.Hosting.Commands;

/// <summary><c>openapi</c>: the contract, without a database.</summary>
internal static class OpenApiCommand
{
    public static Command Create(ServiceFactory service, CancellationToken stop)
    {
        var output = new Option<string?>("--output") { Description = "File to write (default: standard output)." };
        var command = new Command("openapi", "Write the contract (OpenAPI), as served at /openapi/v1.json.") { output };
        command.SetAction((arguments, _) => CommandLine.GuardAsync(async () =>
        {
            await using var nowhere = NpgsqlDataSource.Create("Host=none");
            await using var app = service.Build(service.CreateBuilder(null), nowhere, null);
            var contract = await Contract.WriteAsync(app);
            if (arguments.GetValue(output) is { } file)
                await File.WriteAllTextAsync(file, contract, stop);
            else
                await Console.Out.WriteAsync(contract);
            return 0;
        }, stop));
        return command;
    }
}
