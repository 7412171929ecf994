using TajikTaliban.Api.Hosting.Commands;

namespace TajikTaliban.Api.Tests.Hosting;

public sealed class OwnSettingsTests
{
    /// <summary>A section whose settings nobody checks would take misspelled ones without a word.</summary>
    [Fact]
    public void Every_section_of_the_service_is_checked()
    {
        var sections = typeof(Service).Assembly.GetTypes()
            .Select(t => t.GetField("Section")?.GetRawConstantValue()).OfType<string>().Append("ConnectionStrings");

        Assert.Equal(sections.Order(StringComparer.Ordinal), OwnSettings.Names.Order(StringComparer.Ordinal));
    }
}
