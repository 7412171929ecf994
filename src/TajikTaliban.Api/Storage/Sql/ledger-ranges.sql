-- The functions of the ranges of documents. A later migration that changes one executes this file again.

-- How many changes a range of documents is for.
create or replace function ledger_range_size() returns bigint language sql immutable as $$ select 2000000 $$;

-- Makes ranges for the documents of changes up to a number, and one more in time: its table is there for all before it is needed. Another
-- transaction that makes one at the moment is waited for only where there is little room without it: others take numbers as well.
create or replace function ledger_room(last bigint) returns void language plpgsql security definer set search_path from current as $$
declare
    size constant bigint := ledger_range_size();
    made integer;
    next bigint;
begin
    loop
        select coalesce(max(number), 0), coalesce(max(next_change), 0) into made, next from ledger_ranges;
        if last is null or last < next - size / 2 then
            return;
        end if;
        if not pg_try_advisory_xact_lock(72, 3) then
            if last < next - size / 4 then
                return;
            end if;
            perform pg_advisory_xact_lock(72, 3);
        end if;
        -- it may have been made by another transaction meanwhile
        continue when exists (select from ledger_ranges where number > made);
        insert into ledger_ranges (number, first_change, next_change) values (made + 1, next, next + size);
        perform ledger_range_table(made + 1);
        perform ledger_range_attach(made + 1);
    end loop;
end $$;

-- Makes the table of a range, apart from the others.
create or replace function ledger_range_table(of_range integer) returns void language plpgsql as $$
declare
    part constant text := 'ledger_documents_' || of_range;
begin
    execute format('create table %I (like ledger_documents including defaults including storage)', part);
    execute format('alter table %I add primary key (seq)', part);
    execute format('alter table %I set (toast_tuple_target = 4080)', part);
end $$;

-- Puts the table of a range among the others.
create or replace function ledger_range_attach(of_range integer) returns void language plpgsql as $$
declare
    part constant text := 'ledger_documents_' || of_range;
    range record;
begin
    select * into strict range from ledger_ranges where number = of_range;
    execute format('alter table ledger_documents attach partition %I for values from (%s) to (%s)', part, range.first_change, range.next_change);
    execute format('create trigger ledger_refuse before truncate on %I for each statement execute function ledger_refuse()', part);
    execute format('alter table %I enable always trigger ledger_refuse, enable always trigger ledger_redacts', part);
end $$;

-- Of the documents of the ledger, only those of redacted versions are removed, and none is changed.
create or replace function ledger_redacts_document() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and exists (
        select from ledger_changes c join ledger_redactions r on r.resource = c.resource and r.id = c.id and r.version = c.version
        where c.seq = old.seq) then
        return old;
    end if;
    raise exception 'The table % is part of the ledger: only redacted versions lose their content.', tg_table_name
        using errcode = 'integrity_constraint_violation', constraint = 'ledger_append_only';
end $$;

-- The document of a version as the tables of its record have it, now or in the past: for changes whose documents are in a file.
create or replace function ledger_kept(of_table text, of_id text, of_version integer)
    returns table (document json, shape smallint, edition integer) language plpgsql stable as $$
begin
    return query execute format('select v.document, v.shape, v.edition from %I v where v.id = $1 and v.version = $2 limit 1',
        of_table || '_versions') using of_id, of_version;
end $$;
