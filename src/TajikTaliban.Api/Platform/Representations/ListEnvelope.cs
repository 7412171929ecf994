using System.Text.Encodings.Web;
using System.Text.Json;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Representations;

/// <summary>A page of a list as JSON: ready documents in an envelope, <see cref="ListResponse{T}"/>.</summary>
public sealed class ListEnvelope(
    ListReader lists, RecordReader records, EmptyExplanation explanation, FilterReferences references)
{
    private static readonly JsonWriterOptions Writing = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public async Task SendAsync(HttpContext http, ListResult result, CancellationToken cancellation)
    {
        var request = result.Request;
        using var body = new PooledBody();
        using var json = new Utf8JsonWriter(body, Writing);
        using var part = request.Fields is null ? null : new PooledBody(4096);
        var kept = request.Expand.Count > 0 ? new List<ReadOnlyMemory<byte>>() : null;
        json.WriteStartObject();
        json.WriteStartArray("items");
        void Item(ReadOnlyMemory<byte> document)
        {
            kept?.Add(document.ToArray());
            if (part is not null)
            {
                part.Clear();
                Projection.Write(document.Span, request.Fields!, part);
                document = part.Written;
            }

            json.WriteRawValue(document.Span, skipInputValidation: true);
        }

        var query = request.Query;
        var page = await lists.ReadAsync(query, Item, cancellation);
        if (page.Records == 0 && await references.OfMergedOrNullAsync(request, cancellation) is { } renamed)
        {
            (request, query) = (renamed, renamed.Query);
            page = await lists.ReadAsync(query, Item, cancellation);
        }

        if (page.Records == 0 && query.CanBeSearchedBySpelling())
        {
            query = query with { SearchMode = SearchMode.Similar };
            page = await lists.ReadAsync(query, Item, cancellation);
        }

        json.WriteEndArray();
        var next = page.Last is null ? null : result.NextPath(http.Request, page.Last, query.SearchMode);
        json.WriteString("next", next);
        json.WriteBoolean("complete", next is null);
        WriteQuery(json, request, query);
        WriteCounts(json, query, page);
        json.WritePropertyName("empty");
        if (page.Records == 0 && query.After is null)
        {
            await explanation.ThrowIfUnknownAsync(result.Resource, query, cancellation);
            JsonSerializer.Serialize(json, await explanation.FindAsync(query, cancellation), ApiJson.Options);
        }
        else
        {
            json.WriteNullValue();
        }

        if (kept is null)
            json.WriteNull("expanded");
        else
            Expansion.Write(json, await Expansion.ReadAsync(request.Expand, kept, records, query.AsOf, cancellation));
        await json.FlushAsync(cancellation);
        var etag = RecordETag.WeakOfBytes(body.Written.Span);
        json.WriteString("position", result.Position);
        json.WriteEndObject();
        await json.FlushAsync(cancellation);

        if (next is not null)
            http.Response.Headers.Link = $"<{next}>; rel=\"next\"";
        await JsonResponse.SendAsync(http, body.Written, etag, null, cancellation, result.IsImmutable);
    }

    private static void WriteQuery(Utf8JsonWriter json, ListRequest request, ListQuery query)
    {
        json.WriteStartObject("query");
        foreach (var parameter in request.Echo.GroupBy(e => e.Key))
        {
            json.WriteStartArray(parameter.Key);
            foreach (var value in parameter.SelectMany(p => p.Value))
                json.WriteStringValue(value);
            json.WriteEndArray();
        }

        if (query.Search is not null)
        {
            json.WriteStartArray("matched");
            json.WriteStringValue(query.SearchMode == SearchMode.Words ? "words" : "similar-spelling");
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, ListQuery query, Page page)
    {
        if (page.Total is { } total)
        {
            json.WriteStartObject("count");
            json.WriteNumber("value", total);
            json.WriteString("kind", query.Count == CountMode.Exact ? "exact" : "estimated");
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("count");
        }

        if (query.Facets.Count == 0)
        {
            json.WriteNull("facets");
            return;
        }

        json.WriteStartObject("facets");
        foreach (var (name, counts) in page.Facets)
        {
            json.WriteStartArray(name);
            foreach (var count in counts)
            {
                json.WriteStartObject();
                json.WriteString("value", count.Value);
                json.WriteNumber("count", count.Records);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
