using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TajikTaliban.SeedMaker;

/// <summary>
/// A pack of seeds: the records of one source or a few that belong together, what it adds to records of the packs that it requires, and the
/// rows of its extracts that became no record.
/// </summary>
/// <param name="name">The name, a slug; also the name of its folder.</param>
/// <param name="title">The title, one line.</param>
/// <param name="requires">The packs whose records it refers to.</param>
internal sealed class Pack(string name, string title, params string[] requires)
{
    /// <summary>The resources in the order in which they are written.</summary>
    private static readonly string[] Resources = ["sources", "actors", "relations", "events", "indicators", "observations", "trade"];

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true, IndentSize = 2, NewLine = "\n" };

    private readonly Dictionary<string, List<JsonObject>> _records = Resources.ToDictionary(r => r, _ => new List<JsonObject>());
    private readonly List<JsonObject> _additions = [];
    private readonly Dictionary<string, SortedSet<int>> _used = [];
    private readonly Dictionary<(string File, string Reason), SortedSet<int>> _leftOut = [];
    private readonly Dictionary<string, int> _rows = [];

    public string Name => name;

    public int RecordCount => _records.Values.Sum(r => r.Count);

    public int LeftOutCount => _leftOut.Values.Sum(r => r.Count);

    /// <summary>Adds a record, made from some rows.</summary>
    /// <exception cref="InvalidOperationException">The pack has a record of that id.</exception>
    public void Add(string resource, JsonObject record, params IEnumerable<ExtractRow> rows)
    {
        var id = (string?)record["id"] ?? throw new InvalidOperationException($"A record of {resource} has no id.");
        if (_records[resource].Any(r => (string?)r["id"] == id))
            throw new InvalidOperationException($"Two records of {resource} have the id {id}.");
        _records[resource].Add(record);
        Use(rows);
    }

    /// <summary>
    /// Adds names, identifiers, statuses or citations to a record of a pack that this one requires. <paramref name="addition"/> has
    /// <c>resource</c>, <c>id</c> and the arrays that are added.
    /// </summary>
    public void AddTo(string resource, string id, JsonObject addition, params IEnumerable<ExtractRow> rows)
    {
        var whole = new JsonObject { ["resource"] = resource, ["id"] = id };
        foreach (var (member, value) in addition)
            whole[member] = value!.DeepClone();
        _additions.Add(whole);
        Use(rows);
    }

    /// <summary>States how many rows a file has, so that the checklist accounts for each.</summary>
    public void Account(IReadOnlyList<ExtractRow> rows)
    {
        if (rows.Count > 0)
            _rows[rows[0].File] = rows.Count;
    }

    /// <summary>States why a row became no record.</summary>
    public void LeaveOut(ExtractRow row, string reason)
    {
        if (!_leftOut.TryGetValue((row.File, reason), out var rows))
            _leftOut[(row.File, reason)] = rows = [];
        rows.Add(row.Number);
    }

    /// <summary>Writes the pack into its folder under <paramref name="seeds"/>; files that it no longer has are deleted.</summary>
    /// <exception cref="InvalidOperationException">A row of an extract is neither in a record nor left out.</exception>
    public void Write(string seeds)
    {
        CheckRows();
        var folder = Path.Combine(seeds, Name);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        Write(folder, "pack.json", new JsonObject
        {
            ["$schema"] = "../schema/pack.schema.json",
            ["name"] = Name,
            ["title"] = title,
            ["requires"] = new JsonArray([.. requires.Select(r => JsonValue.Create(r))]),
        }.ToJsonString(Indented));
        foreach (var (resource, records) in _records.Where(r => r.Value.Count > 0))
            Write(folder, $"{resource}.json", Lines($"../schema/{resource}.schema.json", "records", records));
        if (_additions.Count > 0)
            Write(folder, "additions.json", Lines("../schema/additions.schema.json", "additions", _additions));
        Write(folder, "checklist.md", Checklist());
    }

    private static void Write(string folder, string file, string text) =>
        File.WriteAllText(Path.Combine(folder, file), $"{text.TrimEnd('\n')}\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

    /// <summary>A line a record, so that a change of one is a change of one line.</summary>
    private static string Lines(string schema, string member, IEnumerable<JsonObject> records) =>
        $$"""
        {
          "$schema": "{{schema}}",
          "{{member}}": [
            {{string.Join(",\n    ", records.Select(r => r.ToJsonString(Compact)))}}
          ]
        }
        """;

    private void Use(IEnumerable<ExtractRow> rows)
    {
        foreach (var row in rows)
        {
            if (!_used.TryGetValue(row.File, out var numbers))
                _used[row.File] = numbers = [];
            numbers.Add(row.Number);
        }
    }

    private void CheckRows()
    {
        foreach (var (file, count) in _rows)
        {
            var known = new HashSet<int>(_used.GetValueOrDefault(file) ?? []);
            foreach (var (_, rows) in _leftOut.Where(l => l.Key.File == file))
                known.UnionWith(rows);
            var missing = Enumerable.Range(1, count).Except(known).ToArray();
            if (missing.Length > 0)
                throw new InvalidOperationException($"{Name}: rows of {file} are not accounted for: {string.Join(", ", missing.Take(20))}.");
        }
    }

    private string Checklist()
    {
        var text = new StringBuilder();
        text.Append(null, $"""
            # Checklist: {title}

            Made by `src/TajikTaliban.SeedMaker` with the records. A row is in a record, or left out for a reason below; rows count from 1
            after the header.

            | file | rows | in records | left out |
            | --- | --- | --- | --- |

            """);
        foreach (var (file, count) in _rows)
        {
            var leftOut = _leftOut.Where(l => l.Key.File == file).SelectMany(l => l.Value).Distinct().Count();
            text.Append(null, $"| {file} | {count:N0} | {_used.GetValueOrDefault(file)?.Count ?? 0:N0} | {leftOut:N0} |\n");
        }

        if (_leftOut.Count > 0)
        {
            text.Append("\n## Left out\n\n| file | rows | why |\n| --- | --- | --- |\n");
            foreach (var ((file, reason), rows) in _leftOut)
                text.Append(null, $"| {file} | {Ranges(rows)} | {reason} |\n");
        }

        return text.ToString();
    }

    /// <summary>Numbers as ranges: <c>1-4, 7</c>.</summary>
    private static string Ranges(SortedSet<int> numbers)
    {
        var parts = new List<string>();
        foreach (var group in numbers.Index().GroupBy(n => n.Item - n.Index))
        {
            var (first, last) = (group.First().Item, group.Last().Item);
            parts.Add(first == last ? $"{first}" : $"{first}-{last}");
        }

        return string.Join(", ", parts);
    }
}
