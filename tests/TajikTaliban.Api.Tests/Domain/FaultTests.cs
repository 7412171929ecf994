using System.Text.Json;
using System.Text.RegularExpressions;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Problems;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Tests.Domain;

public sealed class FaultTests
{
    [Fact]
    public void Codes_are_unique_words_with_a_meaning()
    {
        Assert.All(FaultCode.All, c =>
        {
            Assert.Matches("^[a-z]+(-[a-z]+)*$", c.Value);
            Assert.EndsWith(".", c.Meaning, StringComparison.Ordinal);
            Assert.All(c.Data, d => Assert.Matches("^[a-z][A-Za-z]*$", d));
        });
        Assert.Distinct(FaultCode.All.Select(c => c.Value));
        Assert.Distinct(ProblemType.All.Select(t => t.Slug));
    }

    [Fact]
    public void Every_code_is_used()
    {
        var source = string.Join('\n', Directory.EnumerateFiles(Source(), "*.cs", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(f) != "FaultCode.cs").Select(File.ReadAllText));
        var names = typeof(FaultCode).GetFields().Where(f => f.FieldType == typeof(FaultCode)).Select(f => f.Name).ToList();

        Assert.Equal(FaultCode.All.Count, names.Count);
        Assert.DoesNotContain(names, n => !Regex.IsMatch(source, $@"FaultCode\.{n}\b"));
    }

    [Fact]
    public void A_fault_is_sent_with_its_code_and_the_parameters_of_its_message()
    {
        Assert.Equal(
            """{"code":"unknown-code","message":"Not a code of the list event-types (/v1/codelists/event-types). """
            + """Did you mean 'CONSULT'?","data":{"value":"CONSLT","list":"event-types","nearest":"CONSULT"}}""",
            Sent(Fault.UnknownCode(Lists.EventTypes, "CONSLT")));
        Assert.Equal(
            """{"code":"too-long","message":"At most 300 characters are allowed.","data":{"max":300}}""", Sent(Fault.TooLong(300)));
        Assert.Equal("""{"code":"required","message":"The field is required."}""", Sent(Fault.Required));
        Assert.Equal("""{"code":"unknown-field","message":"Unknown field; did you mean 'name'?","data":{"nearest":"name","""
            + "\"allowed\":[\"type\",\"name\"]}}", Sent(Fault.UnknownField("nam", ["type", "name"])));
    }

    [Fact]
    public void A_long_value_is_cut_between_characters()
    {
        var value = new string('a', 199) + "\ud83d\ude00" + new string('b', 1000);

        Assert.Equal(new string('a', 199) + "…", Fault.NotAnId(value).Data!["value"]);
    }

    [Theory]
    [InlineData("2024-13", "not-a-date")]
    [InlineData("2024/2021", "ends-before-start")]
    [InlineData("", "not-a-date")]
    public void A_date_that_is_refused_says_why_by_a_code(string text, string code)
    {
        Assert.False(PartialDate.TryParse(text, out _, out var fault));
        Assert.Equal(code, fault.Code.Value);
    }

    private static string Sent(Fault fault) => JsonSerializer.Serialize(FieldError.Of(fault), ApiJson.Options);

    private static string Source()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "TajikTaliban.Api.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return Path.Combine(folder, "src", "TajikTaliban.Api");
    }
}
