using TajikTaliban.Api.Features.Reports;

namespace TajikTaliban.Api.Tests.Features;

/// <summary>The settings of reports: each faulty one is one sentence with its name.</summary>
public sealed class ReportSettingsTests
{
    [Fact]
    public void All_faulty_settings_are_reported()
    {
        var settings = new ReportSettings { PerHour = "-1", MaxOpen = "0", KeptDays = "long" };

        Assert.Equal(
            [
                "Reports__PerHour is '-1', which is not valid; use a whole number from 0 to 100000.",
                "Reports__MaxOpen is '0', which is not valid; use a whole number from 1 to 1000000.",
                "Reports__KeptDays is 'long', which is not valid; use a whole number from 1 to 3650.",
            ],
            settings.Validate(null, settings).Failures!);
    }

    [Fact]
    public void Unset_settings_have_defaults()
    {
        Assert.Equal(new ReportOptions { PerHour = 10, MaxOpen = 1000, KeptDays = 180 }, new ReportSettings().ToOptions());
        Assert.Equal(new ReportOptions { PerHour = 0, MaxOpen = 5, KeptDays = 1 },
            new ReportSettings { PerHour = "0", MaxOpen = "5", KeptDays = "1" }.ToOptions());
    }
}
