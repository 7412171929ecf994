using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Microsoft.Net.Http.Headers;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.Platform.Ledger;

/// <summary>
/// Strong entity tags. A record's is its version and the representation: <c>"3"</c> is the whole record as JSON, <c>"3.fields-1a2b…"</c>
/// a part of it. Any of a version's tags will do for <c>If-Match</c>, since they all say which version was read.
/// </summary>
public static class RecordETag
{
    public static string Of(int version, string? representation = null) => representation is null
        ? $"\"{version.ToString(CultureInfo.InvariantCulture)}\""
        : $"\"{version.ToString(CultureInfo.InvariantCulture)}.{XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(representation)):x16}\"";

    /// <summary>The tag of a response with several records: a digest of its bytes.</summary>
    public static string OfBytes(ReadOnlySpan<byte> body) => $"\"{XxHash3.HashToUInt64(body):x16}\"";

    /// <summary>A weak tag, for a response that contains its ledger position; the tag ignores the position.</summary>
    public static string WeakOfBytes(ReadOnlySpan<byte> body) => $"W/\"{XxHash3.HashToUInt64(body):x16}\"";

    /// <summary>True if the client has this response already (<c>If-None-Match</c>, or <c>If-Modified-Since</c> without it).</summary>
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
            && instant.Ticks / TimeSpan.TicksPerSecond <= since.UtcTicks / TimeSpan.TicksPerSecond;
    }

    /// <summary>The condition of a change.</summary>
    public static WriteCondition ReadCondition(HttpRequest request)
    {
        var (match, none) = (request.Headers.IfMatch, request.Headers.IfNoneMatch);
        if (match.Count > 0 && none.Count > 0)
            throw ProblemException.Header("If-Match", "Send either If-Match or If-None-Match, not both.");
        if (none.Count > 0)
        {
            return none == "*" ? WriteCondition.MustNotExist
                : throw ProblemException.Header("If-None-Match", "Writes accept only If-None-Match: *.");
        }

        if (match.Count == 0)
            return WriteCondition.None;
        if (match == "*")
            return WriteCondition.MustExist;
        if (!EntityTagHeaderValue.TryParseList(match, out var tags) || tags.Count == 0)
            throw ProblemException.Header("If-Match", "Send the ETag of the record with its quotes: \"3\".");
        // the comparison is the strong one (RFC 9110, 13.1.1): a weak tag matches nothing
        return new WriteCondition(true, false, [.. tags.Select(t => t.IsWeak ? null : VersionOf(t.Tag.ToString()))]);
    }

    private static int? VersionOf(string tag)
    {
        var text = tag.Trim('"');
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return int.TryParse(dot < 0 ? text : text[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version : null;
    }
}

/// <summary>The precondition of a change.</summary>
public sealed record WriteCondition(bool IsMatch, bool IsNoneMatch, IReadOnlyList<int?>? Versions)
{
    public static readonly WriteCondition None = new(false, false, null);

    public static readonly WriteCondition MustExist = new(true, false, null);

    /// <summary>No condition: for operations that write a record regardless of its version.</summary>
    public static readonly WriteCondition Any = new(true, false, null) { IsAny = true };

    public bool IsAny { get; private init; }

    public static readonly WriteCondition MustNotExist = new(false, true, null);

    /// <summary>Throws unless a record of this version may be changed.</summary>
    public void Check(int version)
    {
        if (IsNoneMatch)
            throw new ProblemException(ProblemType.PreconditionFailed, "/header/If-None-Match", "The record already exists.");
        if (!IsMatch)
        {
            throw new ProblemException(ProblemType.PreconditionRequired, "/header/If-Match",
                "The record exists; send If-Match with the ETag of the version that the change is based on (the current one is "
                + $"\"{version}\").");
        }

        if (Versions is not null && !Versions.Contains(version))
        {
            throw new ProblemException(ProblemType.PreconditionFailed, "/header/If-Match",
                $"The current version is {version}; it does not match the condition.");
        }
    }
}
