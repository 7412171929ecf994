using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using TajikTaliban.Api.Storage.Sql;

#nullable disable

namespace TajikTaliban.Api.Storage.Migrations
{
    /// <summary>The documents of the ledger are in ranges of their own, which can be detached.</summary>
    [DbContext(typeof(ApiDbContext))]
    [Migration("20261130003000_LedgerDocuments")]
    public partial class LedgerDocuments : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.ExecuteFiles("ledger-functions", "ledger-redact", "ledger-ranges", "ledger-documents");
            migrationBuilder.BreakOlderVersions(this);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            throw new NotSupportedException("The documents stay in their ranges.");
    }
}
