using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;
using TajikTaliban.Api.Storage.Sql;

#nullable disable

namespace TajikTaliban.Api.Storage.Migrations
{
    /// <inheritdoc />
    public partial class CoursesAndEvidence : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_trade_flow_citations_certainty",
                table: "trade_flow_citations");

            migrationBuilder.DropCheckConstraint(
                name: "ck_relation_citations_certainty",
                table: "relation_citations");

            migrationBuilder.DropCheckConstraint(
                name: "ck_observation_citations_certainty",
                table: "observation_citations");

            migrationBuilder.DropCheckConstraint(
                name: "ck_indicator_citations_certainty",
                table: "indicator_citations");

            migrationBuilder.DropCheckConstraint(
                name: "ck_event_citations_certainty",
                table: "event_citations");

            migrationBuilder.DropCheckConstraint(
                name: "ck_actor_citations_certainty",
                table: "actor_citations");

            migrationBuilder.AddColumn<string>(
                name: "claimant_id",
                table: "trade_flow_citations",
                type: "character varying(128)",
                maxLength: 128,
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<List<string>>(
                name: "supports",
                table: "trade_flow_citations",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<DateOnly>(
                name: "earliest_end",
                table: "relations",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.AddColumn<DateOnly>(
                name: "latest_begin",
                table: "relations",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.AddColumn<DateOnly>(
                name: "outer_earliest",
                table: "relations",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.AddColumn<DateOnly>(
                name: "outer_latest",
                table: "relations",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.AddColumn<string>(
                name: "claimant_id",
                table: "relation_citations",
                type: "character varying(128)",
                maxLength: 128,
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<List<string>>(
                name: "supports",
                table: "relation_citations",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<string>(
                name: "claimant_id",
                table: "observation_citations",
                type: "character varying(128)",
                maxLength: 128,
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<List<string>>(
                name: "supports",
                table: "observation_citations",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<string>(
                name: "claimant_id",
                table: "indicator_citations",
                type: "character varying(128)",
                maxLength: 128,
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<List<string>>(
                name: "supports",
                table: "indicator_citations",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AlterColumn<string>(
                name: "date",
                table: "events",
                type: "text",
                nullable: true,
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AddColumn<DateOnly>(
                name: "earliest_end",
                table: "events",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.AddColumn<DateOnly>(
                name: "latest_begin",
                table: "events",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.AddColumn<DateOnly>(
                name: "outer_earliest",
                table: "events",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.AddColumn<DateOnly>(
                name: "outer_latest",
                table: "events",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.AddColumn<string>(
                name: "valid_from",
                table: "events",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "valid_to",
                table: "events",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "claimant_id",
                table: "event_citations",
                type: "character varying(128)",
                maxLength: 128,
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<List<string>>(
                name: "supports",
                table: "event_citations",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<DateOnly>(
                name: "earliest_end",
                table: "actor_statuses",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.AddColumn<DateOnly>(
                name: "latest_begin",
                table: "actor_statuses",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.AddColumn<DateOnly>(
                name: "outer_earliest",
                table: "actor_statuses",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.AddColumn<DateOnly>(
                name: "outer_latest",
                table: "actor_statuses",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.AddColumn<string>(
                name: "claimant_id",
                table: "actor_citations",
                type: "character varying(128)",
                maxLength: 128,
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<List<string>>(
                name: "supports",
                table: "actor_citations",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.CreateIndex(
                name: "ix_trade_flow_citations_claimant_id_record_id",
                table: "trade_flow_citations",
                columns: new[] { "claimant_id", "record_id" },
                filter: "claimant_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_trade_flow_citations_supports",
                table: "trade_flow_citations",
                column: "supports",
                filter: "supports <> '{}'")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.AddCheckConstraint(
                name: "ck_trade_flow_citations_certainty",
                table: "trade_flow_citations",
                sql: "certainty in ('stated', 'reported', 'claimed', 'assessed', 'derived', 'disputed')");

            migrationBuilder.CreateIndex(
                name: "ix_relation_citations_claimant_id_record_id",
                table: "relation_citations",
                columns: new[] { "claimant_id", "record_id" },
                filter: "claimant_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_relation_citations_supports",
                table: "relation_citations",
                column: "supports",
                filter: "supports <> '{}'")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.AddCheckConstraint(
                name: "ck_relation_citations_certainty",
                table: "relation_citations",
                sql: "certainty in ('stated', 'reported', 'claimed', 'assessed', 'derived', 'disputed')");

            migrationBuilder.CreateIndex(
                name: "ix_observation_citations_claimant_id_record_id",
                table: "observation_citations",
                columns: new[] { "claimant_id", "record_id" },
                filter: "claimant_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_observation_citations_supports",
                table: "observation_citations",
                column: "supports",
                filter: "supports <> '{}'")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.AddCheckConstraint(
                name: "ck_observation_citations_certainty",
                table: "observation_citations",
                sql: "certainty in ('stated', 'reported', 'claimed', 'assessed', 'derived', 'disputed')");

            migrationBuilder.CreateIndex(
                name: "ix_indicator_citations_claimant_id_record_id",
                table: "indicator_citations",
                columns: new[] { "claimant_id", "record_id" },
                filter: "claimant_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_indicator_citations_supports",
                table: "indicator_citations",
                column: "supports",
                filter: "supports <> '{}'")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.AddCheckConstraint(
                name: "ck_indicator_citations_certainty",
                table: "indicator_citations",
                sql: "certainty in ('stated', 'reported', 'claimed', 'assessed', 'derived', 'disputed')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_events_date_or_course",
                table: "events",
                sql: "(date is null) = (valid_from is not null or valid_to is not null)");

            migrationBuilder.CreateIndex(
                name: "ix_event_citations_claimant_id_record_id",
                table: "event_citations",
                columns: new[] { "claimant_id", "record_id" },
                filter: "claimant_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_event_citations_supports",
                table: "event_citations",
                column: "supports",
                filter: "supports <> '{}'")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.AddCheckConstraint(
                name: "ck_event_citations_certainty",
                table: "event_citations",
                sql: "certainty in ('stated', 'reported', 'claimed', 'assessed', 'derived', 'disputed')");

            migrationBuilder.CreateIndex(
                name: "ix_actor_citations_claimant_id_record_id",
                table: "actor_citations",
                columns: new[] { "claimant_id", "record_id" },
                filter: "claimant_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_actor_citations_supports",
                table: "actor_citations",
                column: "supports",
                filter: "supports <> '{}'")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.AddCheckConstraint(
                name: "ck_actor_citations_certainty",
                table: "actor_citations",
                sql: "certainty in ('stated', 'reported', 'claimed', 'assessed', 'derived', 'disputed')");

            migrationBuilder.AddForeignKey(
                name: "fk_actor_citations_actors_claimant_id",
                table: "actor_citations",
                column: "claimant_id",
                principalTable: "actors",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.AddForeignKey(
                name: "fk_event_citations_actors_claimant_id",
                table: "event_citations",
                column: "claimant_id",
                principalTable: "actors",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.AddForeignKey(
                name: "fk_indicator_citations_actors_claimant_id",
                table: "indicator_citations",
                column: "claimant_id",
                principalTable: "actors",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.AddForeignKey(
                name: "fk_observation_citations_actors_claimant_id",
                table: "observation_citations",
                column: "claimant_id",
                principalTable: "actors",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.AddForeignKey(
                name: "fk_relation_citations_actors_claimant_id",
                table: "relation_citations",
                column: "claimant_id",
                principalTable: "actors",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.AddForeignKey(
                name: "fk_trade_flow_citations_actors_claimant_id",
                table: "trade_flow_citations",
                column: "claimant_id",
                principalTable: "actors",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.Sql("alter table events_past alter column date drop not null");
            migrationBuilder.FollowInLedger();
            migrationBuilder.ExecuteFiles("course-bounds", "course-indexes");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_actor_citations_actors_claimant_id",
                table: "actor_citations");

            migrationBuilder.DropForeignKey(
                name: "fk_event_citations_actors_claimant_id",
                table: "event_citations");

            migrationBuilder.DropForeignKey(
                name: "fk_indicator_citations_actors_claimant_id",
                table: "indicator_citations");

            migrationBuilder.DropForeignKey(
                name: "fk_observation_citations_actors_claimant_id",
                table: "observation_citations");

            migrationBuilder.DropForeignKey(
                name: "fk_relation_citations_actors_claimant_id",
                table: "relation_citations");

            migrationBuilder.DropForeignKey(
                name: "fk_trade_flow_citations_actors_claimant_id",
                table: "trade_flow_citations");

            migrationBuilder.DropIndex(
                name: "ix_trade_flow_citations_claimant_id_record_id",
                table: "trade_flow_citations");

            migrationBuilder.DropIndex(
                name: "ix_trade_flow_citations_supports",
                table: "trade_flow_citations");

            migrationBuilder.DropCheckConstraint(
                name: "ck_trade_flow_citations_certainty",
                table: "trade_flow_citations");

            migrationBuilder.DropIndex(
                name: "ix_relation_citations_claimant_id_record_id",
                table: "relation_citations");

            migrationBuilder.DropIndex(
                name: "ix_relation_citations_supports",
                table: "relation_citations");

            migrationBuilder.DropCheckConstraint(
                name: "ck_relation_citations_certainty",
                table: "relation_citations");

            migrationBuilder.DropIndex(
                name: "ix_observation_citations_claimant_id_record_id",
                table: "observation_citations");

            migrationBuilder.DropIndex(
                name: "ix_observation_citations_supports",
                table: "observation_citations");

            migrationBuilder.DropCheckConstraint(
                name: "ck_observation_citations_certainty",
                table: "observation_citations");

            migrationBuilder.DropIndex(
                name: "ix_indicator_citations_claimant_id_record_id",
                table: "indicator_citations");

            migrationBuilder.DropIndex(
                name: "ix_indicator_citations_supports",
                table: "indicator_citations");

            migrationBuilder.DropCheckConstraint(
                name: "ck_indicator_citations_certainty",
                table: "indicator_citations");

            migrationBuilder.DropCheckConstraint(
                name: "ck_events_date_or_course",
                table: "events");

            migrationBuilder.DropIndex(
                name: "ix_event_citations_claimant_id_record_id",
                table: "event_citations");

            migrationBuilder.DropIndex(
                name: "ix_event_citations_supports",
                table: "event_citations");

            migrationBuilder.DropCheckConstraint(
                name: "ck_event_citations_certainty",
                table: "event_citations");

            migrationBuilder.DropIndex(
                name: "ix_actor_citations_claimant_id_record_id",
                table: "actor_citations");

            migrationBuilder.DropIndex(
                name: "ix_actor_citations_supports",
                table: "actor_citations");

            migrationBuilder.DropCheckConstraint(
                name: "ck_actor_citations_certainty",
                table: "actor_citations");

            migrationBuilder.DropColumn(
                name: "claimant_id",
                table: "trade_flow_citations");

            migrationBuilder.DropColumn(
                name: "supports",
                table: "trade_flow_citations");

            migrationBuilder.DropColumn(
                name: "earliest_end",
                table: "relations");

            migrationBuilder.DropColumn(
                name: "latest_begin",
                table: "relations");

            migrationBuilder.DropColumn(
                name: "outer_earliest",
                table: "relations");

            migrationBuilder.DropColumn(
                name: "outer_latest",
                table: "relations");

            migrationBuilder.DropColumn(
                name: "claimant_id",
                table: "relation_citations");

            migrationBuilder.DropColumn(
                name: "supports",
                table: "relation_citations");

            migrationBuilder.DropColumn(
                name: "claimant_id",
                table: "observation_citations");

            migrationBuilder.DropColumn(
                name: "supports",
                table: "observation_citations");

            migrationBuilder.DropColumn(
                name: "claimant_id",
                table: "indicator_citations");

            migrationBuilder.DropColumn(
                name: "supports",
                table: "indicator_citations");

            migrationBuilder.DropColumn(
                name: "earliest_end",
                table: "events");

            migrationBuilder.DropColumn(
                name: "latest_begin",
                table: "events");

            migrationBuilder.DropColumn(
                name: "outer_earliest",
                table: "events");

            migrationBuilder.DropColumn(
                name: "outer_latest",
                table: "events");

            migrationBuilder.DropColumn(
                name: "valid_from",
                table: "events");

            migrationBuilder.DropColumn(
                name: "valid_to",
                table: "events");

            migrationBuilder.DropColumn(
                name: "claimant_id",
                table: "event_citations");

            migrationBuilder.DropColumn(
                name: "supports",
                table: "event_citations");

            migrationBuilder.DropColumn(
                name: "earliest_end",
                table: "actor_statuses");

            migrationBuilder.DropColumn(
                name: "latest_begin",
                table: "actor_statuses");

            migrationBuilder.DropColumn(
                name: "outer_earliest",
                table: "actor_statuses");

            migrationBuilder.DropColumn(
                name: "outer_latest",
                table: "actor_statuses");

            migrationBuilder.DropColumn(
                name: "claimant_id",
                table: "actor_citations");

            migrationBuilder.DropColumn(
                name: "supports",
                table: "actor_citations");

            migrationBuilder.AlterColumn<string>(
                name: "date",
                table: "events",
                type: "text",
                nullable: false,
                defaultValue: "",
                oldClrType: typeof(string),
                oldType: "text",
                oldNullable: true);

            migrationBuilder.AddCheckConstraint(
                name: "ck_trade_flow_citations_certainty",
                table: "trade_flow_citations",
                sql: "certainty in ('stated', 'reported', 'claimed', 'derived', 'disputed')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_relation_citations_certainty",
                table: "relation_citations",
                sql: "certainty in ('stated', 'reported', 'claimed', 'derived', 'disputed')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_observation_citations_certainty",
                table: "observation_citations",
                sql: "certainty in ('stated', 'reported', 'claimed', 'derived', 'disputed')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_indicator_citations_certainty",
                table: "indicator_citations",
                sql: "certainty in ('stated', 'reported', 'claimed', 'derived', 'disputed')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_event_citations_certainty",
                table: "event_citations",
                sql: "certainty in ('stated', 'reported', 'claimed', 'derived', 'disputed')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_actor_citations_certainty",
                table: "actor_citations",
                sql: "certainty in ('stated', 'reported', 'claimed', 'derived', 'disputed')");
        }
    }
}
