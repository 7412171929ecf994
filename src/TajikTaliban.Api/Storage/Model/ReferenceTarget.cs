namespace TajikTaliban.Api.Storage.Model;

/// <summary>A kind of record that others, or filters, refer to.</summary>
/// <param name="Noun">One such record in a sentence.</param>
/// <param name="Table">The table of these records.</param>
public sealed record ReferenceTarget(string Noun, string Table)
{
    public static ReferenceTarget Actor { get; } =
        new("actor", Tables.Actors) { Identifiers = Tables.ActorIdentifiers, IsMergeable = true };

    public static ReferenceTarget Source { get; } = new("source", Tables.Sources);

    public static ReferenceTarget Indicator { get; } = new("indicator", Tables.Indicators);

    public static ReferenceTarget Relation { get; } = new("relation", Tables.Relations);

    public static ReferenceTarget Event { get; } = new("event", Tables.Events);

    public static ReferenceTarget TradeFlow { get; } = new("trade figure", Tables.TradeFlows);

    public static ReferenceTarget Observation { get; } = new("observation", Tables.Observations);

    /// <summary>The table of (owner, scheme, value) that also names these records; null where only the id does.</summary>
    public PartTable? Identifiers { get; init; }

    /// <summary>Whether the id that is most like a text is looked for: their table has an index of trigrams.</summary>
    public bool HasNearest => Table is Tables.Actors or Tables.Sources or Tables.Indicators;

    /// <summary>Whether such records can be merged; their table then has the column <c>referents</c>.</summary>
    public bool IsMergeable { get; init; }
}
