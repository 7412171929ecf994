using System.Security.Cryptography;
using System.Text.Json;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Validation;

namespace TajikTaliban.Api.Hosting.Seeding;

/// <summary>A record of a seed file: its JSON, and the digest that tells whether it is what was seeded before.</summary>
public sealed record SeedRecord(Resource Resource, string File, string Id, JsonElement Body, byte[] Digest);

/// <summary>The seed files: one for each resource, <c>{ "records": [ … ] }</c>, each record as a POST takes it.</summary>
public static class SeedFiles
{
    /// <summary>Beside the program, wherever it is started from.</summary>
    public static string DefaultFolder => Path.Combine(AppContext.BaseDirectory, "seeds");

    public static async Task<IReadOnlyList<SeedRecord>> ReadAsync(string folder, ResourceCatalogue catalogue, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
            throw new SeedException($"There is no folder {folder}.");
        var records = new List<SeedRecord>();
        foreach (var resource in catalogue.All)
        {
            var file = Path.Combine(folder, $"{resource.Name}.json");
            if (!File.Exists(file))
                continue;
            JsonDocument document;
            try
            {
                document = JsonDocument.Parse(await File.ReadAllBytesAsync(file, cancellation), new JsonDocumentOptions { MaxDepth = Limits.BodyDepth + 2 });
            }
            catch (JsonException e)
            {
                throw new SeedException($"{file} is not JSON: {e.Message}");
            }

            using (document)
            {
                if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("records", out var list) || list.ValueKind != JsonValueKind.Array)
                    throw new SeedException($"{file} has to be an object with an array `records`.");
                var ids = new HashSet<string>();
                foreach (var (index, body) in list.EnumerateArray().Index())
                {
                    if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.String)
                        throw new SeedException($"{file}: record {index + 1} has no id; a seed needs one, so that it is the same record next time.");
                    if (!ids.Add(id.GetString()!))
                        throw new SeedException($"{file}: two records have the id '{id.GetString()}'.");
                    records.Add(new SeedRecord(resource, Path.GetFileName(file), id.GetString()!, body.Clone(),
                        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(body))));
                }
            }
        }

        return records.Count > 0 ? records : throw new SeedException($"No seed file is in {folder}.");
    }

    /// <summary>The digest of all records together, in order.</summary>
    public static byte[] Digest(IReadOnlyList<SeedRecord> records)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var record in records)
            hash.AppendData(record.Digest);
        return hash.GetHashAndReset();
    }
}

/// <summary>A seed that cannot be read or written; the message says which and why.</summary>
public sealed class SeedException(string message) : Exception(message);
