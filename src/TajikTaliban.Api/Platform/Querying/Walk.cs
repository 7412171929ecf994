using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Platform.Querying;

/// <summary>A walk over the pages of a list, all of which show the state of one position.</summary>
/// <param name="Base">The page shows the walk's position if the tables are unchanged since this one.</param>
/// <param name="IsFirst">Whether this is the first page, which sets the position.</param>
/// <param name="Tables">The tables that a page depends on.</param>
public sealed record Walk(Position Base, bool IsFirst, IReadOnlyList<string> Tables);

/// <summary>
/// Keeps all pages of a walk at the position of the first. A page is read live, which costs nothing more, and stands if nothing that it
/// depends on was changed after the position. Otherwise it is read again as of the position.
/// </summary>
public sealed class Walks(PositionReader positions, LedgerTail tail)
{
    /// <summary>Begins or continues the walk of a request; with the state to read where reading live would be in vain.</summary>
    public async Task<(Walk Walk, AsOf? AsOf)> BeginAsync(Resource resource, ListRequest request, CancellationToken cancellation)
    {
        // before anything is read
        var newest = tail.Newest.End;
        var walk = new Walk(request.Walk ?? newest, request.Walk is null, TablesOf(resource, request));
        return walk.IsFirst || newest == walk.Base || await IsUnchangedAsync(walk, cancellation)
            ? (walk, null) : (walk, await AsOfAsync(walk.Base, cancellation));
    }

    /// <summary>
    /// The position of a page that was read live; <c>IsKept</c> is false if the page has to be read again as of it.
    /// </summary>
    /// <param name="walk">The walk.</param>
    /// <param name="page">The position of the page's own snapshot; null if it had no rows.</param>
    /// <param name="readsMore">Whether other records were read after the page.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    public async Task<(Position Position, bool IsKept)> CheckAsync(
        Walk walk, Position? page, bool readsMore, CancellationToken cancellation)
    {
        // one statement has read all: it is of one state
        if (walk.IsFirst && walk.Tables.Count == 1 && !readsMore)
            return (page ?? walk.Base, true);
        if (!readsMore && page == walk.Base)
            return (walk.Base, true);
        return await IsUnchangedAsync(walk, cancellation)
            ? (walk.Base, true)
            : (walk.IsFirst ? page ?? walk.Base : walk.Base, false);
    }

    /// <summary>The state to read a page again in.</summary>
    /// <exception cref="ProblemException">410: the position is not of this history.</exception>
    public async Task<AsOf> AsOfAsync(Position position, CancellationToken cancellation) =>
        await positions.AsOfAsync(position, cancellation) ?? throw Gone(position);

    private async Task<bool> IsUnchangedAsync(Walk walk, CancellationToken cancellation)
    {
        try
        {
            return await positions.IsUnchangedSinceAsync(walk.Base, walk.Tables, cancellation);
        }
        catch (PositionGoneException)
        {
            throw Gone(walk.Base);
        }
    }

    /// <summary>The list, and what its filters and expansions name in other tables.</summary>
    private static IReadOnlyList<string> TablesOf(Resource resource, ListRequest request) =>
    [
        .. request.Expand.Select(e => e.Table)
            .Concat(FilterReferences.TablesOf(request.Query)).Prepend(resource.Table).Distinct(),
    ];

    private static ProblemException Gone(Position position) =>
        new(ProblemType.PositionGone, "/query/cursor",
            new Fault(FaultCode.PositionGone,
                $"The position {position} of this walk is not in this history: the database was restored from an earlier backup. Start "
                + "again without `cursor`.", ("position", position.ToString())));
}
