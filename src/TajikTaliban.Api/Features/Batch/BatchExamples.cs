using System.Text.Json.Nodes;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Resources;

namespace TajikTaliban.Api.Features.Batch;

/// <summary>The examples of a batch: three lines, of which the first changes nothing.</summary>
internal static class BatchExamples
{
    private const string Upserted = "sources";
    private const string Patched = "observations";
    private const string Deleted = "trade";

    public static JsonNode Request(RecordExamples examples) => new JsonArray(Upsert(examples), Patch(examples), Delete(examples));

    public static JsonNode Response(RecordExamples examples) =>
        ExampleJson.Of(new BatchResponse(Created: 0, Changed: 1, Unchanged: 1, Deleted: 1,
    [
        new(1, "unchanged", Upserted, examples.Of(Upserted).Example.Id, 1),
        new(2, "changed", Patched, examples.Of(Patched).Example.Id, 2),
        new(3, "deleted", Deleted, examples.Of(Deleted).Example.Id, 2),
    ]));

    private static JsonNode Upsert(RecordExamples examples) =>
        ExampleJson.OfRequest(new BatchLineRequest { Resource = Upserted, Record = RecordExamples.Request(examples.Of(Upserted)) });

    private static JsonNode Patch(RecordExamples examples) => ExampleJson.OfRequest(new BatchLineRequest
    {
        Op = "patch",
        Resource = Patched,
        Id = examples.Of(Patched).Example.Id,
        Record = new JsonObject { ["note"] = null },
        Version = 1,
        Cause = "our-error",
        Note = "The note belongs to the relation.",
    });

    private static JsonNode Delete(RecordExamples examples) =>
        ExampleJson.OfRequest(new BatchLineRequest { Op = "delete", Resource = Deleted, Id = examples.Of(Deleted).Example.Id });
}
