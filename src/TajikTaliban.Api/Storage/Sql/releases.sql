-- Positions with a name. A release never changes.
create table releases (
    id text collate "C" primary key,
    position bigint not null references ledger_transactions (position),
    title text not null,
    notes text,
    key_name text,
    created_at timestamptz not null
);
create index ix_releases_created_at on releases (created_at, id);
create trigger ledger_refuse before update or delete or truncate on releases for each statement execute function ledger_refuse();
