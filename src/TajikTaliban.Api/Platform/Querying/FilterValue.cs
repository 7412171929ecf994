using System.Buffers;
using System.Globalization;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.Platform.Querying;

/// <summary>Reads the texts of a filter by its kind.</summary>
internal static class FilterValue
{
    private const int MaxNumberLength = 100;
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>The value of a filter that takes a list.</summary>
    public static object? ReadOrNull(FilterDefinition filter, IReadOnlyList<string> values, Errors errors)
    {
        var pointer = $"/query/{filter.Name}";
        if (filter.Kind == FilterKind.Box)
        {
            var (edges, wrong) = ReadBox(values);
            if (wrong is not null)
                errors.Add(pointer, wrong);
            return edges;
        }

        string[] distinct = values.Count == 1 ? [values[0]] : [.. values.Distinct()];
        var isRight = true;
        foreach (var value in distinct)
        {
            if (WhatIsWrong(filter, value) is not { } error)
                continue;
            isRight = false;
            errors.Add(pointer, error);
        }

        return isRight ? distinct : null;
    }

    /// <summary>The value of any other filter.</summary>
    public static object? ReadOrNull(FilterDefinition filter, string text, Errors errors)
    {
        var pointer = $"/query/{filter.Name}";
        object? Wrong(Fault fault)
        {
            errors.Add(pointer, fault);
            return null;
        }

        switch (filter.Kind)
        {
            case FilterKind.Text:
                return text.Length > filter.MaxLength ? Wrong(Fault.TooLong(filter.MaxLength.Value))
                    : string.IsNullOrWhiteSpace(text) ? Wrong(Fault.Blank) : text;
            case FilterKind.FirstDay:
                return PartialDate.TryParse(text, out var first, out var why) ? first.Earliest : Wrong(why);
            case FilterKind.LastDay:
                return PartialDate.TryParse(text, out var last, out var whyNot) ? last.Latest : Wrong(whyNot);
            case FilterKind.Days:
                return PartialDate.TryParse(text, out var days, out var reason) ? (days.Earliest, days.Latest) : Wrong(reason);
            case FilterKind.Number:
                return IsNumber(text) ? new ExactNumber(text.TrimStart('+'))
                    : Wrong(new Fault(FaultCode.NotANumber, "Must be a number such as 1000000 or 12.5.", ("value", text)));
            case FilterKind.Boolean:
                return text switch { "true" => true, "false" => false, _ => Wrong(NotABoolean(text)) };
            case FilterKind.Instant:
                return InstantText.TryParse(text, out var instant) ? instant.UtcDateTime
                    : Wrong(new Fault(
                        FaultCode.NotAnInstant, "Must be an instant with its offset, such as 2026-11-23T10:00:00Z.", ("value", text)));
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
        ExactNumber number => [number.Text],
        decimal[] edges => [.. edges.Select(e => e.ToString(CultureInfo.InvariantCulture))],
        _ => [Convert.ToString(value, CultureInfo.InvariantCulture)!],
    };

    /// <summary>A sign, digits and a point: what PostgreSQL reads as numeric, whatever the number of digits.</summary>
    private static bool IsNumber(string text)
    {
        var digits = text.AsSpan(text.StartsWith('+') || text.StartsWith('-') ? 1 : 0);
        return text.Length <= MaxNumberLength && digits.ContainsAnyInRange('0', '9') && !digits.ContainsAnyExcept(Digits)
            && digits.Count('.') <= 1;
    }

    private static (decimal[]? Edges, Fault? Wrong) ReadBox(IReadOnlyList<string> values)
    {
        var edges = new decimal[4];
        for (var i = 0; i < 4; i++)
        {
            if (values.Count != 4 || !decimal.TryParse(values[i], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture, out edges[i]))
            {
                return (null, new Fault(FaultCode.NotABox, "Must be west,south,east,north in degrees, such as 60,29,75,41."));
            }
        }

        return edges[0] > edges[2] || edges[1] > edges[3]
            ? (null, new Fault(FaultCode.Contradiction, "West must not exceed east, and south must not exceed north."))
            : edges[0] < -180 || edges[2] > 180 ? (null, Rules.Longitude)
            : edges[1] < -90 || edges[3] > 90 ? (null, Rules.Latitude)
            : (edges, null);
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static Fault NotABoolean(string text) =>
        new(FaultCode.UnknownValue, "Must be true or false.", ("value", text), ("allowed", (string[])["true", "false"]));

    private static Fault? WhatIsWrong(FilterDefinition filter, string value)
    {
        switch (filter.Kind)
        {
            case FilterKind.Codes when !filter.Codes!.Contains(value):
                return Fault.UnknownCodeAmong(filter.Codes, value);
            case FilterKind.Actors when ActorIdentifier.LooksLikeIdentifier(value):
                return ActorIdentifier.TryParse(value, out _, out var error) ? null : error;
            case FilterKind.Fields when !filter.Fields.Contains(value):
                return Fault.UnknownValue(value, "a field that may be missing", filter.Fields);
            case FilterKind.Actors or FilterKind.Ids when !RecordId.IsValid(value):
                return new Fault(FaultCode.NotAnId,
                    $"'{value}' is not an id{(filter.Kind == FilterKind.Actors ? " nor an identifier such as iso3:TJK" : "")}.",
                    ("value", value));
            default:
                return null;
        }
    }
}
