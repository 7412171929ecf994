using System.Text.Json;
using System.Text.Json.Nodes;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Resources;

namespace TajikTaliban.Api.Features.Actors;

/// <summary>The examples of a merge into the example actor.</summary>
internal static class MergeExamples
{
    /// <summary>The id of the merged actor, as in the path.</summary>
    public const string Merged = "somebody";

    /// <summary>The name of the merged actor, which becomes an alias.</summary>
    private const string NameOfMerged = "Name of somebody";

    public static JsonNode Request(RecordExamples examples) =>
        ExampleJson.OfRequest(new MergeActorRequest { Into = ActorExample.Record.Id });

    public static JsonNode Response(RecordExamples examples)
    {
        var record = examples.Record(examples.Catalogue.All.OfType<ActorResource>().Single());
        var survivor = record.Deserialize<ActorResponse>(ApiJson.Options)!;
        survivor = survivor with
        {
            Names = [.. survivor.Names, new ActorNameResponse { Text = NameOfMerged, Lang = "en", Kind = "alias" }],
            Referents = [Merged],
            Version = survivor.Version + 1,
        };
        return ExampleJson.Of(new MergeActorResponse(Merged, survivor.Id, 1, survivor));
    }
}
