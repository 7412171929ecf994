using System.Text.Json.Nodes;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>An example of a route's response, as metadata; made when the contract is made.</summary>
public sealed record ResponseExample(int Status, Func<RecordExamples, JsonNode> Make, string MediaType = "application/json");

/// <summary>An example of a route's request body, as metadata, with a name and a summary where there are several.</summary>
public sealed record RequestExample(Func<RecordExamples, JsonNode> Make, string Name = "", string Summary = "");
