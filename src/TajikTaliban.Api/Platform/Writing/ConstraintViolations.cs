using Npgsql;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>
/// Maps errors of the database to problems, by SQLSTATE and constraint. Unlike the checks before a write, constraints also detect
/// conflicts of concurrent writers.
/// </summary>
internal static class ConstraintViolations
{
    private const string IdReused = "ledger_id_reused";

    /// <summary>The problem of a refused record; null for errors that are not about the record.</summary>
    /// <param name="e">The error of the database.</param>
    /// <param name="table">The table of the resource.</param>
    /// <param name="id">The id of the record.</param>
    /// <param name="explain">The resource's own messages, by constraint.</param>
    public static ProblemException? ProblemOrNull(
        PostgresException e, string table, string id, Func<string, (string Pointer, string Message)?> explain) => e.SqlState switch
        {
            PostgresErrorCodes.UniqueViolation when e.ConstraintName == $"pk_{table}" =>
                new(ProblemType.Conflict, "/id", $"Another record has the id '{id}'.") { IsOfDatabase = true, IsIdTaken = true },
            PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ExclusionViolation => Conflict(explain(e.ConstraintName ?? "") ?? (
                e.ConstraintName == IdReused ? ("/id", $"A deleted record had the id '{id}'; ids are never reused.")
                : ("", "Another record has the same natural key."))),
            PostgresErrorCodes.ForeignKeyViolation => DeletedReference(),
            PostgresErrorCodes.CheckViolation or PostgresErrorCodes.NumericValueOutOfRange
                or PostgresErrorCodes.StringDataRightTruncation =>
                new ProblemException(ProblemType.InvalidRecord,
                    $"The database rejected the record ({e.ConstraintName ?? e.SqlState}).")
                { IsOfDatabase = true },
            _ => null,
        };

    /// <summary>A record that the written one refers to was deleted by a concurrent transaction.</summary>
    public static ProblemException DeletedReference() =>
        new(ProblemType.Conflict, "A referenced record was deleted concurrently.") { IsOfDatabase = true };

    private static ProblemException Conflict((string Pointer, string Message) violation) =>
        new(ProblemType.Conflict, violation.Pointer, violation.Message) { IsOfDatabase = true };
}
