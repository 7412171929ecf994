using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Storage.Listing;

/// <summary>What a list knows of the time of its records.</summary>
/// <param name="Part">The part that lasts, where it is not the record itself.</param>
/// <param name="HasCourses">Whether records may hold certainly, possibly or for all that is known; otherwise their dates overlap or
/// not.</param>
/// <param name="HasMatch">Whether the date can be asked to lie within the time.</param>
public sealed record TimeModel(PartTable? Part, bool HasCourses, bool HasMatch)
{
    /// <summary>The column with the date as text, an unknown side of which is closed in the bounds; null where all sides are
    /// known.</summary>
    public string? DateText { get; init; }

    /// <summary>Figures of a period.</summary>
    public static TimeModel Periods { get; } = new(null, false, true);

    /// <summary>Figures and sources: they have a date.</summary>
    /// <param name="text">The column with the date as text.</param>
    public static TimeModel OfDates(string text) => new(null, false, true) { DateText = text };

    /// <summary>Relations: they last.</summary>
    public static TimeModel Courses { get; } = new(null, true, false);

    /// <summary>Events: they happened, or lasted.</summary>
    public static TimeModel Events { get; } = new(null, true, true);

    /// <summary>Parts that last.</summary>
    public static TimeModel OfParts(PartTable part) => new(part, true, false);
}

/// <summary>The part of a filter in the question for a time.</summary>
public enum TimeRole
{
    /// <summary>On some of these days.</summary>
    At,

    /// <summary>From this day on.</summary>
    From,

    /// <summary>Until this day.</summary>
    To,

    /// <summary>How surely.</summary>
    Holds,

    /// <summary>Overlapping or within.</summary>
    Match,
}

/// <summary>Days that are asked for, first and last included.</summary>
/// <param name="First">The first day, a <see cref="DateOnly"/>; null without one.</param>
/// <param name="Last">The last day, a <see cref="DateOnly"/>; null without one.</param>
/// <remarks>Objects, so that a statement sends each once.</remarks>
public sealed record AskedDays(object? First, object? Last);

/// <summary>The time that a list asks for.</summary>
/// <param name="Model">The time of the records.</param>
/// <param name="Days">The days; records must hold in all of these spans.</param>
/// <param name="Holds">How surely.</param>
/// <param name="IsWithin">Whether the whole date must lie in the days.</param>
public sealed record TimeQuestion(TimeModel Model, IReadOnlyList<AskedDays> Days, IReadOnlyCollection<Holds> Holds, bool IsWithin)
{
    /// <summary>What is asked for by default.</summary>
    public static IReadOnlyCollection<Holds> DefaultHolds { get; } = [Domain.Holds.Certain, Domain.Holds.Possible];

    /// <summary>Whether records match that hold only beyond what is known.</summary>
    public bool ReachesBeyond => Model.HasCourses && Holds.Contains(Domain.Holds.Unknown);

    /// <summary>Whether it asks for more than that the bounds of what is known overlap the days.</summary>
    public bool IsMore => IsWithin || (Model.HasCourses && !(Holds.Count == 2 && !ReachesBeyond));

    /// <summary>The same question within what is known; null where it asks for nothing there.</summary>
    public TimeQuestion? KnownOrNull =>
        this with { Holds = [.. Holds.Where(h => h != Domain.Holds.Unknown)] } is { Holds.Count: > 0 } known ? known : null;

    /// <summary>The same question beyond what is known.</summary>
    public TimeQuestion Beyond => this with { Holds = [Domain.Holds.Unknown] };

    /// <summary>The predicate on the rows that have the bounds.</summary>
    public HoldsIn Own => new(this);

    /// <summary>The first day that is asked for, the latest of all spans; null without one.</summary>
    public DateOnly? FirstDay => Days.Select(d => (DateOnly?)d.First).Max();
}
