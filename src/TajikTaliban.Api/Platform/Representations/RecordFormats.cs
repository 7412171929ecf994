using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;

namespace TajikTaliban.Api.Platform.Representations;

/// <summary>The formats that records have. The order decides between formats that a client likes equally well.</summary>
public static class RecordFormats
{
    public const string FormatParameter = "format";

    /// <summary>A new format is added here.</summary>
    public static IReadOnlyList<RecordFormat> All { get; } = [new CsvFormat(), new NdjsonFormat(), new GeoJsonFormat()];

    /// <summary>The parameters of the formats: <c>format</c> and those of each format.</summary>
    public static IReadOnlyList<string> ParameterNames { get; } = [FormatParameter, .. All.SelectMany(f => f.Parameters).Select(p => p.Name)
        .Distinct()];

    public static IReadOnlyList<Format> Of(Resource resource) => [Format.Json, .. All.Where(f => f.Suits(resource))];

    /// <summary>The parameters of the formats of a resource, for the contract.</summary>
    public static IReadOnlyList<QueryParameter> ParametersOf(Resource resource) =>
    [
        Parameter(Of(resource)),
        .. Of(resource).OfType<RecordFormat>().SelectMany(f => f.Parameters.Select(p => new QueryParameter(p.Name, p.Description,
            ParameterShape.One($"{char.ToUpperInvariant(f.Name[0])}{f.Name[1..]}{char.ToUpperInvariant(p.Name[0])}{p.Name[1..]}",
                p.Description, p.Values)))),
    ];

    /// <summary><c>format</c>, for an address that has several.</summary>
    public static QueryParameter Parameter(IReadOnlyList<Format> formats) => new(FormatParameter,
        "Format of the response. Takes precedence over `Accept`; a suffix of the path (`.csv`) has the same effect.",
        ParameterShape.One($"{string.Concat(formats.Select(f => char.ToUpperInvariant(f.Name[0]) + f.Name[1..]))}Format", "A format.",
            formats.Select(f => f.Name)));

    /// <summary>
    /// The values of the format's own parameters; defaults where they are left out. Parameters of another format, or of the JSON envelope
    /// where there is none, are refused.
    /// </summary>
    public static IReadOnlyDictionary<string, string> ReadValues(QueryText text, Format format)
    {
        var errors = new Errors();
        var own = (format as RecordFormat)?.Parameters ?? [];
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parameter in own)
        {
            var value = text[parameter.Name] ?? parameter.Default;
            if (!parameter.Values.Contains(value))
                errors.Add($"/query/{parameter.Name}", Fault.NotOneOf(value, parameter.Values));
            values[parameter.Name] = value;
        }

        foreach (var name in ParameterNames.Skip(1).Where(n => text[n] is not null && !values.ContainsKey(n)))
        {
            errors.Add($"/query/{name}", OnlyFor(format, [.. All.Where(f => f.Parameters.Any(p => p.Name == name)).Select(f => f.Name)]));
        }

        if (format is RecordFormat)
        {
            foreach (var name in ListRequest.OfEnvelope.Where(n => text[n] is not null))
                errors.Add($"/query/{name}", OnlyFor(format, [Format.Json.Name]));
        }

        errors.ThrowIfAny(ProblemType.InvalidParameter);
        return values;
    }

    private static Fault OnlyFor(Format format, string[] formats) => new(FaultCode.OtherFormat,
        $"Only for format {string.Join(" or ", formats)}; omit it for format '{format.Name}'.",
        ("value", format.Name), ("allowed", formats));
}
