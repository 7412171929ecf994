namespace TajikTaliban.Api.Domain;

/// <summary>
/// When something holds, as three pairs of days. They answer for any span of days whether it holds then: certainly, possibly, for all that
/// is known, or not (<see cref="In"/>).
/// </summary>
/// <remarks>
/// A course is a beginning and an end, the end not before the beginning, that the record allows: the beginning lies within <c>from</c>, the
/// end within <c>to</c>, and the course contains some day of each vouched moment. Every course meets a span if the latest beginning of any
/// course is not after it and the earliest end of any is not before it. <see cref="DateOnly.MinValue"/> and
/// <see cref="DateOnly.MaxValue"/> stand for no bound.
/// </remarks>
/// <param name="Earliest">The first day on which it holds in some course, each unknown side closed at its last known bound.</param>
/// <param name="Latest">The last such day.</param>
/// <param name="LatestBegin">The latest day on which a course begins.</param>
/// <param name="EarliestEnd">The earliest day on which a course ends.</param>
/// <param name="OuterEarliest">The first day on which it holds in any course.</param>
/// <param name="OuterLatest">The last such day.</param>
public readonly record struct Bounds(
    DateOnly Earliest, DateOnly Latest, DateOnly LatestBegin, DateOnly EarliestEnd, DateOnly OuterEarliest, DateOnly OuterLatest)
{
    private static readonly DateOnly Never = DateOnly.MaxValue;

    /// <summary>Of something without a date: it comes after everything and holds in no span.</summary>
    public static Bounds Undated { get; } = new(Never, Never, Never, DateOnly.MinValue, DateOnly.MinValue, DateOnly.MaxValue);

    /// <summary>Of something that happened at some moment in a date.</summary>
    public static Bounds OfMoment(PartialDate date) => new(
        date.IsUnknownStart ? date.Latest : date.Earliest, date.IsUnknownEnd ? date.Earliest : date.Latest,
        date.Latest, date.Earliest, date.Earliest, date.Latest);

    /// <summary>Of something that lasts.</summary>
    /// <param name="from">When it began.</param>
    /// <param name="to">When it ended.</param>
    /// <param name="vouched">The vouched moments.</param>
    public static Bounds OfCourse(CourseEnd from, CourseEnd to, IReadOnlyCollection<PartialDate> vouched)
    {
        var moments = vouched.Select(CourseEnd.Of).ToList();
        var latestBegin = moments.Select(m => m.Last).Append(to.Last).Append(from.Last).Min();
        var earliestEnd = moments.Select(m => m.First).Append(from.First).Append(to.First).Max();
        // what is known of the one side closes the other: an end vouches for itself
        var known = moments.Append(from).Append(to).Where(m => m.IsDated).ToList();
        var earliest = !from.IsFirstUnknown ? from.First : known.Select(m => m.KnownFirst).DefaultIfEmpty(Never).Min();
        var latest = !to.IsLastUnknown ? to.Last : known.Select(m => m.KnownLast).DefaultIfEmpty(earliest).Max();
        return new Bounds(earliest, latest, latestBegin, earliestEnd, from.First, to.Last);
    }

    /// <summary>Whether it holds in the span from one day to another, both included.</summary>
    public Holds In(DateOnly first, DateOnly last) =>
        IsKnown && LatestBegin <= last && EarliestEnd >= first ? Holds.Certain
        : IsKnown && Earliest <= last && Latest >= first ? Holds.Possible
        : OuterEarliest <= last && OuterLatest >= first ? Holds.Unknown
        : Holds.Not;

    /// <summary>Whether the record allows any course: the end is not before the beginning, and no vouched moment lies outside.</summary>
    public static bool Allow(CourseEnd from, CourseEnd to, CourseEnd moment) =>
        from.First <= to.Last && from.First <= moment.Last && moment.First <= to.Last;

    /// <summary>A bound as it is served: null if there is none.</summary>
    public static DateOnly? Shown(DateOnly day) => day == DateOnly.MinValue || day == DateOnly.MaxValue ? null : day;

    /// <summary>Without any day that is known, nothing holds within what is known, not even in a span without an end.</summary>
    private bool IsKnown => Earliest != Never && Latest != DateOnly.MinValue;
}
