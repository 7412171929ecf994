using System.Text.Json;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Json;

namespace TajikTaliban.Api.Hosting.Seeding;

/// <summary>A pack of seeds: the records of one source or of a few that belong together, in a folder of their own.</summary>
/// <param name="Name">The name, also of the folder.</param>
/// <param name="Title">What it holds, in one line.</param>
/// <param name="Requires">The packs whose records it refers to or adds to.</param>
/// <param name="Folder">The folder.</param>
public sealed record SeedPack(string Name, string Title, IReadOnlyList<string> Requires, string Folder)
{
    private const string ManifestFile = "pack.json";

    /// <summary>The packs of a folder, each after those that it requires. A folder with seed files is one pack of its own.</summary>
    /// <exception cref="SeedException">A manifest cannot be read, or names a pack that is not there.</exception>
    public static IReadOnlyList<SeedPack> ReadAll(string folder, ResourceCatalogue catalogue)
    {
        if (!Directory.Exists(folder))
            throw new SeedException($"The folder {folder} does not exist.");
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        if (File.Exists(Path.Combine(folder, ManifestFile)))
            return [Read(folder, name) with { Requires = [] }];
        if (catalogue.All.Any(r => File.Exists(Path.Combine(folder, $"{r.Name}.json"))))
            return [new SeedPack(name, name, [], folder)];
        var packs = Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)
            .Where(f => File.Exists(Path.Combine(f, ManifestFile))).Select(f => Read(f, Path.GetFileName(f))).ToList();
        return packs.Count == 0
            ? throw new SeedException($"The folder {folder} has no seed files.")
            : WithRequired(packs, [.. packs.Select(p => p.Name)]);
    }

    /// <summary>The named packs with those that they require, each after those.</summary>
    /// <exception cref="SeedException">A pack is not there, or packs require each other in a circle.</exception>
    public static IReadOnlyList<SeedPack> WithRequired(IReadOnlyCollection<SeedPack> all, IReadOnlyCollection<string> names)
    {
        var byName = all.ToDictionary(p => p.Name);
        var ordered = new List<SeedPack>();
        var open = new List<string>();
        foreach (var name in names)
            Visit(name, null);
        return ordered;

        void Visit(string name, string? by)
        {
            if (!byName.TryGetValue(name, out var pack))
            {
                throw new SeedException($"There is no pack '{name}'{(by is null ? "" : $", which '{by}' requires")}. "
                    + $"There are: {string.Join(", ", byName.Keys.Order(StringComparer.Ordinal))}.");
            }

            if (ordered.Contains(pack))
                return;
            if (open.Contains(name))
                throw new SeedException($"These packs require each other: {string.Join(", ", open)}.");
            open.Add(name);
            foreach (var required in pack.Requires)
                Visit(required, name);
            open.Remove(name);
            ordered.Add(pack);
        }
    }

    private static SeedPack Read(string folder, string name)
    {
        var file = Path.Combine(folder, ManifestFile);
        try
        {
            var manifest = JsonSerializer.Deserialize<Manifest>(File.ReadAllBytes(file), ApiJson.Options);
            return manifest?.Name == name
                ? new SeedPack(name, manifest.Title, manifest.Requires, folder)
                : throw new SeedException($"{file}: the name of a pack is that of its folder, '{name}'.");
        }
        catch (JsonException e)
        {
            throw new SeedException($"{file} is not a manifest of a pack: {e.Message}");
        }
    }

    private sealed record Manifest
    {
        public required string Name { get; init; }

        public required string Title { get; init; }

        public required IReadOnlyList<string> Requires { get; init; }

        [System.Text.Json.Serialization.JsonPropertyName("$schema")]
        public string? Schema { get; init; }
    }
}
