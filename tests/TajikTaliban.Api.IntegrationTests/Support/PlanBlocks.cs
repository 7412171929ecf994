using System.Text.Json.Nodes;
using Npgsql;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>How many blocks of the database a statement reads: what it costs, whatever the machine does beside it.</summary>
internal static class PlanBlocks
{
    public static Task<long> OfAsync(
        NpgsqlConnection connection, string statement, IEnumerable<NpgsqlParameter> parameters, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(statement, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return OfAsync(connection, command, cancellation);
    }

    /// <summary>The same in a plan for any values.</summary>
    public static async Task<long> OfAsync(NpgsqlConnection connection, NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var settings = new NpgsqlCommand("set local plan_cache_mode = force_generic_plan", connection))
            await settings.ExecuteNonQueryAsync(cancellation);
        command.CommandText = $"explain (analyze, buffers, format json) {command.CommandText}";
        var plan = JsonNode.Parse((string)(await command.ExecuteScalarAsync(cancellation))!)![0]!["Plan"]!;
        return (long)plan["Shared Hit Blocks"]! + (long)plan["Shared Read Blocks"]!;
    }
}
