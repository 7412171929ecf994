using System.Globalization;

namespace TajikTaliban.Api.Domain;

/// <summary>
/// The years for which there can be figures, AD. A year outside of them is almost always one of another calendar: 1403 is a Solar Hijri
/// year (from March 2024), as Afghan statistics count.
/// </summary>
public static class FigureYear
{
    public const int First = 1800;
    public const int Last = 2100;

    private const int FirstSolarHijri = 1200;
    private const int LastSolarHijri = 1500;
    private static readonly PersianCalendar SolarHijri = new();

    /// <summary>Why there is no figure of the year, with the AD days of the Solar Hijri months; null if there can be one.</summary>
    /// <param name="year">The year, AD.</param>
    /// <param name="firstMonth">The first month, 1 to 12.</param>
    /// <param name="months">The number of months.</param>
    public static Fault? ErrorOrNull(int year, int firstMonth = 1, int months = 12)
    {
        if (year is >= First and <= Last)
            return null;
        var error = $"Years of figures are AD, {First} to {Last}; this one is the year {year.ToString(CultureInfo.InvariantCulture)}.";
        if (year is < FirstSolarHijri or > LastSolarHijri)
            return OutOfRange(error);
        var start = SolarHijri.ToDateTime(year, firstMonth, 1, 0, 0, 0, 0);
        var end = SolarHijri.AddMonths(start, months).AddDays(-1);
        var (first, last) = (Text(start), Text(end));
        return OutOfRange(
            $"{error} If it is meant in the Solar Hijri calendar, these are the days {first} to {last} AD: record an observation of "
            + $"{first}/{last}, or the AD period that the source gives, and state the calendar in the note of the citation.");
    }

    private static Fault OutOfRange(string message) => Fault.OutOfRange(message, First, Last);

    private static string Text(DateTime day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
