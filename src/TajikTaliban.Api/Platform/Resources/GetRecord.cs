using System.Text.Json;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Concurrency;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Paging;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>GET of one record: the ready document, or the fields and expansions that are asked for.</summary>
public static class GetRecord
{
    public static async Task Handle<TResource>(
        string id, TResource resource, RecordReader records, NpgsqlDataSource database, HttpContext http, CancellationToken cancellation)
        where TResource : Resource
    {
        JsonAnswer.RequireJson(http.Request);
        var (fields, expand) = ListRequest.ReadForRecord(http.Request, resource);
        var parent = Parent.IdOrNull(resource, http);
        var document = await FindAsync(resource, id, parent, records, database, cancellation);
        if (document.Id != id)
            http.Response.Headers.ContentLocation = resource.PathOf(document.Id, document.Json);
        if (fields is null && expand.Count == 0)
        {
            await JsonAnswer.SendAsync(http, document.Json, RecordETag.Of(document.Version), document.RecordedAt, cancellation);
            return;
        }

        using var body = new PooledBody();
        if (fields is null)
            System.Buffers.BuffersExtensions.Write(body, document.Json);
        else
            Projection.Write(document.Json, fields, body);
        if (expand.Count == 0)
        {
            await JsonAnswer.SendAsync(http, body.Written, RecordETag.Of(document.Version, string.Join(',', fields!)), document.RecordedAt, cancellation);
            return;
        }

        var expanded = await Expansion.ReadAsync(expand, [document.Json], records, cancellation);
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

    private static async Task<Document> FindAsync(
        Resource resource, string id, string? parent, RecordReader records, NpgsqlDataSource database, CancellationToken cancellation)
    {
        var key = id;
        if (resource.Table == "actors" && ActorIdentifier.LooksLikeIdentifier(id))
            key = await ActorOfAsync(id, database, cancellation);
        if (RecordId.IsValid(key))
        {
            if (await records.FindOrNullAsync(resource.Table, key, parent is null ? null : resource.List.Scope?.Column, parent, cancellation) is { } document)
                return document;
            await Parent.ThrowIfMissingAsync(resource, parent, records, cancellation);
            if (await records.TombstoneOrNullAsync(resource.Table, key, cancellation) is { } tombstone)
                throw Tombstones.Gone(key, tombstone.Version, tombstone.DeletedAt);
        }

        throw new ProblemException(ProblemType.NotFound, "/path/id", $"There is no {resource.Noun} '{id}'.");
    }

    private static async Task<string> ActorOfAsync(string text, NpgsqlDataSource database, CancellationToken cancellation)
    {
        if (!ActorIdentifier.TryParse(text, out _, out var error))
            throw new ProblemException(ProblemType.InvalidParameter, "/path/id", error);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var found = await References.ResolveAsync(connection, [(ReferenceTarget.Actor, text)], cancellation);
        return found.TryGetValue((ReferenceTarget.Actor, text), out var id)
            ? id
            : throw new ProblemException(ProblemType.NotFound, "/path/id", $"No actor has the identifier '{text}'.");
    }
}
