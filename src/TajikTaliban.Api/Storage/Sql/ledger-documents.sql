-- The documents of changes, in ranges by the number of the change: each range is a table of its own, which can be detached into a file and
-- brought back. Decision 0052.
create table ledger_ranges (
    number integer primary key,
    -- the first change of the range, and the first after it
    first_change bigint not null,
    next_change bigint not null,
    -- while its documents are in a file: the name of the file, its SHA-256, the changes and the positions that it has, and since when
    archive text collate "C" unique,
    digest bytea,
    changes bigint,
    first_position bigint,
    last_position bigint,
    detached_at timestamptz,
    constraint ck_ledger_ranges_archive check (num_nulls(archive, digest, changes, first_position, last_position, detached_at) in (0, 6))
);
create index ix_ledger_ranges_archive on ledger_ranges (last_position) where archive is not null;

create table ledger_documents (
    -- the change
    seq bigint primary key,
    document json not null,
    -- the version of the document's shape
    shape smallint not null,
    edition integer not null
) partition by range (seq);
alter table ledger_documents alter column document set storage external;
create trigger ledger_redacts before update or delete on ledger_documents for each row execute function ledger_redacts_document();
create trigger ledger_refuse before truncate on ledger_documents for each statement execute function ledger_refuse();

select ledger_room(coalesce(max(seq), 0)) from ledger_changes;
insert into ledger_documents select seq, document, shape, edition from ledger_changes where document is not null order by seq;
alter table ledger_changes drop column document, drop column shape, drop column edition;
