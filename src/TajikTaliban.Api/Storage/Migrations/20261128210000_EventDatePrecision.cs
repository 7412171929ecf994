using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace TajikTaliban.Api.Storage.Migrations;

/// <summary>Indexes of events by the precision of their date, for current events and old versions.</summary>
[DbContext(typeof(ApiDbContext))]
[Migration("20261128210000_EventDatePrecision")]
public sealed class EventDatePrecision : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var table in (string[])["events", "events_past"])
        {
            migrationBuilder.Sql(
                $"""
                create index ix_{table}_date_precision on {table} ((
                    case when not isfinite(earliest) or not isfinite(latest) or latest - earliest > 30 then 5
                        when latest - earliest > 6 then 4 when latest - earliest = 6 then 3 when latest > earliest then 2 else 1 end),
                    earliest, id);
                """);
        }
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (var table in (string[])["events", "events_past"])
            migrationBuilder.Sql($"drop index ix_{table}_date_precision;");
    }
}
