using System.Globalization;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Querying;

/// <summary>Finds out why a list is empty. It costs a few queries more, and only when there is nothing to show.</summary>
public sealed class EmptyExplanation(CoverageReader reader, RecordReader records, FilterReferences references)
{
    /// <summary>Refuses an empty list whose parent, or whose filters' actors or sources, do not exist.</summary>
    /// <exception cref="ProblemException">400, 404 or 410.</exception>
    public async Task ThrowIfUnknownAsync(Resource resource, ListQuery query, CancellationToken cancellation)
    {
        await Parent.ThrowIfMissingAsync(resource, query.Scope, records, query.AsOf, cancellation);
        await references.ThrowIfUnknownAsync(query, cancellation);
    }

    /// <summary>The reason of a list whose parent and filters are known.</summary>
    public async Task<EmptyReason> FindAsync(ListQuery query, CancellationToken cancellation)
    {
        var all = new ListQuery { Definition = query.Definition, Order = query.Order, Limit = 1, Scope = query.Scope, AsOf = query.AsOf };
        var held = await reader.ExtentAsync(all, cancellation);
        if (held.Records == 0)
            return new EmptyReason("not-covered", "The service has no records of this resource.", Of(held));

        foreach (var condition in query.Conditions.Where(c => !IsOfTime(c)))
        {
            if (!await reader.AnyAsync(all with { Conditions = [condition] }, cancellation))
                return new EmptyReason("not-covered", $"No record matches {Name(condition)}, even without the other filters.", Of(held));
        }

        if (query.Search is not null
            && !await reader.AnyAsync(all with { Search = query.Search, Similar = query.Similar, SearchMode = SearchMode.Either },
                cancellation))
        {
            return new EmptyReason("not-covered", "No record contains these words or similar spellings.", Of(held));
        }

        query = query with { SearchMode = SearchMode.Either };
        var timeless = query with { Conditions = [.. query.Conditions.Where(c => !IsOfTime(c))], Time = null, After = null };
        if (timeless.Conditions.Count < query.Conditions.Count)
        {
            var other = await reader.ExtentAsync(timeless, cancellation);
            if (other.Records > 0)
            {
                return new EmptyReason("not-reported",
                    $"{other.Records} {(other.Records == 1 ? "record matches" : "records match")} the other filters, none of them for this "
                    + $"time{Newest(query, other)}.", Of(other));
            }
        }

        var blamed = new List<string>();
        foreach (var condition in query.Conditions)
        {
            var others = query with
            {
                Conditions = [.. query.Conditions.Where(c => c != condition)],
                Time = condition.Filter.Time is null ? query.Time : null,
                After = null,
            };
            if (await reader.AnyAsync(others, cancellation))
            {
                blamed.Add(Name(condition));
            }
        }

        return new EmptyReason("filtered-out",
            blamed.Count == 0 ? "Each filter matches records, but no record matches them all."
                : $"Records match without {string.Join(", or without ", blamed)}.",
            Of(held));
    }

    /// <summary>After the newest time that is vouched for, nothing is known to have ended: no source is as new.</summary>
    private static string Newest(ListQuery query, Extent other) =>
        query.Time?.FirstDay is { } asked && other.NewestVouched is { } newest && newest < asked
            ? $": the newest source that speaks of this is of {newest.Year.ToString(CultureInfo.InvariantCulture)}" : "";

    private static bool IsOfTime(Condition condition) =>
        condition.Filter.Kind is FilterKind.FirstDay or FilterKind.LastDay or FilterKind.Days or FilterKind.Instant;

    private static string Name(Condition condition) => $"`{condition.Filter.Name}={ValueList.Join(FilterValue.Echo(condition.Value))}`";

    private static Coverage Of(Extent extent) => new(extent.Records, extent.Earliest, extent.Latest);
}
