using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Access;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Hosting.Seeding;

/// <summary>The result of seeding for the records of one resource.</summary>
public sealed record SeedCount(string Resource, int Added, int Changed, int Deleted, int Left);

/// <summary>The result of seeding, with a note on each record that was left though its seed differs.</summary>
public sealed record SeedReport(IReadOnlyList<SeedCount> Counts, IReadOnlyList<string> Notes)
{
    public int Added => Counts.Sum(c => c.Added);

    public int Changed => Counts.Sum(c => c.Changed);

    public int Deleted => Counts.Sum(c => c.Deleted);

    public int Left => Counts.Sum(c => c.Left);
}

/// <summary>A pack and whether this database has it.</summary>
/// <param name="Pack">The pack.</param>
/// <param name="Records">How many records it has.</param>
/// <param name="Licences">The licences of its sources.</param>
/// <param name="State">Whether it was seeded, or removed; null: neither.</param>
public sealed record SeedPackState(SeedPack Pack, int Records, IReadOnlyList<string> Licences, SeededPack? State);

/// <summary>
/// Writes packs of seeds as one batch, all or none. Seeding can be repeated: a record that was edited or deleted since it was seeded is
/// left and reported; an edited one is overwritten if that is forced.
/// </summary>
public sealed class Seeder(WriteTransaction transaction, RecordBatch batch, ResourceCatalogue catalogue, SeededRecords seeded,
    IOptions<SeedSettings> settings, TimeProvider time)
{
    /// <summary>The note of its changes in the ledger.</summary>
    public const string Note = "Seed records";

    /// <summary>Writes packs of a folder, with those that they require and those that were seeded before.</summary>
    /// <param name="folder">The folder with the packs.</param>
    /// <param name="packs">The packs; null: those of the settings.</param>
    /// <param name="force">Whether edited records are overwritten.</param>
    /// <param name="cancellation">Cancels the writing.</param>
    public async Task<SeedReport> RunAsync(
        string folder, bool force, CancellationToken cancellation, IReadOnlyCollection<string>? packs = null) =>
        await RunAsync(await ReadAsync(folder, packs, [], cancellation), force, cancellation);

    /// <summary>Writes the packs of the settings, unless they are the ones that were seeded last.</summary>
    public async Task<SeedReport> RunIfChangedAsync(string folder, CancellationToken cancellation)
    {
        var seeds = await ReadAsync(folder, null, [], cancellation);
        return await seeded.IsNewestAsync(seeds.Digest, cancellation)
            ? new SeedReport([.. seeds.Changes.GroupBy(c => c.Resource.Name).Select(g => new SeedCount(g.Key, 0, 0, 0, g.Count()))], [])
            : await RunAsync(seeds, force: false, cancellation);
    }

    /// <summary>Deletes the records of packs and what they added to others. They do not come back: ids are not used again.</summary>
    /// <exception cref="SeedException">A pack that stays requires one of them, or a record that stays refers to one of theirs.</exception>
    public async Task<SeedReport> RemoveAsync(
        string folder, IReadOnlyCollection<string> packs, bool force, CancellationToken cancellation) =>
        await RunAsync(await ReadAsync(folder, [], packs, cancellation), force, cancellation);

    /// <summary>The packs of a folder.</summary>
    public async Task<IReadOnlyList<SeedPackState>> ListAsync(string folder, CancellationToken cancellation)
    {
        var packs = SeedPack.ReadAll(folder, catalogue);
        var states = await seeded.PacksAsync(cancellation);
        var seeds = (await SeedFiles.ReadAsync(packs, catalogue, cancellation)).ToLookup(s => s.Pack);
        return
        [
            .. packs.Select(p => new SeedPackState(p, seeds[p.Name].Count(), [.. LicencesOf(seeds[p.Name])],
                states.TryGetValue(p.Name, out var state) ? state : null)),
        ];
    }

    private static IEnumerable<string> LicencesOf(IEnumerable<Seed> seeds) =>
        seeds.Select(s => s.Body.TryGetProperty("licence", out var licence) ? licence.GetString() : null).OfType<string>()
            .Distinct().Order(StringComparer.Ordinal);

    private async Task<SeedReport> RunAsync(Seeds seeds, bool force, CancellationToken cancellation)
    {
        var author = new Author(time.GetUtcNow(), Note: Note);
        var (report, _) = await transaction.RunAsync(author, async session =>
        {
            var before = await SeededRecords.AllAsync(session.Context, cancellation);
            var changes = seeds.Changes.Concat(DeletionsOf(seeds, before)).ToList();
            var rule = new SeedRule(before, seeds.Digests, seeds.PackOf, force);
            IReadOnlyList<ChangeOutcome> outcomes;
            try
            {
                outcomes = await batch.WriteAsync(session, changes, rule.IsWritten, cancellation);
            }
            catch (BatchRefusedException e)
            {
                throw new SeedException(string.Join('\n', e.Faults.Select(Describe)));
            }

            var entry = AuditEntry.OfCommand(seeds.Removed.Count > 0 ? "seed-remove" : "seed", "seeds") with
            {
                Detail = string.Join(", ", seeds.Removed.Count > 0 ? seeds.Removed : seeds.Packs),
            };
            await AuditLog.AddAsync(session.Connection, entry, cancellation);
            await SeededRecords.StoreAsync(session.Connection, rule.Seeded(outcomes), seeds.Digest, cancellation);
            await SeededRecords.StorePacksAsync(session.Connection, seeds.Packs, seeds.Removed, cancellation);
            return Report(outcomes, [.. seeds.Notes, .. rule.Notes(outcomes)]);
        }, cancellation, WriteLimits.OfCommands);
        return report;
    }

    /// <summary>The deletions of the records of removed packs.</summary>
    private IEnumerable<RecordChange> DeletionsOf(Seeds seeds, Dictionary<(string Resource, string Id), SeededRecord> before) =>
        from record in before.Values.OrderBy(r => r.Id, StringComparer.Ordinal)
        where record.Pack is not null && seeds.Removed.Contains(record.Pack)
        select new RecordChange(new ChangeSource($"seeds/{record.Pack}", 0), ChangeOperation.Delete,
            catalogue.All.Single(r => r.Name == record.Resource), record.Id, default, null,
            new ChangeReason(null, $"Seed pack {record.Pack} removed"));

    /// <summary>Reads the packs that are chosen, required or there already.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="chosen">The chosen ones; null: those of the settings.</param>
    /// <param name="removed">Those that go.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    private async Task<Seeds> ReadAsync(
        string folder, IReadOnlyCollection<string>? chosen, IReadOnlyCollection<string> removed, CancellationToken cancellation)
    {
        var all = SeedPack.ReadAll(folder, catalogue);
        var states = await seeded.PacksAsync(cancellation);
        if (removed.FirstOrDefault(r => states.GetValueOrDefault(r, SeededPack.Removed) == SeededPack.Removed) is { } unknown)
            throw new SeedException($"The pack '{unknown}' is not in this database.");
        var names = (chosen ?? (settings.Value.PackNames is { Count: > 0 } set ? set : [.. all.Select(p => p.Name)]))
            .Concat(all.Select(p => p.Name).Where(n => states.TryGetValue(n, out var state) && state == SeededPack.Seeded))
            .Distinct().ToList();
        var gone = names.Where(n => states.TryGetValue(n, out var state) && state == SeededPack.Removed).ToList();
        var packs = SeedPack.WithRequired(all, [.. names.Except(gone).Except(removed)]);
        if (packs.FirstOrDefault(p => removed.Contains(p.Name) || IsRemoved(p.Name)) is { } needed)
        {
            var by = string.Join(", ", packs.Where(p => p.Requires.Contains(needed.Name)).Select(p => p.Name));
            throw new SeedException($"The pack '{needed.Name}' is required by: {by}. Remove those as well.");
        }

        var seeds = packs.Count == 0 ? [] : await SeedFiles.ReadAsync(packs, catalogue, cancellation);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var digests = new Dictionary<(string Resource, string Id), byte[]>();
        foreach (var seed in seeds)
        {
            var one = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(seed.Body));
            digests.Add((seed.Resource.Name, seed.Id), one);
            digest.AppendData(one);
        }

        digest.AppendData(Encoding.UTF8.GetBytes(string.Join(',', packs.Select(p => p.Name))));
        return new Seeds(
            [
                .. seeds.Select(s => new RecordChange(new ChangeSource(s.File, s.Number), ChangeOperation.Upsert, s.Resource, s.Id, s.Body,
                    null, new ChangeReason(null, null))),
            ],
            digests, seeds.ToDictionary(s => (s.Resource.Name, s.Id), s => s.Pack), digest.GetHashAndReset(),
            [.. packs.Select(p => p.Name)], removed,
            [.. gone.Select(n => $"The pack {n} was removed from this database; ids of deleted records are not used again.")]);

        bool IsRemoved(string name) => states.TryGetValue(name, out var state) && state == SeededPack.Removed;
    }

    private static SeedReport Report(IReadOnlyList<ChangeOutcome> outcomes, IReadOnlyList<string> notes) => new(
        [.. outcomes.GroupBy(o => o.Change.Resource.Name).Select(g => new SeedCount(
            g.Key, g.Count(o => o.Outcome == WriteOutcome.Created), g.Count(o => o.Outcome == WriteOutcome.Changed),
            g.Count(o => o.Outcome == WriteOutcome.Deleted), g.Count(o => o.Outcome is WriteOutcome.Unchanged or WriteOutcome.Left)))],
        notes);

    private static string Describe(ChangeFault fault)
    {
        var (change, problem) = fault;
        var errors = problem.Errors is null ? problem.Message
            : string.Join("\n  ", problem.Errors.SelectMany(e => e.Value.Select(f => $"{e.Key}: {f.Message}")));
        return $"{change.Source.Name}, record '{change.Id}':\n  {errors}";
    }

    /// <summary>The seeds of some packs.</summary>
    /// <param name="Changes">The records.</param>
    /// <param name="Digests">The digest of each record.</param>
    /// <param name="PackOf">The pack of each record.</param>
    /// <param name="Digest">The digest of all records in order, and of the names of the packs.</param>
    /// <param name="Packs">The packs.</param>
    /// <param name="Removed">The packs whose records are deleted.</param>
    /// <param name="Notes">Notes on packs.</param>
    private sealed record Seeds(IReadOnlyList<RecordChange> Changes, IReadOnlyDictionary<(string Resource, string Id), byte[]> Digests,
        IReadOnlyDictionary<(string Resource, string Id), string> PackOf, byte[] Digest, IReadOnlyList<string> Packs,
        IReadOnlyCollection<string> Removed, IReadOnlyList<string> Notes);
}
