using System.Globalization;
using System.Text.Unicode;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.Platform.Querying;

/// <summary>The parameters of the query. Names are exact; an unknown name is an error with the nearest known name.</summary>
public sealed class QueryText
{
    /// <summary>Enough for a cursor with the longest title, in letters of three bytes.</summary>
    public const int MaxValueLength = 4000;

    /// <summary>Maximum number of parameters of a query, repeated ones included.</summary>
    public const int MaxParameters = 200;

    /// <summary>Free text to search for. It is never a list, and blank it asks for nothing: a search box that is empty.</summary>
    public const string Words = "q";

    private readonly List<(string Name, string Value)> _parameters = [];
    private readonly Dictionary<string, List<string>> _lists = [];

    private QueryText()
    {
    }

    /// <summary>Refuses every parameter.</summary>
    public static void RefuseAny(HttpRequest request)
    {
        var errors = new Errors();
        Read(request, [], [], errors);
        errors.ThrowIfAny(ProblemType.InvalidParameter);
    }

    /// <summary>A query without parameters.</summary>
    public static QueryText Empty { get; } = new();

    /// <summary>Reads the query; adds errors to <paramref name="errors"/>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="known">The parameters that the address takes.</param>
    /// <param name="lists">Those of them that take a list; see <see cref="ValueList"/>.</param>
    /// <param name="errors">The errors found.</param>
    /// <param name="ofFormats">The parameters that it takes for the sake of its formats.</param>
    public static QueryText Read(
        HttpRequest request, IReadOnlyCollection<string> known, IReadOnlyCollection<string> lists, Errors errors,
        IReadOnlyCollection<string>? ofFormats = null)
    {
        var query = new QueryText();
        if (!request.QueryString.HasValue)
            return query;
        var sent = 0;
        foreach (var pair in new Microsoft.AspNetCore.WebUtilities.QueryStringEnumerable(request.QueryString.Value))
        {
            if (++sent > MaxParameters)
            {
                errors.Add("/query", Fault.TooMany(MaxParameters, "parameters", ", repeated ones included"));
                break;
            }

            var (name, value) = (pair.DecodeName().ToString(), pair.DecodeValue().ToString());
            var isUtf8 = IsUtf8(pair.EncodedValue.Span);
            if (name.Length == 0 && value.Length == 0)
                continue;
            string Pointer() => $"/query/{Validation.JsonPointer.Escape(Printable(name))}";
            if (!known.Contains(name) && ofFormats?.Contains(name) != true)
            {
                errors.Add(Pointer(), Fault.UnknownParameter(name, known.Concat(ofFormats ?? [])));
            }
            else if (query[name] is not null && !lists.Contains(name))
            {
                errors.Add(Pointer(), new Fault(FaultCode.Repeated, "The parameter appears twice; it takes one value."));
            }
            else if (name == Words && string.IsNullOrWhiteSpace(value))
            {
                continue;
            }
            else if (name == Edition.Parameter && value.Length > 0 && !Edition.IsValid(value))
            {
                errors.Add(Pointer(),
                    new Fault(FaultCode.NotAnEdition, "Send the edition as links name it: 1 to 32 digits or letters from a to z."));
            }
            else if (value.Length == 0)
            {
                errors.Add(Pointer(), new Fault(FaultCode.Required, "The parameter has no value; omit it to include everything."));
            }
            else if (value.Length > MaxValueLength)
            {
                errors.Add(Pointer(),
                    new Fault(FaultCode.TooLong, $"The value is longer than {MaxValueLength} characters.", ("max", MaxValueLength)));
            }
            else if (!isUtf8 || !IsText(value))
            {
                errors.Add(Pointer(), new Fault(FaultCode.NotUnicode, "The value has control characters or is not UTF-8."));
            }
            else
            {
                query._parameters.Add((name, value));
                if (lists.Contains(name))
                    query.AddToList(name, value, Pointer, errors);
            }
        }

        return query;
    }

    public string? this[string name]
    {
        get
        {
            foreach (var parameter in _parameters)
            {
                if (parameter.Name == name)
                    return parameter.Value;
            }

            return null;
        }
    }

    /// <summary>The values of a list, in the order in which they were sent; null if it was not sent or has an error.</summary>
    public IReadOnlyList<string>? List(string name) => _lists.GetValueOrDefault(name) is { Count: > 0 } values ? values : null;

    /// <summary>The page size; null for the default or after an error.</summary>
    public int? Limit(Errors errors)
    {
        if (this["limit"] is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= ListRequest.MaxLimit)
            return limit;
        errors.Add("/query/limit", Fault.NotFrom(1, ListRequest.MaxLimit, ListRequest.DefaultLimit));
        return null;
    }

    public IReadOnlyList<(string Name, string Value)> Parameters => _parameters;

    /// <summary>
    /// The decoder leaves escapes that are not UTF-8 as they are; searched for as text they would find nothing and say nothing.
    /// </summary>
    private static bool IsUtf8(ReadOnlySpan<char> encoded)
    {
        if (!encoded.Contains('%'))
            return true;
        var bytes = new byte[encoded.Length];
        var length = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] == '%' && i + 2 < encoded.Length
                && byte.TryParse(encoded.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var escaped))
            {
                bytes[length++] = escaped;
                i += 2;
            }
            else
            {
                bytes[length++] = (byte)'x';
            }
        }

        return Utf8.IsValid(bytes.AsSpan(0, length));
    }

    /// <summary>A list with an error has no values: what follows would judge a part of it.</summary>
    private void AddToList(string name, string text, Func<string> pointer, Errors errors)
    {
        if (!_lists.TryGetValue(name, out var values))
            _lists[name] = values = [];
        else if (values.Count == 0)
            return;
        if (ValueList.AddTo(values, text) is not { } error)
            return;
        values.Clear();
        errors.Add(pointer(), error);
    }

    /// <summary>Whether it is Unicode without control characters.</summary>
    private static bool IsText(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsControl(value[i]) || value[i] == '\ufffd')
                return false;
            if (char.IsSurrogate(value[i]) && !(char.IsHighSurrogate(value[i]) && i + 1 < value.Length && char.IsLowSurrogate(value[++i])))
                return false;
        }

        return true;
    }

    private static string Printable(string name)
    {
        var text = new string([.. name.Take(100).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\ufffd' : c)]);
        return text;
    }
}
