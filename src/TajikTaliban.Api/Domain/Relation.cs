namespace TajikTaliban.Api.Domain;

/// <summary>A relation of two actors during a period: from subject to object, or in both directions if the type is symmetric.</summary>
public sealed class Relation : CitedRecord, ILasting
{
    public required string Type { get; set; }

    public required string SubjectId { get; set; }

    public required string ObjectId { get; set; }

    public string? Stance { get; set; }

    /// <summary>The beginning, as text of a <see cref="CourseEnd"/>.</summary>
    public string? From { get; set; }

    public string? To { get; set; }

    public DateOnly Earliest { get; set; }

    public DateOnly Latest { get; set; }

    public DateOnly LatestBegin { get; set; }

    public DateOnly EarliestEnd { get; set; }

    public DateOnly OuterEarliest { get; set; }

    public DateOnly OuterLatest { get; set; }

    public string? Summary { get; set; }
}
