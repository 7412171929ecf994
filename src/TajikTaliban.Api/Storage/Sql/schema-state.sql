-- One row: which versions of the program this schema is for. A version is named by its newest migration. Decision 0044.
create table schema_state (
    is_only boolean primary key default true check (is_only),
    -- the newest version that has migrated; null until `migrate` has ended
    newest text collate "C",
    -- the oldest version that can serve the schema
    compatible_since text collate "C" not null
);
