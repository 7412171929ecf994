using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TajikTaliban.Api.Platform.Validation;

/// <summary>JSON Pointers (RFC 6901).</summary>
public static class JsonPointer
{
    public static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>The pointer of a property path as validators write it: <c>Participants[0].Actor</c> is
    /// <c>/participants/0/actor</c>.</summary>
    public static string OfPropertyPath(string path)
    {
        var pointer = new StringBuilder();
        foreach (var step in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var bracket = step.IndexOf('[', StringComparison.Ordinal);
            pointer.Append(CultureInfo.InvariantCulture,
                $"/{JsonNamingPolicy.CamelCase.ConvertName(bracket < 0 ? step : step[..bracket])}");
            if (bracket >= 0)
                pointer.Append(CultureInfo.InvariantCulture, $"/{step[(bracket + 1)..step.IndexOf(']', bracket)]}");
        }

        return pointer.ToString();
    }

    /// <summary>The value at a pointer; null if there is none.</summary>
    public static JsonElement? FindOrNull(JsonElement root, string pointer)
    {
        var value = root;
        foreach (var step in pointer.Split('/').Skip(1).Select(Unescape))
        {
            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty(step, out var field))
            {
                value = field;
            }
            else if (value.ValueKind == JsonValueKind.Array && int.TryParse(step, CultureInfo.InvariantCulture, out var index)
                && index < value.GetArrayLength())
            {
                value = value[index];
            }
            else
            {
                return null;
            }
        }

        return value;
    }

    public static string Unescape(string step) =>
        step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
