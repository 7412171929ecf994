namespace TajikTaliban.Api.Domain;

/// <summary>
/// The seed that a record was last written from, and the version: a record edited since is not overwritten.
/// </summary>
public sealed class SeededRecord
{
    public required string Resource { get; set; }

    public required string Id { get; set; }

    /// <summary>SHA-256 of the seed's text.</summary>
    public required byte[] Digest { get; set; }

    public int Version { get; set; }

    /// <summary>The pack of the seed; null of a record that was seeded before there were packs.</summary>
    public string? Pack { get; set; }
}

/// <summary>A pack of seeds that was written or removed.</summary>
public sealed class SeededPackRecord
{
    public required string Name { get; set; }

    /// <summary>Whether its records were deleted; it is not written again.</summary>
    public bool IsRemoved { get; set; }
}
