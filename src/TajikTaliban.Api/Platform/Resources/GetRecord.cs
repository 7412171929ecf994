using System.Buffers;
using System.IO.Hashing;
using System.Text.Json;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Answers;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Records;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>GET of one record: the ready document, the fields and expansions that are asked for, or another format.</summary>
public sealed class GetRecord(
    RecordFinder finder, RecordReader records, AsOfParameter moments, LedgerTail tail, Edition edition)
{
    public async Task HandleAsync(string id, Resource resource, HttpContext http, CancellationToken cancellation)
    {
        var format = Negotiation.FormatOf(http);
        var request = ListRequest.ReadForRecord(http.Request, resource, RecordFormats.ParameterNames);
        var values = RecordFormats.ReadValues(request.Text, format);
        var parent = Parent.IdOrNull(resource, http);
        var isOfPosition = Position.TryParse(request.AsOf, out var at);
        var atOnce = isOfPosition && request is { Version: null, Expand.Count: 0 } && format is not RecordFormat
            ? await finder.FindAtOnceOrNullAsync(resource, id, parent, at, cancellation) : null;
        var moment = atOnce is null ? await moments.ReadAsync(request.AsOf, cancellation) : null;
        // before reading: the records can only be newer
        var position = atOnce is not null ? at.Whole.ToString() : moment?.AsOf.Position.ToString() ?? tail.Newest.EndText;
        Positions.Set(http, position);
        Document document;
        try
        {
            document = atOnce ?? (request.Version is { } number
                ? await finder.VersionAsync(resource, id, parent, number, cancellation)
                : await finder.FindAsync(resource, id, parent, moment?.AsOf, cancellation));
        }
        catch (ProblemException e) when (e.Location is { } survivor)
        {
            throw e.WithLocation(Negotiation.WithSuffixAndQuery(http, survivor));
        }

        if (document.Id != id)
            http.Response.Headers.ContentLocation = resource.PathOf(document.Id, document.Json);
        if (request.Version is null && request.AsOf is null && format is not RecordFormat)
            AnswerSlot.Reads(http, () => [resource.Table, .. request.Expand.Select(e => e.Table)]);
        var isFixed = request.Version is not null || atOnce is not null || moment?.IsFixed == true;
        if (format is RecordFormat other)
        {
            var names = new RecordNames(resource, records, moment?.AsOf, request.Language);
            var set = new RecordSet(resource, request.Fields, names, values, edition);
            if (other.UsesNames(set))
            {
                await set.Names.FindAsync([document.Json], cancellation);
            }

            using var body = SetOfOne(document, other, set, position);
            http.Response.Headers.ContentDisposition = $"inline; filename=\"{document.Id}.{other.Name}\"";
            await JsonResponse.SendAsync(http, body.Written, TagOf(document, body), null, cancellation, contentType: other.ContentType);
        }
        else if (request.Expand.Count > 0)
        {
            await SendExpandedAsync(http, document, request, moment?.AsOf, cancellation);
        }
        else if (request.Fields is { } fields)
        {
            using var body = new PooledBody();
            Projection.Write(document.Json, fields, body);
            await JsonResponse.SendAsync(http, body.Written,
                RecordETag.Of(document.Id, document.Version, edition, $"fields={string.Join(',', fields)}"), document.RecordedAt,
                cancellation, isFixed);
        }
        else
        {
            await JsonResponse.SendAsync(http, document.Json, RecordETag.Of(document.Id, document.Version, edition), document.RecordedAt,
                cancellation, isFixed);
        }
    }

    private static PooledBody SetOfOne(Document document, RecordFormat format, RecordSet set, string position)
    {
        var body = new PooledBody();
        var writer = format.Open(set, body);
        writer.Add(document.Json);
        writer.Complete(new RecordSetEnd(1, position));
        return body;
    }

    private async Task SendExpandedAsync(
        HttpContext http, Document document, RecordRequest request, AsOf? asOf, CancellationToken cancellation)
    {
        using var body = new PooledBody();
        if (request.Fields is null)
            body.Write(document.Json);
        else
            Projection.Write(document.Json, request.Fields, body);
        var expanded = await Expansion.ReadAsync(request.Expand, [document.Json], records, asOf, cancellation);
        using var whole = new PooledBody();
        var inner = body.Written[1..^1];
        whole.Write("{"u8);
        whole.Write(inner.Span);
        if (inner.Length > 0)
            whole.Write(","u8);
        using (var part = new PooledBody(4096))
        {
            using (var json = new Utf8JsonWriter(part))
            {
                json.WriteStartObject();
                Expansion.Write(json, expanded, request.FieldsOf);
                json.WriteEndObject();
            }

            whole.Write(part.Written.Span[1..]);
        }

        await JsonResponse.SendAsync(http, whole.Written, TagOf(document, whole), null, cancellation);
    }

    /// <summary>Records that this one refers to change on their own: the tag has the version, for <c>If-Match</c>, and a digest of the
    /// whole.</summary>
    private string TagOf(Document document, PooledBody body) =>
        RecordETag.Of(document.Id, document.Version, edition, Convert.ToHexString(XxHash3.Hash(body.Written.Span)));
}
