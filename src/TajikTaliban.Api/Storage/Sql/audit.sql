-- Who did what: each write, each change of a key or a webhook endpoint, each administrative command and each refusal of a key. A row of a
-- write is of the transaction of the write. Rows are added and, after the time that they are kept, removed; none is changed.
create table audit_log (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    -- the name of the operation in the contract (createActor), of the command (keys.rotate), or refused
    action text not null,
    -- the address in the API, or what a command was about
    target text not null,
    -- null for commands and for refusals of keys that are not known
    key_name text,
    -- the network address of a request; the account and the machine of a command
    address text,
    request_id text,
    -- the HTTP status; null for commands
    status smallint,
    -- how many requests the row stands for: refusals are counted by address
    count integer not null default 1,
    -- the transaction in the ledger; null if no record changed
    transaction_id bigint references ledger_transactions (id),
    detail text
);
create index ix_audit_log_key on audit_log (key_name, id) where key_name is not null;
create index ix_audit_log_action on audit_log (action, id);
create index ix_audit_log_at on audit_log (at);
create function audit_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'The rows of % are not changed.', tg_table_name
        using errcode = 'integrity_constraint_violation', constraint = 'audit_append_only';
end $$;
create trigger audit_refuse before update or truncate on audit_log for each statement execute function audit_refuse();
alter table audit_log enable always trigger audit_refuse;
