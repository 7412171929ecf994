using Microsoft.EntityFrameworkCore.Migrations;
using TajikTaliban.Api.Storage.Sql;

#nullable disable

namespace TajikTaliban.Api.Storage.Migrations
{
    /// <inheritdoc />
    public partial class FigureKeys : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ux_trade_flows_natural_key",
                table: "trade_flows");

            migrationBuilder.DropCheckConstraint(
                name: "ck_trade_flows_classification",
                table: "trade_flows");

            migrationBuilder.DropCheckConstraint(
                name: "ck_trade_flows_flow",
                table: "trade_flows");

            migrationBuilder.DropCheckConstraint(
                name: "ck_trade_flows_parties",
                table: "trade_flows");

            migrationBuilder.AddColumn<string>(
                name: "figure_key",
                table: "trade_flows",
                type: "text",
                nullable: false,
                defaultValue: "",
                collation: "C");

            migrationBuilder.AddColumn<string>(
                name: "figure_key",
                table: "observations",
                type: "text",
                nullable: false,
                defaultValue: "",
                collation: "C");

            migrationBuilder.ExecuteFiles("figure-keys");

            migrationBuilder.CreateIndex(
                name: "ux_trade_flows_figure_key",
                table: "trade_flows",
                column: "figure_key",
                unique: true);

            migrationBuilder.AddCheckConstraint(
                name: "ck_trade_flows_classification",
                table: "trade_flows",
                sql: "classification in ('HS', 'H0', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'SS', 'S1', 'S2', 'S3', 'S4', 'BEC', 'B4', 'B5', "
                    + "'EB', 'EB02', 'EB10', 'EB10S')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_trade_flows_flow",
                table: "trade_flows",
                sql: "flow in ('M', 'X', 'RM', 'RX', 'DX', 'FM', 'MIP', 'XIP', 'XOP', 'MOP', 'MIF', 'XIF', 'T')");

            migrationBuilder.CreateIndex(
                name: "ux_observations_figure_key",
                table: "observations",
                column: "figure_key",
                unique: true);

            migrationBuilder.FollowInLedger();
            // a row without a key is refused; versions of before have none, and none is asked for
            migrationBuilder.Sql("alter table trade_flows alter column figure_key drop default");
            migrationBuilder.Sql("alter table observations alter column figure_key drop default");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ux_trade_flows_figure_key",
                table: "trade_flows");

            migrationBuilder.DropCheckConstraint(
                name: "ck_trade_flows_classification",
                table: "trade_flows");

            migrationBuilder.DropCheckConstraint(
                name: "ck_trade_flows_flow",
                table: "trade_flows");

            migrationBuilder.DropIndex(
                name: "ux_observations_figure_key",
                table: "observations");

            migrationBuilder.DropColumn(
                name: "figure_key",
                table: "trade_flows");

            migrationBuilder.DropColumn(
                name: "figure_key",
                table: "observations");

            migrationBuilder.CreateIndex(
                name: "ux_trade_flows_natural_key",
                table: "trade_flows",
                columns: new[] { "reporter_id", "partner_id", "flow", "period", "type", "classification", "commodity_code", "currency", "valuation", "claim_source_id" },
                unique: true)
                .Annotation("Npgsql:NullsDistinct", false);

            migrationBuilder.AddCheckConstraint(
                name: "ck_trade_flows_classification",
                table: "trade_flows",
                sql: "classification in ('HS', 'H0', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'S1', 'S2', 'S3', 'S4', 'BEC')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_trade_flows_flow",
                table: "trade_flows",
                sql: "flow in ('M', 'X', 'RM', 'RX', 'DX', 'FM', 'T')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_trade_flows_parties",
                table: "trade_flows",
                sql: "reporter_id <> partner_id");
        }
    }
}
