using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using TajikTaliban.Api.Storage.Sql;

namespace TajikTaliban.Api.Storage.Migrations;

/// <summary>The content of versions can be removed. Decision 0039.</summary>
[DbContext(typeof(ApiDbContext))]
[Migration("20261129022500_Redactions")]
public sealed class Redactions : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.ExecuteFiles("ledger-functions", "ledger-redact", "ledger-redactions");
}
