using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using FluentValidation.Validators;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Features.Batch;
using TajikTaliban.Api.Features.Corrections;
using TajikTaliban.Api.Features.Events;
using TajikTaliban.Api.Features.Releases;
using TajikTaliban.Api.Features.Trade;
using TajikTaliban.Api.Hosting.Http;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Platform.Validation;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>
/// The shape of each object as JSON has it: which fields there are, which of them are required, which may be null, and what the rules say
/// of their values. It asks the serializer, so that the contract says what is written and read.
/// </summary>
internal sealed class SchemaShapes(BodyRules rules, CodeSchemas codeSchemas, ResourceCatalogue resources) : ISchemaFilter
{
    /// <summary>
    /// Components that are null somewhere. In OpenAPI 3.0 a reference cannot say that it may be null, and <c>allOf</c> with
    /// <c>nullable</c> does not let null through either, so that the component itself says it; see <see cref="ContractDocument"/>.
    /// </summary>
    public ISet<string> NullableComponents { get; } = new SortedSet<string>(StringComparer.Ordinal);

    public ISet<string> OtherComponents { get; } = new SortedSet<string>(StringComparer.Ordinal);

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema open)
            return;
        if ((Nullable.GetUnderlyingType(context.Type) ?? context.Type) == typeof(decimal))
            open.Format = "decimal";
        if (context.MemberInfo is not null || context.Type.Assembly != typeof(SchemaShapes).Assembly || open.Properties is not { Count: > 0 } properties)
            return;

        var type = ApiJson.Options.GetTypeInfo(context.Type);
        var isRequest = SchemaNames.IsRequest(context.Type);
        var fresh = isRequest ? Activator.CreateInstance(context.Type) : null;
        open.AdditionalPropertiesAllowed = false;
        open.Required = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var field in type.Properties)
        {
            if (isRequest ? field.IsRequired : !IsLeftOut(field))
                open.Required.Add(field.Name);
            var nullable = isRequest ? field.IsSetNullable : field.IsGetNullable && !IsLeftOut(field);
            var property = (OpenApiSchema)properties[field.Name];
            if (property.AllOf is [OpenApiSchemaReference { Reference.Id: { } component }])
            {
                (nullable ? NullableComponents : OtherComponents).Add(component);
                property.Type = null;
            }
            else
            {
                property.Type = nullable ? property.Type | JsonSchemaType.Null : property.Type & ~JsonSchemaType.Null;
            }

            // a record of any resource
            if (field.PropertyType == typeof(object))
                (property.Type, property.AdditionalPropertiesAllowed) = (nullable ? JsonSchemaType.Object | JsonSchemaType.Null : JsonSchemaType.Object, true);

            // comments of several lines are indented as the code is
            property.Description = property.Description is { } text ? Regex.Replace(text, @"\s*\n\s*", " ") : null;
            // in words: `default` makes a field of a body one that has to be sent, in the types of openapi-typescript
            if (fresh is not null && !field.IsRequired && !nullable && field.Get?.Invoke(fresh) is { } initial
                && property.Description?.Contains("if left out", StringComparison.Ordinal) != true)
            {
                Append(property, $"`{JsonSerializer.Serialize(initial, ApiJson.Options)}` if left out.");
            }

            CodeList? codes = null;
            foreach (var rule in rules.Of(SchemaNames.RequestOfOrNull(context.Type) ?? context.Type, field.Name))
            {
                if (rule.Validator is ICodeValidator validator)
                    codes = validator.Codes;
                else
                    Apply(rule, property, isRequest);
            }

            properties[field.Name] = WithCodes(property, codes ?? CodesWithoutRuleOrNull(context.Type, field.Name), isRequest);
            if (context.Type == typeof(BatchLineRequest) && field.Name == "resource" && resources.OneOrMore.Names is { } names)
                properties[field.Name] = new OpenApiSchema { Description = property.Description, AllOf = [codeSchemas.Enumeration(names.Name, names.Description, names.Values)] };
            if (Enumerations.TryGetValue((context.Type, field.Name), out var own))
                properties[field.Name] = new OpenApiSchema { Description = property.Description, AllOf = [codeSchemas.Enumeration(own.Name, own.Description, own.Values)] };
        }
    }

    /// <summary>A property whose values are of a code list: the list's enumeration, or, where it may be null, one of its own with null in it.</summary>
    private OpenApiSchema WithCodes(OpenApiSchema property, CodeList? codes, bool sent)
    {
        if (codes is null)
            return property;
        property.Description = $"{property.Description} {CodeSchemas.Describe(codes, !sent)}".Trim();
        if (property.Type?.HasFlag(JsonSchemaType.Integer) == true)
        {
            (property.Minimum, property.Maximum) = (codes.Values[0], codes.Values[^1]);
            return property;
        }

        var schema = sent ? codeSchemas.Sent(codes) : codeSchemas.Answered(codes);
        if (property.Type?.HasFlag(JsonSchemaType.Array) == true)
        {
            property.Items = schema;
            return property;
        }

        if (schema is OpenApiSchemaReference reference)
        {
            if (property.Type?.HasFlag(JsonSchemaType.Null) != true)
                return new OpenApiSchema { Description = property.Description, AllOf = [reference] };
            property.Enum = [.. codes.Values.Select(v => (JsonNode)JsonValue.Create(v)), JsonNullSentinel.JsonNull];
        }
        else if (schema is OpenApiSchema inline)
        {
            (property.Pattern, property.Extensions) = (inline.Pattern, inline.Extensions);
        }

        return property;
    }

    /// <summary>Fields that are absent rather than null.</summary>
    private static bool IsLeftOut(JsonPropertyInfo field) =>
        field.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), false).Length > 0;

    private static void Apply(BodyRules.Rule rule, OpenApiSchema property, bool sent)
    {
        var schema = rule.OfMembers ? property.Items as OpenApiSchema : property;
        if (schema is null)
            return;
        switch (rule.Validator)
        {
            case IFormValidator form:
                Append(schema, form.Form);
                schema.Examples = [form.Example];
                break;
            case IInclusiveBetweenValidator between:
                schema.Minimum = Text(between.From);
                schema.Maximum = Text(between.To);
                break;
            case IComparisonValidator { Comparison: Comparison.GreaterThanOrEqual, ValueToCompare: { } least }:
                schema.Minimum = Text(least);
                break;
            // what texts and arrays look like is asked of what is sent, and is no promise of what is answered
            case IRegularExpressionValidator pattern when sent:
                schema.Pattern = pattern.Expression;
                break;
            case ILengthValidator { Max: > 0 } length when sent:
                schema.MaxLength = length.Max;
                break;
            case INotEmptyValidator when sent && schema.Type?.HasFlag(JsonSchemaType.Array) == true:
                schema.MinItems = 1;
                break;
            case INotEmptyValidator when sent && schema.Type?.HasFlag(JsonSchemaType.String) == true:
                schema.MinLength = 1;
                break;
        }
    }

    private static readonly (string Name, string Description, string[] Values) ChangeOperation =
        ("ChangeOperation", "What happened to a record.", ["created", "updated", "deleted", "merged"]);

    /// <summary>What is no code list, since it is of this interface and not of the field.</summary>
    private static readonly Dictionary<(Type, string), (string Name, string Description, string[] Values)> Enumerations = new()
    {
        [(typeof(EmptyReason), "reason")] = ("EmptyReasonKind", "Why a list is empty.", ["not-covered", "not-reported", "filtered-out"]),
        [(typeof(ListCount), "kind")] = QueryParameters.CountKind,
        [(typeof(ChangeResponse), "operation")] = ChangeOperation,
        [(typeof(VersionResponse), "operation")] = ChangeOperation,
        [(typeof(CorrectionResponse), "operation")] = ChangeOperation,
        [(typeof(ReleaseChangeResponse), "change")] = ("ReleaseChangeKind", "How a record differs between two releases.", ["added", "changed", "removed"]),
        [(typeof(BatchLineRequest), "op")] = ("BatchOperation", "What a line of a batch does.", ["upsert", "patch", "delete"]),
        [(typeof(BatchLineResponse), "outcome")] = ("BatchOutcome", "What became of a line.", ["created", "changed", "unchanged", "deleted"]),
        [(typeof(HealthResponse), "status")] = ("HealthStatus", "How a service or a check is.", ["healthy", "unhealthy"]),
        [(typeof(HealthCheckResponse), "status")] = ("HealthStatus", "How a service or a check is.", ["healthy", "unhealthy"]),
    };

    /// <summary>Fields that are derived or read by hand, so that no rule of a body is about them.</summary>
    private static CodeList? CodesWithoutRuleOrNull(Type type, string field) => field switch
    {
        "frequency" when type == typeof(TradeResponse) => CodeLists.Frequencies,
        "quadClass" when type == typeof(EventResponse) => CodeLists.QuadClasses,
        "datePrecision" when type == typeof(EventResponse) => CodeLists.DatePrecisions,
        "cause" when type == typeof(ChangeResponse) || type == typeof(VersionResponse) || type == typeof(CorrectionResponse)
            || type == typeof(BatchLineRequest) => CodeLists.ChangeCauses,
        _ => null,
    };

    private static void Append(OpenApiSchema schema, string sentence) => schema.Description = $"{schema.Description?.Trim()} {sentence}".Trim();

    private static string Text(object number) => Convert.ToString(number, System.Globalization.CultureInfo.InvariantCulture)!;
}
