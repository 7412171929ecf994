using System.Text.Json;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Records;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Platform.Querying;

/// <summary>The records that the records of a response refer to, once each, by resource and id.</summary>
internal static class Expansion
{
    public static async Task<SortedDictionary<string, SortedDictionary<string, byte[]>>> ReadAsync(
        IReadOnlyList<ExpandDefinition> expand, IReadOnlyList<ReadOnlyMemory<byte>> documents, RecordReader reader, AsOf? asOf,
        CancellationToken cancellation)
    {
        var wanted = new Dictionary<string, HashSet<string>>();
        foreach (var document in documents)
        {
            using var json = JsonDocument.Parse(document);
            foreach (var path in expand)
            {
                var ids = wanted.TryGetValue(path.Table, out var known) ? known : wanted[path.Table] = [];
                Collect(json.RootElement, path.Path.Split('.'), 0, ids);
            }
        }

        var found = new SortedDictionary<string, SortedDictionary<string, byte[]>>(StringComparer.Ordinal);
        foreach (var path in expand)
        {
            if (!found.ContainsKey(path.Table))
            {
                found[path.Table] = wanted.TryGetValue(path.Table, out var ids) && ids.Count > 0
                    ? new(await reader.FindReferredAsync(path.Table, ids, asOf, cancellation), StringComparer.Ordinal)
                    : new(StringComparer.Ordinal);
            }
        }

        return found;
    }

    /// <summary>Writes them, of a table with chosen fields only these.</summary>
    public static void Write(
        Utf8JsonWriter json, SortedDictionary<string, SortedDictionary<string, byte[]>> expanded,
        IReadOnlyDictionary<string, List<string>> fieldsOf)
    {
        using var part = new PooledBody(4096);
        json.WriteStartObject("expanded");
        foreach (var (resource, records) in expanded)
        {
            var fields = fieldsOf.GetValueOrDefault(resource);
            json.WriteStartObject(resource);
            foreach (var (id, record) in records)
            {
                json.WritePropertyName(id);
                if (fields is null)
                {
                    json.WriteRawValue(record, skipInputValidation: true);
                    continue;
                }

                part.Clear();
                Projection.Write(record, fields, part);
                json.WriteRawValue(part.Written.Span, skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Collect(JsonElement value, string[] path, int depth, HashSet<string> ids)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var member in value.EnumerateArray())
                Collect(member, path, depth, ids);
        }
        else if (depth == path.Length && value.ValueKind == JsonValueKind.String)
        {
            ids.Add(value.GetString()!);
        }
        else if (depth < path.Length && value.ValueKind == JsonValueKind.Object && value.TryGetProperty(path[depth], out var next))
        {
            Collect(next, path, depth + 1, ids);
        }
    }
}
