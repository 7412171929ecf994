using System.Text.Json;
using TajikTaliban.Api.Platform.Json;

namespace TajikTaliban.Api.Platform.Ledger;

/// <summary>
/// Compares two versions of a list by the identity of the members, so that a member that is removed from the front is one difference and
/// does not make differences of all that follow it.
/// </summary>
internal static class ListDifference
{
    /// <summary>Adds the differences of two versions of the list at a pointer.</summary>
    public static void Add(JsonElement before, JsonElement after, string pointer, List<FieldDifference> differences)
    {
        var (old, now) = (MembersOf(before), MembersOf(after));
        Pair(old, now, m => m.Key, (a, b) => EqualValues.AreEqual(a.Value, b.Value));
        Pair(old, now, m => m.Key, (_, _) => true);
        Pair(old, now, m => m.Stem, (_, _) => true);
        foreach (var member in old)
            Difference.Compare(member.Value, member.Match?.Value, Difference.Below(pointer, member.Name), differences);
        foreach (var member in now.Where(m => m.Match is null))
            Difference.Compare(null, member.Value, Difference.Below(pointer, member.Name), differences);
        var kept = old.Where(m => m.Match is not null).ToList();
        var order = now.Where(m => m.Match is not null).Select(m => m.Match!).ToList();
        if (!kept.SequenceEqual(order))
            differences.Add(new FieldDifference(pointer, Names(kept), Names(order)));
    }

    private static List<Member> MembersOf(JsonElement list)
    {
        var members = new List<Member>();
        var count = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var value in list.EnumerateArray())
        {
            var (key, stem) = KeyOf(value);
            var number = count[key] = count.GetValueOrDefault(key) + 1;
            members.Add(new Member(value, key, stem, number == 1 ? key : $"{key}#{number}"));
        }

        return members;
    }

    /// <summary>
    /// The key of a member, and the key without its last field; null where it has only one. A change of the last field alone, such as the
    /// role of a participant, is a change of the member.
    /// </summary>
    private static (string Key, string? Stem) KeyOf(JsonElement member)
    {
        if (member.ValueKind != JsonValueKind.Object)
            return (MemberKeys.KeyOrNull(member) ?? member.GetRawText(), null);
        var fields = MemberKeys.FieldsOrNull(member) ?? [.. member.EnumerateObject().Select(f => f.Name)];
        return (MemberKeys.Join(member, fields), fields.Count > 1 ? MemberKeys.Join(member, fields.Take(fields.Count - 1)) : null);
    }

    /// <summary>Pairs members that have no match yet and the same text, in their order.</summary>
    private static void Pair(List<Member> old, List<Member> now, Func<Member, string?> textOf, Func<Member, Member, bool> isSame)
    {
        var waiting = now.Where(m => m.Match is null && textOf(m) is not null).GroupBy(m => textOf(m)!, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        foreach (var member in old.Where(m => m.Match is null))
        {
            if (textOf(member) is { } text && waiting.TryGetValue(text, out var candidates)
                && candidates.Find(c => c.Match is null && isSame(member, c)) is { } match)
            {
                (member.Match, match.Match) = (match, member);
                candidates.Remove(match);
            }
        }
    }

    private static JsonElement Names(IEnumerable<Member> members) =>
        JsonSerializer.SerializeToElement(members.Select(m => m.Name), ApiJson.Options);

    /// <summary>A member of one version.</summary>
    private sealed class Member(JsonElement value, string key, string? stem, string name)
    {
        public JsonElement Value => value;

        public string Key => key;

        public string? Stem => stem;

        /// <summary>The key, made unique in the list.</summary>
        public string Name => name;

        /// <summary>The same member of the other version.</summary>
        public Member? Match { get; set; }
    }
}
