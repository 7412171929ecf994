namespace TajikTaliban.Api.Domain;

/// <summary>Suggests the nearest known name for an unknown parameter, field or code.</summary>
public static class Suggest
{
    // No name here is as long; the cost of comparing grows with the square of the length, and the input comes from requests.
    private const int LongestGiven = 128;

    /// <summary>
    /// The known name nearest to <paramref name="given"/>, or null when none is near. Distance is the restricted Damerau-Levenshtein
    /// distance (optimal string alignment): characters inserted, left out, changed, or two neighbours swapped. Case and the separators
    /// <c>-</c>, <c>_</c> and <c>.</c> do not count, so that <c>valid_at</c> finds <c>validAt</c>. The maximum distance is two, or a third
    /// of the length of the input, and less than the length of the name. Of equally near names the first one wins.
    /// </summary>
    public static string? Nearest(string given, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(known);
        if (given.Length > LongestGiven)
        {
            return null;
        }

        var wanted = Bare(given);
        var limit = Math.Max(2, wanted.Length / 3);
        string? nearest = null;
        var least = limit + 1;
        foreach (var name in known)
        {
            var candidate = Bare(name);
            if (Math.Abs(candidate.Length - wanted.Length) >= least)
            {
                continue;
            }

            var distance = Distance(wanted, candidate);
            if (distance < least && distance < Math.Max(wanted.Length, candidate.Length))
            {
                (nearest, least) = (name, distance);
            }
        }

        return nearest;
    }

    private static string Bare(string name)
    {
        Span<char> bare = name.Length <= LongestGiven ? stackalloc char[name.Length] : new char[name.Length];
        var length = 0;
        foreach (var c in name)
        {
            if (c is not ('-' or '_' or '.'))
            {
                bare[length++] = char.ToLowerInvariant(c);
            }
        }

        return new string(bare[..length]);
    }

    /// <summary>The restricted Damerau-Levenshtein distance.</summary>
    internal static int Distance(string a, string b)
    {
        var beforeLast = new int[b.Length + 1];
        var last = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var changed = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(Math.Min(last[j] + 1, current[j - 1] + 1), changed);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    current[j] = Math.Min(current[j], beforeLast[j - 2] + 1);
                }
            }

            (beforeLast, last, current) = (last, current, beforeLast);
        }

        return last[b.Length];
    }
}
