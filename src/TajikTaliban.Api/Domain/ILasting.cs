namespace TajikTaliban.Api.Domain;

/// <summary>Something that lasts, with its <see cref="Bounds"/> as columns.</summary>
public interface ILasting
{
    /// <summary>The beginning, as text of a <see cref="CourseEnd"/>.</summary>
    string? From { get; }

    /// <summary>The end, as text of a <see cref="CourseEnd"/>.</summary>
    string? To { get; }

    DateOnly Earliest { get; set; }

    DateOnly Latest { get; set; }

    DateOnly LatestBegin { get; set; }

    DateOnly EarliestEnd { get; set; }

    DateOnly OuterEarliest { get; set; }

    DateOnly OuterLatest { get; set; }
}

/// <summary>The columns of bounds.</summary>
public static class LastingBounds
{
    /// <summary>Sets the columns.</summary>
    public static void Set(this ILasting lasting, Bounds bounds) =>
        (lasting.Earliest, lasting.Latest, lasting.LatestBegin, lasting.EarliestEnd, lasting.OuterEarliest, lasting.OuterLatest) =
            (bounds.Earliest, bounds.Latest, bounds.LatestBegin, bounds.EarliestEnd, bounds.OuterEarliest, bounds.OuterLatest);
}
