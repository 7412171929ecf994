using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.WebUtilities;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Features.Corrections;

/// <summary>A change that corrects a record.</summary>
public sealed record CorrectionResponse
{
    /// <summary>The position in the ledger.</summary>
    public required string Position { get; init; }

    /// <summary>The transaction of the change.</summary>
    public required long Transaction { get; init; }

    /// <summary>The resource.</summary>
    public required string Resource { get; init; }

    /// <summary>The id of the record.</summary>
    public required string Id { get; init; }

    /// <summary>The version that the change made.</summary>
    public required int Version { get; init; }

    /// <summary>The operation.</summary>
    [Values("ChangeOperation", "The operation of a change.", "created", "updated", "deleted", "merged", "redacted")]
    public required string Operation { get; init; }

    /// <summary>The cause: `source-revised`, `our-error` or `source-withdrawn`.</summary>
    [CodesOf("change-causes")]
    public required string? Cause { get; init; }

    /// <summary>The label of the cause.</summary>
    public required string? CauseLabel { get; init; }

    /// <summary>The reason in words.</summary>
    public required string? Note { get; init; }

    /// <summary>
    /// The key that made the change; null for the service itself. Requests with a key of the role editor or admin see its name; all others
    /// see a pseudonym (`key-…`), the same for all changes of the key.
    /// </summary>
    public required string? Key { get; init; }

    /// <summary>The instant of the commit (UTC).</summary>
    public required DateTimeOffset CommittedAt { get; init; }

    /// <summary>The id of the record that this one was merged into.</summary>
    public required string? MergedInto { get; init; }

    /// <summary>
    /// Whether the content of the version was removed because it may not be public: then `note` is null and `differences` is empty.
    /// </summary>
    public required bool Redacted { get; init; }

    /// <summary>The changed fields, before and after; empty for a new or deleted record.</summary>
    public required IReadOnlyList<FieldDifference> Differences { get; init; }

    /// <summary>The address of the record's history.</summary>
    public required string Href { get; init; }
}

/// <summary>Corrections, newest first.</summary>
/// <param name="Items">The corrections.</param>
/// <param name="Next">The address of the next page, with older corrections; null on the last page.</param>
public sealed record CorrectionsResponse(IReadOnlyList<CorrectionResponse> Items, string? Next);

/// <summary>GET of <c>/v1/corrections</c>: corrections, as JSON or as an Atom feed (RFC 4287).</summary>
internal static class ListCorrections
{
    private const string Tag = "Corrections";
    private const string AtomNamespace = "http://www.w3.org/2005/Atom";
    private const int AtomEntries = 100;

    /// <summary>The identifiers of the feed and its entries (RFC 4151). They do not depend on the address that was asked.</summary>
    private const string Tags = "tag:tajik-taliban-api,2026:";

    public static void MapCorrections(this IEndpointRouteBuilder v1)
    {
        var resources = v1.ServiceProvider.GetRequiredService<ResourceCatalogue>().OneOrMore;
        var formats = new Representable([Format.Json, Format.Atom]);
        v1.MapGet("/corrections", HandleAsync).WithTags(Tag).WithName("listCorrections").WithSummary("List corrections, newest first")
            .WithDescription(
                "Every change whose cause is that the source was revised or withdrawn, or that the record was wrong: old values, new "
                + "values, cause and note. "
                + $"As `{Format.Atom.MediaType}` (`/v1/corrections.atom`), the newest {AtomEntries} as a feed to subscribe to.")
            .WithMetadata(
                new TagText(Tag, "Corrected errors, and revised or withdrawn sources."), formats, RecordFormats.Parameter(formats.Formats),
                new QueryParameter("resource", "Resources to include (default: all).", resources),
                new QueryParameter("limit", "Corrections per page.",
                    ParameterShape.Number(1, ListRequest.MaxLimit, ListRequest.DefaultLimit)),
                new QueryParameter("cursor", "Start of the page. Take it from `next` unchanged.",
                    ParameterShape.Text(QueryText.MaxValueLength)),
                new ResponseText(200, "Corrections, newest first."), new ResponseExample(200, CorrectionExamples.Page),
                new ResponseExample(200, CorrectionExamples.Feed, Format.Atom.MediaType),
                new NonJsonContent(200, Format.Atom.MediaType, "The newest corrections as an Atom feed."))
            .Produces<CorrectionsResponse>(200, "application/json").Produces(304).ProducesProblem(400).ProducesProblem(406)
            .ProducesProblem(410).ProducesProblem(503);
    }

    private static Task HandleAsync(
        CorrectionReader corrections, PositionReader positions, ResourceCatalogue catalogue, HttpContext http,
        CancellationToken cancellation) =>
        Negotiation.FormatOf(http) == Format.Atom
            ? AtomAsync(corrections, catalogue, http, cancellation) : PageAsync(corrections, positions, catalogue, http, cancellation);

    private static async Task PageAsync(
        CorrectionReader corrections, PositionReader positions, ResourceCatalogue catalogue, HttpContext http,
        CancellationToken cancellation)
    {
        var secrets = Cursor.SecretsOf(http);
        var keys = KeyNames.ViewFor(http);
        var errors = new Errors();
        var text = QueryText.Read(http.Request, ["resource", "limit", "cursor", RecordFormats.FormatParameter], ["resource"], errors);
        var limit = text.Limit(errors) ?? ListRequest.DefaultLimit;
        var tables = catalogue.ReadResources(text.List("resource"), errors);
        errors.ThrowIfAny(ProblemType.InvalidParameter);
        var query = $"corrections/{string.Join(',', text.List("resource") ?? [])}";
        Position? before = text["cursor"] is { } cursor
            ? await Positions.ReadKnownAsync(Cursor.Read(cursor, 1, query, secrets)[0], "/query/cursor", positions, cancellation) : null;
        var (found, more) = await corrections.ReadAsync(before, tables, new FeedLimits(limit, BodyMemory.PageBytes), cancellation);
        using var body = new PooledBody();
        using var json = new Utf8JsonWriter(body, ApiJson.Writing);
        json.WriteStartObject();
        json.WriteStartArray("items");
        foreach (var (change, replaced) in found)
            Write(json, change, replaced, catalogue, keys);

        json.WriteEndArray();
        json.WriteString("next",
            more ? Next(http.Request, Cursor.Write([found[^1].Change.Position.ToString()], query, secrets)) : null);
        json.WriteEndObject();
        await json.FlushAsync(cancellation);
        await JsonResponse.SendAsync(
            http, body.Written, RecordETag.OfBytes(body.Written.Span), null, cancellation, isPrivate: keys.ShowsNames);
    }

    private static string Next(HttpRequest request, string cursor)
    {
        var parameters = QueryHelpers.ParseQuery(request.QueryString.Value);
        parameters["cursor"] = cursor;
        return QueryHelpers.AddQueryString(request.Path.ToUriComponent(), parameters);
    }

    /// <summary>A correction with its differences.</summary>
    public static void Write(Utf8JsonWriter json, Change change, byte[]? replaced, ResourceCatalogue catalogue, KeyView keys)
    {
        json.WriteStartObject();
        ChangeJson.WriteHead(json, change, catalogue.OfTable(change.Table), keys);
        Difference.Write(json, "differences", replaced is null || change.Document is null ? [] : Difference.Of(replaced, change.Document));
        json.WriteString("href", HistoryOf(change, replaced, catalogue));
        json.WriteEndObject();
    }

    private static async Task AtomAsync(
        CorrectionReader corrections, ResourceCatalogue catalogue, HttpContext http, CancellationToken cancellation)
    {
        var errors = new Errors();
        var tables = catalogue.ReadResources(
            QueryText.Read(http.Request, ["resource", RecordFormats.FormatParameter], ["resource"], errors).List("resource"), errors);
        errors.ThrowIfAny(ProblemType.InvalidParameter);
        var (found, _) = await corrections.ReadAsync(null, tables, new FeedLimits(AtomEntries, BodyMemory.PageBytes), cancellation);
        var result = Encoding.UTF8.GetBytes(Feed(found, catalogue));
        await JsonResponse.SendAsync(http, result, RecordETag.OfBytes(result), found.Count > 0 ? found[0].Change.CommittedAt : null,
            cancellation, contentType: Format.Atom.ContentType);
    }

    /// <summary>
    /// Corrections with their differences, newest first, as a feed. Its addresses are relative (RFC 4287, 2): nothing that a client sends
    /// as <c>Host</c> gets into them, or into a cache.
    /// </summary>
    public static string Feed(IReadOnlyList<(Change Change, byte[]? Before)> found, ResourceCatalogue catalogue)
    {
        XElement Link(string relation, string href, string type) =>
            new(Name("link"), new XAttribute("rel", relation), new XAttribute("href", href), new XAttribute("type", type));
        var feed = new XElement(Name("feed"),
            new XElement(Name("title"), "Tajikistan and the Taliban: corrections"),
            new XElement(Name("id"), $"{Tags}corrections"),
            // of a feed without entries too (RFC 4287, 4.1.1)
            new XElement(Name("updated"), Instant(found.Count > 0 ? found[0].Change.CommittedAt : DateTime.UnixEpoch)),
            Link("self", "/v1/corrections.atom", Format.Atom.MediaType),
            Link("alternate", "/v1/corrections", "application/json"),
            new XElement(Name("author"), new XElement(Name("name"), "TajikTaliban.Api")),
            found.Select(f => new XElement(Name("entry"),
                new XElement(Name("title"),
                    $"{catalogue.OfTable(f.Change.Table).Name}/{f.Change.Id}, version {f.Change.Version}: {f.Change.Cause}"),
                new XElement(Name("id"), $"{Tags}change/{f.Change.Position}"),
                new XElement(Name("updated"), Instant(f.Change.CommittedAt)),
                Link("alternate", HistoryOf(f.Change, f.Before, catalogue), "application/json"),
                new XElement(Name("content"), new XAttribute("type", "text"), Clean(string.Join('\n', Lines(f.Change, f.Before)))))));
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + feed;
    }

    private static XName Name(string local) => XName.Get(local, AtomNamespace);

    private static IEnumerable<string> Lines(Change change, byte[]? replaced)
    {
        if (change.Note is not null)
            yield return change.Note;
        if (change.Document is null)
        {
            yield return change.IsRedacted ? "(redacted)" : change.Operation;
        }
        else
        {
            foreach (var difference in Difference.OfVersion(replaced, change.Version, change.Document))
                yield return $"{difference.Pointer}: {Text(difference.Before)} → {Text(difference.After)}";
        }
    }

    private static string Text(JsonElement? value) => value?.GetRawText() ?? "(nothing)";

    private static string Instant(DateTime instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>XML has no place for most characters of control.</summary>
    private static string Clean(string text) => new([.. text.Where(XmlConvert.IsXmlChar)]);

    private static string HistoryOf(Change change, byte[]? replaced, ResourceCatalogue catalogue) =>
        $"{catalogue.OfTable(change.Table).PathOf(change.Id, change.Document ?? replaced ?? [])}/history";
}
