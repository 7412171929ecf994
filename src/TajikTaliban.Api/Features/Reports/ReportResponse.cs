using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Reports;

namespace TajikTaliban.Api.Features.Reports;

/// <summary>A report of an error in a record.</summary>
public sealed record ReportResponse
{
    /// <summary>The id: random, so that only the reader who sent the report, and editors, know it.</summary>
    public required string Id { get; init; }

    /// <summary>The state: `open`, `accepted` (the record was, or will be, corrected) or `rejected`.</summary>
    [Values("ReportState", "The state of a report of an error.", ReportState.Open, ReportState.Accepted, ReportState.Rejected)]
    public required string State { get; init; }

    /// <summary>The record.</summary>
    public required RecordLink Record { get; init; }

    /// <summary>The version that the report is about.</summary>
    public required int Version { get; init; }

    /// <summary>The address of that version, which never changes; it is 410 if the version is a deletion.</summary>
    public required string Permalink { get; init; }

    /// <summary>The id of the record that the reported one was merged into; null if it was not merged.</summary>
    public required string? MergedInto { get; init; }

    /// <summary>The field, as a JSON Pointer into the record; null for the whole record.</summary>
    public required string? Field { get; init; }

    /// <summary>What is wrong. Null without a key of the role editor or admin.</summary>
    public required string? Text { get; init; }

    /// <summary>An address or a citation that shows it. Null without a key of the role editor or admin.</summary>
    public required string? Evidence { get; init; }

    /// <summary>How to reach the reader. Null without a key of the role editor or admin.</summary>
    public required string? Contact { get; init; }

    /// <summary>The answer to the reader; null if there is none.</summary>
    public required string? Answer { get; init; }

    /// <summary>The instant at which the report was sent (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The instant at which it was accepted or rejected (UTC); null while it is open.</summary>
    public required DateTimeOffset? ClosedAt { get; init; }

    /// <summary>The name of the key that accepted or rejected it. Null without a key of the role editor or admin.</summary>
    public required string? ClosedBy { get; init; }

    /// <param name="report">The report.</param>
    /// <param name="catalogue">The resources.</param>
    /// <param name="ofEditors">Whether with what only editors may see.</param>
    internal static ReportResponse Of(Report report, ResourceCatalogue catalogue, bool ofEditors)
    {
        var (content, record) = (report.Content, report.Content.Record);
        return new ReportResponse
        {
            Id = report.Id,
            State = report.State,
            Record = new RecordLink(catalogue.OfTable(record.Table).Name, record.Id, record.Path),
            Version = record.Version,
            Permalink = ChangeJson.HrefOf(record.Path, record.Version, catalogue.Edition),
            MergedInto = report.MergedInto,
            Field = content.Field,
            Text = ofEditors ? content.Text : null,
            Evidence = ofEditors ? content.Evidence : null,
            Contact = ofEditors ? content.Contact : null,
            Answer = report.Answer,
            CreatedAt = report.CreatedAt,
            ClosedAt = report.ClosedAt,
            ClosedBy = ofEditors ? report.ClosedBy : null,
        };
    }
}
