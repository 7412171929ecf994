using System.Text.Json.Nodes;

namespace TajikTaliban.Client.Generator;

/// <summary>The contract without what the client does by hand, or in another way.</summary>
internal static class Reduction
{
    private const string OrNull = "OrNull";

    /// <summary>They would make a response another than the one that a method reads.</summary>
    private static readonly string[] OtherResponses =
        ["format", "labels", "dialect", "named", "If-None-Match", "If-Modified-Since", "Last-Event-ID"];

    public static JsonNode Of(JsonNode contract)
    {
        // SnapshotAsync reads it as a stream
        contract["paths"]!.AsObject().Remove("/v1/snapshot");
        RemoveErrors(contract);
        RemoveOtherResponses(contract);
        // a JsonElement, to be read as the record that `resource` says
        var record = contract["components"]!["schemas"]!["Change"]!["properties"]!["record"]!.AsObject();
        record.Remove("type");
        record.Remove("additionalProperties");
        SeparateNull(contract);
        return contract;
    }

    /// <summary>Errors are read in one place, <c>ServiceConnection</c>.</summary>
    private static void RemoveErrors(JsonNode contract)
    {
        foreach (var responses in Operations.All(contract).Select(o => o.Node["responses"]!.AsObject()))
        {
            foreach (var status in responses.Select(r => r.Key).Where(s => s[0] != '2').ToList())
                responses.Remove(status);
        }
    }

    private static void RemoveOtherResponses(JsonNode contract)
    {
        foreach (var (_, _, operation, parameters) in Operations.All(contract).Where(o => o.Method == "get").ToList())
        {
            for (var index = parameters.Count - 1; index >= 0; index--)
            {
                if (OtherResponses.Contains((string?)parameters[index]["name"]))
                    operation["parameters"]!.AsArray().RemoveAt(index);
            }
        }
    }

    /// <summary>Null belongs to the field: a code has one type, with null or without, and the members of a list are never null.</summary>
    private static void SeparateNull(JsonNode contract)
    {
        var schemas = contract["components"]!["schemas"]!.AsObject();
        var nullable = schemas.Where(s => (bool?)s.Value!["nullable"] == true).Select(s => s.Key).ToHashSet();
        foreach (var name in nullable)
        {
            var schema = schemas[name]!.AsObject();
            schema.Remove("nullable");
            if (schema["enum"] is not JsonArray values)
                continue;
            values.Remove(values.First(v => v is null));
            schemas.Remove(name);
            _ = schemas.TryAdd(WithoutNull(name), schema);
        }

        foreach (var property in schemas.SelectMany(s => s.Value!["properties"]?.AsObject() ?? []).Select(p => p.Value!))
        {
            if (property["allOf"]?[0]?["$ref"] is not { } reference || !nullable.Contains(Operations.Name(reference)))
                continue;
            property["allOf"]![0]!["$ref"] = WithoutNull((string)reference!);
            property["nullable"] = true;
        }
    }

    private static string WithoutNull(string name) => name.EndsWith(OrNull, StringComparison.Ordinal) ? name[..^OrNull.Length] : name;
}
