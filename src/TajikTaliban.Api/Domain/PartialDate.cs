using System.Globalization;

namespace TajikTaliban.Api.Domain;

/// <summary>
/// A date as far as it is known, in the Extended Date/Time Format (EDTF, ISO 8601-2:2019), levels 0 and 1: <c>1996</c>, <c>2024-08</c>,
/// <c>2024-08-16</c>, with unspecified digits (<c>201X</c>, <c>2004-XX</c>), as a season (<c>2001-21</c>), qualified (<c>2021~</c> about,
/// <c>2021?</c> uncertain, <c>2021%</c> both), and intervals of these (<c>2024-08-16/2024-08-31</c>, <c>2024-08-26/..</c>).
/// </summary>
/// <remarks>
/// <para>The text is kept exactly as it was given; two dates are equal when their texts are. Beside it stand the first and the last day
/// that the text allows, which filters and order use, and always <c>Earliest &lt;= Latest</c>.</para>
/// <para>Narrower than the standard: years are 0001 to 9999, the range of <see cref="DateOnly"/>, and there are no times of day.
/// Wider in one place: a season may be qualified and may bound an interval, as any other date may.</para>
/// </remarks>
public sealed partial record PartialDate
{
    /// <summary>The maximum number of characters a text may have. The longest form accepted today has 23.</summary>
    public const int MaxLength = 64;

    private PartialDate(string text, Side start, Side end, bool isInterval)
    {
        Text = text;
        Earliest = start.Allowed.First;
        Latest = end.Allowed.Last;
        (WrittenEarliest, WrittenLatest) = (start.Written.First, end.Written.Last);
        IsInterval = isInterval;
        IsApproximate = start.IsApproximate || end.IsApproximate;
        IsUncertain = start.IsUncertain || end.IsUncertain;
        IsOpenStart = start.Kind is not SideKind.Date;
        IsOpenEnd = end.Kind is not SideKind.Date;
        IsUnknownStart = start.Kind is SideKind.Unknown;
        IsUnknownEnd = end.Kind is SideKind.Unknown;
    }

    private enum SideKind
    {
        Date,
        Open,
        Unknown,
    }

    /// <summary>
    /// The EDTF text, exactly as it was accepted: ASCII, without white space, at most <see cref="MaxLength"/> characters.
    /// </summary>
    public string Text { get; }

    /// <summary>
    /// The first day the text allows; <see cref="DateOnly.MinValue"/> where the start is open or unknown. "About" and "uncertain" (and
    /// both) move it by one unit of the date's precision: <c>2021~</c> begins in 2020, <c>2024-09?</c> in August 2024.
    /// </summary>
    public DateOnly Earliest { get; }

    /// <summary>
    /// The last day the text allows, that day included; <see cref="DateOnly.MaxValue"/> where the end is open or unknown. "About" and
    /// "uncertain" move it as they move <see cref="Earliest"/>.
    /// </summary>
    public DateOnly Latest { get; }

    /// <summary><see cref="Earliest"/> as if the date were neither "about" nor "uncertain".</summary>
    public DateOnly WrittenEarliest { get; }

    /// <summary><see cref="Latest"/> as if the date were neither "about" nor "uncertain".</summary>
    public DateOnly WrittenLatest { get; }

    /// <summary>Whether the text has two sides, <c>start/end</c>.</summary>
    public bool IsInterval { get; }

    /// <summary>Whether the date, or either side of the interval, is marked as approximate: <c>~</c> or <c>%</c>.</summary>
    public bool IsApproximate { get; }

    /// <summary>Whether the date, or either side of the interval, is marked as uncertain: <c>?</c> or <c>%</c>.</summary>
    public bool IsUncertain { get; }

    /// <summary>
    /// Whether the interval has no date for its start, be it open (<c>../2004</c>) or unknown (<c>/2004</c>). Ask this rather than compare
    /// <see cref="Earliest"/> with <see cref="DateOnly.MinValue"/>, which is also the first day of the year 0001.
    /// </summary>
    public bool IsOpenStart { get; }

    /// <summary>
    /// Whether the interval has no date for its end, be it open (<c>2024/..</c>) or unknown (<c>2024/</c>). Ask this rather than compare
    /// <see cref="Latest"/> with <see cref="DateOnly.MaxValue"/>, which is also the last day of the year 9999.
    /// </summary>
    public bool IsOpenEnd { get; }

    /// <summary>Whether there was a start that is not known (<c>/2004</c>), as distinct from none being set (<c>../2004</c>).</summary>
    public bool IsUnknownStart { get; }

    /// <summary>Whether there is an end that is not known (<c>2004/</c>), as distinct from none being set (<c>2004/..</c>).</summary>
    public bool IsUnknownEnd { get; }

    /// <summary>
    /// The precision of the span from <see cref="Earliest"/> to <see cref="Latest"/> in the classes of UCDP's <c>date_prec</c>: 1 one day,
    /// 2 two to six days, 3 a week of seven days, 4 eight to 31 days (so that every month is in it), 5 longer, open or unknown. "About" and
    /// "uncertain" count: <c>2024-08-16~</c> is three days, and 2.
    /// </summary>
    public int Precision => IsOpenStart || IsOpenEnd ? 5 : PrecisionOf(Earliest, Latest);

    /// <summary>The precision of a span, in the classes of <see cref="Precision"/>.</summary>
    public static int PrecisionOf(DateOnly earliest, DateOnly latest) => (latest.DayNumber - earliest.DayNumber + 1) switch
    {
        1 => 1,
        <= 6 => 2,
        7 => 3,
        <= 31 => 4,
        _ => 5,
    };

    /// <summary>The date of one whole day.</summary>
    public static PartialDate Day(DateOnly day)
    {
        var side = new Side(SideKind.Date, new Days(day, day), new Days(day, day), IsApproximate: false, IsUncertain: false);
        return new PartialDate(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), side, side, isInterval: false);
    }

    /// <summary>
    /// Whether any day from <paramref name="from"/> to <paramref name="to"/>, both included, is among those the text allows. False when
    /// <paramref name="to"/> is before <paramref name="from"/>, as no day is from one to the other.
    /// </summary>
    public bool Overlaps(DateOnly from, DateOnly to) => from <= to && Earliest <= to && from <= Latest;

    /// <summary>
    /// Equal when the EDTF texts are, character by character: <c>2021</c> and <c>2021~</c> have the same bounds and are not equal.
    /// </summary>
    public bool Equals(PartialDate? other) => other is not null && string.Equals(Text, other.Text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The EDTF text, exactly as it was accepted.</summary>
    public override string ToString() => Text;

    /// <summary>One side of an interval, or the one date.</summary>
    /// <param name="Kind">Whether there is a date.</param>
    /// <param name="Written">The days of the date without its qualifier.</param>
    /// <param name="Allowed">The days that the qualifier allows.</param>
    /// <param name="IsApproximate">Whether it is "about".</param>
    /// <param name="IsUncertain">Whether it is "uncertain".</param>
    private readonly record struct Side(SideKind Kind, Days Written, Days Allowed, bool IsApproximate, bool IsUncertain);

    /// <summary>The days from one to another, both included.</summary>
    private readonly record struct Days(DateOnly First, DateOnly Last)
    {
        public static Days All { get; } = new(DateOnly.MinValue, DateOnly.MaxValue);

        /// <summary>More days on both sides, as far as the calendar goes.</summary>
        public Days Widened((int Days, int Months) unit) => new(
            IsBefore(First, unit) ? DateOnly.MinValue : First.AddMonths(-unit.Months).AddDays(-unit.Days),
            IsAfter(Last, unit) ? DateOnly.MaxValue : Last.AddDays(1).AddMonths(unit.Months).AddDays(unit.Days - 1));

        private static bool IsBefore(DateOnly day, (int Days, int Months) unit) =>
            day < DateOnly.MinValue.AddMonths(unit.Months).AddDays(unit.Days);

        private static bool IsAfter(DateOnly day, (int Days, int Months) unit) =>
            day >= DateOnly.MaxValue.AddDays(-unit.Days).AddMonths(-unit.Months);
    }
}
