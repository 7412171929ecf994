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
}
