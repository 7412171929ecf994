namespace TajikTaliban.Api.Domain;

/// <summary>
/// Which seed a record was last made from, and which version that made: a record that was edited since is not overwritten.
/// </summary>
public sealed class SeededRecord
{
    public required string Resource { get; set; }

    public required string Id { get; set; }

    /// <summary>SHA-256 of the seed's text.</summary>
    public required byte[] Digest { get; set; }

    public int Version { get; set; }
}
