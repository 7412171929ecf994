using System.Globalization;
using Microsoft.Extensions.Options;

namespace TajikTaliban.Api.Features.Reports;

/// <summary>The settings <c>Reports:…</c> as text. Faulty ones end the start of the service.</summary>
public sealed class ReportSettings : IValidateOptions<ReportSettings>
{
    public const string Section = "Reports";

    public string? PerHour { get; set; }

    public string? MaxOpen { get; set; }

    public string? KeptDays { get; set; }

    public ValidateOptionsResult Validate(string? name, ReportSettings options)
    {
        var errors = new List<string>();
        options.Read(errors);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    /// <summary>The options of these settings; they have been validated.</summary>
    public ReportOptions ToOptions() => Read([]);

    private ReportOptions Read(List<string> errors)
    {
        var defaults = new ReportOptions();
        return new ReportOptions
        {
            PerHour = Whole(nameof(PerHour), PerHour, defaults.PerHour, (0, 100_000), errors),
            MaxOpen = Whole(nameof(MaxOpen), MaxOpen, defaults.MaxOpen, (1, 1_000_000), errors),
            KeptDays = Whole(nameof(KeptDays), KeptDays, defaults.KeptDays, (1, 3650), errors),
        };
    }

    private static int Whole(string name, string? text, int unset, (int Min, int Max) range, List<string> errors)
    {
        if (string.IsNullOrEmpty(text))
            return unset;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= range.Min && number <= range.Max)
        {
            return number;
        }

        errors.Add($"{Section}__{name} is '{text}', which is not valid; use a whole number from {range.Min} to {range.Max}.");
        return unset;
    }
}
