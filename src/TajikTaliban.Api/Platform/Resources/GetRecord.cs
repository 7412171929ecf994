using System.Text.Json;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>GET of one record: the ready document, or the fields and expansions that are asked for.</summary>
public static class GetRecord
{
    public static async Task Handle<TResource>(
        string id, TResource resource, RecordFinder finder, RecordReader records, AsOfParameter moments, HttpContext http, CancellationToken cancellation)
        where TResource : Resource
    {
        JsonAnswer.RequireJson(http.Request);
        var (fields, expand, version, asOf) = ListRequest.ReadForRecord(http.Request, resource);
        var parent = Parent.IdOrNull(resource, http);
        var moment = await moments.ReadAsync(asOf, cancellation);
        if (moment is not null)
            http.Response.Headers[Positions.Header] = moment.AsOf.Position.ToString();
        var isImmutable = version is not null || moment?.IsImmutable == true;
        var document = version is { } number
            ? await finder.VersionAsync(resource, id, parent, number, cancellation)
            : await finder.FindAsync(resource, id, parent, moment?.AsOf, cancellation);
        if (document.Id != id)
            http.Response.Headers.ContentLocation = resource.PathOf(document.Id, document.Json);
        if (fields is null && expand.Count == 0)
        {
            await JsonAnswer.SendAsync(http, document.Json, RecordETag.Of(document.Version), document.RecordedAt, cancellation, isImmutable);
            return;
        }

        using var body = new PooledBody();
        if (fields is null)
            System.Buffers.BuffersExtensions.Write(body, document.Json);
        else
            Projection.Write(document.Json, fields, body);
        if (expand.Count == 0)
        {
            await JsonAnswer.SendAsync(http, body.Written, RecordETag.Of(document.Version, string.Join(',', fields!)), document.RecordedAt, cancellation, isImmutable);
            return;
        }

        var expanded = await Expansion.ReadAsync(expand, [document.Json], records, moment?.AsOf, cancellation);
        using var whole = new PooledBody();
        var inner = body.Written[1..^1];
        System.Buffers.BuffersExtensions.Write(whole, "{"u8);
        System.Buffers.BuffersExtensions.Write(whole, inner.Span);
        if (inner.Length > 0)
            System.Buffers.BuffersExtensions.Write(whole, ","u8);
        using (var part = new PooledBody(4096))
        {
            using (var json = new Utf8JsonWriter(part))
            {
                json.WriteStartObject();
                Expansion.Write(json, expanded);
                json.WriteEndObject();
            }

            System.Buffers.BuffersExtensions.Write(whole, part.Written.Span[1..]);
        }

        // what is expanded changes on its own: the tag has the version (for If-Match) and a digest of the whole
        var etag = RecordETag.Of(document.Version, Convert.ToHexString(System.IO.Hashing.XxHash3.Hash(whole.Written.Span)));
        await JsonAnswer.SendAsync(http, whole.Written, etag, null, cancellation);
    }
}
