using System.Globalization;

namespace TajikTaliban.Api.Domain;

/// <summary>
/// A place in the ledger: the number of a transaction in the order of commits, and, within it, the change that was read last (null: all of
/// them). The token is that transaction's own, so that a position of another history (a backup that was restored since) is recognised.
/// As text <c>1042-5f0c2b9a</c> or <c>1042.77120-5f0c2b9a</c>.
/// </summary>
public readonly record struct Position(long Number, long? Change, string Token)
{
    public const int TokenLength = 8;

    /// <summary>Characters of the longest text.</summary>
    public const int MaxLength = 60;

    /// <summary>Before the first transaction.</summary>
    public static Position Start { get; } = new(0, null, new string('0', TokenLength));

    /// <summary>The whole transaction that this is a place in.</summary>
    public Position Whole => this with { Change = null };

    public static bool TryParse(string? text, out Position position)
    {
        position = default;
        if (text is null || text.Length > MaxLength)
            return false;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash <= 0 || text.Length - dash - 1 != TokenLength || !text.AsSpan(dash + 1).ToString().All(char.IsAsciiLetterOrDigit))
            return false;
        var (place, token) = (text[..dash], text[(dash + 1)..]);
        var dot = place.IndexOf('.', StringComparison.Ordinal);
        long? change = null;
        if (dot >= 0)
        {
            if (!IsNumber(place[(dot + 1)..], out var number))
                return false;
            change = number;
        }

        if (!IsNumber(dot < 0 ? place : place[..dot], out var transaction))
            return false;
        position = new Position(transaction, change, token);
        return true;
    }

    /// <summary>Whether this transaction and change come after the position.</summary>
    public bool IsBefore(long number, long change) => number > Number || (number == Number && Change is { } last && change > last);

    /// <summary>Whether everything up to another position is before this one.</summary>
    public bool Reaches(Position other) =>
        Number > other.Number || (Number == other.Number && (Change is not { } last || other.Change <= last));

    public override string ToString() => Format(stackalloc char[MaxLength]).ToString();

    /// <summary>The text, written into memory of the caller's.</summary>
    public ReadOnlySpan<char> Format(Span<char> text)
    {
        var written = 0;
        _ = Change is { } change
            ? text.TryWrite(CultureInfo.InvariantCulture, $"{Number}.{change}-{Token}", out written)
            : text.TryWrite(CultureInfo.InvariantCulture, $"{Number}-{Token}", out written);
        return text[..written];
    }

    private static bool IsNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
