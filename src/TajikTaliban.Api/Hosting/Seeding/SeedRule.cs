using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Hosting.Seeding;

/// <summary>The rule of seeds: records that were edited or deleted since they were seeded are left, unless forced; deleted ones
/// always.</summary>
/// <param name="before">The records that were seeded before.</param>
/// <param name="digests">The digests of the seeds.</param>
/// <param name="packs">The packs of the seeds.</param>
/// <param name="force">Whether edited records are overwritten.</param>
internal sealed class SeedRule(
    IReadOnlyDictionary<(string Resource, string Id), SeededRecord> before,
    IReadOnlyDictionary<(string Resource, string Id), byte[]> digests,
    IReadOnlyDictionary<(string Resource, string Id), string> packs, bool force)
{
    /// <summary>The version that is stored for a record that was deleted: no record is at it.</summary>
    private const int DeletedVersion = 0;

    private readonly HashSet<(string Resource, string Id)> _edited = [];
    private readonly HashSet<(string Resource, string Id)> _deleted = [];

    /// <summary>Whether a seed is written, or the record of a removed pack is deleted.</summary>
    public bool IsWritten(RecordChange change, Stored? stored, bool isDeleted)
    {
        var key = KeyOf(change);
        if (change.Operation == ChangeOperation.Delete)
            return IsRemoved(key, stored);
        if (isDeleted)
            _deleted.Add(key);
        if (stored is null)
            return !isDeleted;
        if (force)
            return true;
        if (before.GetValueOrDefault(key) is { } seeded && seeded.Version == stored.Version)
            return !seeded.Digest.AsSpan().SequenceEqual(digests[key]);
        _edited.Add(key);
        return false;
    }

    /// <summary>The records as they are seeded now; those that the rule left as edited stay as they were seeded before.</summary>
    public IEnumerable<SeededRecord> Seeded(IEnumerable<ChangeOutcome> outcomes) =>
        from outcome in outcomes
        where outcome.Change.Operation != ChangeOperation.Delete
        let key = KeyOf(outcome.Change)
        where outcome.Outcome != WriteOutcome.Left || _deleted.Contains(key)
        select new SeededRecord
        {
            Resource = key.Resource,
            Id = key.Id,
            Digest = digests[key],
            Version = outcome.Outcome == WriteOutcome.Left ? DeletedVersion : outcome.Version,
            Pack = packs[key],
        };

    /// <summary>The records that were left, each with the reason.</summary>
    public IReadOnlyList<string> Notes(IEnumerable<ChangeOutcome> outcomes)
    {
        var seeded = packs.Values.ToHashSet();
        return
        [
            .. outcomes.Select(o => KeyOf(o.Change)).Where(k => _edited.Contains(k) || _deleted.Contains(k)).Select(Note),
            .. before.Values.Where(r => !digests.ContainsKey((r.Resource, r.Id)) && (r.Pack is null || seeded.Contains(r.Pack)))
                .Select(r => $"{r.Resource}/{r.Id} is no longer in the seed files; the record is unchanged."),
        ];
    }

    private bool IsRemoved((string Resource, string Id) key, Stored? stored)
    {
        if (stored is null)
            return false;
        if (force || before[key].Version == stored.Version)
            return true;
        _edited.Add(key);
        return false;
    }

    private string Note((string Resource, string Id) key) =>
        !digests.ContainsKey(key) ? $"{key.Resource}/{key.Id} was edited since it was seeded and was not deleted; use `seed --remove … "
            + "--force` to delete it."
        : _deleted.Contains(key) ? $"{key.Resource}/{key.Id} was deleted since it was seeded; it stays deleted."
        : $"{key.Resource}/{key.Id} {(before.ContainsKey(key) ? "was edited since it was seeded" : "was not written by a seed")} and "
        + "was not overwritten; use `seed --force` to overwrite it.";

    private static (string Resource, string Id) KeyOf(RecordChange change) => (change.Resource.Name, change.Id!);
}
