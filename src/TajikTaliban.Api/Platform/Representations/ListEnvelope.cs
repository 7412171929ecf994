using System.Text.Encodings.Web;
using System.Text.Json;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Answers;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Storage.Counts;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Representations;

/// <summary>A page of a list as JSON: ready documents in an envelope, <see cref="ListResponse{T}"/>.</summary>
public sealed class ListEnvelope(
    ListReader lists, Vocabulary vocabulary, RecordReader records, EmptyExplanation explanation, FilterReferences references, Walks walks,
    CountReader counting, FacetLabels labels)
{
    private static readonly JsonWriterOptions Writing = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Sends the page; or returns the position as of which it has to be read again, and sends nothing.</summary>
    public async Task<Position?> SendAsync(HttpContext http, ListResult result, CancellationToken cancellation)
    {
        var request = result.Request;
        using var body = new PooledBody();
        using var json = new Utf8JsonWriter(body, Writing);
        using var part = request.Fields is null ? null : new PooledBody(4096);
        var kept = request.Expand.Count > 0 ? new List<ReadOnlyMemory<byte>>() : null;
        json.WriteStartObject();
        json.WriteStartArray("items");
        bool Item(ReadOnlyMemory<byte> document)
        {
            kept?.Add(document.ToArray());
            if (part is not null)
            {
                part.Clear();
                Projection.Write(document.Span, request.Fields!, part);
                document = part.Written;
            }

            json.WriteRawValue(document.Span, skipInputValidation: true);
            return json.BytesCommitted + json.BytesPending >= BodyMemory.PageBytes;
        }

        var query = request.Query;
        // the whole list has to be known for its counts, and a page of similar spelling for itself
        var similarWords = query.Search is not null
            && (query.SearchMode == SearchMode.Similar || query.Count != CountMode.None || query.Facets.Count > 0)
            ? await vocabulary.WithSimilarOrNullAsync(query.Search, cancellation) : null;
        var tellsBeyond = query.After is null && query.Time is { Model.HasCourses: true, ReachesBeyond: false };
        query = query with { Similar = similarWords, CountsBeyond = tellsBeyond };
        var page = await lists.ReadAsync(query, Item, cancellation);
        if (page is { Records: 0, Last: null } && await references.OfMergedOrNullAsync(request, cancellation) is { } renamed)
        {
            (request, query) = (renamed, renamed.Query with { Similar = similarWords, CountsBeyond = tellsBeyond });
            page = await lists.ReadAsync(query, Item, cancellation);
        }

        // a search looks for its records before it reads them
        var (shown, readsTwice) = (page.Position, query.Search is not null || page.IsPart);
        var (matched, last, mode) = (new Matched(page.Records, query.SearchMode), page.Last, query.SearchMode);
        var isPart = page.IsPart;
        if (query.Search is not null && query.SearchMode == SearchMode.Words && last is null)
        {
            (query, var similar) = await SimilarAsync(query, query.Limit - page.Records, Item, cancellation);
            matched = matched with { Similar = similar.Records };
            (last, mode) = (similar.Last, SearchMode.Similar);
            shown ??= similar.Position;
            isPart |= similar.IsPart;
        }

        json.WriteEndArray();
        var expanded = kept is null ? null : await Expansion.ReadAsync(request.Expand, kept, records, query.AsOf, cancellation);
        if (result.Walk is { } walk && query.AsOf is null)
        {
            var (position, isKept) = await walks.CheckAsync(walk, shown, expanded is not null || readsTwice, cancellation);
            if (!isKept)
                return position;
            result = result with { Position = position };
        }

        var counts = await counting.ReadAsync(query, cancellation);
        if (!counts.IsExact && counts.Total is { } total)
            counts = counts with { Total = Math.Max(total, matched.Words + matched.Similar + (last is null ? 0 : 1)) };
        var next = last is null ? null : result.NextPath(http.Request, last, mode);
        json.WriteString("next", next);
        json.WriteBoolean("complete", next is null);
        WriteQuery(json, request, query, matched);
        WriteMatched(json, query, matched);
        WriteCounts(json, query, counts,
            query.Facets.Count == 0 ? null : await labels.OfAsync(
                result.Resource, counts.Facets, query.AsOf, request.Language, cancellation));
        json.WritePropertyName("empty");
        if (matched.Words + matched.Similar == 0 && query.After is null && last is null)
        {
            await explanation.ThrowIfUnknownAsync(result.Resource, query, cancellation);
            JsonSerializer.Serialize(json, await explanation.FindAsync(query, cancellation), ApiJson.Options);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WritePropertyName("mayAlsoHold");
        if (tellsBeyond)
        {
            WriteBeyond(json, http.Request, result,
                page.Records > 0 ? page.Beyond : await lists.CountBeyondAsync(query, cancellation));
        }
        else
        {
            json.WriteNullValue();
        }

        if (expanded is null)
            json.WriteNull("expanded");
        else
            Expansion.Write(json, expanded, request.FieldsOf);
        if (result.Redacted > 0)
            json.WriteNumber("redacted", result.Redacted);
        await json.FlushAsync(cancellation);
        var etag = RecordETag.WeakOfBytes(body.Written.Span);
        var text = result.Position.ToString();
        Positions.Set(http, text);
        json.WriteString("position", text);
        json.WriteEndObject();
        await json.FlushAsync(cancellation);

        if (next is not null)
            http.Response.Headers.Link = $"<{next}>; rel=\"next\"";
        if (!result.IsAsOf)
        {
            // an estimate may be followed by the exact numbers of the same position
            var isKept = !isPart && matched.Words + matched.Similar > 0 && (counts.IsExact || query.Count == CountMode.Estimated);
            AnswerSlot.Reads(http, () => isKept ? TablesOf(result.Resource, request) : null);
        }

        await JsonResponse.SendAsync(http, body.Written, etag, null, cancellation, result.IsFixed && !isPart);
        return null;
    }

    /// <summary>The tables that a page with records is read from; an empty one looks for its reason in others too.</summary>
    private static List<string> TablesOf(Resource resource, ListRequest request) =>
        [resource.Table, .. request.Expand.Select(e => e.Table), .. FacetLabels.TablesOf(resource, request.Query.Facets),
            .. request.Query.Conditions.Select(c => c.Filter.Target?.Table).OfType<string>(),
            .. resource.List.Scope is { } scope ? (string[])[scope.Table] : []];

    /// <summary>
    /// Records of similar spelling, for the rest of a page after the records that have the words. Where nothing is left of the page,
    /// <c>Last</c> says whether there is one for the next.
    /// </summary>
    private async Task<(ListQuery Query, Page Page)> SimilarAsync(
        ListQuery query, int limit, Func<ReadOnlyMemory<byte>, bool> item, CancellationToken cancellation)
    {
        query = query with { Similar = query.Similar ?? await vocabulary.WithSimilarOrNullAsync(query.Search!, cancellation) };
        if (query.Similar is null)
            return (query, new Page(0, null, null, null));
        var similar = query with
        {
            SearchMode = SearchMode.Similar,
            After = null,
            Limit = Math.Max(1, limit),
            Count = CountMode.None,
            Facets = [],
            CountsBeyond = false,
        };
        if (limit > 0)
        {
            return (query, await lists.ReadAsync(similar, item, cancellation));
        }

        var first = await lists.ReadAsync(similar, _ => false, cancellation);
        return (query, first with { Records = 0, Last = first.Records > 0 || first.Last is not null ? [] : null });
    }

    /// <summary>What is left out because it is unknown whether it holds then.</summary>
    private static void WriteBeyond(Utf8JsonWriter json, HttpRequest request, ListResult result, long? count)
    {
        if (count == 0)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("href", result.BeyondPath(request));
        if (count is null)
            json.WriteNull("count");
        else
            json.WriteNumber("count", count.Value);
        json.WriteEndObject();
    }

    private static void WriteQuery(Utf8JsonWriter json, ListRequest request, ListQuery query, Matched matched)
    {
        json.WriteStartObject("query");
        for (var i = 0; i < request.Echo.Count; i++)
        {
            var name = request.Echo[i].Key;
            if (IndexOf(name) < i)
                continue;
            json.WriteStartArray(name);
            for (var j = i; j < request.Echo.Count; j++)
            {
                if (request.Echo[j].Key != name)
                    continue;
                foreach (var value in request.Echo[j].Value)
                    json.WriteStringValue(value);
            }

            json.WriteEndArray();
        }

        if (query.Search is not null)
        {
            json.WriteStartArray("matched");
            if (matched.Words > 0)
                json.WriteStringValue(ListMatch.Words);
            if (matched.Similar > 0)
                json.WriteStringValue(ListMatch.SimilarSpelling);
            json.WriteEndArray();
        }

        json.WriteEndObject();

        int IndexOf(string name)
        {
            for (var i = 0; ; i++)
            {
                if (request.Echo[i].Key == name)
                    return i;
            }
        }
    }

    private static void WriteMatched(Utf8JsonWriter json, ListQuery query, Matched matched)
    {
        if (query.Search is null)
        {
            json.WriteNull("matched");
            return;
        }

        json.WriteStartArray("matched");
        for (var i = 0; i < matched.Words + matched.Similar; i++)
            json.WriteStringValue(i < matched.Words ? ListMatch.Words : ListMatch.SimilarSpelling);
        json.WriteEndArray();
    }

    private static void WriteCounts(Utf8JsonWriter json, ListQuery query, ListCounts counts,
        IReadOnlyDictionary<string, IReadOnlyList<FacetValue>>? facets)
    {
        if (query.Count != CountMode.None && counts.Total is { } total)
        {
            json.WriteStartObject("count");
            json.WriteNumber("value", total);
            json.WriteString("kind", counts.IsExact && query.Count == CountMode.Exact ? ListCount.Exact : ListCount.Estimated);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("count");
        }

        if (facets is null)
        {
            json.WriteNull("facets");
            json.WriteNull("facetsKind");
            return;
        }

        json.WriteStartObject("facets");
        foreach (var (name, values) in facets)
        {
            json.WriteStartArray(name);
            foreach (var value in values)
            {
                json.WriteStartObject();
                json.WriteString("value", value.Value);
                json.WriteString("label", value.Label);
                json.WriteNumber("count", value.Count);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteString("facetsKind", counts.IsExact ? ListCount.Exact : ListCount.Estimated);
    }

    /// <summary>How many records of a page have the words, and how many, after them, have similar ones.</summary>
    private readonly record struct Matched(int Words, int Similar)
    {
        public Matched(int records, SearchMode mode)
            : this(mode == SearchMode.Similar ? 0 : records, mode == SearchMode.Similar ? records : 0)
        {
        }
    }
}
