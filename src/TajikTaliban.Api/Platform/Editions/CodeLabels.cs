using System.Globalization;
using System.Text;
using TajikTaliban.Api.Domain.CodeLists;

namespace TajikTaliban.Api.Platform.Editions;

/// <summary>The part of editions that is the same for all types: codes, labels and mappings.</summary>
internal static class CodeLabels
{
    /// <summary>Adds all codes with their labels and mappings.</summary>
    public static void AddTo(StringBuilder text)
    {
        foreach (var list in CodeLists.All)
        {
            foreach (var code in list.Codes)
            {
                text.Append(CultureInfo.InvariantCulture, $"{list.Name}/{code.Value}={code.Label}");
                foreach (var (name, mapping) in code.Mappings.OrderBy(m => m.Key, StringComparer.Ordinal))
                    text.Append(CultureInfo.InvariantCulture, $";{name}={mapping}");
                text.Append('\n');
            }
        }
    }
}
