using System.Text.Json;

namespace TajikTaliban.Api.Domain.CodeLists;

/// <summary>
/// Every code list of the service, read once from the JSON documents in this folder. Validation, the enumerations of the contract, labels,
/// and the check constraints of the database all come from here.
/// </summary>
public static class CodeLists
{
    /// <summary>Kinds of actors: <c>state</c>, <c>armed-group</c> … (ours).</summary>
    public static readonly CodeList ActorTypes = Read("actor-types");

    /// <summary>Part of society that an actor belongs to (PLOVER).</summary>
    public static readonly CodeList Sectors = Read("sectors");

    /// <summary>Statuses of actors: <c>de-facto-government</c>, <c>banned-organisation</c> … (ours).</summary>
    public static readonly CodeList ActorStatuses = Read("actor-statuses");

    /// <summary>How a name relates to the main name: <c>native</c>, <c>alias</c> … (ours).</summary>
    public static readonly CodeList NameKinds = Read("name-kinds");

    /// <summary>Schemes of identifiers: <c>iso3</c>, <c>m49</c>, <c>wikidata</c> … (ours).</summary>
    public static readonly CodeList IdentifierSchemes = Read("identifier-schemes");

    /// <summary>Types of relations: <c>border</c>, <c>ban</c> … (ours, mapped to FollowTheMoney and CAMEO).</summary>
    public static readonly CodeList RelationTypes = Read("relation-types");

    /// <summary>Attitude of an actor in a relation: <c>wary</c>, <c>cooperative</c> … (ours).</summary>
    public static readonly CodeList Stances = Read("stances");

    /// <summary>The sixteen event types, with their quad class (PLOVER).</summary>
    public static readonly CodeList EventTypes = Read("event-types");

    /// <summary>Event types in four classes, <c>1</c> to <c>4</c> (PLOVER).</summary>
    public static readonly CodeList QuadClasses = Read("quad-classes");

    /// <summary>Event codes of two to four digits, with event type, quad class and Goldstein score (CAMEO).</summary>
    public static readonly CodeList Cameo = Read("cameo");

    /// <summary>Statuses of events: <c>planned</c>, <c>occurred</c> … (ours).</summary>
    public static readonly CodeList EventStatuses = Read("event-statuses");

    /// <summary>Part of an actor in an event: <c>source</c>, <c>target</c> … (PLOVER and ours).</summary>
    public static readonly CodeList ParticipantRoles = Read("participant-roles");

    /// <summary>How exactly a place is known, <c>1</c> to <c>7</c> (UCDP where_prec).</summary>
    public static readonly CodeList PlacePrecisions = Read("place-precisions");

    /// <summary>How exactly a date is known, <c>1</c> to <c>5</c> (UCDP date_prec).</summary>
    public static readonly CodeList DatePrecisions = Read("date-precisions");

    /// <summary>Type of organised violence, <c>1</c> to <c>3</c> (UCDP type_of_violence).</summary>
    public static readonly CodeList ViolenceTypes = Read("violence-types");

    /// <summary>Direction of trade: <c>M</c>, <c>X</c> … (UN Comtrade), and <c>T</c>, turnover (ours).</summary>
    public static readonly CodeList Flows = Read("flows");

    /// <summary>Length of a statistical period: <c>A</c>, <c>S</c>, <c>Q</c>, <c>M</c> (SDMX CL_FREQ).</summary>
    public static readonly CodeList Frequencies = Read("frequencies");

    /// <summary>Classification of a commodity code: <c>HS</c>, <c>H0</c> … (UN Comtrade).</summary>
    public static readonly CodeList CommodityClassifications = Read("commodity-classifications");

    /// <summary>Costs included in a trade value: <c>CIF</c>, <c>FOB</c>.</summary>
    public static readonly CodeList Valuations = Read("valuations");

    /// <summary>Goods or services: <c>C</c>, <c>S</c> (UN Comtrade).</summary>
    public static readonly CodeList TradeTypes = Read("trade-types");

    /// <summary>How a figure came about: <c>A</c>, <c>E</c>, <c>P</c> … (SDMX CL_OBS_STATUS).</summary>
    public static readonly CodeList ObsStatuses = Read("obs-statuses");

    /// <summary>How surely something is of the time that is asked for: <c>certain</c>, <c>possible</c>, <c>unknown</c> (ours).</summary>
    public static readonly CodeList Holds = Read("holds");

    /// <summary>How a date matches the time that is asked for: <c>overlaps</c>, <c>within</c> (ours).</summary>
    public static readonly CodeList DateMatches = Read("date-matches");

    /// <summary>Certainties of citations: <c>stated</c>, <c>claimed</c> … (ours).</summary>
    public static readonly CodeList Certainties = Read("certainties");

    /// <summary>Kinds of sources: <c>article</c>, <c>dataset</c> … (ours).</summary>
    public static readonly CodeList SourceKinds = Read("source-kinds");

    /// <summary>Why a record was changed: <c>new-fact</c>, <c>our-error</c> … (ours).</summary>
    public static readonly CodeList ChangeCauses = Read("change-causes");

    /// <summary>Alphabetic currency codes (ISO 4217).</summary>
    public static readonly CodeList Currencies = Read("currencies");

    /// <summary>All lists, in the order in which they are served.</summary>
    public static IReadOnlyList<CodeList> All { get; } =
    [
        ActorTypes, Sectors, ActorStatuses, NameKinds, IdentifierSchemes,
        RelationTypes, Stances,
        EventTypes, QuadClasses, Cameo, EventStatuses, ParticipantRoles, PlacePrecisions, DatePrecisions, ViolenceTypes,
        Flows, Frequencies, CommodityClassifications, Valuations, TradeTypes, ObsStatuses, Currencies,
        Certainties, SourceKinds, ChangeCauses, Holds, DateMatches,
    ];

    /// <summary>The list of that kebab-case name (<c>actor-types</c>), or null.</summary>
    public static CodeList? FindOrNull(string? name) => All.FirstOrDefault(list => list.Name == name);

    private static CodeList Read(string name)
    {
        var resource = $"{typeof(CodeLists).Namespace}.{name}.json";
        using var stream = typeof(CodeLists).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The code list {name} is not embedded in the assembly as {resource}.");
        var document = JsonSerializer.Deserialize(stream, CodeListJsonContext.Default.CodeListDocument)
            ?? throw new InvalidOperationException($"The code list {name} is empty.");
        if (document.Name != name) throw new InvalidOperationException($"The code list in {resource} is named {document.Name}.");
        return document.ToCodeList();
    }
}
