using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace TajikTaliban.Api.Storage.Migrations
{
    /// <inheritdoc />
    public partial class LateTransactions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(LateTransactionsSql.Up);
        }
    }
}
