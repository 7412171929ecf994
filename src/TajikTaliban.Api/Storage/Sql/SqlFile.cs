using Microsoft.EntityFrameworkCore.Migrations;

namespace TajikTaliban.Api.Storage.Sql;

/// <summary>The <c>.sql</c> files of this folder, embedded in the assembly: the parts of the schema outside the model.</summary>
internal static class SqlFile
{
    /// <summary>Executes files in the given order.</summary>
    /// <param name="migration">The migration.</param>
    /// <param name="names">Names of files without their extension.</param>
    public static void ExecuteFiles(this MigrationBuilder migration, params string[] names)
    {
        foreach (var name in names)
            migration.Sql(Read(name));
    }

    /// <summary>
    /// Ends a migration that adds columns to records or their parts: the tables of their versions get the same columns, and the functions
    /// of the ledger are those of this version.
    /// </summary>
    public static void FollowInLedger(this MigrationBuilder migration) =>
        migration.ExecuteFiles("ledger-functions", "ledger-attach", "ledger-records");

    /// <summary>The text of a file.</summary>
    public static string Read(string name)
    {
        using var file = typeof(SqlFile).Assembly.GetManifestResourceStream(typeof(SqlFile), $"{name}.sql")
            ?? throw new ArgumentException($"Not found: Storage/Sql/{name}.sql.", nameof(name));
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
