using System.Security.Cryptography;
using System.Text;
using TajikTaliban.Api.Platform.Writing;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>
/// Signing secrets in the database. Signing needs the secrets themselves, so they are not hashed as keys are: with the setting
/// <c>Webhooks:SecretKey</c> they are sealed (AES-256-GCM, bound to their endpoint), without it they are stored in plain text.
/// </summary>
internal sealed class SecretSeal(WebhookOptions options)
{
    public const int KeyBytes = 32;
    public const string Prefix = "whsec_";
    private const int SecretBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const byte Plain = 0;
    private const byte Sealed = 1;

    /// <summary>In place of an endpoint's id.</summary>
    private const string Responses = "responses";

    /// <summary>Seals responses that contain a secret.</summary>
    public ResponseSeal OfResponses => new(body => Close(Responses, body), stored => OpenOrNull(Responses, stored));

    public static byte[] New() => RandomNumberGenerator.GetBytes(SecretBytes);

    public static string Show(byte[] secret) => Prefix + Convert.ToBase64String(secret);

    public byte[] Close(string webhook, byte[] secret)
    {
        if (options.SecretKey is null)
            return [Plain, .. secret];
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        var (text, tag) = (new byte[secret.Length], new byte[TagBytes]);
        using var aes = new AesGcm(options.SecretKey, TagBytes);
        aes.Encrypt(nonce, secret, text, tag, Encoding.UTF8.GetBytes(webhook));
        return [Sealed, .. nonce, .. tag, .. text];
    }

    /// <summary>The secret; null if it was sealed with another key.</summary>
    public byte[]? OpenOrNull(string webhook, byte[] stored)
    {
        if (stored[0] == Plain)
            return stored[1..];
        if (options.SecretKey is null)
            return null;
        var secret = new byte[stored.Length - 1 - NonceBytes - TagBytes];
        using var aes = new AesGcm(options.SecretKey, TagBytes);
        try
        {
            var (nonce, tag, text) = (stored[1..(1 + NonceBytes)], stored[(1 + NonceBytes)..(1 + NonceBytes + TagBytes)],
                stored[(1 + NonceBytes + TagBytes)..]);
            aes.Decrypt(nonce, text, tag, secret, Encoding.UTF8.GetBytes(webhook));
            return secret;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
