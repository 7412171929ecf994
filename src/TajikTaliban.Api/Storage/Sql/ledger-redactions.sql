-- Redactions: the content of versions that may not be public. The document, the note and the rows of the past are removed; the change keeps
-- its position, and the ledger says that there was one. Decision 0039.
create table ledger_redactions (
    seq bigint generated always as identity primary key,
    resource text collate "C" not null,
    id text collate "C" not null,
    version integer not null,
    -- the transaction that removed the content
    redacted_in bigint not null references ledger_transactions (id),
    -- the transactions that made and replaced the version; it was current in between
    transaction_id bigint not null references ledger_transactions (id),
    until_transaction bigint references ledger_transactions (id),
    -- SHA-256 of the removed document, to recognise a copy of it; null for a deletion, which had none
    digest bytea,
    reason text not null,
    constraint ux_ledger_redactions_version unique (resource, id, version)
);
create trigger ledger_refuse before update or delete or truncate on ledger_redactions for each statement execute function ledger_refuse();
alter table ledger_redactions enable always trigger ledger_refuse;
-- as the view of the versions of a table, so that as-of queries find what was current
create view redacted_versions as select resource, id, version, transaction_id, until_transaction from ledger_redactions
    where until_transaction is not null;

alter table ledger_changes add column redacted boolean not null default false;
-- A redaction makes no version: its row has the number of the redacted one, negated, under which it is unique.
alter table ledger_changes drop constraint ck_ledger_changes_operation, drop constraint ck_ledger_changes_document,
    add constraint ck_ledger_changes_operation check (operation in ('created', 'updated', 'deleted', 'merged', 'redacted')),
    add constraint ck_ledger_changes_document
        check ((document is null) = (redacted or operation in ('deleted', 'merged', 'redacted'))),
    add constraint ck_ledger_changes_redaction check ((version < 0) = (operation = 'redacted'));
create trigger ledger_redacts before update on ledger_changes for each row execute function ledger_redacts();
alter table ledger_changes enable always trigger ledger_redacts;
do $$
declare
    t text;
begin
    foreach t in array array['sources', 'actors', 'relations', 'events', 'trade_flows', 'indicators', 'observations'] loop
        execute format('create trigger ledger_redacts before delete on %I for each row execute function ledger_redacts()', t || '_past');
        execute format('alter table %I enable always trigger ledger_redacts', t || '_past');
    end loop;
end $$;
