using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Net.Http.Headers;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.Platform.Validation;

/// <summary>A body read without its invalid parts; those are in the errors.</summary>
/// <param name="Value">The body; invalid parts are null.</param>
/// <param name="ReadOnly">The fields in the body that the service sets, by JSON Pointer, for comparison with its values.</param>
public sealed record ReadBody<T>(T Value, IReadOnlyDictionary<string, JsonElement> ReadOnly);

/// <summary>
/// Reads a JSON body by its type and reports all errors of form, each with its JSON Pointer: unknown, duplicate and
/// missing fields, nulls and types. (A serializer alone stops at the first.)
/// </summary>
public static class BodyReader
{
    /// <summary>.NET's decimal keeps 28 significant digits of any number, and 28 places after the point; more would be rounded without a
    /// word.</summary>
    private const int MaxDigits = 28;

    private static readonly Fault BrokenText =
        new(FaultCode.NotUnicode, "The string is not valid Unicode (a lone surrogate, or bytes that are not UTF-8).");

    public static async Task<JsonDocument> ReadJsonAsync(
        HttpRequest request, IReadOnlyList<string> mediaTypes, bool allowDoubled, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !mediaTypes.Contains(type.MediaType.ToString(), StringComparer.OrdinalIgnoreCase))
        {
            throw new ProblemException(ProblemType.UnsupportedMediaType, "/header/Content-Type",
                Fault.UnsupportedMediaType($"Send {string.Join(" or ", mediaTypes)}.", mediaTypes));
        }

        if (type.Charset.HasValue && !type.Charset.Value!.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            throw new ProblemException(ProblemType.UnsupportedMediaType, "/header/Content-Type", Fault.NotUtf8);
        }

        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity")
        {
            throw new ProblemException(ProblemType.UnsupportedMediaType, "/header/Content-Encoding",
                new Fault(FaultCode.UnsupportedEncoding, "Compressed bodies are not supported."));
        }

        if (request.ContentLength > Limits.BodyBytes)
        {
            throw new ProblemException(ProblemType.TooLarge, "",
                new Fault(FaultCode.TooLarge, ProblemType.TooLarge.Meaning, ("max", Limits.BodyBytes)));
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellation);
        return Parse(body.GetBuffer().AsMemory(0, (int)body.Length), allowDoubled);
    }

    public static JsonDocument Parse(ReadOnlyMemory<byte> body, bool allowDoubled = true)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        if (body.Span.StartsWith(mark))
            body = body[mark.Length..];
        try
        {
            return JsonDocument.Parse(body,
                new JsonDocumentOptions { MaxDepth = Limits.BodyDepth, AllowDuplicateProperties = allowDoubled });
        }
        catch (InvalidOperationException)
        {
            throw new ProblemException(ProblemType.InvalidBody, "", Fault.NotUnicodeName);
        }
        catch (JsonException e)
        {
            var what = e.Message.Contains("uplicate", StringComparison.Ordinal)
                ? new Fault(FaultCode.DuplicateField, "An object contains a field twice.")
                : body.Length == 0 ? new Fault(FaultCode.EmptyBody, "The body is empty; send a JSON object.")
                : e.Message.Contains("maximum configured depth", StringComparison.Ordinal)
                ? new Fault(FaultCode.TooDeep, $"The body is nested deeper than {Limits.BodyDepth} levels.", ("max", Limits.BodyDepth))
                : NotJson(e);
            throw new ProblemException(ProblemType.InvalidBody, "", what);
        }
    }

    /// <summary>Says where a body is no JSON.</summary>
    public static Fault NotJson(JsonException e) => new(FaultCode.NotJson,
        $"The body is not JSON (in UTF-8): {(e.LineNumber > 0 ? $"line {e.LineNumber + 1}, " : "")}"
        + $"byte {e.BytePositionInLine + 1}{(IsUnfinished(e) ? " (unexpected end)" : "")}.",
        ("line", e.LineNumber + 1), ("byte", e.BytePositionInLine + 1));

    private static bool IsUnfinished(JsonException e) =>
        e.Message.Contains("end of the JSON payload", StringComparison.Ordinal)
            || e.Message.Contains("end of data", StringComparison.Ordinal);

    /// <summary>Reads the body as <typeparamref name="T"/>; fields in <paramref name="readOnly"/> are set aside.</summary>
    public static ReadBody<T> Read<T>(JsonElement body, IReadOnlySet<string> readOnly, Errors errors)
        where T : class
    {
        if (body.ValueKind != JsonValueKind.Object)
            throw new ProblemException(ProblemType.InvalidBody, "", WrongType("object", $"The body is {Kind(body)}; send an object."));
        var aside = new ReadOnlyFields(readOnly, []);
        var node = Object(body, ApiJson.Options.GetTypeInfo(typeof(T)), "", errors, aside);
        return new ReadBody<T>(node.Deserialize<T>(ApiJson.Lenient)!, aside.Sent);
    }

    /// <summary>Reports each string and field name that is not valid Unicode; such strings cannot be compared or copied.</summary>
    public static void RefuseBrokenText(JsonElement value, string at, Errors errors)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var field in value.EnumerateObject())
                {
                    if (NameOrNull(field) is { } name)
                        RefuseBrokenText(field.Value, $"{at}/{JsonPointer.Escape(name)}", errors);
                    else
                        errors.Add(at, Fault.NotUnicodeName);
                }

                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var member in value.EnumerateArray())
                    RefuseBrokenText(member, $"{at}/{index++}", errors);
                break;
            case JsonValueKind.String when TextOrNull(value) is null:
                errors.Add(at, BrokenText);
                break;
        }
    }

    private static string? NameOrNull(JsonProperty field)
    {
        try
        {
            return field.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string? TextOrNull(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonObject Object(
        JsonElement body, JsonTypeInfo type, string pointer, Errors errors, ReadOnlyFields readOnly)
    {
        var result = new JsonObject();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in body.EnumerateObject())
        {
            if (NameOrNull(field) is not { } name)
            {
                errors.Add(pointer, Fault.NotUnicodeName);
                continue;
            }

            var at = $"{pointer}/{JsonPointer.Escape(name)}";
            if (!seen.Add(name))
            {
                errors.Add(at, new Fault(FaultCode.DuplicateField, "The field appears twice."));
                continue;
            }

            if (readOnly.Has(type, name, pointer))
            {
                RefuseBrokenText(field.Value, at, errors);
                if (!errors.Touches(at))
                    readOnly.Sent[at] = field.Value;
                continue;
            }

            var property = type.Properties.FirstOrDefault(p => p.Name == name);
            if (property is null)
            {
                errors.Add(at, Fault.UnknownField(name, type.Properties.Select(p => p.Name)));
                continue;
            }

            if (field.Value.ValueKind == JsonValueKind.Null)
            {
                // of an optional field it means that the field is absent: many clients send all fields that they know
                if (property.IsRequired && !property.IsSetNullable)
                    errors.Add(at, Fault.NullNotAllowed);
                continue;
            }

            if (Value(field.Value, property.PropertyType, at, errors, readOnly) is { } value)
                result[name] = value;
        }

        foreach (var property in type.Properties)
        {
            if (property.IsRequired && !seen.Contains(property.Name))
                errors.Add($"{pointer}/{property.Name}", Fault.Required);
        }

        return result;
    }

    private static JsonNode? Value(JsonElement value, Type type, string at, Errors errors, ReadOnlyFields readOnly)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return Text(value, at, errors);
        if (type == typeof(bool))
        {
            return value.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? JsonValue.Create(value.GetBoolean()) : Wrong("boolean", "true or false");
        }

        if (type == typeof(decimal))
            return Number(value, at, errors);
        if (type == typeof(int) || type == typeof(short))
        {
            return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var integer)
                && (type == typeof(int) || integer is >= short.MinValue and <= short.MaxValue)
                ? JsonValue.Create(integer)
                : Wrong("integer", "a whole number");
        }

        var info = ApiJson.Options.GetTypeInfo(type);
        if (info.Kind == JsonTypeInfoKind.Enumerable)
        {
            if (value.ValueKind != JsonValueKind.Array)
                return Wrong("array", "an array");
            if (value.GetArrayLength() > Limits.Parts)
            {
                errors.Add(at, Fault.TooMany(Limits.Parts));
                return null;
            }

            var array = new JsonArray();
            var index = 0;
            foreach (var member in value.EnumerateArray())
            {
                var place = $"{at}/{index++}";
                if (member.ValueKind == JsonValueKind.Null)
                {
                    errors.Add(place, new Fault(FaultCode.NullNotAllowed, "A member must not be null."));
                    array.Add(null);
                }
                else
                {
                    array.Add(Value(member, info.ElementType!, place, errors, readOnly));
                }
            }

            return array;
        }

        return value.ValueKind == JsonValueKind.Object ? Object(value, info, at, errors, readOnly) : Wrong("object", "an object");

        JsonNode? Wrong(string expected, string phrase)
        {
            errors.Add(at, WrongType(expected, $"Expected {phrase}, not {Kind(value)}."));
            return null;
        }
    }

    private static JsonValue? Text(JsonElement value, string at, Errors errors)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            errors.Add(at, WrongType("string", $"Expected a string, not {Kind(value)}."));
            return null;
        }

        if (TextOrNull(value) is not { } text)
        {
            errors.Add(at, BrokenText);
            return null;
        }

        if (text.AsSpan().IndexOfAnyInRange('\0', '\u001f') is var i and >= 0 && text.Any(c => c < ' ' && c is not ('\n' or '\t')))
        {
            errors.Add(at, new Fault(FaultCode.ControlCharacter,
                $"The string has a control character near position {i}; only line breaks (\\n) and tabs are allowed.", ("position", i)));
            return null;
        }

        return JsonValue.Create(text);
    }

    private static JsonValue? Number(JsonElement value, string at, Errors errors)
    {
        if (value.ValueKind != JsonValueKind.Number)
        {
            errors.Add(at, WrongType("number", $"Expected a number, not {Kind(value)}."));
            return null;
        }

        var raw = value.GetRawText();
        var exponent = raw.AsSpan().IndexOfAny('e', 'E');
        var mantissa = exponent < 0 ? raw : raw[..exponent];
        var digits = mantissa.Where(char.IsAsciiDigit).SkipWhile(d => d == '0').Count();
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var power = 0;
        var isReadable = exponent < 0
            || int.TryParse(raw.AsSpan(exponent + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out power);
        var places = (point < 0 ? 0 : mantissa.Length - point - 1) - (long)power;
        if (!isReadable || digits > MaxDigits || places > MaxDigits || !value.TryGetDecimal(out var number))
        {
            errors.Add(at, new Fault(FaultCode.TooManyDigits,
                $"The number cannot be stored exactly: use at most {MaxDigits} digits, {MaxDigits} of them after the point, and a value "
                + "below 7.9e28.", ("max", MaxDigits)));
            return null;
        }

        // a zero has no sign in the database
        return JsonValue.Create(number == 0 ? decimal.Abs(number) : number);
    }

    private static Fault WrongType(string expected, string message) => new(FaultCode.WrongType, message, ("expected", expected));

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => value.TryGetInt64(out var n) ? $"the number {n.ToString(CultureInfo.InvariantCulture)}" : "a number",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };

    /// <summary>Fields that the service sets: those of the record itself, and the label of each code wherever it stands.</summary>
    /// <param name="Names">The names of those of the record itself.</param>
    /// <param name="Sent">Those that the body has, by JSON Pointer.</param>
    private sealed record ReadOnlyFields(IReadOnlySet<string> Names, Dictionary<string, JsonElement> Sent)
    {
        private const string Label = "Label";

        public bool Has(JsonTypeInfo type, string name, string pointer) =>
            pointer.Length == 0
                ? Names.Contains(name)
                : name.EndsWith(Label, StringComparison.Ordinal) && type.Properties.Any(p => p.Name == name[..^Label.Length]);
    }
}
