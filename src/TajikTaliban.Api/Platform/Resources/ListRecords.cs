using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>GET of a list: a page of ready documents in an envelope that says what it is a page of.</summary>
public static class ListRecords
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static async Task Handle<TResource>(
        TResource resource, ListReader lists, RecordReader records, CoverageReader coverage, AsOfParameter moments,
        ReferenceReader references, HttpContext http, CancellationToken cancellation)
        where TResource : Resource
    {
        JsonAnswer.RequireJson(http.Request);
        var request = ListRequest.Read(http.Request, resource, Parent.IdOrNull(resource, http));
        var moment = await moments.ReadAsync(request.AsOf, cancellation);
        if (moment is not null)
        {
            var asked = moment.AsOf.Position.ToString();
            http.Response.Headers[Positions.Header] = asked;
            request = request with { Query = request.Query with { AsOf = moment.AsOf }, Echo = [.. request.Echo, new(AsOfParameter.Name, [asked])] };
        }

        // known before anything is read: what is read can only be newer
        var position = http.Response.Headers[Positions.Header].ToString();
        request = await ResolveIdentifiersAsync(request, references, cancellation);

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
                Projection.Write(document, request.Fields!, part);
                document = part.Written;
            }

            json.WriteRawValue(document.Span, skipInputValidation: true);
        }

        var query = request.Query;
        var page = await lists.ReadAsync(query, Item, cancellation);
        if (page.Records == 0 && query.Search is not null && query.After is null)
        {
            // no record has the words: look for words spelled like them
            query = query with { SearchMode = SearchMode.Similar };
            page = await lists.ReadAsync(query, Item, cancellation);
        }

        json.WriteEndArray();
        var next = page.Last is null ? null : NextPath(http.Request, Cursor.Write(page.Last, query.SearchMode, request.Canonical), moment is null ? null : position);
        json.WriteString("next", next);
        json.WriteBoolean("complete", next is null);
        WriteQuery(json, request, query);
        WriteCounts(json, query, page);
        json.WritePropertyName("empty");
        if (page.Records == 0 && query.After is null)
        {
            await Parent.ThrowIfMissingAsync(resource, query.Scope, records, query.AsOf, cancellation);
            await ThrowIfUnknownAsync(query, references, cancellation);
            JsonSerializer.Serialize(json, await EmptyExplanation.FindAsync(query, coverage, cancellation), ApiJson.Options);
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
        json.WriteString("position", position);
        json.WriteEndObject();
        await json.FlushAsync(cancellation);

        if (next is not null)
            http.Response.Headers.Link = $"<{next}>; rel=\"next\"";
        await JsonAnswer.SendAsync(http, body.Written, etag, null, cancellation, moment?.IsImmutable == true);
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

    private static string NextPath(HttpRequest request, string cursor, string? asOf)
    {
        var parameters = QueryHelpers.ParseQuery(request.QueryString.Value);
        parameters["cursor"] = cursor;
        // whatever an instant or `latest` means later, the pages of a walk are of one moment
        if (asOf is not null)
            parameters[AsOfParameter.Name] = asOf;
        return QueryHelpers.AddQueryString(request.Path.ToUriComponent(), parameters);
    }

    /// <summary>Turns identifiers in filters (<c>iso3:TJK</c>) into ids.</summary>
    private static async Task<ListRequest> ResolveIdentifiersAsync(ListRequest request, ReferenceReader references, CancellationToken cancellation)
    {
        var identifiers = request.Query.Conditions.Where(TakesIdentifiers)
            .SelectMany(c => ((string[])c.Value).Where(ActorIdentifier.LooksLikeIdentifier).Select(v => (c.Filter.Target!, v))).Distinct().ToList();
        if (identifiers.Count == 0)
            return request;
        var found = await references.ResolveAsync(identifiers, request.Query.AsOf, cancellation);
        var errors = new Errors();
        string Id(string text, FilterDefinition filter)
        {
            if (!ActorIdentifier.LooksLikeIdentifier(text))
                return text;
            if (found.TryGetValue((filter.Target!, text), out var id))
                return id;
            errors.Add($"/query/{filter.Name}", $"No {filter.Target!.Noun} has the identifier '{text}'.");
            return text;
        }

        var conditions = request.Query.Conditions.Select(c => TakesIdentifiers(c)
            ? c with { Value = ((string[])c.Value).Select(v => Id(v, c.Filter)).Distinct().ToArray() } : c).ToList();
        errors.ThrowIfAny(ProblemType.InvalidParameter);
        var resolved = conditions.Where(TakesIdentifiers).Select(c => c.Filter.Name).ToHashSet();
        return request with
        {
            Query = request.Query with { Conditions = conditions },
            Echo = [.. request.Echo.Where(e => !resolved.Contains(e.Key)),
                .. conditions.Where(TakesIdentifiers).Select(c => KeyValuePair.Create(c.Filter.Name, (string[])c.Value))],
        };
    }

    private static bool TakesIdentifiers(Condition condition) => condition.Filter.Target?.Identifiers is not null;

    /// <summary>An empty list may be empty because a filter names an actor or a source that is not there: that is said, with the nearest that is.
    /// (It is looked up only now, so that lists with records in them pay nothing for it.)</summary>
    private static async Task ThrowIfUnknownAsync(ListQuery query, ReferenceReader references, CancellationToken cancellation)
    {
        var named = query.Conditions.Where(c => c.Filter.Target is not null)
            .SelectMany(c => ((string[])c.Value).Select(v => (c.Filter.Name, Target: c.Filter.Target!, Text: v))).ToList();
        if (named.Count == 0)
            return;
        var found = await references.ResolveAsync([.. named.Select(n => (n.Target, n.Text))], query.AsOf, cancellation);
        var errors = new Errors();
        foreach (var (name, target, text) in named)
        {
            if (!found.ContainsKey((target, text)))
            {
                var near = await references.NearestOrNullAsync(target, text, cancellation);
                errors.Add($"/query/{name}", query.AsOf is not null && near == text
                    ? $"There was no {target.Noun} '{text}' as of position {query.AsOf.Position}."
                    : $"There {(query.AsOf is null ? "is" : "was")} no {target.Noun} '{text}'.{(near is null ? "" : $" Did you mean '{near}'?")}");
            }
        }

        errors.ThrowIfAny(ProblemType.InvalidParameter);
    }
}
