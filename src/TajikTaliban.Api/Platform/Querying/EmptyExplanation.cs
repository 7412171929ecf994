using System.Diagnostics;
using System.Globalization;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Counts;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Querying;

/// <summary>Finds out why a list is empty. It costs a few queries more, and only when there is nothing to show.</summary>
public sealed class EmptyExplanation(
    CoverageReader reader, CountReader counts, RecordReader records, FilterReferences references)
{
    /// <summary>Refuses an empty list whose parent, or whose filters' actors or sources, do not exist.</summary>
    /// <exception cref="ProblemException">400, 404 or 410.</exception>
    public async Task ThrowIfUnknownAsync(Resource resource, ListQuery query, CancellationToken cancellation)
    {
        await Parent.ThrowIfMissingAsync(resource, query.Scope, records, query.AsOf, cancellation);
        await references.ThrowIfUnknownAsync(query, cancellation);
    }

    /// <summary>
    /// The reason of a list whose parent and filters are known, as far as it can be found out in a time; what cannot is left open.
    /// </summary>
    public async Task<EmptyReason> FindAsync(ListQuery query, CancellationToken cancellation)
    {
        var budget = new Budget();
        var all = new ListQuery { Definition = query.Definition, Order = query.Order, Limit = 1, Scope = query.Scope, AsOf = query.AsOf };
        var held = await HeldAsync(all, budget, cancellation);
        if (held.Records == 0)
            return new EmptyReason("not-covered", "The service has no records of this resource.", held);

        foreach (var condition in query.Conditions.Where(c => !IsOfTime(c)))
        {
            if (await AnyAsync(all with { Conditions = [condition] }, budget, cancellation) is false)
                return new EmptyReason("not-covered", $"No record matches {Name(condition)}, even without the other filters.", held);
        }

        if (query.Search is not null && await AnyAsync(
            all with { Search = query.Search, Similar = query.Similar, SearchMode = SearchMode.Either }, budget, cancellation) is false)
        {
            return new EmptyReason("not-covered", "No record contains these words or similar spellings.", held);
        }

        query = query with { SearchMode = SearchMode.Either };
        if (await NotReportedOrNullAsync(query, held, budget, cancellation) is { } notReported)
            return notReported;

        var (blamed, isWhole) = (new List<string>(), true);
        foreach (var condition in query.Conditions)
        {
            var others = query with
            {
                Conditions = [.. query.Conditions.Where(c => c != condition)],
                Time = condition.Filter.Time is null ? query.Time : null,
                After = null,
            };
            var any = await AnyAsync(others, budget, cancellation);
            isWhole &= any is not null;
            if (any is true)
                blamed.Add(Name(condition));
        }

        return new EmptyReason("filtered-out",
            blamed.Count > 0 ? $"Records match without {string.Join(", or without ", blamed)}."
                : isWhole ? "Each filter matches records, but no record matches them all."
                : "No record matches all filters; which of them excludes the others would take too long to find out.",
            held);
    }

    /// <summary>The reason where records match but for their time.</summary>
    private async Task<EmptyReason?> NotReportedOrNullAsync(
        ListQuery query, Coverage held, Budget budget, CancellationToken cancellation)
    {
        var timeless = query with { Conditions = [.. query.Conditions.Where(c => !IsOfTime(c))], Time = null, After = null };
        if (timeless.Conditions.Count == query.Conditions.Count)
            return null;
        if (await reader.ExtentOrNullAsync(timeless, budget.One, cancellation) is { } other)
        {
            return other.Records == 0 ? null : new EmptyReason("not-reported",
                $"{other.Records} {(other.Records == 1 ? "record matches" : "records match")} the other filters, none of them for this "
                + $"time{Newest(query, other)}.", new Coverage(other.Records, other.Earliest, other.Latest));
        }

        return await AnyAsync(timeless, budget, cancellation) is true
            ? new EmptyReason("not-reported", "Many records match the other filters, none of them for this time.", held) : null;
    }

    private async Task<Coverage> HeldAsync(ListQuery all, Budget budget, CancellationToken cancellation)
    {
        var count = await counts.ReadAsync(all with { Count = CountMode.Exact }, cancellation);
        var days = await reader.DaysOrNullAsync(all, budget.One, cancellation);
        return new Coverage(count.Total, days?.Earliest, days?.Latest);
    }

    private Task<bool?> AnyAsync(ListQuery query, Budget budget, CancellationToken cancellation) =>
        reader.AnyOrNullAsync(query, budget.One, cancellation);

    /// <summary>After the newest time that is vouched for, nothing is known to have ended: no source is as new.</summary>
    private static string Newest(ListQuery query, Extent other) =>
        query.Time?.FirstDay is { } asked && other.NewestVouched is { } newest && newest < asked
            ? $": the newest source that speaks of this is of {newest.Year.ToString(CultureInfo.InvariantCulture)}" : "";

    private static bool IsOfTime(Condition condition) =>
        condition.Filter.Kind is FilterKind.FirstDay or FilterKind.LastDay or FilterKind.Days or FilterKind.Instant;

    private static string Name(Condition condition) => $"`{condition.Filter.Name}={ValueList.Join(FilterValue.Echo(condition.Value))}`";

    /// <summary>The time of an explanation, and of each of its statements.</summary>
    private sealed class Budget
    {
        private static readonly TimeSpan Whole = TimeSpan.FromMilliseconds(250);
        private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(50);
        private readonly long _begun = Stopwatch.GetTimestamp();

        /// <summary>What the next statement may take.</summary>
        public TimeSpan One => Left < Longest ? Left : Longest;

        private TimeSpan Left => Whole - Stopwatch.GetElapsedTime(_begun);
    }
}
