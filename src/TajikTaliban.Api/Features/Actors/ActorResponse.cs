using TajikTaliban.Api.Platform.Evidence;

namespace TajikTaliban.Api.Features.Actors;

/// <summary>A state, movement, authority, organisation, person or group.</summary>
public sealed record ActorResponse
{
    /// <summary>The id, a stable slug.</summary>
    public required string Id { get; init; }

    /// <summary>What kind of actor it is.</summary>
    public required string Type { get; init; }

    /// <summary>The FollowTheMoney schema that the type maps to; null where there is none.</summary>
    public required string? FollowTheMoney { get; init; }

    /// <summary>The name by which it is commonly known in English.</summary>
    public required string Name { get; init; }

    /// <summary>Other names.</summary>
    public required IReadOnlyList<ActorNameResponse> Names { get; init; }

    /// <summary>PLOVER sector codes.</summary>
    public required IReadOnlyList<string> Sectors { get; init; }

    /// <summary>Identifiers in other systems; `scheme:value` works wherever an actor's id does.</summary>
    public required IReadOnlyList<ActorIdentifierResponse> Identifiers { get; init; }

    /// <summary>What the actor was, from when to when, and in whose eyes.</summary>
    public required IReadOnlyList<ActorStatusResponse> Statuses { get; init; }

    /// <summary>What it is, in neutral words.</summary>
    public required string? Description { get; init; }

    /// <summary>Who says so.</summary>
    public required IReadOnlyList<CitationResponse> Citations { get; init; }

    /// <summary>Ids of actors that were merged into this one; they lead here.</summary>
    public required IReadOnlyList<string> Referents { get; init; }

    /// <summary>Counts up from 1 with every change.</summary>
    public required int Version { get; init; }

    /// <summary>When this version was recorded (UTC).</summary>
    public required DateTimeOffset RecordedAt { get; init; }
}

/// <summary>Another name of an actor.</summary>
/// <param name="Text">The name.</param>
/// <param name="Lang">Its language (BCP 47).</param>
/// <param name="Kind">What kind of name it is.</param>
public sealed record ActorNameResponse(string Text, string? Lang, string Kind);

/// <summary>An identifier in another system.</summary>
/// <param name="Scheme">The system.</param>
/// <param name="Value">The identifier.</param>
public sealed record ActorIdentifierResponse(string Scheme, string Value);

/// <summary>A status that the actor had for a time.</summary>
/// <param name="Status">The status.</param>
/// <param name="From">Since when (EDTF); null is open.</param>
/// <param name="To">Until when (EDTF); null is open.</param>
/// <param name="By">In whose eyes: an actor's id.</param>
/// <param name="Citations">Who says so; the actor's own citations hold where there are none.</param>
public sealed record ActorStatusResponse(string Status, string? From, string? To, string? By, IReadOnlyList<CitationResponse> Citations);
