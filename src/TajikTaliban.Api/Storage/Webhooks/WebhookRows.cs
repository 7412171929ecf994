using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Storage.Webhooks;

/// <summary>How the rows of webhook endpoints are written and read.</summary>
internal static class WebhookRows
{
    public const string AttemptColumns =
        "a.number, a.message_id, a.type, a.position, a.started_at, a.milliseconds, a.status, a.error, a.response_body";

    /// <summary>With the instant that it is as <c>$1</c>.</summary>
    public const string TargetColumns = "w.id, w.url, w.secret, case when w.previous_until > $1 then w.previous_secret end";

    /// <summary>
    /// Logs an attempt of the row that <c>saved</c> holds; its eight values are the parameters from <paramref name="first"/> on.
    /// </summary>
    public static string InsertAttempt(int first) =>
        "insert into webhook_attempts (webhook_id, number, message_id, type, position, started_at, milliseconds, status, error, "
        + "response_body) "
        + $"select id, attempts_made, {string.Join(", ", Enumerable.Range(first, 8).Select(Placeholder))} from saved";

    /// <summary>Keeps only the newest attempts; the parameter is their number.</summary>
    public static string PruneAttempts(int kept) =>
        $"delete from webhook_attempts a using saved s where a.webhook_id = s.id and a.number <= s.attempts_made - {Placeholder(kept)}";

    public static void Bind(this NpgsqlCommand command, IEnumerable<NpgsqlParameter> parameters)
    {
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
    }

    public static NpgsqlParameter[] Attempt(WebhookAttempt attempt) =>
    [
        Text(attempt.MessageId), Text(attempt.Type), Text(attempt.Position), Instant(attempt.StartedAt), Int(attempt.Milliseconds),
        Int(attempt.Status), Text(attempt.Error), Text(attempt.ResponseBody),
    ];

    public static NpgsqlParameter[] Place(Position position) => [Number(position.Number), Number(position.Change), Text(position.Token)];

    public static Position Place(NpgsqlDataReader row, int column) =>
        new(row.GetInt64(column), row.IsDBNull(column + 1) ? null : row.GetInt64(column + 1), row.GetString(column + 2));

    public static WebhookTarget Target(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetFieldValue<byte[]>(2), row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3));

    public static WebhookAttempt? AttemptOrNull(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null
        : new WebhookAttempt(row.GetInt64(column), row.GetString(column + 1), row.GetString(column + 2), TextOrNull(row, column + 3),
            row.GetDateTime(column + 4), row.GetInt32(column + 5), IntOrNull(row, column + 6), TextOrNull(row, column + 7),
            TextOrNull(row, column + 8));

    public static string? TextOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static IReadOnlyList<string>? TextsOrNull(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<string[]>(column);

    public static int? IntOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);

    public static DateTime? InstantOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDateTime(column);

    public static NpgsqlParameter Text(string? value) => Parameter(value, NpgsqlDbType.Text);

    public static NpgsqlParameter Texts(IReadOnlyList<string>? value) =>
        Parameter(value?.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);

    public static NpgsqlParameter Bytes(byte[] value) => Parameter(value, NpgsqlDbType.Bytea);

    public static NpgsqlParameter Number(long? value) => Parameter(value, NpgsqlDbType.Bigint);

    public static NpgsqlParameter Int(int? value) => Parameter(value, NpgsqlDbType.Integer);

    public static NpgsqlParameter Bool(bool? value) => Parameter(value, NpgsqlDbType.Boolean);

    public static NpgsqlParameter Instant(DateTimeOffset value) => Instant((DateTime?)value.UtcDateTime);

    public static NpgsqlParameter Instant(DateTime value) => Instant((DateTime?)value);

    public static NpgsqlParameter Instant(DateTime? value) => Parameter(value, NpgsqlDbType.TimestampTz);

    public static NpgsqlParameter Span(TimeSpan value) => Parameter(value, NpgsqlDbType.Interval);

    public static NpgsqlParameter Unique(Guid value) => Parameter(value, NpgsqlDbType.Uuid);

    private static string Placeholder(int number) => string.Create(CultureInfo.InvariantCulture, $"${number}");

    private static NpgsqlParameter Parameter(object? value, NpgsqlDbType type) =>
        new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
