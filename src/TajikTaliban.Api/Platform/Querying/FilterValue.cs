using System.Globalization;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.Platform.Querying;

/// <summary>Reads the text of a filter by its kind.</summary>
internal static class FilterValue
{
    private const int MaxValues = 50;
    private const int MaxNumberLength = 40;

    public static object? ReadOrNull(FilterDefinition filter, string text, Errors errors)
    {
        var pointer = $"/query/{filter.Name}";
        object? Wrong(string message)
        {
            errors.Add(pointer, message);
            return null;
        }

        switch (filter.Kind)
        {
            case FilterKind.Codes:
            case FilterKind.Texts:
            case FilterKind.Actors:
            case FilterKind.Sources:
                var values = text.Split(',').Distinct().ToArray();
                if (values.Length > MaxValues)
                    return Wrong($"At most {MaxValues} values are allowed.");
                foreach (var value in values)
                {
                    if (WhatIsWrong(filter, value) is { } wrong)
                        return Wrong(wrong);
                }

                return values;
            case FilterKind.Text:
                return text;
            case FilterKind.FirstDay:
                return PartialDate.TryParse(text, out var first, out var why) ? first.Earliest : Wrong(why);
            case FilterKind.LastDay:
                return PartialDate.TryParse(text, out var last, out var whyNot) ? last.Latest : Wrong(whyNot);
            case FilterKind.Days:
                return PartialDate.TryParse(text, out var days, out var reason) ? (days.Earliest, days.Latest) : Wrong(reason);
            case FilterKind.Number:
                return IsNumber(text, out var number) ? number : Wrong("Must be a number such as 1000000 or 12.5.");
            case FilterKind.Boolean:
                return text switch { "true" => true, "false" => false, _ => Wrong("Must be true or false.") };
            case FilterKind.Instant:
                return InstantText.TryParse(text, out var instant) ? instant.UtcDateTime
                    : Wrong("Must be an instant with its offset, such as 2026-11-23T10:00:00Z.");
            case FilterKind.Box:
                var parts = text.Split(',');
                var edges = new decimal[4];
                for (var i = 0; i < 4; i++)
                {
                    if (parts.Length != 4 || !IsNumber(parts[i], out edges[i]))
                        return Wrong("Must be west,south,east,north in degrees, such as 60,29,75,41.");
                }

                return edges[0] <= edges[2] && edges[1] <= edges[3]
                    ? edges : Wrong("West must not exceed east, and south must not exceed north.");
            default:
                throw new ArgumentOutOfRangeException(nameof(filter));
        }
    }

    public static string[] Echo(object value) => value switch
    {
        string[] values => values,
        DateOnly day => [Day(day)],
        (DateOnly first, DateOnly last) => first == last ? [Day(first)] : [Day(first), Day(last)],
        DateTime instant => [instant.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture)],
        bool flag => [flag ? "true" : "false"],
        decimal[] edges => [.. edges.Select(e => e.ToString(CultureInfo.InvariantCulture))],
        _ => [Convert.ToString(value, CultureInfo.InvariantCulture)!],
    };

    private static bool IsNumber(string text, out decimal number)
    {
        number = 0;
        return text.Length <= MaxNumberLength
            && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture, out number);
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? WhatIsWrong(FilterDefinition filter, string value)
    {
        switch (filter.Kind)
        {
            case FilterKind.Codes when !filter.Codes!.Contains(value):
                var near = Suggest.Nearest(value, filter.Codes.Values);
                return $"'{value}' is not a code of the list {filter.Codes.Name} (/v1/codelists/{filter.Codes.Name})."
                    + $"{(near is null ? "" : $" Did you mean '{near}'?")}";
            case FilterKind.Actors when ActorIdentifier.LooksLikeIdentifier(value):
                return ActorIdentifier.TryParse(value, out _, out var error) ? null : error;
            case FilterKind.Actors or FilterKind.Sources when !RecordId.IsValid(value):
                return $"'{value}' is not an id{(filter.Kind == FilterKind.Actors ? " nor an identifier such as iso3:TJK" : "")}.";
            case FilterKind.Texts when value.Length == 0:
                return "A value is empty.";
            default:
                return null;
        }
    }
}
