using System.Buffers;
using System.Text;
using CsCheck;

namespace TajikTaliban.Api.Tests.Domain;

/// <summary>Texts as strangers send them.</summary>
internal static class Texts
{
    /// <summary>How often a property of any text is tried: a try takes microseconds, and the odd text is rare.</summary>
    public const int Many = 20_000;

    private static readonly Gen<char> Any = Gen.OneOf(
        Gen.Char,
        Gen.Char[' ', '~'],
        Gen.Char["0123456789-/.X?~%:TZYSQM"],
        Gen.Char["\0\t\n\r\u0085\u00a0\u00ad\u200b\u200c\u200d\u2028\u202e\ufeff\uffff"],
        Gen.Char['\ud800', '\udfff'],
        Gen.Char['\u00c0', '\u024f'],
        Gen.Char['\u0300', '\u036f'],
        Gen.Char['\u0400', '\u052f'],
        Gen.Char['\u0600', '\u06ff'],
        Gen.Char['\ufb50', '\ufeff']);

    /// <summary>Any text: of any script, with NUL, lone surrogates and invisible characters, empty or long.</summary>
    public static readonly Gen<string> Strange = Gen.Frequency(
        (20, Any.Array[0, 40].Select(chars => new string(chars))),
        (1, Any.Array[100, 1000].Select(chars => new string(chars))));

    /// <summary>Whether UTF-8 and PostgreSQL's text can hold it as it is.</summary>
    public static bool IsStorable(string text)
    {
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var length) != OperationStatus.Done || rune.Value == 0)
            {
                return false;
            }

            rest = rest[length..];
        }

        return true;
    }
}
