namespace TajikTaliban.Api.Features.Sources;

/// <summary>A document or a dataset that records cite.</summary>
public sealed record SourceResponse
{
    /// <summary>The id, a stable slug.</summary>
    public required string Id { get; init; }

    /// <summary>What kind of source it is.</summary>
    public required string Kind { get; init; }

    /// <summary>The title as published.</summary>
    public required string Title { get; init; }

    /// <summary>The authors, in the order of the source.</summary>
    public required IReadOnlyList<string> Authors { get; init; }

    /// <summary>Who published it.</summary>
    public required string? Publisher { get; init; }

    /// <summary>When it was published (EDTF).</summary>
    public required string? Published { get; init; }

    /// <summary>Where it can be read.</summary>
    public required string? Url { get; init; }

    /// <summary>The licence under which it may be used.</summary>
    public required string? Licence { get; init; }

    /// <summary>What a reader has to know of the source.</summary>
    public required string? Description { get; init; }

    /// <summary>Counts up from 1 with every change.</summary>
    public required int Version { get; init; }

    /// <summary>When this version was recorded (UTC).</summary>
    public required DateTimeOffset RecordedAt { get; init; }
}
