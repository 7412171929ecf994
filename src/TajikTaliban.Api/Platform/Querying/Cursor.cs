using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Access;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.Platform.Querying;

/// <summary>
/// Where a page ended, as opaque text. It carries a digest of itself and of the query it belongs to, keyed with a secret that all instances
/// share: with another query, damaged or made by somebody else, it is refused rather than giving a page of something else.
/// </summary>
internal static class Cursor
{
    private const int DigestBytes = 12;

    /// <summary>A page that begins with the first record of similar spelling.</summary>
    private const string FirstSimilar = "f";

    /// <summary>PostgreSQL's texts never hold it, so no key does.</summary>
    private const char Between = '\0';

    /// <summary>A cursor of a list.</summary>
    /// <param name="keys">The sort keys of the last record; none before the first record of similar spelling.</param>
    /// <param name="mode">Whether that record has the words of <c>q</c>.</param>
    /// <param name="position">The position that all pages of the walk show; null if the cursor promises none.</param>
    /// <param name="query">The query as one text.</param>
    /// <param name="secrets">The key of the digest.</param>
    public static string Write(IReadOnlyList<string> keys, SearchMode mode, Position? position, string query, ServiceSecrets secrets) =>
        Write([mode == SearchMode.Words ? "w" : keys.Count > 0 ? "s" : FirstSimilar, position?.ToString() ?? "", .. keys], query, secrets);

    /// <summary>The key of the digests of a request's cursors.</summary>
    public static ServiceSecrets SecretsOf(HttpContext http) => http.RequestServices.GetRequiredService<ServiceSecrets>();

    /// <summary>A cursor of any query whose pages are in the order of these keys.</summary>
    public static string Write(IReadOnlyList<string> keys, string query, ServiceSecrets secrets)
    {
        var payload = Encoding.UTF8.GetBytes(string.Join(Between, keys));
        var cursor = new byte[DigestBytes + payload.Length];
        Digest(query, payload, secrets, cursor);
        payload.CopyTo(cursor, DigestBytes);
        return Base64Url.EncodeToString(cursor);
    }

    /// <summary>The keys of a list's cursor; null where the page begins with the first record of similar spelling.</summary>
    /// <exception cref="ProblemException">400: the cursor is damaged or belongs to another query.</exception>
    public static (IReadOnlyList<string>? Keys, SearchMode Mode, Position? Position) Read(
        string text, IReadOnlyList<OrderBy> order, string query, ServiceSecrets secrets)
    {
        var values = Read(text, query, secrets);
        if (values.Length < 2)
            throw Refused();
        Position? position = values[1].Length == 0 ? null : Position.TryParse(values[1], out var known) ? known : throw Refused();
        if (values is [FirstSimilar, _])
            return (null, SearchMode.Similar, position);
        if (values.Length != order.Count + 2)
            throw Refused();
        for (var i = 0; i < order.Count; i++)
        {
            if (!IsValue(order[i].Key.Type, values[i + 2]))
                throw Refused();
        }

        return (values[2..], values[0] == "s" ? SearchMode.Similar : SearchMode.Words, position);
    }

    /// <summary>The keys of a cursor that was written for this query.</summary>
    /// <exception cref="ProblemException">400: the cursor is damaged or belongs to another query.</exception>
    public static string[] Read(string text, int keys, string query, ServiceSecrets secrets) =>
        Read(text, query, secrets) is var values && values.Length == keys ? values : throw Refused();

    private static string[] Read(string text, string query, ServiceSecrets secrets)
    {
        if (!Base64Url.IsValid(text, out var length) || length <= DigestBytes)
            throw Refused();
        var bytes = Base64Url.DecodeFromChars(text);
        var payload = bytes.AsSpan(DigestBytes);
        Span<byte> digest = stackalloc byte[DigestBytes];
        Digest(query, payload, secrets, digest);
        if (!CryptographicOperations.FixedTimeEquals(digest, bytes.AsSpan(0, DigestBytes)))
            throw Refused();
        return Encoding.UTF8.GetString(payload).Split(Between);
    }

    private static bool IsValue(FieldType type, string value) => type switch
    {
        FieldType.Date => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        FieldType.Instant => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTime.MaxValue.Ticks,
        FieldType.Number => value == "NaN"
            || (value.Length < 500 && value.All(c => char.IsAsciiDigit(c) || c is '.' or '-') && value.Any(char.IsAsciiDigit)
            && value.LastIndexOf('-') <= 0 && value.Count(c => c == '.') <= 1),
        _ => true,
    };

    private static void Digest(string query, ReadOnlySpan<byte> payload, ServiceSecrets secrets, Span<byte> digest)
    {
        var length = Encoding.UTF8.GetByteCount(query) + 1 + payload.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        var text = rented.AsSpan(0, length);
        text[Encoding.UTF8.GetBytes(query, text)] = 0;
        payload.CopyTo(text[(length - payload.Length)..]);
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secrets.Cursors, text, whole);
        ArrayPool<byte>.Shared.Return(rented);
        whole[..DigestBytes].CopyTo(digest);
    }

    /// <summary>The problem of an invalid cursor.</summary>
    public static ProblemException Refused() =>
        ProblemException.Query("cursor",
            new Fault(FaultCode.InvalidCursor,
                "The cursor is invalid or belongs to another query; take it from `next` unchanged, or start again without it."));
}
