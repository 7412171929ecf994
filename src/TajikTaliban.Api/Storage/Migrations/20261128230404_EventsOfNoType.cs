using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace TajikTaliban.Api.Storage.Migrations
{
    /// <inheritdoc />
    public partial class EventsOfNoType : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_relations_type",
                table: "relations");

            migrationBuilder.AlterColumn<string>(
                name: "type",
                table: "events",
                type: "text",
                nullable: true,
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<short>(
                name: "quad_class",
                table: "events",
                type: "smallint",
                nullable: true,
                oldClrType: typeof(short),
                oldType: "smallint");

            migrationBuilder.AddCheckConstraint(
                name: "ck_relations_type",
                table: "relations",
                sql: "type in ('sponsorship', 'hostility', 'tension', 'conflict', 'cooperation', 'alliance', 'aid', 'border', 'membership', 'recruits-from', 'part-of', 'leads', 'succession', 'diplomatic-contact', 'recognition', 'ban', 'shelters', 'supports', 'perception', 'operates-in', 'involvement', 'agreement', 'project')");

            migrationBuilder.Sql("alter table events_past alter column type drop not null, alter column quad_class drop not null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_relations_type",
                table: "relations");

            migrationBuilder.AlterColumn<string>(
                name: "type",
                table: "events",
                type: "text",
                nullable: false,
                defaultValue: "",
                oldClrType: typeof(string),
                oldType: "text",
                oldNullable: true);

            migrationBuilder.AlterColumn<short>(
                name: "quad_class",
                table: "events",
                type: "smallint",
                nullable: false,
                defaultValue: (short)0,
                oldClrType: typeof(short),
                oldType: "smallint",
                oldNullable: true);

            migrationBuilder.AddCheckConstraint(
                name: "ck_relations_type",
                table: "relations",
                sql: "type in ('sponsorship', 'hostility', 'conflict', 'cooperation', 'alliance', 'aid', 'border', 'membership', 'part-of', 'leads', 'succession', 'diplomatic-contact', 'recognition', 'ban', 'shelters', 'supports', 'perception', 'operates-in', 'agreement', 'project')");
        }
    }
}
