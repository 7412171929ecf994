-- Reports of readers about errors in records. Nothing of it says who sent one, but for what the reader gives as a contact. Decision 0058.
create table reports (
    -- the order of lists; it is not shown
    number bigint generated always as identity primary key,
    -- random and long: whoever knows it may read the state of the report
    id text collate "C" not null constraint ux_reports_id unique,
    state text not null default 'open' constraint ck_reports_state check (state in ('open', 'accepted', 'rejected')),
    -- the table of the record, as in tombstones
    resource text not null,
    record_id text collate "C" not null,
    -- the address of the record, which of a part has its parent
    record_path text not null,
    version integer not null,
    field text,
    text text not null,
    evidence text,
    contact text,
    answer text,
    created_at timestamptz not null,
    closed_at timestamptz,
    closed_by text,
    constraint ck_reports_closed check ((state = 'open') = (closed_at is null))
);
create index ix_reports_state on reports (state, number);
create index ix_reports_record on reports (resource, record_id, number);
create index ix_reports_closed_at on reports (closed_at) where closed_at is not null;
