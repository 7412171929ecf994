using System.Text.Json.Serialization;

namespace TajikTaliban.Api.Platform.Problems;

/// <summary>A problem as it is answered (RFC 9457, <c>application/problem+json</c>).</summary>
public sealed record Problem
{
    /// <summary>The address of the page that explains this kind of problem.</summary>
    public required string Type { get; init; }

    /// <summary>What kind of problem it is; the same for every problem of the type.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What went wrong this time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    /// <summary>The path that was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Instance { get; init; }

    /// <summary>What is wrong where: JSON Pointers into the body (`/participants/0/actor`), or `/query/…`, `/path/…`, `/header/…`.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }

    /// <summary>With `still-referenced`: the records that refer to this one, 20 at most.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RecordLink>? ReferencedBy { get; init; }

    /// <summary>With `gone`: what is left of the record.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TombstoneResponse? Tombstone { get; init; }

    /// <summary>With `position-gone`: the address to start again from.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Restart { get; init; }

    /// <summary>Finds this request in the logs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; }
}

/// <summary>A record by resource, id and address.</summary>
public sealed record RecordLink(string Resource, string Id, string Href);

/// <summary>What is left of a deleted record.</summary>
/// <param name="Id">The id, which is never used again.</param>
/// <param name="Version">The version that the deletion made.</param>
/// <param name="DeletedAt">When it was deleted (UTC).</param>
/// <param name="MergedInto">The record that it was merged into; null if it was deleted.</param>
public sealed record TombstoneResponse(string Id, int Version, DateTimeOffset DeletedAt, string? MergedInto);
