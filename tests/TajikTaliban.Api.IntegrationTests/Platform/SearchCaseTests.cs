using System.Net;
using System.Text.RegularExpressions;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>
/// The searches of <c>search-cases.txt</c>, script by script, each over all of its texts: a search finds by its words every text with which
/// it stands behind a +, and none with which it stands behind a -.
/// </summary>
public sealed partial class SearchCaseTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly List<(string Script, string Text, string Query, bool IsFound)> Cases = [.. Read()];

    public static TheoryData<string> Scripts => [.. Cases.Select(c => c.Script).Distinct()];

    [Fact]
    public void There_are_at_least_300_cases_in_at_least_six_scripts()
    {
        Assert.True(Cases.Count >= 300, $"{Cases.Count}");
        Assert.True(Scripts.Count >= 6, $"{Scripts.Count}");
        Assert.True(Cases.Count(c => !c.IsFound) >= 80, $"{Cases.Count(c => !c.IsFound)}");
    }

    [Theory, MemberData(nameof(Scripts))]
    public async Task Each_search_finds_the_texts_that_it_should_and_no_other(string script)
    {
        var cases = Cases.Where(c => c.Script == script).ToList();
        if ((await api.Reader.GetJsonAsync($"/v1/sources/source")).Status != HttpStatusCode.OK)
            await api.Editor.AddAsync("/v1/sources", SampleRecords.Source());
        var ids = cases.Select(c => c.Text).Distinct()
            .Select((text, i) => (text, Id: $"x{Scripts.Select(s => (string)s.Data).ToList().IndexOf(script)}q{i}"))
            .ToDictionary(t => t.text, t => t.Id);
        foreach (var (text, id) in ids)
        {
            var actor = SampleRecords.Actor(id);
            actor["name"] = text;
            actor["description"] = null;
            await api.Editor.AddAsync("/v1/actors", actor);
        }

        var wrong = new List<string>();
        foreach (var query in cases.Select(c => c.Query).Distinct())
        {
            var answer = await api.Reader.GetJsonAsync($"/v1/actors?q={Uri.EscapeDataString(query)}&limit=1000&fields=id");
            Assert.True(answer.Status == HttpStatusCode.OK, $"{query}: {answer.Body?.ToJsonString()}");
            var found = answer.Body!["items"]!.AsArray().Zip(answer.Body["matched"]!.AsArray())
                .Where(i => (string)i.Second! == "words").Select(i => (string)i.First!["id"]!).ToHashSet();
            wrong.AddRange(cases.Where(c => c.Query == query && found.Contains(ids[c.Text]) != c.IsFound)
                .Select(c => $"{(c.IsFound ? "does not find" : "finds")}: {c.Query} → {c.Text}"));
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    private static IEnumerable<(string Script, string Text, string Query, bool IsFound)> Read()
    {
        using var file = new StreamReader(
            typeof(SearchCaseTests).Assembly.GetManifestResourceStream(typeof(SearchCaseTests), "search-cases.txt")!);
        var script = "";
        foreach (var line in file.ReadToEnd().Split('\n').Where(l => l.Length > 0 && !l.StartsWith("# ", StringComparison.Ordinal)))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                script = line[3..];
                continue;
            }

            var parts = Escape().Replace(line, m => $"{(char)Convert.ToInt32(m.Groups[1].Value, 16)}").Split(" | ");
            foreach (var query in parts[1..])
            {
                yield return (script, parts[0], query[2..], query[..2] switch
                {
                    "+ " => true,
                    "- " => false,
                    _ => throw new FormatException(line),
                });
            }
        }
    }

    [GeneratedRegex(@"\\u([0-9a-f]{4})")]
    private static partial Regex Escape();
}
