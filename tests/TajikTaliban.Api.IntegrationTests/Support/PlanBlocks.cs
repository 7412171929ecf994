using System.Text.Json.Nodes;
using Npgsql;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>How many blocks of the database a statement reads: what it costs, whatever the machine does beside it.</summary>
internal static class PlanBlocks
{
    public static async Task<long> OfAsync(
        NpgsqlConnection connection, string statement, IEnumerable<NpgsqlParameter> parameters, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"explain (analyze, buffers, format json) {statement}", connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        var plan = JsonNode.Parse((string)(await command.ExecuteScalarAsync(cancellation))!)![0]!["Plan"]!;
        return (long)plan["Shared Hit Blocks"]! + (long)plan["Shared Read Blocks"]!;
    }
}
