using System.Text.Json.Nodes;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Resources;

namespace TajikTaliban.Api.Features.Corrections;

/// <summary>The examples of corrections: one correction, as JSON and as Atom.</summary>
internal static class CorrectionExamples
{
    public static JsonNode Page(RecordExamples examples) => new JsonObject
    {
        ["items"] = new JsonArray(ExampleJson.Written(json =>
            ListCorrections.Write(
                json, examples.Corrected(), examples.Created(examples.Changed).Document!, examples.Catalogue, RecordExamples.Keys))),
        ["next"] = null,
    };

    public static JsonNode Feed(RecordExamples examples) => JsonValue.Create(ListCorrections.Feed(
        [(examples.Corrected(), examples.Created(examples.Changed).Document!)], examples.Catalogue)
            .ReplaceLineEndings("\n"));
}
