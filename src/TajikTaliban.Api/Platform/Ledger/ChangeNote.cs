using System.Globalization;
using System.Text;
using System.Text.Unicode;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.Platform.Ledger;

/// <summary>
/// The reason of a change in the headers: <c>Change-Note</c> as it is, or <c>Change-Note-Encoded</c> in any script, percent-encoded by RFC
/// 8187 (<c>UTF-8''%D0%A2…</c>), since many clients send only ASCII in headers.
/// </summary>
internal static class ChangeNote
{
    public const string Header = "Change-Note";
    public const string EncodedHeader = "Change-Note-Encoded";
    private const string Charset = "UTF-8";
    private static readonly Fault NotEncoded = new(FaultCode.InvalidEscape,
        "Send the note as UTF-8'' followed by its percent-encoded UTF-8 (RFC 8187), as encodeURIComponent makes it.");

    /// <summary>The characters that RFC 8187 leaves as they are, and those that encodeURIComponent does.</summary>
    private const string Unescaped = "!#$&+-.^_`|~*'()";

    public static string? ReadOrNull(HttpRequest request)
    {
        var (plain, encoded) = (request.Headers[Header], request.Headers[EncodedHeader]);
        if (plain.Count + encoded.Count == 0)
            return null;
        if (plain.Count + encoded.Count > 1)
        {
            throw ProblemException.Header(plain.Count > 0 ? Header : EncodedHeader,
                Fault.Exclusive($"Send one note, as {Header} or {EncodedHeader}.", Header, EncodedHeader));
        }

        if (encoded.Count > 0)
            return Decode(encoded.ToString()) ?? throw ProblemException.Header(EncodedHeader, NotEncoded);
        var text = plain.ToString();
        return HasEncodedText(text)
            ? throw ProblemException.Header(Header,
                new Fault(FaultCode.InvalidEscape,
                    $"The note has percent-encoded text, which this header does not decode. Send it as {EncodedHeader}: UTF-8''…."))
            : text;
    }

    private static string? Decode(string value)
    {
        var parts = value.Split('\'', 3);
        if (parts.Length != 3 || !parts[0].Equals(Charset, StringComparison.OrdinalIgnoreCase))
            return null;
        var text = parts[2];
        var bytes = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length
                && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var escaped))
            {
                bytes[length++] = escaped;
                i += 2;
            }
            else if (char.IsAsciiLetterOrDigit(text[i]) || Unescaped.Contains(text[i], StringComparison.Ordinal))
            {
                bytes[length++] = (byte)text[i];
            }
            else
            {
                return null;
            }
        }

        return Utf8.IsValid(bytes.AsSpan(0, length)) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    /// <summary>Whether a text has the escape of a byte that is not ASCII.</summary>
    private static bool HasEncodedText(string text)
    {
        for (var i = 0; i + 2 < text.Length; i++)
        {
            if (text[i] == '%' && text[i + 1] is (>= '8' and <= '9') or (>= 'A' and <= 'F') or (>= 'a' and <= 'f')
                && char.IsAsciiHexDigit(text[i + 2]))
            {
                return true;
            }
        }

        return false;
    }
}
