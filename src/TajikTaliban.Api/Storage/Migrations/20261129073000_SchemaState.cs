using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using TajikTaliban.Api.Storage.Sql;

#nullable disable

namespace TajikTaliban.Api.Storage.Migrations
{
    /// <summary>The database knows which versions can serve its schema.</summary>
    [DbContext(typeof(ApiDbContext))]
    [Migration("20261129073000_SchemaState")]
    public partial class SchemaState : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.ExecuteFiles("schema-state");
            migrationBuilder.BreakOlderVersions(this);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("drop table schema_state");
    }
}
