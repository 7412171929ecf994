using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using TajikTaliban.Api.Storage.Sql;

namespace TajikTaliban.Api.Storage.Migrations;

/// <summary>Writers name their transactions; stamps that are ahead of the clock are told from others. Decision 0034.</summary>
[DbContext(typeof(ApiDbContext))]
[Migration("20261129015500_Clocks")]
public sealed class Clocks : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.ExecuteFiles("ledger-clock", "ledger-functions");
}
