using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace TajikTaliban.Api.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Ledger : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_trade_flows_period_id",
                table: "trade_flows");

            migrationBuilder.AddColumn<List<string>>(
                name: "referents",
                table: "actors",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.Sql(
                """
                update actors set document = regexp_replace(document::text, '"version":(\d+),"recordedAt":', '"referents":[],"version":\1,"recordedAt":')::json
                """);
            migrationBuilder.Sql(LedgerSql.Up);
        }
    }
}
