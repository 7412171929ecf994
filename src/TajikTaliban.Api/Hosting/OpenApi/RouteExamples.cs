using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Features.Actors;
using TajikTaliban.Api.Features.Batch;
using TajikTaliban.Api.Features.Changes;
using TajikTaliban.Api.Features.CodeLists;
using TajikTaliban.Api.Features.Corrections;
using TajikTaliban.Api.Features.Releases;
using TajikTaliban.Api.Hosting.Http;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>A body that an operation takes, with a name and a summary where there are several.</summary>
internal sealed record RequestExample(JsonNode Body, string Name = "", string Summary = "");

/// <summary>
/// The examples of operations that are not of one resource's records: made of the types that they read and answer with, about the records of
/// <see cref="RecordExamples"/>. A test sends what is sent here, and compares what comes.
/// </summary>
internal sealed class RouteExamples
{
    private const string Json = "application/json";
    private const string Lines = "application/x-ndjson";
    private const string Atom = "application/atom+xml";

    /// <summary>When and where in the ledger the example record was corrected.</summary>
    private static readonly DateTimeOffset CorrectedAt = new(2026, 12, 1, 9, 30, 0, TimeSpan.Zero);
    private static readonly Position Correction = new(2, 43, "c81e728d");

    private readonly Dictionary<(string Operation, string MediaType), JsonNode> _answers = [];
    private readonly Dictionary<string, IReadOnlyList<RequestExample>> _requests = [];
    private readonly RecordExamples _records;
    private readonly ResourceCatalogue _resources;

    public RouteExamples(RecordExamples records, ResourceCatalogue resources)
    {
        (_records, _resources) = (records, resources);
        // the smallest of the examples: a unit and a name
        var resource = resources.All.First(r => r.Name == "indicators");
        var created = records.Created(resource);
        var corrected = Corrected(created);
        AddService();
        AddChanges(resource, created);
        AddCorrections(corrected, created.Document!);
        AddReleases(corrected, created.Document!);
        AddBatch();
        AddMerge();
        var webhooks = new WebhookExamples(corrected, resources);
        foreach (var (operation, answer) in webhooks.Answers)
            _answers[(operation, Json)] = answer;
        foreach (var (operation, requests) in webhooks.Requests)
            _requests[operation] = requests;
    }

    /// <summary>What the operation answers; null where the example is that of a record.</summary>
    public JsonNode? AnswerOrNull(string operation, string mediaType) =>
        _answers.TryGetValue((operation, mediaType), out var example) ? example.DeepClone() : null;

    /// <summary>What the operation takes; none where it takes nothing, or a record.</summary>
    public IReadOnlyList<RequestExample> Requests(string operation) => _requests.TryGetValue(operation, out var examples) ? examples : [];

    /// <summary>What the service is and how it is.</summary>
    private void AddService()
    {
        const string Healthy = "healthy";
        _answers[("getIndex", Json)] = ExampleJson.Of(Http.Index.Of(_resources));
        _answers[("listCodeLists", Json)] = ExampleJson.Of(ListCodeLists.All());
        _answers[("getCodeList", Json)] = ExampleJson.Of(GetCodeList.Of(CodeLists.ActorTypes));
        _answers[("getLiveness", Json)] = ExampleJson.Of(new HealthResponse(Healthy, new Dictionary<string, HealthCheckResponse>()));
        _answers[("getReadiness", Json)] = ExampleJson.Of(new HealthResponse(
            Healthy, new Dictionary<string, HealthCheckResponse> { ["database"] = new(Healthy, null) }));
    }

    private void AddChanges(Resource resource, Change created)
    {
        var written = ExampleJson.Written(json => ChangeJson.Write(json, created, _resources));
        _answers[("listChanges", Json)] = new JsonObject
        {
            ["items"] = new JsonArray(written.DeepClone()),
            ["next"] = $"/v1/changes?after={RecordExamples.Position}",
            ["complete"] = true,
            ["position"] = RecordExamples.Position,
        };
        _answers[("listChanges", Lines)] = ExampleJson.Lines([written, new JsonObject { ["position"] = RecordExamples.Position, ["complete"] = true }]);
        _answers[("listChanges", "text/event-stream")] = JsonValue.Create(
            $"retry: 1000\n: connected\n\n{Encoding.UTF8.GetString(StreamChanges.Render(created, _resources))}");
        _answers[("getSnapshot", Lines)] = ExampleJson.Lines(
        [
            new JsonObject { ["position"] = RecordExamples.Position },
            new JsonObject { ["resource"] = resource.Name, ["id"] = created.Id, ["version"] = created.Version, ["record"] = _records.Record(resource) },
            new JsonObject { ["position"] = RecordExamples.Position, ["records"] = 1, ["complete"] = true },
        ]);
    }

    private void AddCorrections(Change corrected, byte[] before)
    {
        _answers[("listCorrections", Json)] = new JsonObject
        {
            ["items"] = new JsonArray(ExampleJson.Written(json => ListCorrections.Write(json, corrected, before, _resources))),
            ["next"] = null,
        };
        _answers[("listCorrections", Atom)] =
            JsonValue.Create(ListCorrections.Feed([(corrected, before)], ProblemAnswers.Origin, _resources).ReplaceLineEndings("\n"));
    }

    private void AddReleases(Change corrected, byte[] before)
    {
        var first = new Release("2026-11", RecordExamples.Place.Whole, RecordExamples.RecordedAt.UtcDateTime, "November 2026", "With the facts of the first source.",
            RecordExamples.RecordedAt.UtcDateTime.AddHours(2));
        var second = new Release("2026-12", corrected.Position.Whole, corrected.CommittedAt, "December 2026", null, corrected.CommittedAt.AddHours(2));
        _requests["createRelease"] = [new(ExampleJson.OfRequest(new CreateReleaseRequest { Id = first.Id, Title = first.Title, Notes = first.Notes }))];
        _answers[("createRelease", Json)] = ExampleJson.Of(ReleaseResponse.Of(first));
        _answers[("getRelease", Json)] = ExampleJson.Of(ReleaseResponse.Of(first));
        _answers[("listReleases", Json)] = ExampleJson.Of(new ReleasesResponse([ReleaseResponse.Of(second), ReleaseResponse.Of(first)]));
        _answers[("listReleaseChanges", Json)] = ExampleJson.Of(new ReleaseChangesResponse(ReleaseResponse.Of(first), ReleaseResponse.Of(second),
            [new(_resources.OfTable(corrected.Table).Name, corrected.Id, "changed", 1, corrected.Version, Difference.Of(before, corrected.Document))], null));
    }

    private void AddBatch()
    {
        var source = new BatchLineRequest { Resource = "sources", Record = _records.Request(_resources.All.First(r => r.Name == "sources")) };
        var observation = new BatchLineRequest
        {
            Op = "patch",
            Resource = "observations",
            Id = RecordExamples.IdOf("observations"),
            Record = new JsonObject { ["note"] = null },
            Version = 1,
            Cause = "our-error",
            Note = "The note belongs to the relation.",
        };
        var figure = new BatchLineRequest { Op = "delete", Resource = "trade", Id = RecordExamples.IdOf("trade") };
        _requests["writeBatch"] =
        [
            new(ExampleJson.OfRequest(source), "upsert", "Line 1 of three: a record as it is to be"),
            new(ExampleJson.OfRequest(observation), "patch", "Line 2: a change of the version that is known, with its reason"),
            new(ExampleJson.OfRequest(figure), "delete", "Line 3: a record to be deleted"),
        ];
        _answers[("writeBatch", Json)] = ExampleJson.Of(new BatchResponse(Created: 0, Changed: 1, Unchanged: 1, Deleted: 1,
        [
            new(1, "unchanged", source.Resource, RecordExamples.IdOf(source.Resource), 1),
            new(2, "changed", observation.Resource, observation.Id, 2),
            new(3, "deleted", figure.Resource, figure.Id, 2),
        ]));
    }

    private void AddMerge()
    {
        // the id that the path has as its example
        const string Merged = "somebody";
        var survivor = _records.Record(_resources.All.First(r => r.Name == "actors")).Deserialize<ActorResponse>(ApiJson.Options)!;
        survivor = survivor with { Referents = [Merged], Version = survivor.Version + 1 };
        _requests["mergeActor"] = [new(ExampleJson.OfRequest(new MergeActorRequest { Into = survivor.Id }))];
        _answers[("mergeActor", Json)] = ExampleJson.Of(new MergeActorResponse(Merged, survivor.Id, 1, survivor));
    }

    /// <summary>The example record once more, in other words.</summary>
    private static Change Corrected(Change created)
    {
        var record = JsonNode.Parse(created.Document)!;
        record["description"] = "Length of the land border that two states share.";
        record["version"] = created.Version + 1;
        record["recordedAt"] = ExampleJson.Of(CorrectedAt);
        return created with
        {
            Position = Correction,
            Version = created.Version + 1,
            Operation = "updated",
            Cause = "our-error",
            Note = "It is the border that they share, not all borders that they have.",
            Key = "editor",
            CommittedAt = CorrectedAt.UtcDateTime,
            Document = ExampleJson.Bytes(record),
        };
    }
}
