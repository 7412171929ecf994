namespace TajikTaliban.Api.Storage.Reports;

/// <summary>The states of a report.</summary>
public static class ReportState
{
    public const string Open = "open";

    /// <summary>The record was, or will be, corrected.</summary>
    public const string Accepted = "accepted";

    /// <summary>The record stays as it is.</summary>
    public const string Rejected = "rejected";

    public static IReadOnlyList<string> All { get; } = [Open, Accepted, Rejected];
}

/// <summary>The version of a record that a report is about.</summary>
/// <param name="Table">The table of the record.</param>
/// <param name="Id">The id of the record.</param>
/// <param name="Path">The address of the record.</param>
/// <param name="Version">The version.</param>
public sealed record ReportedVersion(string Table, string Id, string Path, int Version);

/// <summary>What a reader sends.</summary>
/// <param name="Record">The version of the record.</param>
/// <param name="Field">The field, as a JSON Pointer; null for the whole record.</param>
/// <param name="Text">What is wrong.</param>
/// <param name="Evidence">An address or a citation.</param>
/// <param name="Contact">How to reach the reader.</param>
public sealed record ReportContent(ReportedVersion Record, string? Field, string Text, string? Evidence, string? Contact);

/// <summary>A report of a reader.</summary>
/// <param name="Number">Its number, in the order of arrival.</param>
/// <param name="Id">Its id.</param>
/// <param name="Content">What the reader sent.</param>
/// <param name="CreatedAt">The instant of its arrival.</param>
/// <param name="State">Its state (<see cref="ReportState"/>).</param>
/// <param name="Answer">The answer to the reader.</param>
/// <param name="ClosedAt">When it was accepted or rejected; null while it is open.</param>
/// <param name="ClosedBy">The name of the key that did so.</param>
/// <param name="MergedInto">The id of the record that the reported one was merged into since.</param>
public sealed record Report(
    long Number, string Id, ReportContent Content, DateTime CreatedAt, string State, string? Answer, DateTime? ClosedAt, string? ClosedBy,
    string? MergedInto);

/// <summary>Which reports a list has.</summary>
/// <param name="State">The state; null for all.</param>
/// <param name="Record">The table and the id of the record; null for all.</param>
public sealed record ReportFilter(string? State, (string Table, string Id)? Record);
