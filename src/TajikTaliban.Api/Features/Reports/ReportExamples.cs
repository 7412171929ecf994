using System.Text.Json.Nodes;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage.Reports;

namespace TajikTaliban.Api.Features.Reports;

/// <summary>The examples of reports: one report, which is accepted.</summary>
internal static class ReportExamples
{
    /// <summary>The id of the report, as in the path.</summary>
    public const string Id = "7d0c5be1f24a9863cc10b7a3e95f20d84be6";

    private const string Text =
        "The description reads as if all borders of a state were meant; the source measures the one that the two share.";
    private const string Evidence = "Paragraph 4 of the cited source";
    private const string Contact = "reader@example.org";
    private const string Answer = "Thank you: the description now says which border is meant.";

    public static JsonNode CreateRequest(RecordExamples examples) => ExampleJson.OfRequest(new CreateReportRequest
    {
        Record = new ReportedRecordRequest { Resource = examples.Changed.Name, Id = examples.Changed.Example.Id },
        Version = 1,
        Field = $"/{examples.Changed.Example.Correction!.Field}",
        Text = Text,
        Evidence = Evidence,
        Contact = Contact,
    });

    public static JsonNode ChangeRequest(RecordExamples examples) =>
        ExampleJson.OfRequest(new ChangeReportRequest { State = ReportState.Accepted, Answer = Answer });

    public static JsonNode Created(RecordExamples examples) =>
        ExampleJson.Of(ReportResponse.Of(Open(examples), examples.Catalogue, ofEditors: false));

    public static JsonNode All(RecordExamples examples) =>
        ExampleJson.Of(new ReportsResponse([ReportResponse.Of(Open(examples), examples.Catalogue, ofEditors: true)], null));

    public static JsonNode Changed(RecordExamples examples) =>
        ExampleJson.Of(ReportResponse.Of(Accepted(examples), examples.Catalogue, ofEditors: true));

    /// <summary>As its reader sees it.</summary>
    public static JsonNode One(RecordExamples examples) =>
        ExampleJson.Of(ReportResponse.Of(Accepted(examples), examples.Catalogue, ofEditors: false));

    private static Report Open(RecordExamples examples)
    {
        var (resource, example) = (examples.Changed, examples.Changed.Example);
        var record = new ReportedVersion(resource.Table, example.Id, resource.PathOf(example.Id, []), 1);
        return new Report(
            1, Id, new ReportContent(record, $"/{example.Correction!.Field}", Text, Evidence, Contact),
            RecordExamples.RecordedAt.UtcDateTime.AddHours(1), ReportState.Open, null, null, null, null);
    }

    private static Report Accepted(RecordExamples examples) => Open(examples) with
    {
        State = ReportState.Accepted,
        Answer = Answer,
        ClosedAt = RecordExamples.RecordedAt.UtcDateTime.AddDays(1),
        ClosedBy = "editor",
    };
}
