using System.Diagnostics.CodeAnalysis;

namespace TajikTaliban.Api.Domain;

/// <summary>
/// When something began or ended: an EDTF date (<c>2021~</c>), or an interval in which the moment lies (<c>2021~/2024~</c>), one side of
/// which may be unknown (<c>/1996</c>: by 1996 at the latest). <c>..</c>: by nature without that end. Absent: unknown.
/// </summary>
/// <param name="First">The first day on which it may have been; <see cref="DateOnly.MinValue"/> without one.</param>
/// <param name="Last">The last day on which it may have been; <see cref="DateOnly.MaxValue"/> without one.</param>
/// <param name="IsFirstUnknown">Whether no first day is known.</param>
/// <param name="IsLastUnknown">Whether no last day is known.</param>
public readonly record struct CourseEnd(DateOnly First, DateOnly Last, bool IsFirstUnknown, bool IsLastUnknown)
{
    /// <summary>The text of an end that something does not have by its nature.</summary>
    public const string None = "..";

    /// <summary>Not known at all.</summary>
    public static CourseEnd Unknown { get; } = new(DateOnly.MinValue, DateOnly.MaxValue, true, true);

    /// <summary>Whether at least one of its days is known.</summary>
    public bool IsDated => IsDay(First) || IsDay(Last);

    /// <summary>The first day, or the last one where the first is not known.</summary>
    public DateOnly KnownFirst => IsDay(First) ? First : Last;

    /// <summary>The last day, or the first one where the last is not known.</summary>
    public DateOnly KnownLast => IsDay(Last) ? Last : First;

    /// <summary>A moment in a date.</summary>
    public static CourseEnd Of(PartialDate date) => new(date.Earliest, date.Latest, date.IsUnknownStart, date.IsUnknownEnd);

    /// <summary>The beginning as text; null: unknown.</summary>
    /// <exception cref="FormatException">The text is not accepted.</exception>
    public static CourseEnd Beginning(string? text) => Parse(text, DateOnly.MinValue);

    /// <summary>The end as text; null: unknown.</summary>
    /// <exception cref="FormatException">The text is not accepted.</exception>
    public static CourseEnd End(string? text) => Parse(text, DateOnly.MaxValue);

    /// <summary>Whether the text is a beginning or an end; otherwise why not.</summary>
    public static bool IsValid(string text, [NotNullWhen(false)] out Fault? error)
    {
        error = null;
        if (text == None)
            return true;
        if (!PartialDate.TryParse(text, out var date, out error))
            return false;
        if ((date.IsOpenStart && !date.IsUnknownStart) || (date.IsOpenEnd && !date.IsUnknownEnd))
        {
            error = new Fault(FaultCode.NotADate,
                $"'..' stands alone and says that there is no such end; a side that is not known is empty, as in /1996. '{text}' has it "
                + "beside a date.", ("value", text));
        }

        return error is null;
    }

    private static bool IsDay(DateOnly day) => day != DateOnly.MinValue && day != DateOnly.MaxValue;

    private static CourseEnd Parse(string? text, DateOnly none) =>
        text is null ? Unknown : text == None ? new CourseEnd(none, none, false, false) : Of(PartialDate.Parse(text));
}
