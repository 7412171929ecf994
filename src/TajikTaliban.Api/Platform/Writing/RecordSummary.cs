namespace TajikTaliban.Api.Platform.Writing;

/// <summary>A record among others, in a few words.</summary>
/// <param name="Label">Its name or title, or what it says where it has none.</param>
/// <param name="Type">The code of its type; null where the resource has no types.</param>
/// <param name="TypeLabel">The label of the type.</param>
public sealed record RecordSummary(string Label, string? Type, string? TypeLabel);
