using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using TajikTaliban.Api.Storage.Sql;

namespace TajikTaliban.Api.Storage.Migrations;

/// <summary><c>recorded_at</c> follows the order of commits. Decision 0026.</summary>
[DbContext(typeof(ApiDbContext))]
[Migration("20261128223000_CommitOrder")]
public sealed class CommitOrder : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.ExecuteFiles("ledger-functions", "ledger-recorded");
        migrationBuilder.FollowInLedger();
    }
}
