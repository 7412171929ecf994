using System.Text.Json;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>GET of one record: the ready document, or the fields and expansions that are asked for.</summary>
public static class GetRecord
{
    public static async Task Handle<TResource>(
        string id, TResource resource, RecordReader records, LedgerReader ledger, AsOfParameter moments, NpgsqlDataSource database, HttpContext http,
        CancellationToken cancellation)
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
            ? await VersionAsync(resource, id, parent, number, records, ledger, database, cancellation)
            : await FindAsync(resource, id, parent, moment?.AsOf, records, ledger, database, cancellation);
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

        var expanded = await Expansion.ReadAsync(expand, [document.Json], records, cancellation, moment?.AsOf);
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
        Resource resource, string id, string? parent, AsOf? asOf, RecordReader records, LedgerReader ledger, NpgsqlDataSource database, CancellationToken cancellation)
    {
        var key = await KeyAsync(resource, id, asOf, database, cancellation);
        if (RecordId.IsValid(key))
        {
            if (await records.FindOrNullAsync(resource.Table, key, parent is null ? null : resource.List.Scope?.Column, parent, cancellation, asOf) is { } document)
                return document;
            await Parent.ThrowIfMissingAsync(resource, parent, records, cancellation, asOf);
            if (await records.TombstoneOrNullAsync(resource.Table, key, cancellation, asOf) is { } tombstone
                && await Parent.HadAsync(resource, parent, key, tombstone.Version, ledger, cancellation))
            {
                throw Tombstones.Gone(resource, key, tombstone);
            }

            if (asOf is not null)
                throw new ProblemException(ProblemType.NotFound, "/path/id", $"There was no {resource.Noun} '{id}' then.");
        }

        throw NotFound(resource, id);
    }

    private static async Task<Document> VersionAsync(
        Resource resource, string id, string? parent, int version, RecordReader records, LedgerReader ledger, NpgsqlDataSource database, CancellationToken cancellation)
    {
        var key = await KeyAsync(resource, id, null, database, cancellation);
        if (!RecordId.IsValid(key) || await ledger.VersionOrNullAsync(resource.Table, key, version, cancellation) is not { } found)
        {
            // says that there is no such record, if so
            var current = await FindAsync(resource, id, parent, null, records, ledger, database, cancellation);
            throw new ProblemException(ProblemType.NotFound, "/query/version", $"'{id}' has no version {version}; the current one is {current.Version}.");
        }

        var isOfParent = found.Document is null
            ? await Parent.HadAsync(resource, parent, key, version, ledger, cancellation) : Parent.Has(resource, parent, found.Document);
        if (!isOfParent)
            throw NotFound(resource, id);
        if (found.Document is null)
            throw Tombstones.Gone(resource, key, (found.Version, found.CommittedAt, found.MergedInto));
        using var json = JsonDocument.Parse(found.Document);
        return new Document(key, version, json.RootElement.GetProperty("recordedAt").GetDateTime(), found.Document);
    }

    private static ProblemException NotFound(Resource resource, string id) => new(ProblemType.NotFound, "/path/id", $"There is no {resource.Noun} '{id}'.");

    private static async Task<string> KeyAsync(Resource resource, string id, AsOf? asOf, NpgsqlDataSource database, CancellationToken cancellation) =>
        resource.Table == "actors" && ActorIdentifier.LooksLikeIdentifier(id) ? await ActorOfAsync(id, asOf, database, cancellation) : id;

    private static async Task<string> ActorOfAsync(string text, AsOf? asOf, NpgsqlDataSource database, CancellationToken cancellation)
    {
        if (!ActorIdentifier.TryParse(text, out _, out var error))
            throw new ProblemException(ProblemType.InvalidParameter, "/path/id", error);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var found = await References.ResolveAsync(connection, [(ReferenceTarget.Actor, text)], cancellation, asOf);
        return found.TryGetValue((ReferenceTarget.Actor, text), out var id)
            ? id
            : throw new ProblemException(ProblemType.NotFound, "/path/id", $"No actor has the identifier '{text}'.");
    }
}
