using System.Text.Json;
using System.Text.Json.Nodes;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Validation;

namespace TajikTaliban.Api.Hosting.Seeding;

/// <summary>A seed: a record in the form of a POST body, with what other packs add to it.</summary>
/// <param name="Pack">The pack that has the record.</param>
/// <param name="File">The file, as <c>seeds/pack/resource.json</c>.</param>
/// <param name="Number">The number of the record in its file, from 1.</param>
/// <param name="Resource">The resource.</param>
/// <param name="Id">The id.</param>
/// <param name="Body">The record.</param>
public sealed record Seed(string Pack, string File, int Number, Resource Resource, string Id, JsonElement Body);

/// <summary>
/// The files of seeds. A pack has one for each resource, <c>{ "records": [ … ] }</c>, and <c>additions.json</c>: names, identifiers and
/// other lists that it adds to records of packs that it requires. A pack cannot change what another one says.
/// </summary>
public static class SeedFiles
{
    private const string AdditionsFile = "additions.json";

    /// <summary>The folder beside the program, independent of the working directory.</summary>
    public static string DefaultFolder => Path.Combine(AppContext.BaseDirectory, "seeds");

    /// <summary>The pack of the article, which the others build on.</summary>
    public static string ArticleFolder => Path.Combine(DefaultFolder, "article");

    /// <summary>The records of the packs, resource by resource.</summary>
    /// <exception cref="SeedException">A file cannot be read, or there is no record.</exception>
    public static async Task<IReadOnlyList<Seed>> ReadAsync(
        IReadOnlyList<SeedPack> packs, ResourceCatalogue catalogue, CancellationToken cancellation)
    {
        var additions = new List<Addition>();
        foreach (var pack in packs)
            additions.AddRange(await AdditionsAsync(pack, catalogue, cancellation));
        var added = additions.ToLookup(a => (a.Resource, a.Id));
        var seeds = new List<Seed>();
        foreach (var resource in catalogue.All)
        {
            var files = new Dictionary<string, string>();
            foreach (var pack in packs)
            {
                foreach (var seed in await SeedsAsync(pack, resource, cancellation))
                {
                    if (!files.TryAdd(seed.Id, seed.File))
                    {
                        throw new SeedException(files[seed.Id] == seed.File
                            ? $"{seed.File}: two records have the id '{seed.Id}'."
                            : $"{seed.File}: the record '{seed.Id}' is also in {files[seed.Id]}.");
                    }

                    var more = added[(resource.Name, seed.Id)].ToList();
                    seeds.Add(more.Count == 0 ? seed : seed with { Body = Combine(seed, more) });
                }
            }

            if (additions.FirstOrDefault(a => a.Resource == resource.Name && !files.ContainsKey(a.Id)) is { } alone)
                throw new SeedException($"{alone.File}: there is no record '{alone.Id}' of {alone.Resource} to add to.");
        }

        return seeds.Count == 0 ? throw new SeedException($"The folder {packs[0].Folder} has no seed files.") : seeds;
    }

    private static async Task<IReadOnlyList<Seed>> SeedsAsync(SeedPack pack, Resource resource, CancellationToken cancellation)
    {
        var path = Path.Combine(pack.Folder, $"{resource.Name}.json");
        if (!File.Exists(path))
            return [];
        var file = NameOf(pack, path);
        return
        [
            .. (await ArrayAsync(path, "records", cancellation)).EnumerateArray().Index().Select(r =>
                new Seed(pack.Name, file, r.Index + 1, resource, IdOrNull(r.Item) ?? throw new SeedException(
                    $"{file}: record {r.Index + 1} has no id; a seed needs one, so that it is the same record next time."), r.Item)),
        ];
    }

    private static async Task<IReadOnlyList<Addition>> AdditionsAsync(
        SeedPack pack, ResourceCatalogue catalogue, CancellationToken cancellation)
    {
        var path = Path.Combine(pack.Folder, AdditionsFile);
        if (!File.Exists(path))
            return [];
        var file = NameOf(pack, path);
        var additions = new List<Addition>();
        foreach (var (index, item) in (await ArrayAsync(path, "additions", cancellation)).EnumerateArray().Index())
        {
            if (IdOrNull(item) is not { } id || !item.TryGetProperty("resource", out var resource)
                || resource.ValueKind != JsonValueKind.String || catalogue.All.All(r => r.Name != resource.GetString()))
            {
                throw new SeedException($"{file}: addition {index + 1} has to have the `resource` and `id` of a record.");
            }

            var lists = item.EnumerateObject().Where(p => p.Name is not ("resource" or "id")).ToDictionary(p => p.Name, p => p.Value);
            if (lists.FirstOrDefault(l => l.Value.ValueKind != JsonValueKind.Array) is { Key: { } other })
                throw new SeedException($"{file}: addition {index + 1} has `{other}`, which is not a list. Only lists can be added to.");
            additions.Add(new Addition(file, resource.GetString()!, id, lists));
        }

        return additions;
    }

    /// <summary>The record with the elements of the lists that are not there yet.</summary>
    private static JsonElement Combine(Seed seed, IReadOnlyList<Addition> additions)
    {
        var body = JsonObject.Create(seed.Body)!;
        foreach (var addition in additions)
        {
            foreach (var (name, list) in addition.Lists)
            {
                if (body[name] is not (null or JsonArray))
                    throw new SeedException($"{addition.File}: `{name}` of '{seed.Id}' is not a list. Only lists can be added to.");
                var whole = body[name] as JsonArray ?? [];
                body[name] ??= whole;
                foreach (var element in list.EnumerateArray().Select(e => JsonNode.Parse(e.GetRawText())))
                {
                    if (!whole.Any(e => JsonNode.DeepEquals(e, element)))
                        whole.Add(element);
                }
            }
        }

        return JsonSerializer.SerializeToElement(body);
    }

    private static string NameOf(SeedPack pack, string path) => $"seeds/{pack.Name}/{Path.GetFileName(path)}";

    private static string? IdOrNull(JsonElement record) =>
        record.ValueKind == JsonValueKind.Object && record.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
            ? id.GetString()
            : null;

    private static async Task<JsonElement> ArrayAsync(string file, string member, CancellationToken cancellation)
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

        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(member, out var array)
            && array.ValueKind == JsonValueKind.Array
            ? array
            : throw new SeedException($"{file} has to be an object with an array `{member}`.");
    }

    /// <summary>Lists that a pack adds to a record.</summary>
    private sealed record Addition(string File, string Resource, string Id, IReadOnlyDictionary<string, JsonElement> Lists);
}

/// <summary>A seed that cannot be read or written; the message states the seed and the reason.</summary>
public sealed class SeedException(string message) : Exception(message);
