using Microsoft.EntityFrameworkCore.Migrations;
using TajikTaliban.Api.Storage.Sql;

#nullable disable

namespace TajikTaliban.Api.Storage.Migrations
{
    /// <inheritdoc />
    public partial class CitationVouchedFor : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "vouched_for",
                table: "trade_flow_citations",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "vouched_for",
                table: "relation_citations",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "vouched_for",
                table: "observation_citations",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "vouched_for",
                table: "indicator_citations",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "vouched_for",
                table: "event_citations",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "vouched_for",
                table: "actor_citations",
                type: "text",
                nullable: true);

            migrationBuilder.FollowInLedger();
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "vouched_for",
                table: "trade_flow_citations");

            migrationBuilder.DropColumn(
                name: "vouched_for",
                table: "relation_citations");

            migrationBuilder.DropColumn(
                name: "vouched_for",
                table: "observation_citations");

            migrationBuilder.DropColumn(
                name: "vouched_for",
                table: "indicator_citations");

            migrationBuilder.DropColumn(
                name: "vouched_for",
                table: "event_citations");

            migrationBuilder.DropColumn(
                name: "vouched_for",
                table: "actor_citations");
        }
    }
}
