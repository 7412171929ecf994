namespace TajikTaliban.Api.Domain;

/// <summary>An API key. Only its SHA-256 is stored.</summary>
public sealed class ApiKey
{
    public required string Name { get; set; }

    public required string Role { get; set; }

    public required byte[] Hash { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>The key is refused from then on; null if it does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>The hash before the last rotation.</summary>
    public byte[]? PreviousHash { get; set; }

    /// <summary>Until when the key before the last rotation is accepted as well.</summary>
    public DateTimeOffset? PreviousUntil { get; set; }

    public DateTimeOffset? RotatedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>The tombstone of a deleted record: its id returns 410 and is never reused.</summary>
public sealed class Tombstone
{
    public required string Resource { get; set; }

    public required string Id { get; set; }

    /// <summary>The version that the deletion made: one above the last that could be read.</summary>
    public int Version { get; set; }

    public DateTimeOffset DeletedAt { get; set; }
}
