using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace TajikTaliban.Api.Platform.Auth;

/// <summary>The text of a key: 256 random bits. Keys are random, so a plain SHA-256 is sufficient to store them.</summary>
public static class KeyText
{
    private const string Prefix = "tt_";
    private const int MaxLength = 200;

    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    public static bool LooksLikeKey(string text) => text.Length is > 3 and < MaxLength && text.StartsWith(Prefix, StringComparison.Ordinal);
}
