using System.Text;
using System.Text.Json.Nodes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Resources;

namespace TajikTaliban.Api.Features.Changes;

/// <summary>The examples of the feed and the snapshot: a ledger with one change.</summary>
internal static class ChangeExamples
{
    public static JsonNode Page(RecordExamples examples) => new JsonObject
    {
        ["items"] = new JsonArray(Created(examples)),
        ["next"] = $"/v1/changes?after={RecordExamples.Position}",
        ["complete"] = true,
        ["position"] = RecordExamples.Position,
    };

    public static JsonNode Lines(RecordExamples examples) =>
        ExampleJson.Lines([Created(examples), new JsonObject { ["position"] = RecordExamples.Position, ["complete"] = true }]);

    public static JsonNode Stream(RecordExamples examples) => JsonValue.Create(Encoding.UTF8.GetString(
    [
        .. StreamChanges.Opening(Position.Start),
        .. StreamChanges.Render(examples.Created(examples.Changed), examples.Catalogue, RecordExamples.Keys),
    ]));

    public static JsonNode Snapshot(RecordExamples examples)
    {
        var created = examples.Created(examples.Changed);
        return ExampleJson.Lines(
        [
            new JsonObject { ["position"] = RecordExamples.Position },
            new JsonObject
            {
                ["resource"] = examples.Changed.Name,
                ["id"] = created.Id,
                ["version"] = created.Version,
                ["record"] = examples.Record(examples.Changed),
            },
            new JsonObject { ["position"] = RecordExamples.Position, ["records"] = 1, ["complete"] = true },
        ]);
    }

    private static JsonNode Created(RecordExamples examples) =>
        ExampleJson.Written(json => ChangeJson.Write(json, examples.Created(examples.Changed), examples.Catalogue, RecordExamples.Keys));
}
