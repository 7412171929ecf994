using System.IO.Hashing;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace TajikTaliban.Api.Platform.Editions;

/// <summary>
/// The edition of responses: what their bytes depend on besides the records and the request. It is a digest of the contract (schemas and
/// examples) and of the code lists with their labels, so that all instances of one version have the same one. Decision 0045.
/// </summary>
/// <param name="Text">Letters and digits.</param>
public sealed partial record Edition(string Text)
{
    /// <summary>The query parameter: a response is immutable only at an address that names the current edition.</summary>
    public const string Parameter = "edition";

    /// <summary>The response header with the current edition.</summary>
    public const string Header = "Edition";

    public const string Description =
        "Edition of the response: its fields and labels, as the `Edition` header of every response and the service's own links name it. At "
        + "an address with `asOf` (a position or a release) or `version`, the response in the current edition never changes and is "
        + "`immutable` for caches. Without it, or with the edition of another version of the service, the response is in the current "
        + "edition and caches revalidate it.";

    /// <summary>The form of an edition. Those of other versions of the service have it too.</summary>
    public const string Pattern = "^[0-9a-z]{1,32}$";

    /// <summary>Needs the next number when bytes change and neither the contract nor a code list does.</summary>
    private const int Revision = 1;

    /// <summary>The edition of this version of the service.</summary>
    public static Edition Current { get; } = new(Digest());

    public static Edition Of(HttpContext http) => http.RequestServices.GetRequiredService<Edition>();

    /// <summary>Whether a text can be an edition, of this version or of another.</summary>
    public static bool IsValid(string text) => Form().IsMatch(text);

    /// <summary>Whether the address of a request names this edition. Until then a response to it can change with the service.</summary>
    public bool IsNamed(HttpRequest request) =>
        request.QueryString.HasValue && request.Query.TryGetValue(Parameter, out var named) && named == Text;

    private static string Digest()
    {
        var text = new StringBuilder();
        text.Append(Revision).Append('\n');
        // the build adds the digest of openapi/v1.json
        text.Append(typeof(Edition).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(m => m.Key == "Contract").Value);
        CodeLabels.AddTo(text.Append('\n'));
        return $"{(uint)XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(text.ToString())):x8}";
    }

    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
