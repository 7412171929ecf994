-- The ledger is part of the database: it records the changes of every writer. Each transaction that changes a record has a row in
-- ledger_transactions, with a position from its commit on; each change has a row in ledger_changes. The rows that a change replaces go to
-- the _past table of their table, and its _versions view shows both together. Decision 0014.
create table ledger_transactions (
    id bigint generated always as identity primary key,
    -- the transaction number of PostgreSQL
    xid bigint not null,
    -- 1, 2, 3 … in the order of commits, set at commit
    position bigint unique,
    -- the greatest id committed at this position
    horizon bigint,
    -- distinguishes this history from another with the same numbers, for example that of a restored backup
    token text not null default left(replace(gen_random_uuid()::text, '-', ''), 8),
    committed_at timestamptz,
    key_name text,
    -- whether one of its changes is a correction
    corrects boolean not null default false,
    -- Set for a transaction that commits after one with a greater id: the first position whose horizon covers it. As-of queries of the
    -- positions from this one to before its own leave it out.
    late_from bigint
);
create index ix_ledger_transactions_xid on ledger_transactions (xid);
create index ix_ledger_transactions_committed_at on ledger_transactions (committed_at, position) where position is not null;
create index ix_ledger_transactions_corrections on ledger_transactions (position) where corrects;
create index ix_ledger_transactions_horizon on ledger_transactions (horizon, position) where position is not null;
create index ix_ledger_transactions_late on ledger_transactions using gist (int8range(late_from, position)) where late_from is not null;

create table ledger_changes (
    seq bigint generated always as identity primary key,
    transaction_id bigint not null references ledger_transactions (id),
    resource text collate "C" not null,
    id text collate "C" not null,
    version integer not null,
    operation text not null constraint ck_ledger_changes_operation check (operation in ('created', 'updated', 'deleted', 'merged')),
    cause text constraint ck_ledger_changes_cause check (cause in ('new-fact', 'source-revised', 'our-error', 'merge', 'source-withdrawn')),
    note text,
    merged_into text collate "C",
    document json,
    -- the version of the document's shape
    shape smallint,
    constraint ck_ledger_changes_document check ((document is null) = (operation in ('deleted', 'merged'))),
    constraint ck_ledger_changes_shape check ((shape is null) = (document is null))
);
create unique index ix_ledger_changes_record on ledger_changes (resource, id, version);
create index ix_ledger_changes_transaction on ledger_changes (transaction_id, seq);
create index ix_ledger_changes_resource on ledger_changes (resource, transaction_id, seq);
create index ix_ledger_changes_corrections on ledger_changes (transaction_id, seq)
    where cause in ('source-revised', 'our-error', 'source-withdrawn');
alter table ledger_changes alter column document set storage external, set (toast_tuple_target = 4080);

alter table tombstones add column merged_into text collate "C";
