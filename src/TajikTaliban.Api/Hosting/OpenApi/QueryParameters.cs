using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>
/// The query parameters of lists and records, from the definition that the parser goes by. They have no examples of their own: the
/// documentation page would send every one of them.
/// </summary>
internal sealed class QueryParameters(CodeSchemas codes)
{
    /// <summary>An id, or an identifier such as <c>iso3:TJK</c>.</summary>
    public const string ActorPattern = "^([a-z0-9][a-z0-9-]{0,127}|[a-z0-9-]+:[!-~]{1,64})$";

    private const int MostValues = 50;

    public static readonly (string Name, string Description, string[] Values) CountKind =
        ("CountKind", "`exact`: counted; `estimated`: the planner's estimate, cheap at any size.", ["exact", "estimated"]);

    /// <summary>Those that mean the same for every list, by the name of their component.</summary>
    public Dictionary<string, OpenApiParameter> Shared() => new()
    {
        ["Limit"] = Query("limit", "How many records a page has.", new OpenApiSchema
        {
            Type = JsonSchemaType.Integer,
            Format = "int32",
            Minimum = "1",
            Maximum = Number(ListRequest.MaxLimit),
            Default = ListRequest.DefaultLimit,
        }),
        ["Cursor"] = Query("cursor", "Where a page begins. Take it from `next` as it is, with the query that it belongs to; it is opaque and does not go stale.",
            Text(most: QueryText.MaxValueLength)),
        ["Words"] = Query("q", "Words to look for in names, titles and descriptions, in any order, whatever the diacritics. When no record has them, words that "
            + "are spelled alike are looked for; `query.matched` says which it was.", Text(most: 200)),
        ["Count"] = Query("count", "Counts what matches, beyond this page: `exact`, or `estimated`, which is cheap at any size.",
            codes.Enumeration(CountKind.Name, CountKind.Description, CountKind.Values)),
        ["AsOf"] = Query(AsOfParameter.Name, AsOfParameter.Description, Text(most: 128)),
        ["UpdatedAfter"] = Query(Filters.UpdatedAfter.Name, Filters.UpdatedAfter.Description, new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" }),
    };

    /// <summary>The one that only a record takes.</summary>
    public static OpenApiParameter Version() => Query("version", "The record in this version, as it was served while it was current; its history lists them. Not with `asOf`.",
        new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1" });

    public IEnumerable<IOpenApiParameter> OfList(Resource resource, OpenApiDocument document)
    {
        foreach (var filter in resource.List.Filters)
            yield return OfFilter(filter);
        foreach (var name in Shared().Keys)
            yield return new OpenApiParameterReference(name, document);
        yield return OfSort(resource);
        foreach (var parameter in OfRecord(resource))
            yield return parameter;
        if (resource.List.Facets.Count > 0)
        {
            yield return Names("facets", "Counts the matching records by these fields: the 100 most frequent values of each.",
                $"{resource.Singular}Facet", "What can be counted by.", resource.List.Facets.Select(f => f.Name));
        }
    }

    /// <summary>What a single record takes, too.</summary>
    public IEnumerable<IOpenApiParameter> OfRecord(Resource resource)
    {
        yield return Names("fields", "The fields to give, all if left out. The others are then missing from the records, also those that the schema requires.",
            $"{resource.Singular}Field", "A field of a record.", resource.Fields);
        if (resource.List.Expands.Count > 0)
        {
            yield return Names("expand", "References to follow: the records that they name come along in `expanded`, once each.",
                $"{resource.Singular}Reference", "A field that refers to other records.", resource.List.Expands.Select(e => e.Path));
        }
    }

    private OpenApiParameter OfSort(Resource resource)
    {
        var list = resource.List;
        var keys = list.AllSortKeys.Select(k => k.Name).SelectMany(k => new[] { k, $"-{k}" });
        var sort = Names("sort", "The order, by one key after the other; `-` turns it round. The id comes last in any case, so that the order is full.",
            $"{resource.Singular}Order", "What to sort by; with `-`, from the last to the first.", keys);
        ((OpenApiSchema)sort.Schema!).Default = new JsonArray([.. list.DefaultSort.Split(',').Select(k => (JsonNode)JsonValue.Create(k))]);
        return sort;
    }

    private OpenApiParameter OfFilter(FilterDefinition filter)
    {
        var schema = SchemaOf(filter);
        var parameter = Query(filter.Name, filter.Description, schema);
        if (schema.Type == JsonSchemaType.Array)
            (parameter.Style, parameter.Explode) = (ParameterStyle.Form, filter.Repeatable);
        return parameter;
    }

    private OpenApiSchema SchemaOf(FilterDefinition filter)
    {
        switch (filter.Kind)
        {
            case FilterKind.Codes:
                return Several(codes.Sent(filter.Codes!));
            case FilterKind.Texts:
                return Several(Text());
            case FilterKind.Actors:
                // where repeating means "all of them", one value may itself have several with commas
                return Several(filter.Repeatable ? Text() : new OpenApiSchema { Type = JsonSchemaType.String, Pattern = ActorPattern });
            case FilterKind.Sources:
                return Several(new OpenApiSchema { Type = JsonSchemaType.String, Pattern = RecordId.Pattern });
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
                return Text(most: QueryText.MaxValueLength);
        }
    }

    private OpenApiParameter Names(string name, string description, string component, string about, IEnumerable<string> values)
    {
        var parameter = Query(name, description, Several(codes.Enumeration(component, about, values)));
        (parameter.Style, parameter.Explode) = (ParameterStyle.Form, false);
        return parameter;
    }

    private static OpenApiParameter Query(string name, string description, IOpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Schema = schema };

    private static OpenApiSchema Several(IOpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items, MinItems = 1, MaxItems = MostValues };

    private static OpenApiSchema Text(int? most = null) => new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = most };

    private static string Number(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
