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

    public static IReadOnlyList<RequestExample> Lines { get; } =
    [
        new(Upsert, "upsert", "Line 1 of 3: add or replace a record"),
        new(Patch, "patch", "Line 2: change a known version, with a reason"),
        new(Delete, "delete", "Line 3: delete a record"),
    ];

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
