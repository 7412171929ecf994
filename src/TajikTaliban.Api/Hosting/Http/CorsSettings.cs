using Microsoft.Extensions.Options;

namespace TajikTaliban.Api.Hosting.Http;

/// <summary>The settings <c>Cors:…</c>. Faulty ones end the start of the service.</summary>
public sealed class CorsSettings : IValidateOptions<CorsSettings>
{
    public const string Section = "Cors";

    /// <summary>
    /// Origins (<c>https://example.org</c>) whose pages may send keys: an array, or one text with commas between them.
    /// </summary>
    public string[]? Origins { get; set; }

    public ValidateOptionsResult Validate(string? name, CorsSettings options)
    {
        var errors = new List<string>();
        options.Read(errors);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    /// <summary>The origins as browsers write them; they have been validated.</summary>
    public IReadOnlySet<string> ToOrigins() => Read([]);

    private HashSet<string> Read(List<string> errors)
    {
        var origins = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in (Origins ?? []).SelectMany(t =>
            t.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            if (OriginOrNull(text) is { } origin)
            {
                origins.Add(origin);
            }
            else
            {
                errors.Add($"{Section}__{nameof(Origins)} is '{text}', which is not valid; use origins such as https://example.org or "
                    + "http://localhost:5173: scheme, host and port, without a path, separated by commas.");
            }
        }

        return origins;
    }

    /// <summary>An origin in the form of the header: in lower case, in ASCII, without the default port.</summary>
    private static string? OriginOrNull(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")
            || uri.HostNameType is not (UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6)
            || text.Length != text.TrimEnd('/', '?', '#').Length || uri.PathAndQuery != "/" || uri.Fragment != "" || uri.UserInfo != "")
        {
            return null;
        }

        var host = uri.HostNameType == UriHostNameType.Dns ? uri.IdnHost : uri.Host;
        return uri.IsDefaultPort ? $"{uri.Scheme}://{host}" : $"{uri.Scheme}://{host}:{uri.Port}";
    }
}
