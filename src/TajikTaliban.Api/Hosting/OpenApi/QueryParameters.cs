using Microsoft.OpenApi;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>
/// The query parameters of lists and records, from the definitions that the parser uses. They have no examples: the documentation page
/// would send all of them.
/// </summary>
internal sealed class QueryParameters(CodeSchemas codes, ResourceCatalogue resources)
{
    /// <summary>An id, or an identifier such as <c>iso3:TJK</c>.</summary>
    public const string ActorPattern = ActorIdentifier.IdOrIdentifierPattern;

    /// <summary>The parameters with one meaning for all lists, by the name of their component.</summary>
    public Dictionary<string, OpenApiParameter> Shared() => new()
    {
        ["Limit"] = Query("limit", "Records per page.", new OpenApiSchema
        {
            Type = JsonSchemaType.Integer,
            Format = "int32",
            Minimum = "1",
            Maximum = Number(ListRequest.MaxLimit),
            Default = ListRequest.DefaultLimit,
        }),
        ["Cursor"] = Query("cursor",
            "Start of the page. Take it from `next` unchanged, with the same query. It is opaque and does not expire.",
            Text(QueryText.MaxValueLength)),
        ["Words"] = Query("q",
            "Words to find in names, titles, descriptions, labels and ids. A record has to have all of them, in any order; words such as "
            + "`the` do not count beside others. No character is an operator. Case, diacritics, the forms of a letter in Arabic and "
            + "Persian, and the sign between two words (hyphen, apostrophe, space, none) do not matter. Records of similar "
            + "spelling follow; in JSON `matched` marks them, in other formats the trailer `Matched-Words` counts the records before them. "
            + "Spelling is compared with the 200 most similar words of all records and versions, also as of an earlier position.",
            Text(ListRequest.MaxSearch)),
        ["Consistency"] = Query(ListRequest.ConsistencyParameter,
            "What the pages of a walk show (default: `position`). Not `live` together with `asOf`.",
            codes.Enumeration("Consistency",
                "`position`: all pages show the records as of the first page's `position`, so that each record of then comes exactly once; "
                + "`live`: each page shows the present, and a record that moves in the meantime may come twice or not at all.",
                [ListRequest.OfPosition, ListRequest.Live])),
        ["Count"] = Query("count", "Count all matching records: `exact`, or `estimated`, which is fast at any size.",
            codes.Enumeration(ListCount.KindName, ListCount.KindText, [ListCount.Exact, ListCount.Estimated])),
        ["Lang"] = Query(LabelLanguage.Parameter, LabelLanguage.Description,
            new OpenApiSchema { Type = JsonSchemaType.String, Pattern = Rules.LanguagePattern, MaxLength = Limits.Language }),
        ["AsOf"] = Query(AsOfParameter.Name, AsOfParameter.Description, Text(128)),
        ["Edition"] = Query(Edition.Parameter, Edition.Description,
            new OpenApiSchema { Type = JsonSchemaType.String, Pattern = Edition.Pattern }),
        ["UpdatedAfter"] = Query(
            Filters.UpdatedAfter.Name, Filters.UpdatedAfter.Description,
            new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" }),
    };

    /// <summary>The parameter of single records.</summary>
    public static OpenApiParameter Version() => Query(
        "version",
        "Return this version of the record, as served while it was current; the history lists the versions. Not with `asOf`.",
        new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1" });

    public IEnumerable<IOpenApiParameter> OfList(Resource resource, OpenApiDocument document)
    {
        foreach (var filter in resource.List.Filters)
            yield return Query(filter.Name, filter.Description, SchemaOf(filter, resource));
        foreach (var name in Shared().Keys)
            yield return new OpenApiParameterReference(name, document);
        yield return OfSort(resource);
        foreach (var parameter in OfRecord(resource))
            yield return parameter;
        if (resource.List.Facets.Count > 0)
        {
            yield return Names("facets", "Fields to count the matching records by: the 100 most frequent values of each.",
                $"{resource.Singular}Facet", "A field to count by.", resource.List.Facets.Select(f => f.Name));
        }
    }

    /// <summary>The parameters of both lists and single records.</summary>
    public IEnumerable<IOpenApiParameter> OfRecord(Resource resource)
    {
        yield return Names("fields", "Fields to include (default: all). The records then lack the other fields, even required ones.",
            $"{resource.Singular}Field", "A field of a record.", resource.Fields);
        if (resource.List.Expands.Count > 0)
        {
            yield return Names("expand", "References to expand: the response contains their records in `expanded`, once each.",
                $"{resource.Singular}Reference", "A field that refers to other records.", resource.List.Expands.Select(e => e.Path));
        }

        foreach (var other in resource.List.ExpandedTables.Select(resources.OfTable))
        {
            yield return Names(ListRequest.FieldsOfName(other.Table),
                $"Fields to include of the {other.Name} in `expanded` (default: all). Only with an `expand` that leads to them.",
                $"{other.Singular}Field", "A field of a record.", other.Fields);
        }
    }

    private OpenApiParameter OfSort(Resource resource)
    {
        var list = resource.List;
        var keys = list.AllSortKeys.Select(k => k.Name).SelectMany(k => new[] { k, $"-{k}" });
        var initial = string.Join(", ", list.DefaultSort.Split(',').Select(k => $"`{k}`"));
        // no `default` in the schema: generators of zod cannot type that of an array of codes
        return Names("sort",
            $"Sort keys, in order of precedence (default: {initial}); `-` sorts descending. The id is always the last key.",
            $"{resource.Singular}Order", "A sort key; with `-`, descending.", keys);
    }

    private OpenApiSchema SchemaOf(FilterDefinition filter, Resource resource)
    {
        var schema = SchemaOfValues(filter, resource);
        if (filter.IsAllOf)
            schema.MaxItems = ValueList.MaxAllOf;
        return schema;
    }

    private OpenApiSchema SchemaOfValues(FilterDefinition filter, Resource resource)
    {
        switch (filter.Kind)
        {
            case FilterKind.Codes:
                return Several(codes.Sent(filter.Codes!));
            case FilterKind.Texts:
                return Several(Text());
            case FilterKind.Actors:
                return Several(new OpenApiSchema { Type = JsonSchemaType.String, Pattern = ActorPattern });
            case FilterKind.Ids:
                return Several(new OpenApiSchema { Type = JsonSchemaType.String, Pattern = RecordId.Pattern });
            case FilterKind.Fields:
                return Several(codes.Enumeration($"{resource.Singular}OptionalField", "A field that may be missing.", filter.Fields));
            case FilterKind.Number:
                return new OpenApiSchema { Type = JsonSchemaType.Number, Format = "decimal" };
            case FilterKind.Boolean:
                return new OpenApiSchema { Type = JsonSchemaType.Boolean };
            case FilterKind.Instant:
                return new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" };
            case FilterKind.Box:
                return new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = new OpenApiSchema { Type = JsonSchemaType.Number, Format = "decimal", Minimum = "-180", Maximum = "180" },
                    MinItems = 4,
                    MaxItems = 4,
                };
            default:
                return Text(filter.MaxLength ?? QueryText.MaxValueLength);
        }
    }

    private OpenApiParameter Names(string name, string description, string component, string about, IEnumerable<string> values) =>
        Query(name, description, Several(codes.Enumeration(component, about, values)));

    /// <summary>An array is sent as generators of clients send it by default: the parameter is repeated for each value.</summary>
    private static OpenApiParameter Query(string name, string description, IOpenApiSchema schema) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = description,
        Schema = schema,
        Style = schema is OpenApiSchema { Type: JsonSchemaType.Array } ? ParameterStyle.Form : null,
        Explode = schema is OpenApiSchema { Type: JsonSchemaType.Array },
    };

    private static OpenApiSchema Several(IOpenApiSchema items) =>
        new() { Type = JsonSchemaType.Array, Items = items, MinItems = 1, MaxItems = ValueList.MaxValues };

    private static OpenApiSchema Text(int? max = null) => new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = max };

    private static string Number(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
