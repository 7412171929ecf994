using System.Buffers.Text;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.Platform.Paging;

/// <summary>Where a page ended, as opaque text. It carries a digest of the query it belongs to: with another query, or damaged, it is refused
/// rather than giving a page of something else.</summary>
internal static class Cursor
{
    private const int DigestBytes = 8;
    private const int MaxLength = 2000;

    public static string Write(IReadOnlyList<string> keys, SearchMode mode, string query)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes<string[]>([mode == SearchMode.Words ? "w" : "s", .. keys]);
        var cursor = new byte[DigestBytes + payload.Length];
        Digest(query, payload).CopyTo(cursor, 0);
        payload.CopyTo(cursor, DigestBytes);
        return Base64Url.EncodeToString(cursor);
    }

    public static (IReadOnlyList<string> Keys, SearchMode Mode) Read(string text, IReadOnlyList<OrderBy> order, string query)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (text.Length > MaxLength || !Base64Url.TryDecodeFromChars(text, bytes, out var length) || length <= DigestBytes)
            throw Refused();
        var payload = bytes.AsSpan(DigestBytes, length - DigestBytes);
        if (!Digest(query, payload).AsSpan().SequenceEqual(bytes.AsSpan(0, DigestBytes)))
            throw Refused();
        string[]? values;
        try
        {
            values = JsonSerializer.Deserialize<string[]>(payload);
        }
        catch (JsonException)
        {
            throw Refused();
        }

        if (values is null || values.Length != order.Count + 1 || values.Contains(null))
            throw Refused();
        for (var i = 0; i < order.Count; i++)
            if (!IsValue(order[i].Key.Type, values[i + 1]))
                throw Refused();
        return (values[1..], values[0] == "s" ? SearchMode.Similar : SearchMode.Words);
    }

    private static bool IsValue(FieldType type, string value) => type switch
    {
        FieldType.Date => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        FieldType.Instant => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTime.MaxValue.Ticks,
        FieldType.Number => value == "NaN" || (value.Length < 500 && value.All(c => char.IsAsciiDigit(c) || c is '.' or '-') && value.Any(char.IsAsciiDigit)
            && value.LastIndexOf('-') <= 0 && value.Count(c => c == '.') <= 1),
        _ => !value.Contains('\0', StringComparison.Ordinal),
    };

    private static byte[] Digest(string query, ReadOnlySpan<byte> payload)
    {
        var hash = new XxHash64();
        hash.Append(Encoding.UTF8.GetBytes(query));
        hash.Append([0]);
        hash.Append(payload);
        return hash.GetCurrentHash();
    }

    private static ProblemException Refused() =>
        ProblemException.Query("cursor", "The cursor is damaged or belongs to another query; take it from `next` as it is, or start again without it.");
}
