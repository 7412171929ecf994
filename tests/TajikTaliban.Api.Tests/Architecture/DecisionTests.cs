using System.Text.RegularExpressions;

namespace TajikTaliban.Api.Tests.Architecture;

/// <summary>What decision records say of the code and its tests.</summary>
public sealed partial class DecisionTests
{
    private static readonly string Attacks =
        File.ReadAllText(Path.Combine(Repository.Root, "src", "decisions", "0051-attacks.md"));

    [Fact]
    public void Each_case_that_was_tried_names_tests_that_exist()
    {
        var tests = Repository.CodeBelow("tests").Values
            .SelectMany(text => ClassName().Matches(text)).Select(m => m.Groups[1].Value).ToHashSet();
        var cases = EntryStart().Split(Attacks).Skip(1).ToList();

        Assert.Equal(20, cases.Count);
        Assert.All(cases, c => Assert.NotEmpty(TestName().Matches(c)));
        Assert.Empty(TestName().Matches(Attacks).Select(m => m.Groups[1].Value).Except(tests));
    }

    [GeneratedRegex(@"class (\w+Tests)\b")]
    private static partial Regex ClassName();

    [GeneratedRegex(@"^\d+\. ", RegexOptions.Multiline)]
    private static partial Regex EntryStart();

    [GeneratedRegex(@"`(\w+Tests)`")]
    private static partial Regex TestName();
}
