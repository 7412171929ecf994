using System.Runtime.CompilerServices;
using System.Text.Json;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Platform.Writing;

namespace TajikTaliban.Api.Hosting.Seeding;

/// <summary>The seed files: one for each resource, <c>{ "records": [ … ] }</c>, each record in the form of a POST body.</summary>
public static class SeedFiles
{
    /// <summary>The folder beside the program, independent of the working directory.</summary>
    public static string DefaultFolder => Path.Combine(AppContext.BaseDirectory, "seeds");

    /// <summary>Yields the records of all files, resource by resource.</summary>
    /// <exception cref="SeedException">A file cannot be read, or there is none.</exception>
    public static async IAsyncEnumerable<RecordChange> ReadAsync(
        string folder, ResourceCatalogue catalogue, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
            throw new SeedException($"The folder {folder} does not exist.");
        var isEmpty = true;
        foreach (var resource in catalogue.All)
        {
            var file = Path.Combine(folder, $"{resource.Name}.json");
            if (!File.Exists(file))
                continue;
            var ids = new HashSet<string>();
            foreach (var (index, body) in (await RecordsAsync(file, cancellation)).EnumerateArray().Index())
            {
                if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("id", out var id)
                    || id.ValueKind != JsonValueKind.String)
                {
                    throw new SeedException(
                        $"{file}: record {index + 1} has no id; a seed needs one, so that it is the same record next time.");
                }

                if (!ids.Add(id.GetString()!))
                    throw new SeedException($"{file}: two records have the id '{id.GetString()}'.");
                isEmpty = false;
                yield return new RecordChange(
                    new ChangeSource($"seeds/{Path.GetFileName(file)}", index + 1), ChangeOperation.Upsert, resource, id.GetString(), body,
                    null,
                    new ChangeReason(null, null));
            }
        }

        if (isEmpty)
            throw new SeedException($"The folder {folder} has no seed files.");
    }

    private static async Task<JsonElement> RecordsAsync(string file, CancellationToken cancellation)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(
                await File.ReadAllBytesAsync(file, cancellation), new JsonDocumentOptions { MaxDepth = Limits.BodyDepth + 2 });
        }
        catch (JsonException e)
        {
            throw new SeedException($"{file} is not JSON: {e.Message}");
        }

        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("records", out var records)
            && records.ValueKind == JsonValueKind.Array
            ? records
            : throw new SeedException($"{file} has to be an object with an array `records`.");
    }
}

/// <summary>A seed that cannot be read or written; the message states the seed and the reason.</summary>
public sealed class SeedException(string message) : Exception(message);
