using Microsoft.EntityFrameworkCore.Migrations;
using TajikTaliban.Api.Storage.Sql;

#nullable disable

namespace TajikTaliban.Api.Storage.Migrations
{
    /// <summary>
    /// Searches by words, and an order of names. The search texts and their indexes are made after the migration: see
    /// <see cref="SearchTextUpgrade"/>.
    /// </summary>
    public partial class SearchWords : Migration
    {
        private static readonly (string Table, string Column)[] Names =
            [("sources", "title"), ("actors", "name"), ("indicators", "name"), ("indicators", "unit")];

        private static readonly string[] Tables =
            ["sources", "actors", "relations", "events", "trade_flows", "indicators", "observations"];

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                do $$ begin
                    if not exists (select from pg_collation where collprovider = 'i') then
                        raise exception 'This PostgreSQL server was built without ICU, by which names are sorted. Use a server with ICU: '
                            'the packages and images of PostgreSQL have it.';
                    end if;
                end $$;
                create collation names (provider = icu, locale = 'und');
                """);
            // the views of all versions hold on to the columns; following in the ledger makes them again
            foreach (var table in Names.Select(n => n.Table).Distinct())
                migrationBuilder.Sql($"drop view {table}_versions");
            foreach (var (table, column) in Names)
            {
                migrationBuilder.Sql($"alter table {table} alter column {column} type text collate names");
                migrationBuilder.Sql($"alter table {table}_past alter column {column} type text collate names");
            }

            // those of the nearest id of a reference remain
            foreach (var table in Tables)
            {
                migrationBuilder.Sql($"drop index ix_{table}_search_words, ix_{table}_search_words_past, ix_{table}_search_trigrams_past");
                if (table is not ("sources" or "actors" or "indicators"))
                    migrationBuilder.Sql($"drop index ix_{table}_search_trigrams");
            }

            migrationBuilder.ExecuteFiles("search");
            migrationBuilder.FollowInLedger();
        }
    }
}
