using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using TajikTaliban.Api.Tests.Architecture;

namespace TajikTaliban.Api.Tests.Seeds;

/// <summary>Extracts of open data, below the folder that FIELD_DATA names, and the packs of seeds that are made from them.</summary>
internal static class FieldExtract
{
    private const string Variable = "FIELD_DATA";

    private static readonly ConcurrentDictionary<string, IReadOnlyList<Dictionary<string, string>>> Extracts = [];
    private static readonly ConcurrentDictionary<(string Pack, string File), IReadOnlyList<JsonObject>> Seeds = [];

    /// <summary>The rows of a file by column; the test is skipped if there is no folder of extracts.</summary>
    public static IReadOnlyList<Dictionary<string, string>> Rows(string file)
    {
        var folder = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{Variable} is not set");
        return Extracts.GetOrAdd(file, f =>
        {
            var lines = Parse(File.ReadAllText(Path.Combine(folder!, "open", f)));
            return [.. lines.Skip(1).Select(l => lines[0].Zip(l).ToDictionary(c => c.First, c => c.Second))];
        });
    }

    /// <summary>The records of a resource of a pack.</summary>
    public static IReadOnlyList<JsonObject> Records(string pack, string resource) => Read(pack, resource, "records");

    /// <summary>What a pack adds to records of a resource.</summary>
    public static IReadOnlyList<JsonObject> Additions(string pack, string resource) =>
        [.. Read(pack, "additions", "additions").Where(a => (string?)a["resource"] == resource)];

    public static IReadOnlyList<JsonObject> Objects(this JsonObject record, string member) =>
        [.. record[member]?.AsArray().Select(o => o!.AsObject()) ?? []];

    public static IReadOnlyList<string> Texts(this JsonObject record, string member) =>
        [.. record[member]?.AsArray().Select(o => (string)o!) ?? []];

    public static string? Certainty(this JsonObject citation) => (string?)citation["certainty"];

    /// <summary>The citations of facts, without those of parts that were worked out.</summary>
    public static IReadOnlyList<JsonObject> Facts(this JsonObject record) =>
        [.. record.Objects("citations").Where(c => c.Certainty() != "derived")];

    /// <summary>The value of the identifier of a scheme; null if there is none.</summary>
    public static string? Identifier(this JsonObject actor, string scheme) =>
        (string?)actor.Objects("identifiers").SingleOrDefault(i => (string?)i["scheme"] == scheme)?["value"];

    private static IReadOnlyList<JsonObject> Read(string pack, string file, string member) => Seeds.GetOrAdd((pack, file), _ =>
    {
        var path = Path.Combine(Repository.Root, "seeds", pack, $"{file}.json");
        return File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path))!.AsObject().Objects(member) : [];
    });

    /// <summary>The fields of the lines of a CSV text; fields in quotation marks may contain commas and doubled quotation marks.</summary>
    private static List<List<string>> Parse(string text)
    {
        var (lines, line, field, quoted) = (new List<List<string>>(), new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"' when quoted && i + 1 < text.Length && text[i + 1] == '"':
                    field.Append(text[++i]);
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ',' when !quoted:
                    line.Add(field.ToString());
                    field.Clear();
                    break;
                case '\r' when !quoted:
                    break;
                case '\n' when !quoted:
                    line.Add(field.ToString());
                    field.Clear();
                    lines.Add(line);
                    line = [];
                    break;
                default:
                    field.Append(text[i]);
                    break;
            }
        }

        if (field.Length > 0 || line.Count > 0)
            lines.Add([.. line, field.ToString()]);
        lines[0][0] = lines[0][0].TrimStart('\uFEFF');
        return lines;
    }
}
