using System.Text;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Platform.Querying;

/// <summary>
/// The values of a parameter that takes a list. Commas separate them; <c>\,</c> is a comma within a value and <c>\\</c> a backslash. A
/// parameter that is sent several times adds its values.
/// </summary>
public static class ValueList
{
    /// <summary>Maximum number of values of a list, repeated ones included.</summary>
    public const int MaxValues = 50;

    /// <summary>Maximum number of values that all have to match: each is a condition of its own.</summary>
    public const int MaxAllOf = 10;

    private const char Separator = ',';
    private const char Escape = '\\';

    /// <summary>Adds the values of a text. Returns what is wrong with it, or null.</summary>
    public static Fault? AddTo(List<string> values, string text)
    {
        if (text.Length > 0 && values.Count < MaxValues && !text.AsSpan().ContainsAny(Separator, Escape))
        {
            values.Add(text);
            return null;
        }

        var value = new StringBuilder();
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || text[i] == Separator)
            {
                if (value.Length == 0)
                    return new Fault(FaultCode.Blank, "A value is empty.");
                if (values.Count == MaxValues)
                    return Fault.TooMany(MaxValues, "values", ", repeated ones included");
                values.Add(value.ToString());
                value.Clear();
            }
            else if (text[i] != Escape)
            {
                value.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] is Separator or Escape)
            {
                value.Append(text[++i]);
            }
            else
            {
                return new Fault(FaultCode.InvalidEscape,
                    @"A backslash stands before a comma or a backslash only; write `\\` for a backslash.");
            }
        }

        return null;
    }

    /// <summary>The values as one text, which reads as the same values.</summary>
    public static string Join(IEnumerable<string> values) => string.Join(Separator, values.Select(v =>
        v.AsSpan().ContainsAny(Separator, Escape) ? v.Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace(",", @"\,", StringComparison.Ordinal) : v));
}
