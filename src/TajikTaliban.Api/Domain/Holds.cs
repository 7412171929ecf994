namespace TajikTaliban.Api.Domain;

/// <summary>How surely something holds in a span of days.</summary>
public enum Holds
{
    /// <summary>Every course that the record allows meets the span.</summary>
    Certain,

    /// <summary>Some course does, within what is known.</summary>
    Possible,

    /// <summary>Only courses do that go beyond what is known.</summary>
    Unknown,

    /// <summary>No course does.</summary>
    Not,
}
