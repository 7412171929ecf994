using System.Buffers.Text;
using System.Text;

namespace TajikTaliban.Api.Storage.Records;

/// <summary>
/// The instant in a document's <c>recordedAt</c>. It is the commit's, which is not known when the document is written: documents are stored
/// without it, and get it from the ledger when they are read.
/// </summary>
public static class RecordingInstant
{
    /// <summary>The most bytes that a document grows by.</summary>
    public const int MaxLength = 28;

    /// <summary>The length of seven decimals and the zone, with which an instant is formatted at first.</summary>
    private const int FractionLength = 8;

    /// <summary>As a document without the instant has it.</summary>
    private static readonly byte[] Unset = "\"recordedAt\":\"0001-01-01T00:00:00Z\""u8.ToArray();

    /// <summary>Sets the instant of a document in a buffer that has <see cref="MaxLength"/> bytes to spare; returns its new
    /// length.</summary>
    public static int Set(Span<byte> buffer, int length, DateTime instant)
    {
        if (!TryPlace(buffer[..length], out var start, out var end))
            return length;
        Span<byte> text = stackalloc byte[MaxLength];
        var written = Format(instant, text);
        buffer[end..length].CopyTo(buffer[(start + written)..]);
        text[..written].CopyTo(buffer[start..]);
        return length + written - (end - start);
    }

    /// <summary>The document with the instant; the document itself if that is null.</summary>
    public static byte[] Set(byte[] document, DateTime? instant)
    {
        if (instant is not { } known || !TryPlace(document, out var start, out var end))
            return document;
        Span<byte> text = stackalloc byte[MaxLength];
        var written = Format(known, text);
        var dated = new byte[document.Length + written - (end - start)];
        document.AsSpan(0, start).CopyTo(dated);
        text[..written].CopyTo(dated.AsSpan(start));
        document.AsSpan(end).CopyTo(dated.AsSpan(start + written));
        return dated;
    }

    /// <inheritdoc cref="Set(byte[], DateTime?)"/>
    public static string Set(string document, DateTime? instant) =>
        instant is null ? document : Encoding.UTF8.GetString(Set(Encoding.UTF8.GetBytes(document), instant));

    /// <summary>The document with the instant if it has none yet.</summary>
    public static byte[] SetIfUnset(byte[] document, DateTime instant) =>
        document.AsSpan().LastIndexOf(Unset) < 0 ? document : Set(document, instant);

    /// <summary>
    /// Where the text of the instant is; false for a document without it, which the service never writes. The name is the last one: no text
    /// in the record can be taken for it, since quotes in texts are escaped.
    /// </summary>
    private static bool TryPlace(ReadOnlySpan<byte> document, out int start, out int end)
    {
        var name = "\"recordedAt\""u8;
        (start, end) = (document.LastIndexOf(name), 0);
        if (start < 0)
            return false;
        // what others write may have blanks
        start += name.Length;
        while (start < document.Length && document[start] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)':')
            start++;
        if (start == document.Length || document[start] != '"')
            return false;
        start++;
        end = start + document[start..].IndexOf((byte)'"');
        return end >= start;
    }

    private static int Format(DateTime instant, Span<byte> text)
    {
        Utf8Formatter.TryFormat(DateTime.SpecifyKind(instant, DateTimeKind.Utc), text, out var length, 'O');
        // without the zeros at the end of the fraction
        var end = length - 1;
        var point = length - 1 - FractionLength;
        while (end > point + 1 && text[end - 1] == (byte)'0')
            end--;
        if (end == point + 1)
            end = point;
        text[end] = (byte)'Z';
        return end + 1;
    }
}
