using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Storage.Access;

namespace TajikTaliban.Api.Platform.Auth;

/// <summary>How the keys that made changes are shown: by name, or by pseudonym.</summary>
/// <param name="showsNames">Whether by name.</param>
/// <param name="textOf">The text of a key's name.</param>
public sealed class KeyView(bool showsNames, Func<string, string> textOf)
{
    public bool ShowsNames => showsNames;

    public string? TextOf(KeyName? key) => key is null ? null : textOf(key.Text);
}

/// <summary>
/// Names of keys are shown to requests with a key that may write (roles editor and admin). All others see a pseudonym, which is the same
/// for all changes of a key, at all times and in all instances, and from which the name does not follow.
/// </summary>
public sealed class KeyNames
{
    public const string PseudonymPrefix = "key-";

    private const int PseudonymBytes = 9;
    private const int MaxKept = 10_000;

    private readonly ServiceSecrets _secrets;
    private readonly ConcurrentDictionary<string, string> _pseudonyms = new(StringComparer.Ordinal);

    public KeyNames(ServiceSecrets secrets)
    {
        _secrets = secrets;
        Pseudonyms = new KeyView(false, PseudonymOf);
    }

    /// <summary>For receivers and readers without a right to see names.</summary>
    public KeyView Pseudonyms { get; }

    /// <summary>For those who may see names.</summary>
    public KeyView Names { get; } = new(true, name => name);

    /// <summary>The view of a request. A response of such a view differs by the key of the request, and says so to caches.</summary>
    public KeyView For(HttpContext http)
    {
        CommonHeaders.VaryByKey(http);
        return http.User.FindFirstValue(ClaimTypes.Role) is { } role && Roles.Includes(role, Roles.Editor) ? Names : Pseudonyms;
    }

    /// <inheritdoc cref="For"/>
    public static KeyView ViewFor(HttpContext http) => http.RequestServices.GetRequiredService<KeyNames>().For(http);

    public string PseudonymOf(string name)
    {
        if (_pseudonyms.TryGetValue(name, out var known))
            return known;
        var pseudonym = PseudonymOf(name, _secrets.KeyNames);
        if (_pseudonyms.Count < MaxKept)
            _pseudonyms.TryAdd(name, pseudonym);
        return pseudonym;
    }

    /// <summary>The pseudonym of a name under a secret.</summary>
    public static string PseudonymOf(string name, byte[] secret)
    {
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(name), digest);
        return PseudonymPrefix + Base64Url.EncodeToString(digest[..PseudonymBytes]);
    }
}
