using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Microsoft.Net.Http.Headers;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.Platform.Ledger;

/// <summary>
/// Strong entity tags. A record's is its id, its version, the edition and the representation: <c>"tajikistan.3.4b7d12e0"</c> is the whole
/// record as JSON, <c>"tajikistan.3.4b7d12e0.1a2b…"</c> a part of it or another format. Any of a version's tags will do for
/// <c>If-Match</c>, those of other editions too, since they all say which version of which record was read.
/// </summary>
public static class RecordETag
{
    /// <param name="id">The id of the record.</param>
    /// <param name="version">Its version.</param>
    /// <param name="edition">The edition of the response.</param>
    /// <param name="representation">What else its bytes depend on; null for the whole record as JSON.</param>
    public static string Of(string id, int version, Edition edition, string? representation = null) => representation is null
        ? string.Create(CultureInfo.InvariantCulture, $"\"{id}.{version}.{edition.Text}\"")
        : string.Create(CultureInfo.InvariantCulture,
            $"\"{id}.{version}.{edition.Text}.{XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(representation)):x16}\"");

    /// <summary>The tag of a version in no edition, for <c>If-Match</c> alone.</summary>
    public static string OfVersion(string id, int version) => string.Create(CultureInfo.InvariantCulture, $"\"{id}.{version}\"");

    /// <summary>The tag of a response with several records: a digest of its bytes.</summary>
    public static string OfBytes(ReadOnlySpan<byte> body) => $"\"{XxHash3.HashToUInt64(body):x16}\"";

    /// <summary>A weak tag, for a response that contains its ledger position; the tag ignores the position.</summary>
    public static string WeakOfBytes(ReadOnlySpan<byte> body) => $"W/\"{XxHash3.HashToUInt64(body):x16}\"";

    /// <summary>
    /// True if the client has this response already: <c>If-None-Match</c>, or without it <c>If-Modified-Since</c> for a response that has a
    /// <see cref="LastModified"/>.
    /// </summary>
    public static bool IsCurrent(HttpRequest request, string etag, DateTime? modified = null)
    {
        var headers = request.Headers;
        if (headers.IfNoneMatch.Count > 0)
        {
            if (headers.IfNoneMatch.Count == 1 && headers.IfNoneMatch[0] == etag)
                return true;
            return EntityTagHeaderValue.TryParseList(headers.IfNoneMatch, out var tags)
                && tags.Any(t => t.Tag == "*" || t.Tag.AsSpan()
                    .SequenceEqual(etag.StartsWith("W/", StringComparison.Ordinal) ? etag.AsSpan(2) : etag));
        }

        return modified is { } instant && headers.IfModifiedSince.Count > 0
            && HeaderUtilities.TryParseDate(headers.IfModifiedSince.ToString(), out var since)
            && instant <= since.UtcDateTime;
    }

    /// <summary>The condition of a change.</summary>
    public static WriteCondition ReadCondition(HttpRequest request)
    {
        var (match, none) = (request.Headers.IfMatch, request.Headers.IfNoneMatch);
        if (match.Count > 0 && none.Count > 0)
        {
            throw ProblemException.Header("If-Match",
                Fault.Exclusive("Send either If-Match or If-None-Match, not both.", "If-Match", "If-None-Match"));
        }

        if (none.Count > 0)
        {
            return none == "*" ? WriteCondition.MustNotExist
                : throw ProblemException.Header("If-None-Match", new Fault(FaultCode.UnknownValue, "Writes accept only If-None-Match: *.",
                    ("allowed", (string[])["*"])));
        }

        if (match.Count == 0)
            return WriteCondition.None;
        if (match == "*")
            return WriteCondition.MustExist;
        if (!EntityTagHeaderValue.TryParseList(match, out var tags) || tags.Count == 0)
        {
            throw ProblemException.Header("If-Match",
                new Fault(FaultCode.NotAnETag, "Send the ETag of the record with its quotes: \"tajikistan.3\"."));
        }

        // the comparison is the strong one (RFC 9110, 13.1.1): a weak tag matches nothing
        return new WriteCondition(true, false, [.. tags.Select(t => t.IsWeak ? null : VersionOf(t.Tag.ToString()))]);
    }

    private static RecordVersion? VersionOf(string tag)
    {
        var parts = tag.Trim('"').Split('.');
        return int.TryParse(parts.Length == 1 ? parts[0] : parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? new RecordVersion(parts.Length == 1 ? null : parts[0], version) : null;
    }
}

/// <summary>A version in a precondition.</summary>
/// <param name="Id">The id of the record; null if the precondition states the version alone.</param>
/// <param name="Version">The version.</param>
public sealed record RecordVersion(string? Id, int Version);

/// <summary>The precondition of a change.</summary>
public sealed record WriteCondition(bool IsMatch, bool IsNoneMatch, IReadOnlyList<RecordVersion?>? Versions)
{
    public static readonly WriteCondition None = new(false, false, null);

    public static readonly WriteCondition MustExist = new(true, false, null);

    /// <summary>No condition: for operations that write a record regardless of its version.</summary>
    public static readonly WriteCondition Any = new(true, false, null) { IsAny = true };

    public bool IsAny { get; private init; }

    public static readonly WriteCondition MustNotExist = new(false, true, null);

    /// <summary>The record must be at a version.</summary>
    public static WriteCondition AtVersion(int version) => new(true, false, [new RecordVersion(null, version)]) { IsOfLine = true };

    /// <summary>Whether the version was stated beside the id, and not as an <c>ETag</c>.</summary>
    private bool IsOfLine { get; init; }

    /// <summary>Throws unless this version of a record may be changed.</summary>
    /// <param name="id">The id of the record.</param>
    /// <param name="version">Its version.</param>
    /// <param name="identifier">The identifier that the request names it by; null if by its id. An identifier can pass from one record to
    /// another, so that a version alone does not tell which of them the writer has read.</param>
    public void Check(string id, int version, string? identifier = null)
    {
        if (IsNoneMatch)
        {
            throw new ProblemException(
                ProblemType.PreconditionFailed, "/header/If-None-Match", new Fault(FaultCode.Exists, "The record already exists."));
        }

        if (!IsMatch)
        {
            var current = RecordETag.OfVersion(id, version);
            throw new ProblemException(ProblemType.PreconditionRequired, "/header/If-Match", new Fault(FaultCode.ConditionRequired,
                "The record exists; send If-Match with the ETag of the version that the change is based on (the current one is "
                + $"{current}).",
                ("etag", current)));
        }

        if (Versions is null)
            return;
        if (identifier is not null && !IsOfLine && Versions.Any(v => v is { Id: null }))
        {
            throw new ProblemException(ProblemType.PreconditionFailed, "/header/If-Match",
                new Fault(FaultCode.VersionMismatch,
                    $"With an identifier in the path, send the whole ETag; a version alone does not name the record ('{id}').",
                    ("id", id)));
        }

        if (!Versions.Any(v => v is not null && v.Version == version && (v.Id is null || v.Id == id)))
        {
            throw new ProblemException(ProblemType.PreconditionFailed, "/header/If-Match",
                new Fault(FaultCode.VersionMismatch,
                    $"The current version is {version}{(Versions.Any(v => v?.Id is { } other && other != id) ? $" of '{id}'" : "")}; "
                    + "it does not match the condition.", ("id", id), ("version", version)));
        }
    }
}
