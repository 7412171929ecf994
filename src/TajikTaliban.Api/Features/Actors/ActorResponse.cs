using TajikTaliban.Api.Platform.Evidence;

namespace TajikTaliban.Api.Features.Actors;

/// <summary>A state, movement, authority, organisation, person or group.</summary>
public sealed record ActorResponse
{
    /// <summary>The id, a stable slug.</summary>
    public required string Id { get; init; }

    /// <summary>The type of actor.</summary>
    public required string Type { get; init; }

    /// <summary>The FollowTheMoney schema of the type; null if there is none.</summary>
    public required string? FollowTheMoney { get; init; }

    /// <summary>The common English name.</summary>
    public required string Name { get; init; }

    /// <summary>Other names.</summary>
    public required IReadOnlyList<ActorNameResponse> Names { get; init; }

    /// <summary>PLOVER sector codes.</summary>
    public required IReadOnlyList<string> Sectors { get; init; }

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

    /// <summary>The instant at which this version was recorded (UTC).</summary>
    public required DateTimeOffset RecordedAt { get; init; }
}

/// <summary>Another name of an actor.</summary>
/// <param name="Text">The name.</param>
/// <param name="Lang">The language (BCP 47).</param>
/// <param name="Kind">The kind of name.</param>
public sealed record ActorNameResponse(string Text, string? Lang, string Kind);

/// <summary>An identifier in another system.</summary>
/// <param name="Scheme">The system.</param>
/// <param name="Value">The identifier.</param>
public sealed record ActorIdentifierResponse(string Scheme, string Value);

/// <summary>A status of an actor with its validity.</summary>
/// <param name="Status">The status.</param>
/// <param name="From">Start (EDTF); null is open.</param>
/// <param name="To">End (EDTF); null is open.</param>
/// <param name="By">The id of the judging actor.</param>
/// <param name="Citations">The sources of the status (default: the actor's citations).</param>
public sealed record ActorStatusResponse(string Status, string? From, string? To, string? By, IReadOnlyList<CitationResponse> Citations);
