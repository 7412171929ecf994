using Microsoft.Extensions.Primitives;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Platform.Answers;

/// <summary>What an answer depends on besides the records.</summary>
/// <param name="Path">The path.</param>
/// <param name="Query">The query string.</param>
/// <param name="Accept">The header <c>Accept</c>.</param>
internal readonly record struct AnswerKey(string Path, string Query, string Accept);

/// <summary>An answer that can be sent again while the tables that it was read from do not change.</summary>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">Its body, not compressed.</param>
/// <param name="ETag">Its tag.</param>
/// <param name="Modified">The instant of the last change, for <c>Last-Modified</c>.</param>
/// <param name="Tables">The tables that it was read from; null is any.</param>
/// <param name="Read">How far the ledger was known before it was read.</param>
internal sealed record Answer(
    KeyValuePair<string, StringValues>[] Headers, byte[] Body, string ETag, DateTime? Modified, IReadOnlyList<string>? Tables,
    LastChanges.Mark Read);

/// <summary>The place of the answer to a request in the cache. A request without one is not kept.</summary>
internal sealed class AnswerSlot(AnswerCache cache, AnswerKey key, LastChanges.Mark read)
{
    /// <summary>The headers of an answer. Others are of a request: limits, identity, logs.</summary>
    private static readonly string[] OfAnswer =
        ["Cache-Control", "Content-Location", "Content-Type", "ETag", "Link", Positions.Header, "Vary"];

    private IReadOnlyList<string>? _tables;
    private bool _isKept;

    /// <summary>States that the answer is read from some tables (null: any) as they are now, and can be kept.</summary>
    public static void Reads(HttpContext http, Func<IReadOnlyList<string>?> tables)
    {
        if (http.Features.Get<AnswerSlot>() is { } slot)
            (slot._tables, slot._isKept) = (tables(), true);
    }

    /// <summary>Keeps the answer, whose headers are set.</summary>
    public static void Keep(HttpContext http, ReadOnlyMemory<byte> body, string etag, DateTime? modified, string contentType)
    {
        if (http.Features.Get<AnswerSlot>() is not { _isKept: true } slot)
            return;
        http.Response.ContentType = contentType;
        slot.Keep(http.Response.Headers, body, etag, modified);
    }

    private void Keep(IHeaderDictionary headers, ReadOnlyMemory<byte> body, string etag, DateTime? modified) =>
        cache.Keep(key, body.Length, () => new Answer(
            [.. OfAnswer.Where(headers.ContainsKey).Select(name => KeyValuePair.Create(name, headers[name]))],
            body.ToArray(), etag, modified, _tables, read));
}
