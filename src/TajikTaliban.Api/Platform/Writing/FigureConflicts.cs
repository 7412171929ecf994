using Microsoft.EntityFrameworkCore;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.TableMappings;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>Refuses a second record of one figure (<see cref="FigureKey"/>), and names the first one.</summary>
internal static class FigureConflicts
{
    private const string Reason =
        "A second record would double every total. Correct that one; another source's figure is a record of its own.";

    /// <summary>Adds a conflict if another record has the figure.</summary>
    /// <param name="session">The session.</param>
    /// <param name="figure">The record that is to be written.</param>
    /// <param name="source">The source of the figure.</param>
    /// <param name="pathOf">The path of a record with this id.</param>
    /// <param name="conflicts">Takes the conflict.</param>
    /// <param name="cancellation">Ends the search.</param>
    public static async Task FindAsync<T>(
        RecordSession session, T figure, string source, Func<string, string> pathOf, Errors conflicts, CancellationToken cancellation)
        where T : Record, IFigure
    {
        // an index of the database refuses them too: a search for each record of many would only take longer
        if (figure.Version == 1 && session.RepeatsRefusedInserts)
            return;
        var other = await session.Context.Set<T>().AsNoTracking().Where(f => f.FigureKey == figure.FigureKey && f.Id != figure.Id)
            .Select(f => f.Id).FirstOrDefaultAsync(cancellation);
        if (other is not null)
        {
            conflicts.Add("", new Fault(FaultCode.Taken,
                $"The source '{source}' already has this figure: '{other}' ({pathOf(other)}). {Reason}",
                ("id", other), ("href", pathOf(other))));
        }
    }

    /// <summary>The message for the index of the database; null for other constraints.</summary>
    public static (string Pointer, Fault Fault)? ExplainOrNull(string constraint, string table) =>
        constraint == RecordTable.FigureKeyIndex(table)
            ? ("", new Fault(FaultCode.Taken, $"The source already has this figure. {Reason}")) : null;
}
