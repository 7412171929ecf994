using System.Reflection;
using Microsoft.EntityFrameworkCore.Migrations;

namespace TajikTaliban.Api.Storage;

/// <summary>The migrations of the program.</summary>
public static class Schema
{
    /// <summary>The ids of all migrations, oldest first.</summary>
    public static IReadOnlyList<string> Migrations { get; } =
    [
        .. typeof(Schema).Assembly.GetTypes()
            .Where(t => t.IsSubclassOf(typeof(Migration)))
            .Select(t => t.GetCustomAttribute<MigrationAttribute>()!.Id)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The id of the newest migration, which tells whether a database is of the program's version.</summary>
    public static string NewestMigration => Migrations[^1];
}
