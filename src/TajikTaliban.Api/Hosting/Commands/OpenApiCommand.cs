using System.CommandLine;
using System.Text.Json.Nodes;
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
        command.Subcommands.Add(Compare(stop));
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

    /// <summary><c>openapi compare OLD NEW</c>: fails where clients of the old contract break.</summary>
    private static Command Compare(CancellationToken stop)
    {
        var (old, @new) = (new Argument<string>("old") { Description = "File of the earlier contract." },
            new Argument<string>("new") { Description = "File of the later contract." });
        var accepted = new Option<string?>("--accept")
        {
            Description = "File of breaking changes that are meant, each as this command writes it, on a line of its own.",
        };
        var command = new Command("compare", "List the changes from one contract to another; fail if one of them breaks clients.")
        {
            old, @new, accepted,
        };
        command.SetAction((arguments, _) => CommandLine.GuardAsync(async () =>
        {
            async Task<JsonNode> ReadAsync(string file) => JsonNode.Parse(await File.ReadAllTextAsync(file, stop))!;
            var changes = ContractComparison.Of(
                await ReadAsync(arguments.GetRequiredValue(old)), await ReadAsync(arguments.GetRequiredValue(@new)));
            HashSet<string> meant = arguments.GetValue(accepted) is { } file ? [.. await File.ReadAllLinesAsync(file, stop)] : [];
            foreach (var change in changes)
            {
                var kind = !change.IsBreaking ? "addition" : meant.Contains(change.Text) ? "accepted" : "BREAKING";
                await Console.Out.WriteLineAsync($"{kind}: {change.Text}");
            }

            var breaking = changes.Count(c => c.IsBreaking && !meant.Contains(c.Text));
            await Console.Out.WriteLineAsync($"{changes.Count} changes, {breaking} of them break clients.");
            return breaking == 0 ? 0 : 1;
        }, stop));
        return command;
    }
}
