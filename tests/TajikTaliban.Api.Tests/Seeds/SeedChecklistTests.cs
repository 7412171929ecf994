using System.IO.Enumeration;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TajikTaliban.Api.Tests.Architecture;
using static TajikTaliban.Api.Tests.Seeds.SeedRecords;

namespace TajikTaliban.Api.Tests.Seeds;

/// <summary>The checklist beside the seeds goes through every paragraph and every record, and says what gives each part of it.</summary>
public sealed partial class SeedChecklistTests
{
    private static readonly string[] Halves =
        File.ReadAllText(Path.Combine(Repository.Root, "seeds", "article", "checklist.md")).Split("\n## By record\n");

    [Fact]
    public void Every_record_is_named_once_below_its_resource()
    {
        var named = new List<string>();
        foreach (var section in Halves[1].Split("\n### ")[1..])
        {
            var resource = section[..section.IndexOf('\n', StringComparison.Ordinal)].ToLowerInvariant();
            named.AddRange(Rows().Matches(section).Select(row => $"{resource}/{row.Groups[1].Value}"));
        }

        Assert.Equal(All.Select(r => $"{r.Resource}/{r.Record["id"]}").Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_paragraph_has_its_claims_and_every_claim_a_record_or_a_reason()
    {
        var claims = Claims().Matches(Halves[0]).ToList();

        Assert.Equal(Enumerable.Range(0, 13), claims.Select(c => int.Parse(c.Groups[1].Value, null)).Distinct());
        Assert.All(claims, c => Assert.True(c.Groups[3].Value.Trim() != "-" || c.Groups[4].Value.Trim().Length > 0, c.Value));
    }

    [Fact]
    public void Every_record_of_the_article_is_that_of_a_claim_and_every_id_of_a_claim_is_one()
    {
        var ids = All.Where(r => r.Resource != "sources").Select(r => (string)r.Record["id"]!).ToList();
        var patterns = Claims().Matches(Halves[0]).SelectMany(c => Ids().Matches(c.Groups[3].Value)).Select(m => m.Groups[1].Value)
            .Distinct()
            .ToList();

        Assert.All(patterns, p => Assert.Contains(ids, id => FileSystemName.MatchesSimpleExpression(p, id)));
        Assert.All(ids, id => Assert.Contains(patterns, p => FileSystemName.MatchesSimpleExpression(p, id)));
    }

    /// <summary>Each type, role, stance, status, sector, date and certainty of a record is in its row, and each paragraph cited; no date,
    /// certainty or stance is in the row alone.</summary>
    [Fact]
    public void A_row_says_what_gives_each_part_of_its_record()
    {
        var rows = Rows().Matches(Halves[1]).ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value);
        foreach (var (resource, record) in All.Where(r => r.Resource is not ("sources" or "indicators")))
        {
            var row = rows[(string)record["id"]!];
            var parts = Parts(resource, record).ToHashSet();
            foreach (var part in parts)
                Assert.True(row.Contains(part, StringComparison.Ordinal), $"{record["id"]}: no {part} in: {row}");
            foreach (var mark in Marks().Matches(row).Select(m => m.Value))
                Assert.True(parts.Contains(mark), $"{record["id"]}: no {mark} in the record, but in: {row}");
            foreach (var (_, citation) in Citations(record).Where(c => c.Citation.Text("source") == Article))
            {
                // paragraph 10 gives the year of every date that counts back from it
                foreach (var number in Numbers().Matches(citation.Text("locator")!).Select(m => m.Value).Where(n => n != "10"))
                    Assert.True(Numbers().Matches(row).Any(m => m.Value == number), $"{record["id"]}: no paragraph {number} in: {row}");
            }
        }
    }

    private static IEnumerable<string> Parts(string resource, JsonObject record)
    {
        if (resource is "actors" or "relations" or "events")
            yield return record.Text("type") ?? "No type";
        if (record.Text("cameo") is { } cameo)
            yield return cameo;
        if (record.Text("stance") is { } stance)
            yield return stance;
        if (resource == "events" && record.Text("status") is { } status && status != "occurred")
            yield return status;
        if (record.ContainsKey("date"))
            yield return "date:";
        foreach (var sector in record["sectors"]?.AsArray() ?? [])
            yield return (string)sector!;
        foreach (var participant in Objects(record["participants"]))
            yield return participant.Text("role")!;
        foreach (var part in (JsonObject[])[record, .. Objects(record["statuses"])])
        {
            if (part != record)
                yield return part.Text("status")!;
            foreach (var end in (string[])["from", "to"])
            {
                if (part.ContainsKey(end))
                    yield return $"{end}:";
            }
        }

        foreach (var (part, citation) in Citations(record))
        {
            if (citation.Text("certainty") is { } certainty and not ("stated" or "derived"))
                yield return certainty;
            if (citation.ContainsKey("vouchedFor") && !part.ContainsKey("from"))
                yield return "vouched for:";
        }
    }

    [GeneratedRegex(@"^\| `([a-z0-9-]+)` \| (.+) \|$", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex(@"^\| (\d+)(?:\.\d+)? \| (.+?) \| (.+?) \| (.*?) ?\|$", RegexOptions.Multiline)]
    private static partial Regex Claims();

    [GeneratedRegex(@"\b(reported|claimed|assessed|hostile|wary|rational)\b|(?<![-\w])(from|to|date|vouched for):")]
    private static partial Regex Marks();

    [GeneratedRegex("`([a-z0-9*-]+)`")]
    private static partial Regex Ids();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Numbers();
}
