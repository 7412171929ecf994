using Npgsql;
using TajikTaliban.Api.Domain;
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
        PostgresException e, string table, string id, Func<string, (string Pointer, Fault Fault)?> explain) => e.SqlState switch
        {
            PostgresErrorCodes.UniqueViolation when e.ConstraintName == $"pk_{table}" =>
                new(ProblemType.Conflict, "/id", Fault.IdTaken(id)) { IsOfDatabase = true, IsIdTaken = true },
            PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ExclusionViolation => Conflict(explain(e.ConstraintName ?? "") ?? (
                e.ConstraintName == IdReused
                    ? ("/id", new Fault(FaultCode.IdReused, $"A deleted record had the id '{id}'; ids are never reused.", ("id", id)))
                    : ("", new Fault(FaultCode.Taken, "Another record has the same natural key.")))),
            PostgresErrorCodes.ForeignKeyViolation => DeletedReference(),
            PostgresErrorCodes.CheckViolation or PostgresErrorCodes.NumericValueOutOfRange
                or PostgresErrorCodes.StringDataRightTruncation =>
                new ProblemException(ProblemType.InvalidRecord, "", new Fault(FaultCode.Rejected,
                    $"The database rejected the record ({e.ConstraintName ?? e.SqlState}).",
                    ("constraint", e.ConstraintName ?? e.SqlState)))
                { IsOfDatabase = true },
            _ => null,
        };

    /// <summary>A record that the written one refers to was deleted by a concurrent transaction.</summary>
    public static ProblemException DeletedReference() =>
        new(ProblemType.Conflict, "", new Fault(FaultCode.ConcurrentChange, "A referenced record was deleted concurrently."))
        {
            IsOfDatabase = true,
        };

    private static ProblemException Conflict((string Pointer, Fault Fault) violation) =>
        new(ProblemType.Conflict, violation.Pointer, violation.Fault) { IsOfDatabase = true };
}
