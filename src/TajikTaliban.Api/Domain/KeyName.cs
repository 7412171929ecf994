namespace TajikTaliban.Api.Domain;

/// <summary>
/// The name of an API key. It may be that of a person, so it is not text that can be written into a response: who may see it is decided
/// where it is shown.
/// </summary>
public sealed record KeyName(string Text)
{
    /// <summary>Not the name, which would otherwise get into a message by accident.</summary>
    public override string ToString() => nameof(KeyName);
}
