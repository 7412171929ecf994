using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.Platform.Representations;

/// <summary>The formats of an address, as metadata of its route, in the order of the service's preference.</summary>
public sealed record Representable(IReadOnlyList<Format> Formats);

/// <summary>
/// Decides on the format of a response: by the suffix of the address, then <c>format=</c>, then <c>Accept</c> (RFC 9110, 12.5.1). A suffix
/// counts after a slug alone: an identifier may have a dot in it. An address with a suffix that its route does not have does not exist
/// (404).
/// </summary>
public static class Negotiation
{
    private static readonly Representable JsonAlone = new([Format.Json]);

    /// <summary>Takes the suffix off the address for as long as its route is looked for. Comes before the routing.</summary>
    public static void UseFormatSuffixes(this WebApplication app) => app.Use((http, next) =>
    {
        if (HttpMethods.IsGet(http.Request.Method) && http.Request.Path.Value is { } path
            && path.StartsWith("/v1/", StringComparison.Ordinal))
        {
            var slash = path.LastIndexOf('/');
            var dot = path.LastIndexOf('.');
            if (dot > slash && RecordId.IsValid(path[(slash + 1)..dot]))
            {
                http.Features.Set(new Suffix(path, path[(dot + 1)..]));
                http.Request.Path = path[..dot];
            }
        }

        return next(http);
    });

    /// <summary>Decides, for routes that are <see cref="Representable"/>. Comes after the routing.</summary>
    public static void UseNegotiation(this WebApplication app) => app.Use((http, next) =>
    {
        var suffix = http.Features.Get<Suffix>();
        if (suffix is not null)
            http.Request.Path = suffix.Path;
        var representable = http.GetEndpoint()?.Metadata.GetMetadata<Representable>();
        if (representable is not null)
        {
            http.Features.Set(new Negotiated(Choose(http, representable.Formats, suffix?.Name)));
        }
        else if (suffix is not null && http.GetEndpoint() is not null)
        {
            throw new ProblemException(ProblemType.NotFound, "/path",
                new Fault(FaultCode.UnknownFormat, $"Not found: {suffix.Path}. This address has no formats with a suffix.",
                    ("value", suffix.Name)));
        }

        return next(http);
    });

    /// <summary>The format of the response to a request whose route is <see cref="Representable"/>.</summary>
    public static Format FormatOf(HttpContext http) => http.Features.GetRequiredFeature<Negotiated>().Format;

    /// <summary>The path with the suffix and the query of the request, for a redirect.</summary>
    public static string WithSuffixAndQuery(HttpContext http, string path) =>
        $"{path}{(http.Features.Get<Suffix>() is { } suffix ? $".{suffix.Name}" : "")}{http.Request.QueryString.ToUriComponent()}";

    /// <summary>Throws 406 for a request that does not accept JSON, on a route that returns only JSON.</summary>
    public static void RequireJson(HttpRequest request) => OfAccept(request, JsonAlone.Formats, []);

    private static Format Choose(HttpContext http, IReadOnlyList<Format> formats, string? suffix)
    {
        var named = suffix is null ? null : formats.FirstOrDefault(f => f.Name == suffix)
            ?? throw new ProblemException(ProblemType.NotFound, "/path",
                new Fault(FaultCode.UnknownFormat, $"This address has no format '.{suffix}'; use {Suffixes(formats)}.",
                    ("value", suffix), ("allowed", formats.Select(f => f.Name).ToArray())));
        if (named is null && formats.Count > 1)
            CommonHeaders.VaryByAccept(http);
        // an address of one format takes no `format`, which is then refused as unknown
        var asked = formats.Count > 1 ? OfQuery(http.Request, formats) : null;
        if (named is not null && asked is not null && asked != named)
        {
            throw ProblemException.Query(RecordFormats.FormatParameter,
                new Fault(FaultCode.Contradiction,
                    $"The address ends in .{named.Name}, but the query has format={asked.Name}; send one of them.",
                    ("value", asked.Name), ("with", (string[])[named.Name])));
        }

        return named ?? asked ?? OfAccept(http.Request, formats, formats.Count > 1 ? formats : []);
    }

    private static Format? OfQuery(HttpRequest request, IReadOnlyList<Format> formats)
    {
        if (request.QueryString.Value?.Contains("format", StringComparison.Ordinal) != true)
            return null;
        foreach (var pair in new QueryStringEnumerable(request.QueryString.Value))
        {
            if (!pair.DecodeName().Span.SequenceEqual(RecordFormats.FormatParameter))
                continue;
            var name = pair.DecodeValue().ToString();
            if (formats.FirstOrDefault(f => f.Name == name) is { } format)
                return format;
            var near = Suggest.Nearest(name, formats.Select(f => f.Name));
            throw ProblemException.Query(RecordFormats.FormatParameter, new Fault(FaultCode.UnknownFormat,
                $"Use one of {string.Join(", ", formats.Select(f => f.Name))}.{Fault.Hint(near)}",
                ("value", name), ("nearest", near), ("allowed", formats.Select(f => f.Name).ToArray())));
        }

        return null;
    }

    private static Format OfAccept(HttpRequest request, IReadOnlyList<Format> formats, IReadOnlyList<Format> suffixed)
    {
        var accept = request.Headers.Accept;
        if (string.IsNullOrWhiteSpace(accept.ToString()))
            return formats[0];
        var (chosen, quality) = ((Format?)null, 0.0);
        if (MediaTypeHeaderValue.TryParseList(accept, out var ranges))
        {
            foreach (var format in formats)
            {
                var own = QualityOf(format, ranges);
                // ties stay with the one before
                if (own > quality)
                    (chosen, quality) = (format, own);
            }
        }

        return chosen ?? throw new ProblemException(ProblemType.NotAcceptable, "/header/Accept",
            new Fault(FaultCode.NotAcceptable, $"This address has {string.Join(", ", formats.Select(f => f.MediaType))}"
                + (suffixed.Count == 0 ? "." : $" (suffixes {Suffixes(suffixed)})."),
                ("allowed", formats.Select(f => f.MediaType).ToArray())));
    }

    /// <summary>The quality of the most specific range that the format is in; 0 where there is none.</summary>
    private static double QualityOf(Format format, IList<MediaTypeHeaderValue> ranges)
    {
        var (specific, quality) = (-1, 0.0);
        foreach (var range in ranges)
        {
            var rank = RankOf(format, range);
            var own = range.Quality ?? 1;
            if (rank >= 0 && (rank > specific || (rank == specific && own > quality)))
                (specific, quality) = (rank, own);
        }

        return quality;
    }

    /// <summary>How specifically a range names a format: 0 any, 1 its type, 2 its media type, 3 with parameters; -1 where it does
    /// not.</summary>
    private static int RankOf(Format format, MediaTypeHeaderValue range)
    {
        if (range.Charset.HasValue && !range.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            return -1;
        if (range.MatchesAllTypes)
            return 0;
        if (range.MatchesAllSubTypes)
        {
            return format.MediaType.AsSpan(0, format.MediaType.IndexOf('/', StringComparison.Ordinal))
                .Equals(range.Type.AsSpan(), StringComparison.OrdinalIgnoreCase) ? 1 : -1;
        }

        if (!range.MediaType.Equals(format.MediaType, StringComparison.OrdinalIgnoreCase)
            && !format.Synonyms.Any(s => range.MediaType.Equals(s, StringComparison.OrdinalIgnoreCase)))
        {
            return -1;
        }

        return range.Parameters.Any(p => !p.Name.Equals("q", StringComparison.OrdinalIgnoreCase)) ? 3 : 2;
    }

    private static string Suffixes(IReadOnlyList<Format> formats) => string.Join(", ", formats.Select(f => $".{f.Name}"));

    private sealed record Suffix(string Path, string Name);

    private sealed record Negotiated(Format Format);
}
