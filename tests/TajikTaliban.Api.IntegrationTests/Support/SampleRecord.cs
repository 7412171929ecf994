using System.Text.Json.Nodes;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>A record of one resource that gives every field, the response that it gets, and the variations that tests of all resources
/// need.</summary>
public sealed record SampleRecord(string Resource, string Path, JsonObject Body, JsonObject Response)
{
    public string Id => (string)Body["id"]!;

    /// <summary>The address of the record.</summary>
    public string Address => $"{Path}/{Id}";

    /// <summary>The smallest valid body, under the id that is given.</summary>
    public required Func<string, JsonObject> Minimal { get; init; }

    /// <summary>The fields that no body may leave out.</summary>
    public required IReadOnlyList<string> Required { get; init; }

    /// <summary>A patch of the full body that moves derived fields too.</summary>
    public required JsonObject Change { get; init; }

    /// <summary>The derived fields of the response after <see cref="Change"/>.</summary>
    public JsonObject Changed { get; init; } = [];

    /// <summary>The fields of the response that are not null once every field is removed that may be, and derived ones that are then
    /// null.</summary>
    public JsonObject Cleared { get; init; } = [];

    /// <summary>A patch that breaks a rule.</summary>
    public required JsonObject Invalid { get; init; }

    /// <summary>Fields that no two records may share; null where any two records may be alike but for their ids.</summary>
    public JsonObject? UniqueFields { get; init; }

    /// <summary>Gives a record its own values in place of those that only one record may have; the number differs for each id.</summary>
    public Action<JsonObject, uint>? MakeUnique { get; init; }

    /// <summary>The field that an id is made from, and what the made id has after it for the minimal body.</summary>
    public (string Field, string Suffix)? MadeId { get; init; }

    /// <summary>The record of <see cref="SampleRecords.AddBasicsAsync"/> that other records refer to.</summary>
    public string? Referred { get; init; }

    public override string ToString() => Resource;

    /// <summary>The same record under another id.</summary>
    public SampleRecord As(string id)
    {
        var copy = this with { Body = (JsonObject)Body.DeepClone(), Response = (JsonObject)Response.DeepClone() };
        foreach (var json in (JsonObject[])[copy.Body, copy.Response])
        {
            json["id"] = id;
            MakeUnique?.Invoke(json, (uint)StringComparer.Ordinal.GetHashCode(id));
        }

        return copy;
    }

    /// <summary>The body after <see cref="Change"/>, and the response to it as the second version.</summary>
    public (JsonObject Body, JsonObject Response) WithChange()
    {
        var response = With(With(Response, Change), Changed);
        response["version"] = 2;
        return (With(Body, Change), response);
    }

    /// <summary>The patch that removes every field that may be absent, and the response to it as the second version.</summary>
    public (JsonObject Patch, JsonObject Response) WithoutOptional()
    {
        var patch = new JsonObject();
        foreach (var (field, _) in Body)
        {
            if (!Required.Contains(field))
            {
                patch[field] = null;
            }
        }

        var response = With(With(Response, patch), Cleared);
        response["version"] = 2;
        return (patch, response);
    }

    /// <summary>A copy of a body in which the fields of another replace its own.</summary>
    public static JsonObject With(JsonObject body, JsonObject fields)
    {
        var copy = (JsonObject)body.DeepClone();
        foreach (var (name, value) in fields)
        {
            copy[name] = value?.DeepClone();
        }

        return copy;
    }
}
