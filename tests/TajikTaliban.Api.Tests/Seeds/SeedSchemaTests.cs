using System.Text.Json.Nodes;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Features.Actors;
using TajikTaliban.Api.Features.Events;
using TajikTaliban.Api.Features.Indicators;
using TajikTaliban.Api.Features.Relations;
using TajikTaliban.Api.Features.Sources;
using TajikTaliban.Api.Features.Trade;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Tests.Architecture;

namespace TajikTaliban.Api.Tests.Seeds;

/// <summary>The JSON Schemas that editors of seed files check by: they name the fields and the codes that the service takes.</summary>
public sealed class SeedSchemaTests
{
    [Theory]
    [InlineData("sources", typeof(SourceRequest))]
    [InlineData("actors", typeof(ActorRequest))]
    [InlineData("relations", typeof(RelationRequest))]
    [InlineData("events", typeof(EventRequest))]
    [InlineData("indicators", typeof(IndicatorRequest))]
    [InlineData("observations", typeof(ObservationRequest))]
    [InlineData("trade", typeof(TradeRequest))]
    public void A_schema_has_the_fields_of_the_request(string resource, Type request)
    {
        var fields = Schema(resource)["$defs"]!["record"]!["properties"]!.AsObject().Select(p => p.Key);

        Assert.Equal(ApiJson.Options.GetTypeInfo(request).Properties.Select(p => p.Name).Order(StringComparer.Ordinal),
            fields.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("sources", "source-kinds")]
    [InlineData("actors", "actor-types", "name-kinds", "sectors", "identifier-schemes", "actor-statuses")]
    [InlineData("relations", "relation-types", "stances")]
    [InlineData("events", "event-types", "event-statuses", "participant-roles")]
    [InlineData("trade", "flows", "trade-types", "valuations")]
    [InlineData("common", "obs-statuses", "certainties")]
    public void An_enumeration_has_the_codes_of_its_list(string file, params string[] lists)
    {
        var enumerations = Enumerations(Schema(file)).Select(Joined);

        Assert.Equal(lists.Select(l => Joined(CodeLists.FindOrNull(l)!.Values)).Order(StringComparer.Ordinal),
            enumerations.Order(StringComparer.Ordinal));
    }

    private static JsonNode Schema(string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "seeds", "schema", $"{name}.schema.json")))!;

    private static string Joined(IEnumerable<string> codes) => string.Join(' ', codes.Order(StringComparer.Ordinal));

    private static IEnumerable<IEnumerable<string>> Enumerations(JsonNode? node) => node switch
    {
        JsonObject o when o["enum"] is JsonArray codes => [codes.OfType<JsonNode>().Select(c => c.ToString())],
        JsonObject o => o.SelectMany(p => Enumerations(p.Value)),
        JsonArray a => a.SelectMany(Enumerations),
        _ => [],
    };
}
