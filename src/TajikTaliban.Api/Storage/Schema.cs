using System.Reflection;
using Microsoft.EntityFrameworkCore.Migrations;

namespace TajikTaliban.Api.Storage;

/// <summary>What the program knows of its own schema.</summary>
public static class Schema
{
    /// <summary>The id of the newest migration, which tells whether a database is of the program's version.</summary>
    public static string NewestMigration { get; } = typeof(Schema).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(Migration)))
        .Select(t => t.GetCustomAttribute<MigrationAttribute>()!.Id)
        .Max(StringComparer.Ordinal)!;
}
