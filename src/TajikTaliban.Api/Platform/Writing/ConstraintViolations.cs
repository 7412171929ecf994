using Npgsql;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>
/// What the database refuses, as problems, by SQLSTATE and constraint. The constraints also decide between concurrent writers, which the
/// checks before a write cannot.
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
            PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ExclusionViolation => Conflict(explain(e.ConstraintName ?? "") ?? (
                e.ConstraintName == $"pk_{table}" ? ("/id", $"The id '{id}' is already a record's.")
                : e.ConstraintName == IdReused ? ("/id", $"The id '{id}' was a deleted record's; ids are never reused.")
                : ("", "Another record already says this."))),
            PostgresErrorCodes.ForeignKeyViolation => DeletedReference(),
            PostgresErrorCodes.CheckViolation or PostgresErrorCodes.NumericValueOutOfRange
                or PostgresErrorCodes.StringDataRightTruncation =>
                new ProblemException(ProblemType.InvalidRecord,
                    $"The database refuses the record ({e.ConstraintName ?? e.SqlState}).")
                { IsOfDatabase = true },
            _ => null,
        };

    /// <summary>A record that the written one refers to was deleted by a concurrent transaction.</summary>
    public static ProblemException DeletedReference() =>
        new(ProblemType.Conflict, "A record that this one refers to was deleted at the same moment.") { IsOfDatabase = true };

    private static ProblemException Conflict((string Pointer, string Message) violation) =>
        new(ProblemType.Conflict, violation.Pointer, violation.Message) { IsOfDatabase = true };
}
