namespace TajikTaliban.Api.Storage.Model;

/// <summary>A table of the parts of a record, and its column with the id of that record.</summary>
public sealed record PartTable(string Name, string Owner);

/// <summary>The tables of records and their parts. The model, the lists and references take the names from here.</summary>
public static class Tables
{
    public const string Actors = "actors";
    public const string Events = "events";
    public const string Indicators = "indicators";
    public const string Observations = "observations";
    public const string Relations = "relations";
    public const string Sources = "sources";
    public const string TradeFlows = "trade_flows";

    /// <summary>The tables of records.</summary>
    public static IReadOnlyList<string> OfRecords { get; } = [Actors, Events, Indicators, Observations, Relations, Sources, TradeFlows];

    /// <summary>The tables whose records have names or titles, with the indexes <c>ix_…_search_names</c>.</summary>
    public static IReadOnlySet<string> Named { get; } = new HashSet<string> { Actors, Events, Indicators, Relations, Sources };

    public static PartTable ActorNames { get; } = new("actor_names", "actor_id");

    public static PartTable ActorIdentifiers { get; } = new("actor_identifiers", "actor_id");

    public static PartTable ActorStatuses { get; } = new("actor_statuses", "actor_id");

    public static PartTable EventParticipants { get; } = new("event_participants", "event_id");

    public static PartTable ObservationSubjects { get; } = new("observation_subjects", "observation_id");

    public static PartTable ActorCitations { get; } = Citations("actor_citations");

    public static PartTable EventCitations { get; } = Citations("event_citations");

    public static PartTable IndicatorCitations { get; } = Citations("indicator_citations");

    public static PartTable ObservationCitations { get; } = Citations("observation_citations");

    public static PartTable RelationCitations { get; } = Citations("relation_citations");

    public static PartTable TradeFlowCitations { get; } = Citations("trade_flow_citations");

    private static PartTable Citations(string table) => new(table, "record_id");
}
