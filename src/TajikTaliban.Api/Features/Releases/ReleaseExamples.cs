using System.Text.Json.Nodes;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Features.Releases;

/// <summary>The examples of releases: one before a correction and one after it.</summary>
internal static class ReleaseExamples
{
    private static readonly Release First = new("2026-11", RecordExamples.Place.Whole, RecordExamples.RecordedAt.UtcDateTime,
        "November 2026",
        "With the facts of the first source.", RecordExamples.RecordedAt.UtcDateTime.AddHours(2));

    public static JsonNode Request(RecordExamples examples) =>
        ExampleJson.OfRequest(new CreateReleaseRequest { Id = First.Id, Title = First.Title, Notes = First.Notes });

    public static JsonNode One(RecordExamples examples) => ExampleJson.Of(ReleaseResponse.Of(First));

    public static JsonNode All(RecordExamples examples) =>
        ExampleJson.Of(new ReleasesResponse([ReleaseResponse.Of(Second(examples.Corrected())), ReleaseResponse.Of(First)]));

    public static JsonNode Changes(RecordExamples examples)
    {
        var (created, corrected) = (examples.Created(examples.Changed), examples.Corrected());
        var change = new ReleaseChangeResponse(examples.Changed.Name, corrected.Id, "changed", created.Version, corrected.Version,
            Difference.Of(created.Document, corrected.Document), false);
        return ExampleJson.Of(new ReleaseChangesResponse(ReleaseResponse.Of(First),
            ComparedStateResponse.Of(ReleaseResponse.Of(Second(corrected))), [change], null));
    }

    private static Release Second(Change corrected) => new(
        "2026-12", corrected.Position.Whole, corrected.CommittedAt, "December 2026", null, corrected.CommittedAt.AddHours(2));
}
