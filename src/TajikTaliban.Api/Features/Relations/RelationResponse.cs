using System.Text.Json.Serialization;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Json;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Relations;

/// <summary>A relation between two actors, with its validity.</summary>
public sealed record RelationResponse
{
    /// <summary>The id, a stable slug.</summary>
    public required string Id { get; init; }

    /// <summary>The type of relation.</summary>
    public required string Type { get; init; }

    /// <summary>The label of the type.</summary>
    public string TypeLabel => Lists.RelationTypes.LabelOrCode(Type);

    /// <summary>True for a relation from subject to object only, false for a mutual one; derived from the type.</summary>
    public required bool Directed { get; init; }

    /// <summary>The subject, an actor.</summary>
    public required string Subject { get; init; }

    /// <summary>The object, an actor.</summary>
    public required string Object { get; init; }

    /// <summary>The stance of the subject.</summary>
    public required string? Stance { get; init; }

    /// <summary>The label of the stance.</summary>
    public string? StanceLabel => Lists.Stances.LabelOf(Stance);

    /// <summary>Beginning (EDTF), or the interval in which it lies; `..`: none by nature; null: unknown.</summary>
    public required string? From { get; init; }

    /// <summary>End (EDTF), or the interval in which it lies; `..`: none by nature; null: unknown.</summary>
    public required string? To { get; init; }

    /// <summary>The first possible day, within what is known and vouched for; null if there is none.</summary>
    public required DateOnly? Earliest { get; init; }

    /// <summary>The last possible day, within what is known and vouched for; null if there is none.</summary>
    public required DateOnly? Latest { get; init; }

    /// <summary>A summary in one sentence.</summary>
    public required string? Summary { get; init; }

    /// <summary>The sources of the record.</summary>
    public required IReadOnlyList<CitationResponse> Citations { get; init; }

    /// <summary>The version number: 1, and 1 more with each change.</summary>
    public required int Version { get; init; }

    /// <summary>The instant of the commit of this version (UTC), as in its history.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>How surely the record is of the time that a list asks for; only in lists that ask for one.</summary>
    [CodesOf("holds")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Holds { get; init; }
}
