using TajikTaliban.Api.Domain.CodeLists;

namespace TajikTaliban.Api.Domain;

/// <summary>
/// What is wrong at one place of a request: a code for programs, a sentence in English, and the parameters of the sentence as data, so that
/// a user interface can say it in any language. Faults that recur are made here; others where they are found.
/// </summary>
public sealed class Fault
{
    /// <summary>Longer texts of a request are cut: they are repeated only to be recognized.</summary>
    private const int MaxText = 200;

    public Fault(FaultCode code, string message, params ReadOnlySpan<(string Name, object? Value)> data)
    {
        (Code, Message) = (code, message);
        var known = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var (name, value) in data)
        {
            if (value is not null)
                known[name] = value is string text ? Cut(text) : value;
        }

        Data = known.Count == 0 ? null : known;
    }

    public FaultCode Code { get; }

    public string Message { get; }

    /// <summary>Texts, numbers and lists of texts; null if there are none.</summary>
    public IReadOnlyDictionary<string, object>? Data { get; }

    public static Fault Required { get; } = new(FaultCode.Required, "The field is required.");

    public static Fault NullNotAllowed { get; } = new(FaultCode.NullNotAllowed, "The field must not be null.");

    public static Fault Blank { get; } = new(FaultCode.Blank, "Must not be blank.");

    public static Fault NotUnicodeName { get; } = new(FaultCode.NotUnicode, "A field name is not valid Unicode.");

    public static Fault NotAPointer { get; } = new(FaultCode.NotAPointer, "A JSON Pointer begins with '/'.");

    public static Fault NotUtf8 { get; } = new(FaultCode.UnsupportedCharset, "JSON is UTF-8 (RFC 8259); other charsets are not supported.");

    public static Fault EndsBeforeStart { get; } = new(FaultCode.EndsBeforeStart, "The end is before the beginning.");

    /// <summary>A value that another field requires.</summary>
    public static Fault RequiredWith(string message, params IEnumerable<string> with) =>
        new(FaultCode.Required, message, ("with", with.ToArray()));

    /// <summary>A value that others exclude.</summary>
    public static Fault NotAllowedWith(string message, params IEnumerable<string> with) =>
        new(FaultCode.NotAllowedHere, message, ("with", with.ToArray()));

    /// <summary>One of several, of which only one may be sent.</summary>
    public static Fault Exclusive(string message, params IEnumerable<string> with) =>
        new(FaultCode.Exclusive, message, ("with", with.ToArray()));

    /// <summary>A list without members.</summary>
    public static Fault TooFew(string message) => new(FaultCode.Required, message, ("min", 1));

    public static Fault TooLong(int max) => new(FaultCode.TooLong, $"At most {max} characters are allowed.", ("max", max));

    public static Fault TooShort(int min) => new(FaultCode.TooShort, $"At least {min} characters are required.", ("min", min));

    public static Fault TooMany(int max, string members = "members", string remark = "") =>
        new(FaultCode.TooMany, $"At most {max} {members} are allowed{remark}.", ("max", max));

    public static Fault Duplicate(string message, string? value = null) => new(FaultCode.Duplicate, message, ("value", value));

    public static Fault OutOfRange(string message, long? min, long? max) =>
        new(FaultCode.OutOfRange, message, ("min", min), ("max", max));

    /// <summary>A page size or the like.</summary>
    public static Fault NotFrom(int min, int max, int initial) =>
        new(FaultCode.OutOfRange, $"A whole number from {min} to {max} (default: {initial}).", ("min", min), ("max", max),
            ("default", initial));

    public static Fault NotNegative { get; } = OutOfRange("Must not be negative.", 0, null);

    public static Fault UnknownField(string name, IEnumerable<string> known) =>
        Unknown(FaultCode.UnknownField, "Unknown field", name, [.. known]);

    public static Fault UnknownParameter(string name, IEnumerable<string> known) =>
        Unknown(FaultCode.UnknownParameter, "Unknown parameter", name, [.. known]);

    /// <summary>A value that is not one of a few.</summary>
    /// <param name="value">The value.</param>
    /// <param name="expected">What the value should be, such as <c>a resource</c>.</param>
    /// <param name="known">The values that exist.</param>
    public static Fault UnknownValue(string value, string expected, IEnumerable<string> known) =>
        Unknown(FaultCode.UnknownValue, $"'{value}' is not {expected}", value, [.. known], value);

    /// <summary>A name that is not one of a few, such as that of a field.</summary>
    public static Fault UnknownName(string name, IEnumerable<string> known) =>
        Unknown(FaultCode.UnknownValue, $"Unknown name '{name}'", name, [.. known], name);

    /// <summary>A value that is not one of a few, which the sentence lists.</summary>
    public static Fault NotOneOf(string? value, params IEnumerable<string> known) =>
        new(FaultCode.UnknownValue, $"Use one of {string.Join(", ", known)}.", ("value", value), ("allowed", known.ToArray()));

    /// <summary>The value of a field that is not in its code list.</summary>
    public static Fault UnknownCode(CodeList codes, string value) => UnknownCode(codes, value, "Not");

    /// <summary>One of several values that is not in their code list.</summary>
    public static Fault UnknownCodeAmong(CodeList codes, string value) => UnknownCode(codes, value, $"'{value}' is not");

    /// <summary>A reference to a record that does not exist.</summary>
    public static Fault UnknownReference(string kind, string value, string? nearest) =>
        new(FaultCode.UnknownReference, $"Unknown {kind} '{value}'.{Hint(nearest)}", ("kind", kind), ("value", value),
            ("nearest", nearest));

    /// <summary>No record has the identifier that a filter or path names.</summary>
    public static Fault UnknownIdentifier(string kind, string value) =>
        new(FaultCode.UnknownReference, $"No {kind} has the identifier '{value}'.", ("kind", kind), ("value", value));

    /// <summary>No record has the id in the path.</summary>
    public static Fault NotFound(string kind, string value, string? nearest = null) =>
        new(FaultCode.NotFound, $"No {kind} has the id '{value}'.{Hint(nearest)}", ("kind", kind), ("value", value), ("nearest", nearest));

    /// <summary>No record has or had the id.</summary>
    public static Fault NeverExisted(string kind, string value) =>
        new(FaultCode.NotFound, $"No {kind} has or had the id '{value}'.", ("kind", kind), ("value", value));

    public static Fault NotAnId(string? value = null) =>
        new(FaultCode.NotAnId, "An id has 1 to 128 characters of a-z, 0-9 and '-', and does not start with '-'.", ("value", value));

    public static Fault NotAPosition(string? value) =>
        new(FaultCode.NotAPosition, "Must be a position that the service returned, such as 1042-5f0c2b9a.", ("value", value));

    /// <summary>Another record has the id.</summary>
    public static Fault IdTaken(string id) => new(FaultCode.Taken, $"Another record has the id '{id}'.", ("value", id), ("id", id));

    public static Fault UnsupportedMediaType(string message, params IEnumerable<string> allowed) =>
        new(FaultCode.UnsupportedMediaType, message, ("allowed", allowed.ToArray()));

    /// <summary>A suggestion, as the end of a sentence.</summary>
    public static string Hint(string? nearest) => nearest is null ? "" : $" Did you mean '{nearest}'?";

    private static Fault UnknownCode(CodeList codes, string value, string not)
    {
        var nearest = Suggest.Nearest(value, codes.Values);
        return new Fault(FaultCode.UnknownCode, $"{not} a code of the list {codes.Name} (/v1/codelists/{codes.Name}).{Hint(nearest)}",
            ("value", value), ("list", codes.Name), ("nearest", nearest));
    }

    private static Fault Unknown(FaultCode code, string message, string name, IReadOnlyList<string> known, string? value = null)
    {
        var nearest = Suggest.Nearest(name, known);
        return new Fault(code, $"{message}; {(nearest is null ? $"use {string.Join(", ", known)}." : $"did you mean '{nearest}'?")}",
            ("value", value), ("nearest", nearest), ("allowed", known));
    }

    private static string Cut(string text) =>
        text.Length <= MaxText ? text : text[..(char.IsHighSurrogate(text[MaxText - 1]) ? MaxText - 1 : MaxText)] + "…";
}
