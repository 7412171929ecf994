using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Tests.Domain;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>What a record, or a part of it, is of: courses to enumerate, or the days of a date.</summary>
/// <param name="Courses">What lasts, and events that happened at a moment; null for figures and sources.</param>
/// <param name="Date">The date of something that has one.</param>
public sealed record OracleSpan(EnumeratedCourses? Courses, Dated? Date)
{
    /// <summary>The first day within what is known; <see cref="DateOnly.MaxValue"/> if nothing is known.</summary>
    public DateOnly First => Date is not null ? Date.KnownFirst : Courses?.KnownFirst ?? DateOnly.MaxValue;

    /// <summary>The last day within what is known; with nothing known, after the first.</summary>
    public DateOnly Last => Date is not null ? Date.KnownLast : Courses?.KnownLast ?? First;

    /// <summary>The days from the first to the last possible one; null where a side is open or unknown.</summary>
    public int? Days => Date is { } date
        ? date.First == DateOnly.MinValue || date.Last == DateOnly.MaxValue ? null : date.Last.DayNumber - date.First.DayNumber + 1
        : Courses is { From.First: { } first, To.Last: { } last } ? last.DayNumber - first.DayNumber + 1 : null;

    public Holds In(DateOnly first, DateOnly last)
    {
        if (Courses is not null)
            return Courses.In(first, last);
        // a moment somewhere in the date, an unknown side of which is closed at its last known bound
        return Date is null ? Holds.Not
            : Date.First >= first && Date.Last <= last ? Holds.Certain
            : Date.KnownFirst <= last && Date.KnownLast >= first ? Holds.Possible
            : Date.First <= last && Date.Last >= first ? Holds.Unknown
            : Holds.Not;
    }

    public bool IsWithin(DateOnly first, DateOnly last) =>
        Courses?.LieWithin(first, last) ?? (Date is not null && Date.First >= first && Date.Last <= last);
}

/// <summary>The time of the records of a list as the tests understand it.</summary>
/// <param name="SpanOf">What a record, or a part of it, is of.</param>
/// <param name="HasCourses">Whether records hold certainly, possibly or for all that is known; otherwise they overlap or not.</param>
/// <param name="HasMatch">Whether dates can be asked to lie within the time.</param>
public sealed record OracleTime(Func<JsonNode, OracleSpan> SpanOf, bool HasCourses, bool HasMatch)
{
    private static readonly string[] All = ["validAt", "from", "to", "holds", "dateMatch"];
    private readonly ConcurrentDictionary<(JsonNode Of, DateOnly First, DateOnly Last), (Holds Holds, bool IsWithin)> _answers = [];

    /// <summary>How surely, and how, records have to match: filters that need a time beside them.</summary>
    public IEnumerable<OracleFilter> Modes =>
    [
        .. HasCourses ? [new OracleFilter("holds", ["certain", "possible", "unknown"], (_, _) => true) { Several = true }]
            : Array.Empty<OracleFilter>(),
        .. HasMatch ? [new OracleFilter("dateMatch", ["overlaps", "within"], (_, _) => true) { Several = true }]
            : Array.Empty<OracleFilter>(),
    ];

    public static bool IsOf(OracleFilter filter) => All.Contains(filter.Name);

    public static bool IsMode(OracleFilter filter) => filter.Name is "holds" or "dateMatch";

    /// <summary>How surely a record or part is of the time that the filters ask for; null where it does not match.</summary>
    public Holds? MatchOrNull(JsonNode of, IReadOnlyList<(OracleFilter Filter, string Value)> filters)
    {
        var (holds, isWithin) = (Holds.Certain, true);
        foreach (var (first, last) in Days(filters))
        {
            var answer = _answers.GetOrAdd((of, first, last), key =>
                SpanOf(key.Of) is var span ? (span.In(key.First, key.Last), span.IsWithin(key.First, key.Last)) : default);
            // of two spans the one that is met less surely decides
            holds = (Holds)Math.Max((int)holds, (int)answer.Holds);
            isWithin &= answer.IsWithin;
        }

        IReadOnlyList<string> Mode(string name) =>
            filters.Where(f => f.Filter.Name == name).Select(f => f.Filter.Read(f.Value)).FirstOrDefault() ?? [];
        var wanted = Mode("holds") is { Count: > 0 } modes ? modes : ["certain", "possible"];
        if (Mode("dateMatch") is { Count: > 0 } match && match.All(m => m == "within") && !isWithin)
            return null;
        return wanted.Contains(CodeOf(holds)) ? holds : null;
    }

    public static string CodeOf(Holds holds) => holds.ToString().ToLowerInvariant();

    /// <summary>The spans that are asked for: that of <c>validAt</c>, and the one from <c>from</c> to <c>to</c>.</summary>
    private static IEnumerable<(DateOnly First, DateOnly Last)> Days(IReadOnlyList<(OracleFilter Filter, string Value)> filters)
    {
        Dated? Of(string name) => filters.Where(f => f.Filter.Name == name).Select(f => Oracle.Day(f.Value)).FirstOrDefault();
        if (Of("validAt") is { } day)
            yield return (day.First, day.Last);
        if ((Of("from"), Of("to")) is var (from, to) && (from ?? to) is not null)
            yield return (from?.First ?? DateOnly.MinValue, to?.Last ?? DateOnly.MaxValue);
    }
}
