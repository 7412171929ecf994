namespace TajikTaliban.Api.Domain;

/// <summary>A relation of two actors during a period: from subject to object, or in both directions if the type is symmetric.</summary>
public sealed class Relation : CitedRecord
{
    public required string Type { get; set; }

    public required string SubjectId { get; set; }

    public required string ObjectId { get; set; }

    public string? Stance { get; set; }

    /// <summary>EDTF text; null is open.</summary>
    public string? From { get; set; }

    public string? To { get; set; }

    /// <summary>The first day on which the relation may have held.</summary>
    public DateOnly Earliest { get; set; }

    /// <summary>The last day on which the relation may have held.</summary>
    public DateOnly Latest { get; set; }

    public string? Summary { get; set; }
}
