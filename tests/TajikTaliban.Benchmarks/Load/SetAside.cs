using Npgsql;

namespace TajikTaliban.Benchmarks.Load;

/// <summary>
/// Foreign keys and indexes, taken away while an empty database is filled and made again from all of its rows at once, which takes a
/// fraction of the time that a million single entries take. All in the transaction of the connection.
/// </summary>
internal sealed class SetAside
{
    private const string Find =
        """
        select 'fk', format('alter table %s drop constraint %I', conrelid::regclass, conname),
            format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
        from pg_constraint where contype = 'f' and connamespace = current_schema()::regnamespace
            and conrelid::regclass::text not like 'ledger%' and confrelid::regclass::text not like 'ledger%'
        union all
        select 'index', format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
        from pg_index join pg_class c on c.oid = indrelid
        where c.relnamespace = current_schema()::regnamespace and c.relname not like 'ledger%'
            and not exists (select 1 from pg_constraint where conindid = indexrelid and contype in ('p', 'u', 'x'))
        """;

    private readonly NpgsqlConnection _connection;
    private readonly List<(string Kind, string Drop, string Make)> _things = [];

    private SetAside(NpgsqlConnection connection) => _connection = connection;

    public static async Task<SetAside> TakeAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var aside = new SetAside(connection);
        await using (var find = new NpgsqlCommand(Find, connection))
        await using (var reader = await find.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
                aside._things.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }
        // foreign keys go first, since some of them need an index, and come back last
        await aside.RunAsync(aside._things.OrderBy(t => t.Kind).Select(t => t.Drop), cancellation);
        return aside;
    }

    public Task PutBackAsync(CancellationToken cancellation) =>
        RunAsync(_things.OrderByDescending(t => t.Kind).Select(t => t.Make).Prepend("set local maintenance_work_mem = '2GB'"),
            cancellation);

    private async Task RunAsync(IEnumerable<string> statements, CancellationToken cancellation)
    {
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, _connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }
}
