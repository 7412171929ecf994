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
