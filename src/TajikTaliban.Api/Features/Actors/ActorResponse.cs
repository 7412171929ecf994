using System.Text.Json.Serialization;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Json;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Actors;

/// <summary>A state, movement, authority, organisation, person or group.</summary>
public sealed record ActorResponse
{
    /// <summary>The id, a stable slug.</summary>
    public required string Id { get; init; }

    /// <summary>The type of actor.</summary>
    public required string Type { get; init; }

    /// <summary>The label of the type.</summary>
    public string TypeLabel => Lists.ActorTypes.LabelOrCode(Type);

    /// <summary>The FollowTheMoney schema of the type; null if there is none.</summary>
    public string? FollowTheMoney => Lists.ActorTypes.FindOrNull(Type)?.MappingOrNull("followTheMoney");

    /// <summary>The common English name.</summary>
    public required string Name { get; init; }

    /// <summary>Other names.</summary>
    public required IReadOnlyList<ActorNameResponse> Names { get; init; }

    /// <summary>PLOVER sector codes.</summary>
    public required IReadOnlyList<string> Sectors { get; init; }

    /// <summary>The labels of the sectors, in their order.</summary>
    public IReadOnlyList<string> SectorsLabel => [.. Sectors.Select(Lists.Sectors.LabelOrCode)];

    /// <summary>Identifiers in other systems, usable as `scheme:value` wherever an actor's id is.</summary>
    public required IReadOnlyList<ActorIdentifierResponse> Identifiers { get; init; }

    /// <summary>Statuses of the actor with their validity and, for judgements, the judging actor.</summary>
    public required IReadOnlyList<ActorStatusResponse> Statuses { get; init; }

    /// <summary>A neutral description.</summary>
    public required string? Description { get; init; }

    /// <summary>The sources of the record.</summary>
    public required IReadOnlyList<CitationResponse> Citations { get; init; }

    /// <summary>Ids of actors that were merged into this one; they redirect here.</summary>
    public required IReadOnlyList<string> Referents { get; init; }

    /// <summary>The version number: 1, and 1 more with each change.</summary>
    public required int Version { get; init; }

    /// <summary>The instant of the commit of this version (UTC), as in its history.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>How surely the record is of the time that a list asks for; only in lists that ask for one.</summary>
    [CodesOf("holds")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Holds { get; init; }
}

/// <summary>Another name of an actor.</summary>
public sealed record ActorNameResponse
{
    /// <summary>The name.</summary>
    public required string Text { get; init; }

    /// <summary>The language (BCP 47).</summary>
    public required string? Lang { get; init; }

    /// <summary>The kind of name.</summary>
    public required string Kind { get; init; }

    /// <summary>The label of the kind.</summary>
    public string KindLabel => Lists.NameKinds.LabelOrCode(Kind);
}

/// <summary>An identifier in another system.</summary>
public sealed record ActorIdentifierResponse
{
    /// <summary>The system.</summary>
    public required string Scheme { get; init; }

    /// <summary>The label of the scheme.</summary>
    public string SchemeLabel => Lists.IdentifierSchemes.LabelOrCode(Scheme);

    /// <summary>The identifier.</summary>
    public required string Value { get; init; }
}

/// <summary>A status of an actor with its validity.</summary>
public sealed record ActorStatusResponse
{
    /// <summary>The status.</summary>
    public required string Status { get; init; }

    /// <summary>The label of the status.</summary>
    public string StatusLabel => Lists.ActorStatuses.LabelOrCode(Status);

    /// <summary>Beginning (EDTF), or the interval in which it lies; `..`: none by nature; null: unknown.</summary>
    public required string? From { get; init; }

    /// <summary>End (EDTF), or the interval in which it lies; `..`: none by nature; null: unknown.</summary>
    public required string? To { get; init; }

    /// <summary>The id of the judging actor.</summary>
    public required string? By { get; init; }

    /// <summary>The sources of the status (default: the actor's citations).</summary>
    public required IReadOnlyList<CitationResponse> Citations { get; init; }
}
