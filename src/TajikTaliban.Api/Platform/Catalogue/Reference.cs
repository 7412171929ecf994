using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Platform.Catalogue;

/// <summary>A place in a body that refers to another record.</summary>
/// <param name="Pointer">The place (JSON Pointer).</param>
/// <param name="Target">The kind of the referenced record.</param>
/// <param name="Text">The id or identifier, as it was sent.</param>
public sealed record Reference(string Pointer, ReferenceTarget Target, string? Text);
