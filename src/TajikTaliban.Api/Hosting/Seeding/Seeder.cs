using Microsoft.EntityFrameworkCore;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage;

namespace TajikTaliban.Api.Hosting.Seeding;

/// <summary>What seeding did with the records of one resource.</summary>
public sealed record SeedCount(string Resource, int Added, int Changed, int Left);

/// <summary>What seeding did, and what it left alone though the seed says otherwise.</summary>
public sealed record SeedReport(IReadOnlyList<SeedCount> Counts, IReadOnlyList<string> Notes)
{
    public int Added => Counts.Sum(c => c.Added);

    public int Changed => Counts.Sum(c => c.Changed);

    public int Left => Counts.Sum(c => c.Left);
}

/// <summary>
/// Writes the seeds through the same way as the API, all or none. It can be repeated: what is so already is left, what somebody has edited or
/// deleted since is left too (and said), unless it is forced.
/// </summary>
public sealed class Seeder(NpgsqlDataSource database, ResourceCatalogue catalogue, RecordEditors editors, TimeProvider time)
{
    /// <summary>What the ledger says of its changes.</summary>
    public const string Note = "Seed records";

    private const string AllRecords = "*";

    public async Task<SeedReport> RunAsync(string folder, bool force, CancellationToken cancellation)
    {
        var seeds = await SeedFiles.ReadAsync(folder, catalogue, cancellation);
        return await RunAsync(seeds, force, cancellation);
    }

    /// <summary>For every start of the service: while the files are those that were seeded last, the records are not even looked at.</summary>
    public async Task<SeedReport> RunIfChangedAsync(string folder, CancellationToken cancellation)
    {
        var seeds = await SeedFiles.ReadAsync(folder, catalogue, cancellation);
        return await IsSeededAsync(SeedFiles.Digest(seeds), cancellation)
            ? new SeedReport([.. seeds.GroupBy(s => s.Resource.Name).Select(g => new SeedCount(g.Key, 0, 0, g.Count()))], [])
            : await RunAsync(seeds, force: false, cancellation);
    }

    private async Task<SeedReport> RunAsync(IReadOnlyList<SeedRecord> seeds, bool force, CancellationToken cancellation)
    {
        var known = seeds.Where(s => s.Resource.Target is not null).Select(s => (s.Resource.Target!, s.Id)).ToHashSet();
        var scope = new WriteScope(time.GetUtcNow(), Known: known);
        var (report, _) = await WriteRecord.InTransactionAsync(database, new Author(scope.Now, Note: Note), async writer =>
        {
            var before = (await writer.Context.SeededRecords.AsNoTracking().ToListAsync(cancellation)).ToDictionary(s => (s.Resource, s.Id));
            var counts = new List<SeedCount>();
            var notes = new List<string>();
            foreach (var group in seeds.GroupBy(s => s.Resource))
            {
                int added = 0, changed = 0, left = 0;
                foreach (var seed in group)
                {
                    var outcome = await WriteAsync(writer, seed, before.GetValueOrDefault((seed.Resource.Name, seed.Id)), force, scope, notes, cancellation);
                    _ = outcome switch { WriteOutcome.Created => added++, WriteOutcome.Changed => changed++, _ => left++ };
                }

                counts.Add(new SeedCount(group.Key.Name, added, changed, left));
            }

            foreach (var gone in before.Values.Where(b => b.Id != AllRecords && !seeds.Any(s => s.Resource.Name == b.Resource && s.Id == b.Id)))
                notes.Add($"{gone.Resource}/{gone.Id} is no longer among the seeds; the record was left.");
            await RememberAsync(writer, AllRecords, AllRecords, SeedFiles.Digest(seeds), 1, cancellation);
            return new SeedReport(counts, notes);
        }, cancellation);
        return report;
    }

    private async Task<WriteOutcome> WriteAsync(
        RecordWriter writer, SeedRecord seed, SeededRecord? before, bool force, WriteScope scope, List<string> notes, CancellationToken cancellation)
    {
        var what = $"{seed.Resource.Name}/{seed.Id}";
        try
        {
            var stored = await VersionOrNullAsync(writer, seed.Resource.Table, seed.Id, cancellation);
            if (stored is { } version && !force && version != before?.Version)
            {
                notes.Add($"{what} {(before is null ? "was written by somebody else" : "was edited since it was seeded")} and was left; `seed --force` overwrites it.");
                return WriteOutcome.Unchanged;
            }

            if (stored is not null && !force && before!.Digest.AsSpan().SequenceEqual(seed.Digest))
                return WriteOutcome.Unchanged;
            var written = await editors.Of(seed.Resource).PutAsync(
                writer, seed.Id, seed.Body, stored is null ? WriteCondition.None : WriteCondition.MustExist, scope, cancellation);
            await RememberAsync(writer, seed.Resource.Name, seed.Id, seed.Digest, written.Version, cancellation);
            return written.Outcome;
        }
        catch (ProblemException e) when (e.Type == ProblemType.Gone)
        {
            notes.Add($"{what} was deleted here; it was left deleted.");
            await RememberAsync(writer, seed.Resource.Name, seed.Id, seed.Digest, 0, cancellation);
            return WriteOutcome.Unchanged;
        }
        catch (ProblemException e)
        {
            var errors = e.Errors is null ? e.Message : string.Join("\n  ", e.Errors.SelectMany(x => x.Value.Select(m => $"{x.Key}: {m}")));
            throw new SeedException($"seeds/{seed.File}, record '{seed.Id}':\n  {errors}");
        }
    }

    private static async Task RememberAsync(RecordWriter writer, string resource, string id, byte[] digest, int version, CancellationToken cancellation) =>
        await writer.Context.Database.ExecuteSqlAsync(
            $"""
            insert into seeded_records (resource, id, digest, version) values ({resource}, {id}, {digest}, {version})
            on conflict (resource, id) do update set digest = excluded.digest, version = excluded.version
            """,
            cancellation);

    private async Task<bool> IsSeededAsync(byte[] digest, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select exists (select 1 from seeded_records where resource = '*' and id = '*' and digest = $1)");
        command.Parameters.Add(new NpgsqlParameter { Value = digest });
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task<int?> VersionOrNullAsync(RecordWriter writer, string table, string id, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"select version from {table} where id = $1", writer.Connection) { Parameters = { new NpgsqlParameter { Value = id } } };
        return (int?)await command.ExecuteScalarAsync(cancellation);
    }
}
