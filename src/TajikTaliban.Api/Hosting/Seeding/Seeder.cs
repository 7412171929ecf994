using System.Security.Cryptography;
using System.Text.Json;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Access;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Hosting.Seeding;

/// <summary>The result of seeding for the records of one resource.</summary>
public sealed record SeedCount(string Resource, int Added, int Changed, int Left);

/// <summary>The result of seeding, with a note on each record that was left though its seed differs.</summary>
public sealed record SeedReport(IReadOnlyList<SeedCount> Counts, IReadOnlyList<string> Notes)
{
    public int Added => Counts.Sum(c => c.Added);

    public int Changed => Counts.Sum(c => c.Changed);

    public int Left => Counts.Sum(c => c.Left);
}

/// <summary>
/// Writes the seeds as one batch, all or none. Seeding can be repeated: a record that was edited or deleted since it was seeded is left and
/// reported; an edited one is overwritten if that is forced.
/// </summary>
public sealed class Seeder(WriteTransaction transaction, RecordBatch batch, ResourceCatalogue catalogue, SeededRecords seeded,
    TimeProvider time)
{
    /// <summary>The note of its changes in the ledger.</summary>
    public const string Note = "Seed records";

    /// <summary>Writes the seeds of a folder.</summary>
    public async Task<SeedReport> RunAsync(string folder, bool force, CancellationToken cancellation) =>
        await RunAsync(await ReadAsync(folder, cancellation), force, cancellation);

    /// <summary>Writes the seeds of a folder, unless they are the ones that were seeded last.</summary>
    public async Task<SeedReport> RunIfChangedAsync(string folder, CancellationToken cancellation)
    {
        var seeds = await ReadAsync(folder, cancellation);
        return await seeded.IsNewestAsync(seeds.Digest, cancellation)
            ? new SeedReport([.. seeds.Changes.GroupBy(c => c.Resource.Name).Select(g => new SeedCount(g.Key, 0, 0, g.Count()))], [])
            : await RunAsync(seeds, force: false, cancellation);
    }

    private async Task<SeedReport> RunAsync(Seeds seeds, bool force, CancellationToken cancellation)
    {
        var author = new Author(time.GetUtcNow(), Note: Note);
        var (report, _) = await transaction.RunAsync(author, async session =>
        {
            var rule = new SeedRule(await SeededRecords.AllAsync(session.Context, cancellation), seeds.Digests, force);
            IReadOnlyList<ChangeOutcome> outcomes;
            try
            {
                outcomes = await batch.WriteAsync(session, seeds.Changes, rule.IsWritten, cancellation);
            }
            catch (BatchRefusedException e)
            {
                throw new SeedException(string.Join('\n', e.Faults.Select(Describe)));
            }

            await AuditLog.AddAsync(session.Connection, AuditEntry.OfCommand("seed", "seeds"), cancellation);
            await SeededRecords.StoreAsync(session.Connection, rule.Seeded(outcomes), seeds.Digest, cancellation);
            return Report(outcomes, rule.Notes(outcomes));
        }, cancellation, WriteLimits.OfCommands);
        return report;
    }

    private async Task<Seeds> ReadAsync(string folder, CancellationToken cancellation)
    {
        var changes = await SeedFiles.ReadAsync(folder, catalogue, cancellation).ToListAsync(cancellation);
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var digests = new Dictionary<(string Resource, string Id), byte[]>();
        foreach (var change in changes)
        {
            var digest = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(change.Body));
            digests.Add((change.Resource.Name, change.Id!), digest);
            all.AppendData(digest);
        }

        return new Seeds(changes, digests, all.GetHashAndReset());
    }

    private static SeedReport Report(IReadOnlyList<ChangeOutcome> outcomes, IReadOnlyList<string> notes) => new(
        [.. outcomes.GroupBy(o => o.Change.Resource.Name).Select(g => new SeedCount(
            g.Key, g.Count(o => o.Outcome == WriteOutcome.Created), g.Count(o => o.Outcome == WriteOutcome.Changed),
            g.Count(o => o.Outcome is WriteOutcome.Unchanged or WriteOutcome.Left)))],
        notes);

    private static string Describe(ChangeFault fault)
    {
        var (change, problem) = fault;
        var errors = problem.Errors is null ? problem.Message
            : string.Join("\n  ", problem.Errors.SelectMany(e => e.Value.Select(f => $"{e.Key}: {f.Message}")));
        return $"{change.Source.Name}, record '{change.Id}':\n  {errors}";
    }

    /// <summary>The seeds of a folder.</summary>
    /// <param name="Changes">The records.</param>
    /// <param name="Digests">The digest of each record.</param>
    /// <param name="Digest">The digest of all records in order.</param>
    private sealed record Seeds(IReadOnlyList<RecordChange> Changes, IReadOnlyDictionary<(string Resource, string Id), byte[]> Digests,
        byte[] Digest);
}
