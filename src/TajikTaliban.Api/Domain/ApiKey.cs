namespace TajikTaliban.Api.Domain;

/// <summary>A key that may write. The key itself is shown once and never kept: only its SHA-256 is.</summary>
public sealed class ApiKey
{
    public required string Name { get; set; }

    public required string Role { get; set; }

    public required byte[] Hash { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>What is left of a deleted record, so that its id answers 410 and is never used again.</summary>
public sealed class Tombstone
{
    public required string Resource { get; set; }

    public required string Id { get; set; }

    /// <summary>The version that the deletion made: one above the last that could be read.</summary>
    public int Version { get; set; }

    public DateTimeOffset DeletedAt { get; set; }
}
