using System.Text.Json.Serialization;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Platform.Problems;

/// <summary>A problem (RFC 9457, <c>application/problem+json</c>).</summary>
public sealed record Problem
{
    /// <summary>The address of a page on this type of problem, relative to the service: it is the same whatever host was asked.</summary>
    public required string Type { get; init; }

    /// <summary>The stable code of the type, for programs.</summary>
    public required string Code { get; init; }

    /// <summary>The title of the type.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>The error of this request.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    /// <summary>The path of the request.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Instance { get; init; }

    /// <summary>Errors by place: JSON Pointers into the body (`/participants/0/actor`), or `/query/…`, `/path/…`, `/header/…`.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, IReadOnlyList<FieldError>>? Errors { get; init; }

    /// <summary>With `still-referenced`: records that refer to this one; with a rejected merge: records that relate the two actors to each
    /// other. At most 20; `referencedByTotal` counts all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RecordLink>? ReferencedBy { get; init; }

    /// <summary>The number of all records that `referencedBy` lists the first of.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ReferencedByTotal { get; init; }

    /// <summary>With `gone` and `merged`: the tombstone of the record.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TombstoneResponse? Tombstone { get; init; }

    /// <summary>With `merged` and `merged-record`: the id of the record that this one is now.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MergedInto { get; init; }

    /// <summary>With `position-gone` and `archived`: the address of a new start.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Restart { get; init; }

    /// <summary>With `archived`: the name of the file with the changes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Archive { get; init; }

    /// <summary>The trace id of this request in the logs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; }

    /// <summary>A problem of a type, with nothing of the request.</summary>
    public static Problem Of(ProblemType type) =>
        new() { Type = type.Path, Code = type.Slug, Title = type.Title, Status = type.Status };

    /// <summary>Faults by place, as they are sent.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<FieldError>> ErrorsOf(
        IReadOnlyDictionary<string, IReadOnlyList<Fault>> faults) =>
        faults.ToDictionary(f => f.Key, f => (IReadOnlyList<FieldError>)[.. f.Value.Select(FieldError.Of)]);
}

/// <summary>An error at one place of the request.</summary>
/// <param name="Code">The stable code of the error, for programs.</param>
/// <param name="Message">The error as an English sentence.</param>
/// <param name="Data">The parameters of the message, by name: texts, numbers and lists of texts, such as the value that was sent (cut after
/// 200 characters), the maximum, the code list or the nearest known value. Absent if there are none.</param>
public sealed record FieldError(
    string Code, string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, object>? Data)
{
    public static FieldError Of(Fault fault) => new(fault.Code.Value, fault.Message, fault.Data);
}

/// <summary>A record by resource, id and address.</summary>
/// <param name="Resource">The name of its resource.</param>
/// <param name="Id">The id.</param>
/// <param name="Href">Its address.</param>
public sealed record RecordLink(string Resource, string Id, string Href);

/// <summary>The tombstone of a deleted record.</summary>
/// <param name="Id">The id, which is never reused.</param>
/// <param name="Version">The version of the deletion.</param>
/// <param name="DeletedAt">The instant of the deletion (UTC).</param>
/// <param name="MergedInto">The id of the record that it was merged into; null for a deletion.</param>
public sealed record TombstoneResponse(string Id, int Version, DateTimeOffset DeletedAt, string? MergedInto);
