using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Storage.Reports;

/// <summary>The reports of readers.</summary>
public sealed class ReportStore
{
    private const string Select =
        """
        select r.number, r.id, r.resource, r.record_id, r.record_path, r.version, r.field, r.text, r.evidence, r.contact, r.created_at,
            r.state, r.answer, r.closed_at, r.closed_by, d.merged_into
        from reports r left join tombstones d on d.resource = r.resource and d.id = r.record_id
        """;

    private readonly StatementSource _statements;

    public ReportStore(ConnectionPools database)
        : this(StatementSource.Of(database))
    {
    }

    private ReportStore(StatementSource statements) => _statements = statements;

    /// <summary>The same store on a connection that the request holds, in its transaction.</summary>
    public ReportStore Within(NpgsqlConnection connection) => new(StatementSource.Of(connection));

    /// <summary>Adds an open report; false if as many are open as there may be.</summary>
    public async Task<bool> AddAsync(string id, ReportContent content, DateTimeOffset now, int maxOpen, CancellationToken cancellation)
    {
        await using var command = _statements.CreateCommand(
            """
            insert into reports (id, resource, record_id, record_path, version, field, text, evidence, contact, created_at)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 where (select count(*) from reports where state = 'open') < $11
            """);
        var record = content.Record;
        Bind(command, [Text(id), Text(record.Table), Text(record.Id), Text(record.Path), Whole(record.Version), Text(content.Field),
            Text(content.Text), Text(content.Evidence), Text(content.Contact), Instant(now), Number(maxOpen)]);
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <summary>Removes the reports that were closed before an instant.</summary>
    public async Task RemoveClosedAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        await using var command = _statements.CreateCommand("delete from reports where closed_at < $1");
        Bind(command, [Instant(before)]);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<Report?> FindOrNullAsync(string id, CancellationToken cancellation) =>
        await ReadAsync($"{Select} where r.id = $1", [Text(id)], cancellation) is [var found] ? found : null;

    /// <summary>The same, locked until the transaction ends.</summary>
    public async Task<Report?> LockOrNullAsync(string id, CancellationToken cancellation) =>
        await ReadAsync($"{Select} where r.id = $1 for update of r", [Text(id)], cancellation) is [var found] ? found : null;

    /// <summary>Sets the state and the answer of a report. One that stays closed keeps the instant and the key of its closing.</summary>
    public async Task CloseAsync(
        string id, string state, string? answer, (DateTimeOffset Now, string? Key) closing, CancellationToken cancellation)
    {
        await using var command = _statements.CreateCommand(
            """
            update reports set state = $2, answer = $3,
                closed_at = case when $2 = 'open' then null when state = $2 then closed_at else $4 end,
                closed_by = case when $2 = 'open' then null when state = $2 then closed_by else $5 end
            where id = $1
            """);
        Bind(command, [Text(id), Text(state), Text(answer), Instant(closing.Now), Text(closing.Key)]);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Reports below a number, newest first.</summary>
    public Task<List<Report>> ListAsync(ReportFilter filter, long below, int limit, CancellationToken cancellation)
    {
        List<NpgsqlParameter> parameters = [Number(below), Number(limit)];
        var conditions = "";
        if (filter.State is not null)
        {
            parameters.Add(Text(filter.State));
            conditions += $" and r.state = ${parameters.Count}";
        }

        if (filter.Record is (var table, var id))
        {
            parameters.AddRange([Text(table), Text(id)]);
            conditions += $" and r.resource = ${parameters.Count - 1} and r.record_id = ${parameters.Count}";
        }

        return ReadAsync($"{Select} where r.number < $1{conditions} order by r.number desc limit $2", parameters, cancellation);
    }

    private async Task<List<Report>> ReadAsync(
        string statement, IReadOnlyList<NpgsqlParameter> parameters, CancellationToken cancellation)
    {
        await using var command = _statements.CreateCommand(statement);
        Bind(command, parameters);
        var reports = new List<Report>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        string? TextOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        while (await reader.ReadAsync(cancellation))
        {
            var record = new ReportedVersion(reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetInt32(5));
            reports.Add(new Report(
                reader.GetInt64(0), reader.GetString(1),
                new ReportContent(record, TextOrNull(6), reader.GetString(7), TextOrNull(8), TextOrNull(9)),
                reader.GetDateTime(10), reader.GetString(11), TextOrNull(12),
                await reader.IsDBNullAsync(13, cancellation) ? null : reader.GetDateTime(13), TextOrNull(14), TextOrNull(15)));
        }

        return reports;
    }

    private static void Bind(NpgsqlCommand command, IReadOnlyList<NpgsqlParameter> parameters)
    {
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
    }

    private static NpgsqlParameter Text(string? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Number(long value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    private static NpgsqlParameter Whole(int value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Integer };

    private static NpgsqlParameter Instant(DateTimeOffset value) =>
        new() { Value = value.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
