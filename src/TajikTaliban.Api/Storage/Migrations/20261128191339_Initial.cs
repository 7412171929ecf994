using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;
using TajikTaliban.Api.Storage.Sql;

#nullable disable

namespace TajikTaliban.Api.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterDatabase()
                .Annotation("Npgsql:PostgresExtension:btree_gist", ",,")
                .Annotation("Npgsql:PostgresExtension:pg_trgm", ",,");

            migrationBuilder.CreateTable(
                name: "actors",
                columns: table => new
                {
                    id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    type = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    sectors = table.Column<List<string>>(type: "text[]", nullable: false),
                    description = table.Column<string>(type: "text", nullable: true),
                    referents = table.Column<List<string>>(type: "text[]", nullable: false, defaultValueSql: "'{}'"),
                    version = table.Column<int>(type: "integer", nullable: false),
                    recorded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    document = table.Column<string>(type: "json", nullable: false),
                    shape = table.Column<short>(type: "smallint", nullable: false),
                    search_text = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_actors", x => x.id);
                    table.CheckConstraint("ck_actors_shape", "shape >= 1");
                    table.CheckConstraint("ck_actors_type",
                        "type in ('state', 'government', 'armed-group', 'organization', 'igo', 'public-body', 'military', 'person', "
                        + "'ethnic-group', 'media', 'region')");
                    table.CheckConstraint("ck_actors_version", "version >= 1");
                });

            migrationBuilder.CreateTable(
                name: "api_keys",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false),
                    role = table.Column<string>(type: "text", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_api_keys", x => x.name);
                    table.CheckConstraint("ck_api_keys_role", "role in ('reader', 'editor', 'admin')");
                });

            migrationBuilder.CreateTable(
                name: "events",
                columns: table => new
                {
                    id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    type = table.Column<string>(type: "text", nullable: false),
                    cameo = table.Column<string>(type: "text", nullable: true),
                    quad_class = table.Column<short>(type: "smallint", nullable: false),
                    title = table.Column<string>(type: "text", nullable: false),
                    description = table.Column<string>(type: "text", nullable: true),
                    date = table.Column<string>(type: "text", nullable: false),
                    earliest = table.Column<DateOnly>(type: "date", nullable: false),
                    latest = table.Column<DateOnly>(type: "date", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    place_name = table.Column<string>(type: "text", nullable: true),
                    latitude = table.Column<decimal>(type: "numeric", nullable: true),
                    longitude = table.Column<decimal>(type: "numeric", nullable: true),
                    place_precision = table.Column<short>(type: "smallint", nullable: true),
                    deaths_best = table.Column<int>(type: "integer", nullable: true),
                    deaths_low = table.Column<int>(type: "integer", nullable: true),
                    deaths_high = table.Column<int>(type: "integer", nullable: true),
                    violence_type = table.Column<short>(type: "smallint", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false),
                    recorded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    document = table.Column<string>(type: "json", nullable: false),
                    shape = table.Column<short>(type: "smallint", nullable: false),
                    search_text = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_events", x => x.id);
                    table.CheckConstraint("ck_events_coordinates",
                        "(latitude is null) = (longitude is null) and latitude between -90 and 90 and longitude between -180 and 180");
                    table.CheckConstraint("ck_events_dates", "earliest <= latest");
                    table.CheckConstraint("ck_events_deaths",
                        "deaths_low >= 0 and deaths_low <= deaths_best and deaths_best <= deaths_high");
                    table.CheckConstraint("ck_events_place_precision", "place_precision in (1, 2, 3, 4, 5, 6, 7)");
                    table.CheckConstraint("ck_events_quad_class", "quad_class in (1, 2, 3, 4)");
                    table.CheckConstraint("ck_events_shape", "shape >= 1");
                    table.CheckConstraint("ck_events_status",
                        "status in ('planned', 'reported', 'occurred', 'ongoing', 'denied', 'cancelled')");
                    table.CheckConstraint("ck_events_type",
                        "type in ('AGREE', 'CONSULT', 'SUPPORT', 'CONCEDE', 'COOPERATE', 'AID', 'RETREAT', 'REQUEST', 'ACCUSE', 'REJECT', "
                        + "'THREATEN', 'PROTEST', 'SANCTION', 'MOBILIZE', 'COERCE', 'ASSAULT')");
                    table.CheckConstraint("ck_events_version", "version >= 1");
                    table.CheckConstraint("ck_events_violence_type", "violence_type in (1, 2, 3)");
                });

            migrationBuilder.CreateTable(
                name: "indicators",
                columns: table => new
                {
                    id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    name = table.Column<string>(type: "text", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    description = table.Column<string>(type: "text", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false),
                    recorded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    document = table.Column<string>(type: "json", nullable: false),
                    shape = table.Column<short>(type: "smallint", nullable: false),
                    search_text = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_indicators", x => x.id);
                    table.CheckConstraint("ck_indicators_shape", "shape >= 1");
                    table.CheckConstraint("ck_indicators_version", "version >= 1");
                });

            migrationBuilder.CreateTable(
                name: "seeded_records",
                columns: table => new
                {
                    resource = table.Column<string>(type: "text", nullable: false),
                    id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    digest = table.Column<byte[]>(type: "bytea", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_seeded_records", x => new { x.resource, x.id });
                });

            migrationBuilder.CreateTable(
                name: "sources",
                columns: table => new
                {
                    id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    kind = table.Column<string>(type: "text", nullable: false),
                    title = table.Column<string>(type: "text", nullable: false),
                    authors = table.Column<List<string>>(type: "text[]", nullable: false),
                    publisher = table.Column<string>(type: "text", nullable: true),
                    published = table.Column<string>(type: "text", nullable: true),
                    earliest = table.Column<DateOnly>(type: "date", nullable: false),
                    latest = table.Column<DateOnly>(type: "date", nullable: false),
                    url = table.Column<string>(type: "text", nullable: true),
                    licence = table.Column<string>(type: "text", nullable: true),
                    description = table.Column<string>(type: "text", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false),
                    recorded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    document = table.Column<string>(type: "json", nullable: false),
                    shape = table.Column<short>(type: "smallint", nullable: false),
                    search_text = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sources", x => x.id);
                    table.CheckConstraint("ck_sources_dates", "earliest <= latest");
                    table.CheckConstraint("ck_sources_kind",
                        "kind in ('article', 'dataset', 'standard', 'report', 'statement', 'law', 'website', 'book', 'other')");
                    table.CheckConstraint("ck_sources_shape", "shape >= 1");
                    table.CheckConstraint("ck_sources_version", "version >= 1");
                });

            migrationBuilder.CreateTable(
                name: "tombstones",
                columns: table => new
                {
                    resource = table.Column<string>(type: "text", nullable: false),
                    id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    version = table.Column<int>(type: "integer", nullable: false),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tombstones", x => new { x.resource, x.id });
                });

            migrationBuilder.CreateTable(
                name: "actor_identifiers",
                columns: table => new
                {
                    ordinal = table.Column<int>(type: "integer", nullable: false),
                    actor_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    scheme = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    value = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_actor_identifiers", x => new { x.actor_id, x.ordinal });
                    table.ForeignKey(
                        name: "fk_actor_identifiers_actors_actor_id",
                        column: x => x.actor_id,
                        principalTable: "actors",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "actor_names",
                columns: table => new
                {
                    ordinal = table.Column<int>(type: "integer", nullable: false),
                    actor_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    text = table.Column<string>(type: "text", nullable: false),
                    lang = table.Column<string>(type: "text", nullable: true),
                    kind = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_actor_names", x => new { x.actor_id, x.ordinal });
                    table.CheckConstraint("ck_actor_names_kind", "kind in ('native', 'alias', 'acronym', 'former', 'transliteration')");
                    table.ForeignKey(
                        name: "fk_actor_names_actors_actor_id",
                        column: x => x.actor_id,
                        principalTable: "actors",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "actor_statuses",
                columns: table => new
                {
                    ordinal = table.Column<int>(type: "integer", nullable: false),
                    actor_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    status = table.Column<string>(type: "text", nullable: false),
                    valid_from = table.Column<string>(type: "text", nullable: true),
                    valid_to = table.Column<string>(type: "text", nullable: true),
                    earliest = table.Column<DateOnly>(type: "date", nullable: false),
                    latest = table.Column<DateOnly>(type: "date", nullable: false),
                    by_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_actor_statuses", x => new { x.actor_id, x.ordinal });
                    table.CheckConstraint("ck_actor_statuses_dates", "earliest <= latest");
                    table.CheckConstraint("ck_actor_statuses_status",
                        "status in ('armed-movement', 'de-facto-government', 'recognised-government', 'banned-organisation', "
                        + "'dissolved-state', 'office-holder', 'active', 'inactive')");
                    table.ForeignKey(
                        name: "fk_actor_statuses_actors_actor_id",
                        column: x => x.actor_id,
                        principalTable: "actors",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_actor_statuses_actors_by_id",
                        column: x => x.by_id,
                        principalTable: "actors",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "relations",
                columns: table => new
                {
                    id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    type = table.Column<string>(type: "text", nullable: false),
                    subject_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    object_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    stance = table.Column<string>(type: "text", nullable: true),
                    valid_from = table.Column<string>(type: "text", nullable: true),
                    valid_to = table.Column<string>(type: "text", nullable: true),
                    earliest = table.Column<DateOnly>(type: "date", nullable: false),
                    latest = table.Column<DateOnly>(type: "date", nullable: false),
                    summary = table.Column<string>(type: "text", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false),
                    recorded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    document = table.Column<string>(type: "json", nullable: false),
                    shape = table.Column<short>(type: "smallint", nullable: false),
                    search_text = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_relations", x => x.id);
                    table.CheckConstraint("ck_relations_dates", "earliest <= latest");
                    table.CheckConstraint("ck_relations_parties", "subject_id <> object_id");
                    table.CheckConstraint("ck_relations_shape", "shape >= 1");
                    table.CheckConstraint("ck_relations_stance",
                        "stance in ('hostile', 'wary', 'neutral', 'rational', 'cooperative', 'allied')");
                    table.CheckConstraint("ck_relations_type",
                        "type in ('sponsorship', 'hostility', 'conflict', 'cooperation', 'alliance', 'aid', 'border', 'membership', "
                        + "'part-of', 'leads', 'succession', 'diplomatic-contact', 'recognition', 'ban', 'shelters', 'supports', "
                        + "'perception', 'operates-in', 'agreement', 'project')");
                    table.CheckConstraint("ck_relations_version", "version >= 1");
                    table.ForeignKey(
                        name: "fk_relations_actors_object_id",
                        column: x => x.object_id,
                        principalTable: "actors",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_relations_actors_subject_id",
                        column: x => x.subject_id,
                        principalTable: "actors",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "event_participants",
                columns: table => new
                {
                    ordinal = table.Column<int>(type: "integer", nullable: false),
                    event_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    actor_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    role = table.Column<string>(type: "text", nullable: false),
                    earliest = table.Column<DateOnly>(type: "date", nullable: false),
                    latest = table.Column<DateOnly>(type: "date", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_event_participants", x => new { x.event_id, x.ordinal });
                    table.CheckConstraint("ck_event_participants_role",
                        "role in ('source', 'target', 'host', 'mediator', 'participant', 'location')");
                    table.ForeignKey(
                        name: "fk_event_participants_actors_actor_id",
                        column: x => x.actor_id,
                        principalTable: "actors",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_event_participants_events_event_id",
                        column: x => x.event_id,
                        principalTable: "events",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "observations",
                columns: table => new
                {
                    id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    indicator_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    date = table.Column<string>(type: "text", nullable: false),
                    earliest = table.Column<DateOnly>(type: "date", nullable: false),
                    latest = table.Column<DateOnly>(type: "date", nullable: false),
                    value = table.Column<decimal>(type: "numeric", nullable: true),
                    approximate = table.Column<bool>(type: "boolean", nullable: false),
                    obs_status = table.Column<string>(type: "text", nullable: false),
                    note = table.Column<string>(type: "text", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false),
                    recorded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    document = table.Column<string>(type: "json", nullable: false),
                    shape = table.Column<short>(type: "smallint", nullable: false),
                    search_text = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_observations", x => x.id);
                    table.CheckConstraint("ck_observations_dates", "earliest <= latest");
                    table.CheckConstraint("ck_observations_obs_status", "obs_status in ('A', 'B', 'E', 'F', 'I', 'M', 'P')");
                    table.CheckConstraint("ck_observations_shape", "shape >= 1");
                    table.CheckConstraint("ck_observations_value", "(value is null) = (obs_status = 'M')");
                    table.CheckConstraint("ck_observations_version", "version >= 1");
                    table.ForeignKey(
                        name: "fk_observations_indicators_indicator_id",
                        column: x => x.indicator_id,
                        principalTable: "indicators",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "actor_citations",
                columns: table => new
                {
                    ordinal = table.Column<int>(type: "integer", nullable: false),
                    record_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    part = table.Column<string>(type: "text", nullable: true),
                    source_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    locator = table.Column<string>(type: "text", nullable: true),
                    certainty = table.Column<string>(type: "text", nullable: false),
                    note = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_actor_citations", x => new { x.record_id, x.ordinal });
                    table.CheckConstraint("ck_actor_citations_certainty",
                        "certainty in ('stated', 'reported', 'claimed', 'derived', 'disputed')");
                    table.ForeignKey(
                        name: "fk_actor_citations_actors_record_id",
                        column: x => x.record_id,
                        principalTable: "actors",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_actor_citations_source_source_id",
                        column: x => x.source_id,
                        principalTable: "sources",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "event_citations",
                columns: table => new
                {
                    ordinal = table.Column<int>(type: "integer", nullable: false),
                    record_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    part = table.Column<string>(type: "text", nullable: true),
                    source_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    locator = table.Column<string>(type: "text", nullable: true),
                    certainty = table.Column<string>(type: "text", nullable: false),
                    note = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_event_citations", x => new { x.record_id, x.ordinal });
                    table.CheckConstraint("ck_event_citations_certainty",
                        "certainty in ('stated', 'reported', 'claimed', 'derived', 'disputed')");
                    table.ForeignKey(
                        name: "fk_event_citations_events_record_id",
                        column: x => x.record_id,
                        principalTable: "events",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_event_citations_source_source_id",
                        column: x => x.source_id,
                        principalTable: "sources",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "indicator_citations",
                columns: table => new
                {
                    ordinal = table.Column<int>(type: "integer", nullable: false),
                    record_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    part = table.Column<string>(type: "text", nullable: true),
                    source_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    locator = table.Column<string>(type: "text", nullable: true),
                    certainty = table.Column<string>(type: "text", nullable: false),
                    note = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_indicator_citations", x => new { x.record_id, x.ordinal });
                    table.CheckConstraint("ck_indicator_citations_certainty",
                        "certainty in ('stated', 'reported', 'claimed', 'derived', 'disputed')");
                    table.ForeignKey(
                        name: "fk_indicator_citations_indicators_record_id",
                        column: x => x.record_id,
                        principalTable: "indicators",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_indicator_citations_source_source_id",
                        column: x => x.source_id,
                        principalTable: "sources",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "trade_flows",
                columns: table => new
                {
                    id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    reporter_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    partner_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    flow = table.Column<string>(type: "text", nullable: false),
                    period = table.Column<string>(type: "text", nullable: false),
                    frequency = table.Column<string>(type: "text", nullable: false),
                    earliest = table.Column<DateOnly>(type: "date", nullable: false),
                    latest = table.Column<DateOnly>(type: "date", nullable: false),
                    type = table.Column<string>(type: "text", nullable: false),
                    classification = table.Column<string>(type: "text", nullable: false),
                    commodity_code = table.Column<string>(type: "text", nullable: false),
                    value = table.Column<decimal>(type: "numeric", nullable: true),
                    currency = table.Column<string>(type: "text", nullable: false),
                    valuation = table.Column<string>(type: "text", nullable: true),
                    approximate = table.Column<bool>(type: "boolean", nullable: false),
                    obs_status = table.Column<string>(type: "text", nullable: false),
                    claim_source_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    version = table.Column<int>(type: "integer", nullable: false),
                    recorded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    document = table.Column<string>(type: "json", nullable: false),
                    shape = table.Column<short>(type: "smallint", nullable: false),
                    search_text = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_trade_flows", x => x.id);
                    table.CheckConstraint("ck_trade_flows_classification",
                        "classification in ('HS', 'H0', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'S1', 'S2', 'S3', 'S4', 'BEC')");
                    table.CheckConstraint("ck_trade_flows_dates", "earliest <= latest");
                    table.CheckConstraint("ck_trade_flows_flow", "flow in ('M', 'X', 'RM', 'RX', 'DX', 'FM', 'T')");
                    table.CheckConstraint("ck_trade_flows_frequency", "frequency in ('A', 'S', 'Q', 'M')");
                    table.CheckConstraint("ck_trade_flows_obs_status", "obs_status in ('A', 'B', 'E', 'F', 'I', 'M', 'P')");
                    table.CheckConstraint("ck_trade_flows_parties", "reporter_id <> partner_id");
                    table.CheckConstraint("ck_trade_flows_shape", "shape >= 1");
                    table.CheckConstraint("ck_trade_flows_type", "type in ('C', 'S')");
                    table.CheckConstraint("ck_trade_flows_valuation", "valuation in ('CIF', 'FOB')");
                    table.CheckConstraint("ck_trade_flows_value", "(value is null) = (obs_status = 'M') and value >= 0");
                    table.CheckConstraint("ck_trade_flows_version", "version >= 1");
                    table.ForeignKey(
                        name: "fk_trade_flows_actors_partner_id",
                        column: x => x.partner_id,
                        principalTable: "actors",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_trade_flows_actors_reporter_id",
                        column: x => x.reporter_id,
                        principalTable: "actors",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_trade_flows_sources_claim_source_id",
                        column: x => x.claim_source_id,
                        principalTable: "sources",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "relation_citations",
                columns: table => new
                {
                    ordinal = table.Column<int>(type: "integer", nullable: false),
                    record_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    part = table.Column<string>(type: "text", nullable: true),
                    source_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    locator = table.Column<string>(type: "text", nullable: true),
                    certainty = table.Column<string>(type: "text", nullable: false),
                    note = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_relation_citations", x => new { x.record_id, x.ordinal });
                    table.CheckConstraint("ck_relation_citations_certainty",
                        "certainty in ('stated', 'reported', 'claimed', 'derived', 'disputed')");
                    table.ForeignKey(
                        name: "fk_relation_citations_relations_record_id",
                        column: x => x.record_id,
                        principalTable: "relations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_relation_citations_source_source_id",
                        column: x => x.source_id,
                        principalTable: "sources",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "observation_citations",
                columns: table => new
                {
                    ordinal = table.Column<int>(type: "integer", nullable: false),
                    record_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    part = table.Column<string>(type: "text", nullable: true),
                    source_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    locator = table.Column<string>(type: "text", nullable: true),
                    certainty = table.Column<string>(type: "text", nullable: false),
                    note = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_observation_citations", x => new { x.record_id, x.ordinal });
                    table.CheckConstraint("ck_observation_citations_certainty",
                        "certainty in ('stated', 'reported', 'claimed', 'derived', 'disputed')");
                    table.ForeignKey(
                        name: "fk_observation_citations_observations_record_id",
                        column: x => x.record_id,
                        principalTable: "observations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_observation_citations_source_source_id",
                        column: x => x.source_id,
                        principalTable: "sources",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "observation_subjects",
                columns: table => new
                {
                    ordinal = table.Column<int>(type: "integer", nullable: false),
                    observation_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    actor_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_observation_subjects", x => new { x.observation_id, x.ordinal });
                    table.ForeignKey(
                        name: "fk_observation_subjects_actors_actor_id",
                        column: x => x.actor_id,
                        principalTable: "actors",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_observation_subjects_observations_observation_id",
                        column: x => x.observation_id,
                        principalTable: "observations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "trade_flow_citations",
                columns: table => new
                {
                    ordinal = table.Column<int>(type: "integer", nullable: false),
                    record_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    part = table.Column<string>(type: "text", nullable: true),
                    source_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    locator = table.Column<string>(type: "text", nullable: true),
                    certainty = table.Column<string>(type: "text", nullable: false),
                    note = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_trade_flow_citations", x => new { x.record_id, x.ordinal });
                    table.CheckConstraint("ck_trade_flow_citations_certainty",
                        "certainty in ('stated', 'reported', 'claimed', 'derived', 'disputed')");
                    table.ForeignKey(
                        name: "fk_trade_flow_citations_sources_source_id",
                        column: x => x.source_id,
                        principalTable: "sources",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_trade_flow_citations_trade_flows_record_id",
                        column: x => x.record_id,
                        principalTable: "trade_flows",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_actor_citations_certainty_record_id",
                table: "actor_citations",
                columns: new[] { "certainty", "record_id" });

            migrationBuilder.CreateIndex(
                name: "ix_actor_citations_source_id_record_id",
                table: "actor_citations",
                columns: new[] { "source_id", "record_id" });

            migrationBuilder.CreateIndex(
                name: "ix_actor_identifiers_scheme_value",
                table: "actor_identifiers",
                columns: new[] { "scheme", "value" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_actor_statuses_by_id",
                table: "actor_statuses",
                column: "by_id");

            migrationBuilder.CreateIndex(
                name: "ix_actor_statuses_status_actor_id",
                table: "actor_statuses",
                columns: new[] { "status", "actor_id" });

            migrationBuilder.CreateIndex(
                name: "ix_actors_name_id",
                table: "actors",
                columns: new[] { "name", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_actors_recorded_at_id",
                table: "actors",
                columns: new[] { "recorded_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_actors_search_words",
                table: "actors",
                column: "search_text")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:TsVectorConfig", "english");

            migrationBuilder.CreateIndex(
                name: "ix_actors_sectors",
                table: "actors",
                column: "sectors")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.CreateIndex(
                name: "ix_actors_type_id",
                table: "actors",
                columns: new[] { "type", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_hash",
                table: "api_keys",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_event_citations_certainty_record_id",
                table: "event_citations",
                columns: new[] { "certainty", "record_id" });

            migrationBuilder.CreateIndex(
                name: "ix_event_citations_source_id_record_id",
                table: "event_citations",
                columns: new[] { "source_id", "record_id" });

            migrationBuilder.CreateIndex(
                name: "ix_event_participants_walk",
                table: "event_participants",
                columns: new[] { "actor_id", "earliest", "event_id", "role", "latest" });

            migrationBuilder.CreateIndex(
                name: "ix_events_cameo_earliest_id",
                table: "events",
                columns: new[] { "cameo", "earliest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_events_deaths_best",
                table: "events",
                column: "deaths_best",
                filter: "deaths_best is not null");

            migrationBuilder.CreateIndex(
                name: "ix_events_earliest_id_latest",
                table: "events",
                columns: new[] { "earliest", "id", "latest" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_events_latest_id",
                table: "events",
                columns: new[] { "latest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_events_latitude_longitude",
                table: "events",
                columns: new[] { "latitude", "longitude" },
                filter: "latitude is not null");

            migrationBuilder.CreateIndex(
                name: "ix_events_quad_class_earliest_id",
                table: "events",
                columns: new[] { "quad_class", "earliest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_events_recorded_at_id",
                table: "events",
                columns: new[] { "recorded_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_events_search_words",
                table: "events",
                column: "search_text")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:TsVectorConfig", "english");

            migrationBuilder.CreateIndex(
                name: "ix_events_status_earliest_id",
                table: "events",
                columns: new[] { "status", "earliest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_events_type_earliest_id",
                table: "events",
                columns: new[] { "type", "earliest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_events_violence_type",
                table: "events",
                column: "violence_type",
                filter: "violence_type is not null");

            migrationBuilder.CreateIndex(
                name: "ix_indicator_citations_certainty_record_id",
                table: "indicator_citations",
                columns: new[] { "certainty", "record_id" });

            migrationBuilder.CreateIndex(
                name: "ix_indicator_citations_source_id_record_id",
                table: "indicator_citations",
                columns: new[] { "source_id", "record_id" });

            migrationBuilder.CreateIndex(
                name: "ix_indicators_name_id",
                table: "indicators",
                columns: new[] { "name", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_indicators_recorded_at_id",
                table: "indicators",
                columns: new[] { "recorded_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_indicators_search_words",
                table: "indicators",
                column: "search_text")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:TsVectorConfig", "english");

            migrationBuilder.CreateIndex(
                name: "ix_indicators_unit_id",
                table: "indicators",
                columns: new[] { "unit", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_observation_citations_certainty_record_id",
                table: "observation_citations",
                columns: new[] { "certainty", "record_id" });

            migrationBuilder.CreateIndex(
                name: "ix_observation_citations_source_id_record_id",
                table: "observation_citations",
                columns: new[] { "source_id", "record_id" });

            migrationBuilder.CreateIndex(
                name: "ix_observation_subjects_actor_id_observation_id",
                table: "observation_subjects",
                columns: new[] { "actor_id", "observation_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_observations_indicator_id_earliest_id",
                table: "observations",
                columns: new[] { "indicator_id", "earliest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_observations_indicator_id_latest_id",
                table: "observations",
                columns: new[] { "indicator_id", "latest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_observations_indicator_id_obs_status_earliest_id",
                table: "observations",
                columns: new[] { "indicator_id", "obs_status", "earliest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_observations_indicator_id_value",
                table: "observations",
                columns: new[] { "indicator_id", "value" });

            migrationBuilder.CreateIndex(
                name: "ix_observations_recorded_at_id",
                table: "observations",
                columns: new[] { "recorded_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_observations_search_words",
                table: "observations",
                column: "search_text")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:TsVectorConfig", "english");

            migrationBuilder.CreateIndex(
                name: "ix_relation_citations_certainty_record_id",
                table: "relation_citations",
                columns: new[] { "certainty", "record_id" });

            migrationBuilder.CreateIndex(
                name: "ix_relation_citations_source_id_record_id",
                table: "relation_citations",
                columns: new[] { "source_id", "record_id" });

            migrationBuilder.CreateIndex(
                name: "ix_relations_earliest_id",
                table: "relations",
                columns: new[] { "earliest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_relations_latest_id",
                table: "relations",
                columns: new[] { "latest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_relations_object_id_earliest_id",
                table: "relations",
                columns: new[] { "object_id", "earliest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_relations_recorded_at_id",
                table: "relations",
                columns: new[] { "recorded_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_relations_search_words",
                table: "relations",
                column: "search_text")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:TsVectorConfig", "english");

            migrationBuilder.CreateIndex(
                name: "ix_relations_stance_earliest_id",
                table: "relations",
                columns: new[] { "stance", "earliest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_relations_subject_id_earliest_id",
                table: "relations",
                columns: new[] { "subject_id", "earliest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_relations_type_earliest_id",
                table: "relations",
                columns: new[] { "type", "earliest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_sources_authors",
                table: "sources",
                column: "authors")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.CreateIndex(
                name: "ix_sources_earliest_id",
                table: "sources",
                columns: new[] { "earliest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_sources_kind_id",
                table: "sources",
                columns: new[] { "kind", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_sources_publisher_id",
                table: "sources",
                columns: new[] { "publisher", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_sources_recorded_at_id",
                table: "sources",
                columns: new[] { "recorded_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_sources_search_words",
                table: "sources",
                column: "search_text")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:TsVectorConfig", "english");

            migrationBuilder.CreateIndex(
                name: "ix_sources_title_id",
                table: "sources",
                columns: new[] { "title", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_trade_flow_citations_certainty_record_id",
                table: "trade_flow_citations",
                columns: new[] { "certainty", "record_id" });

            migrationBuilder.CreateIndex(
                name: "ix_trade_flow_citations_source_id_record_id",
                table: "trade_flow_citations",
                columns: new[] { "source_id", "record_id" });

            migrationBuilder.CreateIndex(
                name: "ix_trade_flows_claim_source_id",
                table: "trade_flows",
                column: "claim_source_id");

            migrationBuilder.CreateIndex(
                name: "ix_trade_flows_classification_commodity_code_earliest_id",
                table: "trade_flows",
                columns: new[] { "classification", "commodity_code", "earliest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_trade_flows_earliest_id",
                table: "trade_flows",
                columns: new[] { "earliest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_trade_flows_flow_earliest_id",
                table: "trade_flows",
                columns: new[] { "flow", "earliest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_trade_flows_frequency_earliest_id",
                table: "trade_flows",
                columns: new[] { "frequency", "earliest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_trade_flows_latest_id",
                table: "trade_flows",
                columns: new[] { "latest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_trade_flows_obs_status_earliest_id",
                table: "trade_flows",
                columns: new[] { "obs_status", "earliest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_trade_flows_partner_id_earliest_id",
                table: "trade_flows",
                columns: new[] { "partner_id", "earliest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_trade_flows_recorded_at_id",
                table: "trade_flows",
                columns: new[] { "recorded_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_trade_flows_reporter_id_earliest_id",
                table: "trade_flows",
                columns: new[] { "reporter_id", "earliest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_trade_flows_search_words",
                table: "trade_flows",
                column: "search_text")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:TsVectorConfig", "english");

            migrationBuilder.CreateIndex(
                name: "ix_trade_flows_series",
                table: "trade_flows",
                columns: new[] { "reporter_id", "partner_id", "flow", "commodity_code", "earliest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_trade_flows_value",
                table: "trade_flows",
                column: "value");

            migrationBuilder.CreateIndex(
                name: "ux_trade_flows_natural_key",
                table: "trade_flows",
                columns: new[] { "reporter_id", "partner_id", "flow", "period", "type", "classification", "commodity_code", "currency",
                    "valuation", "claim_source_id" },
                unique: true)
                .Annotation("Npgsql:NullsDistinct", false);

            migrationBuilder.ExecuteFiles(
                "constraints", "document-storage", "ledger-tables", "ledger-functions", "ledger-triggers", "ledger-columns", "indexes",
                "ledger-attach", "ledger-records", "releases", "idempotency-keys", "webhooks");
        }
    }
}
