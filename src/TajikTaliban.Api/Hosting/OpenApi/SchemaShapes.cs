using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using FluentValidation.Validators;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Validation;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>
/// The schema of each JSON object: fields, required and nullable ones, and the rules of their values. It reads the serializer's metadata,
/// so that the contract states what the service reads and writes.
/// </summary>
internal sealed class SchemaShapes(BodyRules rules, CodeSchemas codeSchemas, ResourceCatalogue resources) : ISchemaFilter
{
    /// <summary>
    /// Components that may be null. In OpenAPI 3.0 neither a reference nor <c>allOf</c> with <c>nullable</c> allows null, so the component
    /// itself does; see <see cref="ContractDocument"/>.
    /// </summary>
    public ISet<string> NullableComponents { get; } = new SortedSet<string>(StringComparer.Ordinal);

    public ISet<string> OtherComponents { get; } = new SortedSet<string>(StringComparer.Ordinal);

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema open)
            return;
        if ((Nullable.GetUnderlyingType(context.Type) ?? context.Type) == typeof(decimal))
            open.Format = "decimal";
        if (context.MemberInfo is not null || context.Type.Assembly != typeof(SchemaShapes).Assembly
            || open.Properties is not { Count: > 0 } properties)
        {
            return;
        }

        var type = ApiJson.Options.GetTypeInfo(context.Type);
        var isRequest = SchemaNames.IsRequest(context.Type);
        var fresh = isRequest ? Activator.CreateInstance(context.Type) : null;
        // an unknown field of a request is an error; responses may get more fields
        open.AdditionalPropertiesAllowed = !isRequest;
        open.Required = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var field in type.Properties)
        {
            if (isRequest ? field.IsRequired : !IsLeftOut(field))
                open.Required.Add(field.Name);
            // in a request null means absent, where the field may be absent
            var nullable = isRequest ? field.IsSetNullable || !field.IsRequired : field.IsGetNullable && !IsLeftOut(field);
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
            {
                property.Type = nullable ? JsonSchemaType.Object | JsonSchemaType.Null : JsonSchemaType.Object;
                // said outright: without it, openapi-typescript has an object without fields
                property.AdditionalProperties = new OpenApiSchema();
            }

            // `BodyReader` takes no longer ones
            if (isRequest && property.Type?.HasFlag(JsonSchemaType.Array) == true)
                property.MaxItems ??= Limits.Parts;

            // comments of several lines have the indentation of the code
            property.Description = property.Description is { } text ? Regex.Replace(text, @"\s*\n\s*", " ") : null;
            // in words: with `default`, openapi-typescript makes the field required
            if (fresh is not null && !field.IsRequired && !field.IsSetNullable && field.Get?.Invoke(fresh) is { } initial
                && property.Description?.Contains("default", StringComparison.Ordinal) != true)
            {
                Append(property, $"Default: `{JsonSerializer.Serialize(initial, ApiJson.Options)}`.");
            }

            CodeList? codes = null;
            foreach (var rule in rules.Of(SchemaNames.RequestOfOrNull(context.Type) ?? context.Type, field.Name))
            {
                if (rule.Validator is ICodeValidator validator)
                    codes = validator.Codes;
                else
                    Apply(rule, property, isRequest);
            }

            codes ??= AttributeOrNull<CodesOfAttribute>(field) is { } list ? CodeLists.All.Single(l => l.Name == list.List) : null;
            if (EnumerationOrNull(field) is not { } enumeration)
                properties[field.Name] = WithCodes(property, codes, isRequest);
            else if (property.Type?.HasFlag(JsonSchemaType.Array) == true)
                property.Items = enumeration;
            else
                properties[field.Name] = Reference(enumeration, property);
        }
    }

    /// <summary>The enumeration of a field that declares its values; null for others.</summary>
    private OpenApiSchemaReference? EnumerationOrNull(JsonPropertyInfo field) =>
        AttributeOrNull<ValuesAttribute>(field) is { } own ? codeSchemas.Enumeration(own.Name, own.Description, own.Values)
        : AttributeOrNull<ResourceNameAttribute>(field) is not null && resources.OneOrMore.Names is { } names
            ? codeSchemas.Enumeration(names.Name, names.Description, names.Values)
        : null;

    private static T? AttributeOrNull<T>(JsonPropertyInfo field)
        where T : Attribute =>
        field.AttributeProvider?.GetCustomAttributes(typeof(T), false).Cast<T>().SingleOrDefault();

    /// <summary>A property with values of a code list: the list's enumeration, or one with null if the property may be null.</summary>
    private OpenApiSchema WithCodes(OpenApiSchema property, CodeList? codes, bool sent)
    {
        if (codes is null)
            return property;
        property.Description = $"{property.Description} {CodeSchemas.Describe(codes, !sent)}".Trim();
        if (property.Type?.HasFlag(JsonSchemaType.Integer) == true)
        {
            (property.Minimum, property.Maximum) = (codes.Values[0], codes.Values.Last(v => v.All(char.IsAsciiDigit)));
            return property;
        }

        var schema = sent ? codeSchemas.Sent(codes) : codeSchemas.Received(codes);
        if (property.Type?.HasFlag(JsonSchemaType.Array) == true)
        {
            property.Items = schema;
            return property;
        }

        if (schema is OpenApiSchemaReference reference)
        {
            return Reference(reference, property);
        }
        else if (schema is OpenApiSchema inline)
        {
            (property.Pattern, property.Extensions) = (inline.Pattern, inline.Extensions);
        }

        return property;
    }

    /// <summary>A property with the values of an enumeration.</summary>
    private OpenApiSchema Reference(OpenApiSchemaReference enumeration, OpenApiSchema property) => new()
    {
        Description = property.Description,
        AllOf = [property.Type?.HasFlag(JsonSchemaType.Null) == true ? codeSchemas.OrNull(enumeration.Reference.Id!) : enumeration],
    };

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
            case IComparisonValidator { Comparison: Comparison.GreaterThanOrEqual, ValueToCompare: { } min }:
                schema.Minimum = Text(min);
                break;
            // forms of texts and arrays are required in requests, and not promised in responses
            case IRegularExpressionValidator pattern when sent:
                schema.Pattern = pattern.Expression;
                break;
            case ILengthValidator { Max: > 0 } length when sent:
                schema.MaxLength = length.Max;
                break;
            case ICountValidator count when sent:
                schema.MaxItems = count.Most;
                break;
            case ILengthValidator { Min: > 0 } length when sent:
                schema.MinLength = length.Min;
                break;
            case INotEmptyValidator when sent && schema.Type?.HasFlag(JsonSchemaType.Array) == true:
                schema.MinItems = 1;
                break;
            case INotEmptyValidator when sent && schema.Type?.HasFlag(JsonSchemaType.String) == true:
                schema.MinLength = 1;
                break;
        }
    }

    private static void Append(OpenApiSchema schema, string sentence) =>
        schema.Description = $"{schema.Description?.Trim()} {sentence}".Trim();

    private static string Text(object number) => Convert.ToString(number, System.Globalization.CultureInfo.InvariantCulture)!;
}
