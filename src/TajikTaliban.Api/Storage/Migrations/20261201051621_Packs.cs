using Microsoft.EntityFrameworkCore.Migrations;
using TajikTaliban.Api.Storage.Sql;

#nullable disable

namespace TajikTaliban.Api.Storage.Migrations
{
    /// <summary>Packs of seeds, and the coverage of sources. Older versions go on beside it.</summary>
    public partial class Packs : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "coverage_about",
                table: "sources",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "coverage_period",
                table: "sources",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "coverage_silent_on",
                table: "sources",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "pack",
                table: "seeded_records",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "seeded_packs",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false),
                    is_removed = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_seeded_packs", x => x.name);
                });

            migrationBuilder.FollowInLedger();
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "seeded_packs");

            migrationBuilder.DropColumn(
                name: "coverage_about",
                table: "sources");

            migrationBuilder.DropColumn(
                name: "coverage_period",
                table: "sources");

            migrationBuilder.DropColumn(
                name: "coverage_silent_on",
                table: "sources");

            migrationBuilder.DropColumn(
                name: "pack",
                table: "seeded_records");
        }
    }
}
