using System.Globalization;
using System.Text.RegularExpressions;

namespace TajikTaliban.Api.Domain;

/// <summary>Instants as RFC 3339 writes them: with their offset, because without one the instant is ambiguous.</summary>
public static partial class InstantText
{
    /// <summary>Reads an instant of a query string, where a plus sign that was not escaped has become a space.</summary>
    public static bool TryParse(string text, out DateTimeOffset instant)
    {
        var written = text.Replace(' ', '+');
        instant = default;
        return Form().IsMatch(written) && DateTimeOffset.TryParse(written, CultureInfo.InvariantCulture, DateTimeStyles.None, out instant);
    }

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex Form();
}
