-- The functions of the ledger. A later migration that changes one executes this file again.

-- The id of the ledger transaction of the current database transaction. pg_current_xact_id comes first and assigns the transaction number:
-- a transaction with a row here then counts as running in every snapshot until it commits.
create or replace function ledger_transaction() returns bigint language plpgsql volatile as $$
declare
    known text := current_setting('ledger.transaction', true);
    own bigint;
    number bigint;
    instant timestamptz;
begin
    if known <> '' then
        return known::bigint;
    end if;
    own := pg_current_xact_id()::text::bigint;
    -- the writer's token, by which it finds the transaction again when its connection is lost during the commit
    insert into ledger_transactions (xid, key_name, token) values (own, nullif(current_setting('ledger.key', true), ''),
        coalesce(nullif(current_setting('ledger.token', true), ''), left(replace(gen_random_uuid()::text, '-', ''), 8)))
        returning id, recorded_at into number, instant;
    perform set_config('ledger.transaction', number::text, true), set_config('ledger.recorded', instant::text, true);
    return number;
end $$;

-- The place of the current transaction in the order of commits, for the rows that it writes: the instant of its first write. A transaction
-- that is overtaken by others moves its rows behind theirs when it commits. Readers are told the instant of the commit instead.
create or replace function ledger_recorded() returns timestamptz language plpgsql volatile as $$
declare
    known text := current_setting('ledger.recorded', true);
begin
    if known <> '' then
        return known::timestamptz;
    end if;
    perform ledger_transaction();
    return current_setting('ledger.recorded')::timestamptz;
end $$;

-- Moves the rows of a transaction to its new place in the order of commits.
create or replace function ledger_move(number bigint, instant timestamptz) returns void language plpgsql as $$
declare
    t text;
begin
    perform set_config('ledger.move', 'on', true);
    for t in select distinct resource from ledger_changes where transaction_id = number loop
        execute format('update %I r set recorded_at = $2 from ledger_changes c '
            'where c.transaction_id = $1 and c.resource = %L and r.id = c.id and r.transaction_id = $1', t, t) using number, instant;
    end loop;
    perform set_config('ledger.move', '', true);
end $$;

-- Whether updates move rows in the order of commits.
create or replace function ledger_moves() returns boolean language sql stable as $$
    select coalesce(current_setting('ledger.move', true), '') = 'on'
$$;

-- Deferred constraints are checked at commit in the order of their events. This one causes one more event: the stamp comes after all others
-- and waits for nothing while it holds the lock.
-- A large transaction that was overtaken moves its rows here, without the lock, to a place that is far enough ahead.
create or replace function ledger_close() returns trigger language plpgsql as $$
declare
    latest timestamptz;
    changes bigint;
    instant timestamptz := new.recorded_at;
begin
    select recorded_at into latest from ledger_transactions where position is not null order by position desc limit 1;
    if instant <= latest then
        select count(*) into changes from ledger_changes where transaction_id = new.id;
        if changes > 500 then
            instant := greatest(clock_timestamp(), latest) + changes * interval '200 microseconds';
        end if;
    end if;
    update ledger_transactions set committed_at = clock_timestamp(), recorded_at = instant where id = new.id;
    if instant <> new.recorded_at then
        perform ledger_move(new.id, instant);
    end if;
    return null;
end $$;

-- Assigns the next position, under a lock held until the commit is visible: the next transaction sees it. Corrections are looked for here
-- because no change can be added any more.
create or replace function ledger_stamp() returns trigger language plpgsql as $$
declare
    last ledger_transactions%rowtype;
    place timestamptz := new.recorded_at;
    instant timestamptz;
    clock timestamptz;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'Records are changed in transactions of the level read committed; this one is %.',
            current_setting('transaction_isolation') using errcode = 'integrity_constraint_violation', constraint = 'ledger_read_committed';
    end if;
    perform pg_advisory_xact_lock(72, 1);
    select * into last from ledger_transactions where position is not null order by position desc limit 1;
    if place <= last.recorded_at then
        place := greatest(clock_timestamp(), last.recorded_at + interval '1 microsecond');
    end if;
    clock := clock_timestamp();
    instant := greatest(clock, last.committed_at + interval '1 microsecond');
    update ledger_transactions set
        position = coalesce(last.position, 0) + 1,
        recorded_at = place,
        horizon = greatest(id, last.horizon),
        late_from = case when id < last.horizon then (
            select e.position from ledger_transactions e where e.horizon > new.id and e.position is not null
            order by e.horizon, e.position limit 1) end,
        corrects = exists (
            select from ledger_changes c
            where c.transaction_id = new.id and c.cause in ('source-revised', 'our-error', 'source-withdrawn')),
        committed_at = instant,
        -- the clock was set back: stamps go on ahead of it, in order, until it has caught up
        clocked_at = case when instant > clock + interval '1 second' then clock end
        where id = new.id;
    if place <> new.recorded_at then
        perform ledger_move(new.id, place);
    end if;
    -- for services of an earlier version, which read the position of a write from its session
    perform set_config('ledger.last', (coalesce(last.position, 0) + 1) || '-' || new.token, false),
        set_config('ledger.last_at', instant::text, false);
    perform pg_notify('ledger', (coalesce(last.position, 0) + 1)::text);
    return null;
end $$;

create or replace function ledger_refuse() returns trigger language plpgsql as $$
begin
    -- a redaction removes the content of versions; the triggers of rows let it do no more
    if current_setting('ledger.redact', true) = 'on'
        and (tg_op = 'DELETE' and tg_table_name like '%\_past' or tg_op = 'UPDATE' and tg_table_name = 'ledger_changes') then
        return null;
    end if;
    raise exception 'The table % is part of the ledger: nothing in it is changed or removed.', tg_table_name
        using errcode = 'integrity_constraint_violation', constraint = 'ledger_append_only';
end $$;

-- Only the triggers of its own commit change the row of a transaction.
create or replace function ledger_guard() returns trigger language plpgsql as $$
begin
    if old.position is not null or pg_trigger_depth() < 2 then
        raise exception 'The transactions of the ledger are not changed.'
            using errcode = 'integrity_constraint_violation', constraint = 'ledger_transaction_final';
    end if;
    return new;
end $$;

-- The id of the ledger transaction of a statement's changes. Any session can set ledger.transaction, so this checks it.
create or replace function ledger_open() returns bigint language plpgsql as $$
declare
    number bigint := ledger_transaction();
begin
    if not exists (
        select 1 from ledger_transactions where id = number and xid = pg_current_xact_id()::text::bigint and position is null) then
        raise exception 'The setting ledger.transaction is the ledger''s own.'
            using errcode = 'integrity_constraint_violation', constraint = 'ledger_own_transaction';
    end if;
    return number;
end $$;

-- Whether updates bring documents to another shape without a new version: the setting ledger.reshape of the transaction is on.
create or replace function ledger_reshapes() returns boolean language sql stable as $$
    select coalesce(current_setting('ledger.reshape', true), '') = 'on'
$$;

-- Before an update of a row. The trigger of a record table has the argument 'record': there, a reshape keeps the transaction of the row and
-- may change nothing but the columns that are made from the record.
create or replace function ledger_touch() returns trigger language plpgsql as $$
declare
    expected record;
begin
    if tg_nargs > 0 and ledger_moves() then
        expected := old;
        expected.recorded_at := (select recorded_at from ledger_transactions where id = old.transaction_id);
        if new *<> expected then
            raise exception 'While ledger.move is on, an update of % moves rows to the place of their transaction; % has other changes.',
                tg_table_name, old.id
                using errcode = 'integrity_constraint_violation', constraint = 'ledger_move',
                    hint = 'Change records through the API, or by POST /v1/batch.';
        end if;
        return new;
    end if;
    if tg_nargs = 0 or not ledger_reshapes() then
        new.transaction_id := ledger_transaction();
        if tg_nargs > 0 then
            new.recorded_at := ledger_recorded();
        end if;
        return new;
    end if;
    expected := old;
    expected.document := new.document;
    expected.shape := new.shape;
    expected.search_text := new.search_text;
    expected.edition := new.edition;
    if new *<> expected then
        raise exception 'While ledger.reshape is on, an update of % changes only document, shape, edition and search_text; % has others.',
            tg_table_name, old.id
            using errcode = 'integrity_constraint_violation', constraint = 'ledger_reshape',
                hint = 'Change records through the API, or by POST /v1/batch.';
    end if;
    return new;
end $$;

create or replace function ledger_created() returns trigger language plpgsql as $$
declare
    number bigint;
    instant timestamptz;
    wrong text;
begin
    if not exists (select 1 from new_rows) then
        return null;
    end if;
    number := ledger_open();
    instant := ledger_recorded();
    select id into wrong from new_rows where version <> 1 or transaction_id <> number or recorded_at <> instant or document ->> 'id' is distinct from id
        or document ->> 'version' is distinct from '1' limit 1;
    if found then
        raise exception 'The record %/% begins with version 1, and its document says what the row says.', tg_table_name, wrong
            using errcode = 'integrity_constraint_violation', constraint = 'ledger_first_version';
    end if;
    select n.id into wrong from new_rows n join tombstones t on t.resource = tg_table_name and t.id = n.id limit 1;
    if found then
        raise exception 'The id % was a deleted record''s; ids are never reused.', wrong
            using errcode = 'unique_violation', constraint = 'ledger_id_reused';
    end if;
    perform ledger_room((select last_value from ledger_changes_seq_seq) + (select count(*) from new_rows));
    -- numbered before both are written: a join of the two would be planned for the few rows of the first write of a connection
    with numbered as materialized (
        select nextval('ledger_changes_seq_seq') as seq, n.* from (
            select id, version, document, shape, edition from new_rows order by id) n),
    changes as (
        insert into ledger_changes (seq, transaction_id, resource, id, version, operation, cause, note) overriding system value
            select seq, number, tg_table_name, id, version, 'created', nullif(current_setting('ledger.cause', true), ''),
                nullif(current_setting('ledger.note', true), '') from numbered)
    insert into ledger_documents (seq, document, shape, edition) select seq, document, shape, edition from numbered;
    return null;
end $$;

create or replace function ledger_updated() returns trigger language plpgsql as $$
declare
    number bigint;
    wrong text;
    step integer := case when ledger_reshapes() or ledger_moves() then 0 else 1 end;
begin
    if not exists (select 1 from new_rows) then
        return null;
    end if;
    select coalesce(n.id, o.id) into wrong from new_rows n full join old_rows o using (id)
        where n.version is distinct from o.version + step or n.document ->> 'id' is distinct from n.id
            or n.document ->> 'version' is distinct from n.version::text limit 1;
    if found and step = 0 then
        raise exception 'While ledger.reshape is on, the document of %/% keeps its id and its version.', tg_table_name, wrong
            using errcode = 'integrity_constraint_violation', constraint = 'ledger_reshape';
    elsif found then
        raise exception 'A change of %/% makes its next version, with the document of that version, and keeps its id.',
            tg_table_name, wrong
            using errcode = 'integrity_constraint_violation', constraint = 'ledger_next_version',
                hint = 'Change records through the API, or by POST /v1/batch.';
    end if;
    if step = 0 then
        return null;
    end if;
    number := ledger_open();
    perform ledger_room((select last_value from ledger_changes_seq_seq) + (select count(*) from new_rows));
    -- numbered before both are written: a join of the two would be planned for the few rows of the first write of a connection
    with numbered as materialized (
        select nextval('ledger_changes_seq_seq') as seq, n.* from (
            select id, version, document, shape, edition from new_rows order by id) n),
    changes as (
        insert into ledger_changes (seq, transaction_id, resource, id, version, operation, cause, note) overriding system value
            select seq, number, tg_table_name, id, version, 'updated', nullif(current_setting('ledger.cause', true), ''),
                nullif(current_setting('ledger.note', true), '') from numbered)
    insert into ledger_documents (seq, document, shape, edition) select seq, document, shape, edition from numbered;
    return null;
end $$;

create or replace function ledger_deleted() returns trigger language plpgsql as $$
declare
    number bigint;
    survivor text := nullif(current_setting('ledger.merged_into', true), '');
begin
    if not exists (select 1 from old_rows) then
        return null;
    end if;
    number := ledger_open();
    insert into tombstones (resource, id, version, deleted_at, merged_into)
        select tg_table_name, id, version + 1,
            coalesce(nullif(current_setting('ledger.now', true), '')::timestamptz, clock_timestamp()), survivor from old_rows;
    insert into ledger_changes (transaction_id, resource, id, version, operation, cause, note, merged_into)
        select number, tg_table_name, id, version + 1, case when survivor is null then 'deleted' else 'merged' end,
            nullif(current_setting('ledger.cause', true), ''), nullif(current_setting('ledger.note', true), ''), survivor
        from old_rows order by id;
    return null;
end $$;

-- Parts are written with their record, whose document shows them.
create or replace function ledger_part_added() returns trigger language plpgsql as $$
begin
    if current_setting('ledger.writer', true) is distinct from 'on' and exists (select 1 from new_rows) then
        raise exception 'Rows of % are parts of records and are changed with them.', tg_table_name
            using errcode = 'integrity_constraint_violation', constraint = 'ledger_part_of_record',
                hint = 'Change records through the API, or by POST /v1/batch.';
    end if;
    return null;
end $$;
