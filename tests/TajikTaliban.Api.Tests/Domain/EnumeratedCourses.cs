using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Tests.Domain;

/// <summary>A moment as the tests read it: the days in which it lies.</summary>
/// <param name="First">The first day; null where no first day is known.</param>
/// <param name="Last">The last day; null where no last day is known.</param>
public sealed record Moment(DateOnly? First, DateOnly? Last)
{
    /// <summary>An end that something does not have by its nature.</summary>
    public static Moment None { get; } = new(null, null);

    public IEnumerable<DateOnly> Days => new[] { First, Last }.OfType<DateOnly>();

    public bool Has(DateOnly day) => !(day < First) && !(day > Last);
}

/// <summary>
/// The rule of what holds when, with every course enumerated: a beginning, an end and a day of each vouched moment. Courses, dates and
/// spans begin and end at the days that are given; between two of them nothing can change.
/// </summary>
/// <param name="From">The beginning; null if it is unknown.</param>
/// <param name="To">The end; null if it is unknown.</param>
/// <param name="Vouched">The vouched moments.</param>
public sealed record EnumeratedCourses(Moment? From, Moment? To, IReadOnlyList<Moment> Vouched)
{
    private static readonly DateOnly Before = DateOnly.MinValue;
    private static readonly DateOnly After = DateOnly.MaxValue;

    /// <summary>The first day within what is known, <see cref="DateOnly.MinValue"/> by nature without one; null if nothing is
    /// known.</summary>
    public DateOnly? KnownFirst =>
        From == Moment.None ? Before : From?.First ?? Known.Min(k => (DateOnly?)(k.First ?? k.Last));

    /// <summary>The last day within what is known, <see cref="DateOnly.MaxValue"/> by nature without one; null if nothing is
    /// known.</summary>
    public DateOnly? KnownLast =>
        To == Moment.None ? After : To?.Last ?? Known.Max(k => (DateOnly?)(k.Last ?? k.First));

    /// <summary>The days on which something is known to have been: the vouched moments, and the two ends themselves.</summary>
    private IEnumerable<Moment> Known => Vouched.Append(From).Append(To).OfType<Moment>().Where(m => m.Days.Any());

    /// <summary>Whether any course is allowed.</summary>
    public bool Exist => All(Points(Before, After)).Any();

    public Holds In(DateOnly first, DateOnly last)
    {
        var all = All(Points(first, last)).ToList();
        bool Meets((DateOnly Begin, DateOnly End) course) => course.Begin <= last && course.End >= first;
        var isKnown = KnownFirst is not null && KnownLast is not null;
        return isKnown && all.TrueForAll(Meets) ? Holds.Certain
            : isKnown && all.Exists(c => Meets(c) && (c.Begin >= KnownFirst || From?.First is not null)
                && (c.End <= KnownLast || To?.Last is not null)) ? Holds.Possible
            : all.Exists(Meets) ? Holds.Unknown
            : Holds.Not;
    }

    /// <summary>Whether every course lies in the span.</summary>
    public bool LieWithin(DateOnly first, DateOnly last) =>
        All(Points(first, last)).All(c => c.Begin >= first && c.End <= last);

    /// <summary>All days at which something may begin or end, and those beside the span.</summary>
    private IReadOnlyList<DateOnly> Points(DateOnly first, DateOnly last) =>
        [.. Vouched.Append(From).Append(To).OfType<Moment>().SelectMany(m => m.Days)
            .Concat([Before, After, first, last, first == Before ? Before : first.AddDays(-1), last == After ? After : last.AddDays(1)])
            .Distinct()];

    private IEnumerable<(DateOnly Begin, DateOnly End)> All(IReadOnlyList<DateOnly> days) =>
        from begin in From == Moment.None ? [Before] : days.Where(d => From?.Has(d) != false)
        from end in To == Moment.None ? [After] : days.Where(d => To?.Has(d) != false && d >= begin)
        where end >= begin && Vouched.All(v => days.Any(d => v.Has(d) && d >= begin && d <= end))
        select (begin, end);
}
