using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using TajikTaliban.Api.Storage.Sql;

#nullable disable

namespace TajikTaliban.Api.Storage.Migrations
{
    /// <summary>The tables of kept counts. They are filled after the migration: see <see cref="Counts.CountKeeping"/>.</summary>
    [DbContext(typeof(ApiDbContext))]
    [Migration("20261129025000_KeptCounts")]
    public partial class KeptCounts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.ExecuteFiles("counts", "ledger-redact");

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("drop table record_counts, count_states");
    }
}
