using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Storage.Records;

/// <summary>Inserts, replaces and deletes single records with their parts, in the transaction of its context.</summary>
public sealed class RecordWriter(ApiDbContext context)
{
    public async Task InsertAsync<T>(T record, CancellationToken cancellation)
        where T : Record
    {
        context.Add(record);
        await SaveAsync(cancellation);
        context.ChangeTracker.Clear();
    }

    /// <summary>Replaces the stored record. Its parts are replaced as a whole: they have no identity of their own.</summary>
    public async Task ReplaceAsync<T>(T record, CancellationToken cancellation)
        where T : Record
    {
        foreach (var (table, owner) in Parts(context.Model.FindEntityType(typeof(T))!))
            await DeleteAsync($"delete from {table} where {owner} = $1", record.Id, cancellation);

        // the record first: parts may repeat its new values (an event's bounds), and a foreign key checks that
        context.Update(record);
        var parts = context.ChangeTracker.Entries().Where(e => e.Metadata.IsOwned()).ToList();
        foreach (var part in parts)
            part.State = EntityState.Unchanged;
        await SaveAsync(cancellation);
        foreach (var part in parts)
            part.State = EntityState.Added;
        await SaveAsync(cancellation);
        context.ChangeTracker.Clear();
    }

    /// <summary>Deletes a record that is locked; the database leaves its tombstone.</summary>
    public Task DeleteAsync<T>(string id, CancellationToken cancellation)
        where T : Record =>
        DeleteAsync($"delete from {context.TableOf<T>()} where id = $1", id, cancellation);

    /// <summary>
    /// Deletes those parts of records that refer to records of the same table. Records that refer to each other can then be deleted one
    /// after the other: the database checks each deletion at once.
    /// </summary>
    public async Task UntieAsync<T>(IReadOnlyCollection<string> ids, CancellationToken cancellation)
        where T : Record
    {
        var record = context.Model.FindEntityType(typeof(T))!;
        var tied = record.GetReferencingForeignKeys().Select(f => f.DeclaringEntityType)
            .Where(p => p.FindOwnership()?.PrincipalEntityType == record && p.GetForeignKeys().Any(f => !f.IsOwnership
                && f.PrincipalEntityType == record)).Distinct();
        foreach (var part in tied)
        {
            var owner = part.FindOwnership()!.Properties[0].GetColumnName();
            await using var command = new NpgsqlCommand(
                $"delete from {part.GetTableName()} where {owner} = any($1)", (NpgsqlConnection)context.Database.GetDbConnection());
            command.Parameters.Add(new NpgsqlParameter { Value = ids.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    private static IEnumerable<(string Table, string Owner)> Parts(IEntityType record) =>
        record.GetNavigations().Where(n => n.ForeignKey.IsOwnership && n.IsCollection)
            .Select(n => (n.TargetEntityType.GetTableName()!, n.ForeignKey.Properties[0].GetColumnName()));

    private async Task DeleteAsync(string statement, string id, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, (NpgsqlConnection)context.Database.GetDbConnection());
        command.Parameters.Add(new NpgsqlParameter { Value = id, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task SaveAsync(CancellationToken cancellation)
    {
        try
        {
            await context.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException postgres)
        {
            throw postgres;
        }
    }
}
