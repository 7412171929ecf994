namespace TajikTaliban.Api.Platform.Catalogue;

/// <summary>The example of a resource in the contract. A test sends it to a service and compares the responses.</summary>
/// <param name="Id">The id of the record.</param>
/// <param name="Query">A query whose only match is the record.</param>
/// <param name="Body">The record as a POST takes it (JSON).</param>
/// <param name="Patch">A merge patch of fields of the record (JSON).</param>
public sealed record ResourceExample(string Id, string Query, string Body, string Patch)
{
    /// <summary>A correction of the record, for the examples of operations on changes; null for most resources.</summary>
    public ExampleCorrection? Correction { get; init; }
}

/// <summary>A correction of an example record.</summary>
/// <param name="Field">The text field that it changes.</param>
/// <param name="Text">The corrected text.</param>
/// <param name="Note">The reason in words.</param>
public sealed record ExampleCorrection(string Field, string Text, string Note);

/// <summary>The fields of a record that hold a point (WGS 84 degrees), as paths such as <c>place.latitude</c>.</summary>
public sealed record PointFields(string Latitude, string Longitude);
