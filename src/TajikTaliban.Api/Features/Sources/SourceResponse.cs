using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Sources;

/// <summary>A document or dataset that records cite.</summary>
public sealed record SourceResponse
{
    /// <summary>The id, a stable slug.</summary>
    public required string Id { get; init; }

    /// <summary>The kind of source.</summary>
    public required string Kind { get; init; }

    /// <summary>The label of the kind.</summary>
    public string KindLabel => Lists.SourceKinds.LabelOrCode(Kind);

    /// <summary>The title as published.</summary>
    public required string Title { get; init; }

    /// <summary>The authors, in the order of the source.</summary>
    public required IReadOnlyList<string> Authors { get; init; }

    /// <summary>The publisher.</summary>
    public required string? Publisher { get; init; }

    /// <summary>Date of publication (EDTF).</summary>
    public required string? Published { get; init; }

    /// <summary>The address.</summary>
    public required string? Url { get; init; }

    /// <summary>The licence.</summary>
    public required string? Licence { get; init; }

    /// <summary>Notes on the source.</summary>
    public required string? Description { get; init; }

    /// <summary>What the source covers, and what it does not tell; null if that is not known.</summary>
    public required SourceCoverageResponse? Coverage { get; init; }

    /// <summary>The version number: 1, and 1 more with each change.</summary>
    public required int Version { get; init; }

    /// <summary>The instant of the commit of this version (UTC), as in its history.</summary>
    public required DateTimeOffset RecordedAt { get; init; }
}

/// <summary>What a source covers.</summary>
public sealed record SourceCoverageResponse
{
    /// <summary>The time that it covers, as an EDTF date or interval; null if it has none.</summary>
    public required string? Period { get; init; }

    /// <summary>What it covers.</summary>
    public required string About { get; init; }

    /// <summary>What it does not tell: an empty answer about it says nothing of the world.</summary>
    public required string? SilentOn { get; init; }
}
