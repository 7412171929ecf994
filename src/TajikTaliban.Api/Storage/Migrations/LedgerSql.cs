namespace TajikTaliban.Api.Storage.Migrations;

/// <summary>
/// The ledger, in the database itself, so that whoever writes goes through it. Each transaction that changes a record has a row in
/// <c>ledger_transactions</c>, which gets its position when the transaction commits, and each change a row in <c>ledger_changes</c>. What a
/// change replaces goes to the table's own past (<c>events_past</c>), and <c>events_versions</c> shows both together. Decision 0014.
/// </summary>
internal static class LedgerSql
{
    public const string Up =
        """
        create table ledger_transactions (
            id bigint generated always as identity primary key,
            xid bigint not null,
            -- 1, 2, 3 … in the order of commits; set by the commit itself
            position bigint unique,
            -- what was committed then: all transactions up to the horizon but those in flight
            horizon bigint,
            in_flight bigint[],
            -- tells this history from another one with the same numbers, such as that of a restored backup
            token text not null default left(replace(gen_random_uuid()::text, '-', ''), 8),
            committed_at timestamptz,
            key_name text
        );
        create index ix_ledger_transactions_xid on ledger_transactions (xid);
        create index ix_ledger_transactions_committed_at on ledger_transactions (committed_at, position) where position is not null;

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
            constraint ck_ledger_changes_document check ((document is null) = (operation in ('deleted', 'merged')))
        );
        create unique index ix_ledger_changes_record on ledger_changes (resource, id, version);
        create index ix_ledger_changes_transaction on ledger_changes (transaction_id, seq);
        create index ix_ledger_changes_resource on ledger_changes (resource, transaction_id, seq);
        create index ix_ledger_changes_corrections on ledger_changes (transaction_id, seq) where cause in ('source-revised', 'our-error', 'source-withdrawn');
        alter table ledger_changes alter column document set storage external, set (toast_tuple_target = 4080);

        alter table tombstones add column merged_into text collate "C";

        -- The transaction of the ledger that this transaction of the database is. The number of the database is taken first: who has a row
        -- here and is not committed is in every snapshot of the others.
        create function ledger_transaction() returns bigint language plpgsql volatile as $$
        declare
            known text := current_setting('ledger.transaction', true);
            own bigint;
            number bigint;
        begin
            if known <> '' then
                return known::bigint;
            end if;
            own := pg_current_xact_id()::text::bigint;
            insert into ledger_transactions (xid, key_name) values (own, nullif(current_setting('ledger.key', true), '')) returning id into number;
            perform set_config('ledger.transaction', number::text, true);
            return number;
        end $$;

        -- Deferred constraints are checked at commit in the order in which they were called for. The stamp calls for itself once more, and so
        -- comes after all others: nothing is waited for while it holds the lock.
        create function ledger_close() returns trigger language plpgsql as $$
        begin
            update ledger_transactions set committed_at = clock_timestamp() where id = new.id;
            return null;
        end $$;

        -- The next position, under a lock that is held until the commit can be seen: whoever comes next sees it.
        create function ledger_stamp() returns trigger language plpgsql as $$
        declare
            last ledger_transactions%rowtype;
        begin
            if current_setting('transaction_isolation') <> 'read committed' then
                raise exception 'Records are changed in transactions of the level read committed; this one is %.', current_setting('transaction_isolation')
                    using errcode = 'integrity_constraint_violation';
            end if;
            perform pg_advisory_xact_lock(72, 1);
            select * into last from ledger_transactions where position is not null order by position desc limit 1;
            update ledger_transactions set
                position = coalesce(last.position, 0) + 1,
                horizon = greatest(id, last.horizon),
                in_flight = array(select x::text::bigint from pg_snapshot_xip(pg_current_snapshot()) x),
                committed_at = greatest(clock_timestamp(), last.committed_at + interval '1 microsecond')
                where id = new.id;
            perform set_config('ledger.last', (coalesce(last.position, 0) + 1) || '-' || new.token, false);
            perform pg_notify('ledger', (coalesce(last.position, 0) + 1)::text);
            return null;
        end $$;

        create constraint trigger ledger_close after insert on ledger_transactions deferrable initially deferred
            for each row execute function ledger_close();
        create constraint trigger ledger_stamp after update on ledger_transactions deferrable initially deferred
            for each row when (new.position is null) execute function ledger_stamp();

        create function ledger_refuse() returns trigger language plpgsql as $$
        begin
            raise exception 'The table % is part of the ledger: nothing in it is changed or removed.', tg_table_name
                using errcode = 'integrity_constraint_violation';
        end $$;

        -- A transaction's row is changed by its own commit and by nothing else.
        create function ledger_guard() returns trigger language plpgsql as $$
        begin
            if old.position is not null or pg_trigger_depth() < 2 then
                raise exception 'The transactions of the ledger are not changed.' using errcode = 'integrity_constraint_violation';
            end if;
            return new;
        end $$;

        create trigger ledger_guard before update on ledger_transactions for each row execute function ledger_guard();
        create trigger ledger_refuse before delete or truncate on ledger_transactions for each statement execute function ledger_refuse();
        create trigger ledger_refuse before update or delete or truncate on ledger_changes for each statement execute function ledger_refuse();
        alter table ledger_transactions enable always trigger ledger_close, enable always trigger ledger_stamp, enable always trigger ledger_guard,
            enable always trigger ledger_refuse;
        alter table ledger_changes enable always trigger ledger_refuse;

        -- The transaction of a statement's changes, which has to be this one: a setting can be made by anybody.
        create function ledger_open() returns bigint language plpgsql as $$
        declare
            number bigint := ledger_transaction();
        begin
            if not exists (select 1 from ledger_transactions where id = number and xid = pg_current_xact_id()::text::bigint and position is null) then
                raise exception 'The setting ledger.transaction is the ledger''s own.' using errcode = 'integrity_constraint_violation';
            end if;
            return number;
        end $$;

        create function ledger_touch() returns trigger language plpgsql as $$
        begin
            new.transaction_id := ledger_transaction();
            return new;
        end $$;

        create function ledger_created() returns trigger language plpgsql as $$
        declare
            number bigint;
            wrong text;
        begin
            if not exists (select 1 from new_rows) then
                return null;
            end if;
            number := ledger_open();
            select id into wrong from new_rows where version <> 1 or transaction_id <> number or document ->> 'id' is distinct from id
                or document ->> 'version' is distinct from '1' limit 1;
            if found then
                raise exception 'The record %/% begins with version 1, and its document says what the row says.', tg_table_name, wrong
                    using errcode = 'integrity_constraint_violation';
            end if;
            select n.id into wrong from new_rows n join tombstones t on t.resource = tg_table_name and t.id = n.id limit 1;
            if found then
                raise exception 'The id % was a deleted record''s; ids are never reused.', wrong
                    using errcode = 'unique_violation', constraint = 'ledger_id_reused';
            end if;
            insert into ledger_changes (transaction_id, resource, id, version, operation, cause, note, document)
                select number, tg_table_name, id, version, 'created', nullif(current_setting('ledger.cause', true), ''),
                    nullif(current_setting('ledger.note', true), ''), document from new_rows order by id;
            return null;
        end $$;

        create function ledger_updated() returns trigger language plpgsql as $$
        declare
            number bigint;
            wrong text;
        begin
            if not exists (select 1 from new_rows) then
                return null;
            end if;
            number := ledger_open();
            select coalesce(n.id, o.id) into wrong from new_rows n full join old_rows o using (id)
                where n.version is distinct from o.version + 1 or n.document ->> 'id' is distinct from n.id
                    or n.document ->> 'version' is distinct from n.version::text limit 1;
            if found then
                raise exception 'A change of %/% makes its next version, with the document of that version, and keeps its id.', tg_table_name, wrong
                    using errcode = 'integrity_constraint_violation', hint = 'Change records through the API, or by POST /v1/batch.';
            end if;
            insert into ledger_changes (transaction_id, resource, id, version, operation, cause, note, document)
                select number, tg_table_name, id, version, 'updated', nullif(current_setting('ledger.cause', true), ''),
                    nullif(current_setting('ledger.note', true), ''), document from new_rows order by id;
            return null;
        end $$;

        create function ledger_deleted() returns trigger language plpgsql as $$
        declare
            number bigint;
            survivor text := nullif(current_setting('ledger.merged_into', true), '');
        begin
            if not exists (select 1 from old_rows) then
                return null;
            end if;
            number := ledger_open();
            insert into tombstones (resource, id, version, deleted_at, merged_into)
                select tg_table_name, id, version + 1, coalesce(nullif(current_setting('ledger.now', true), '')::timestamptz, clock_timestamp()), survivor
                from old_rows;
            insert into ledger_changes (transaction_id, resource, id, version, operation, cause, note, merged_into)
                select number, tg_table_name, id, version + 1, case when survivor is null then 'deleted' else 'merged' end,
                    nullif(current_setting('ledger.cause', true), ''), nullif(current_setting('ledger.note', true), ''), survivor
                from old_rows order by id;
            return null;
        end $$;

        -- A part is written with its record, whose document shows it.
        create function ledger_part_added() returns trigger language plpgsql as $$
        begin
            if current_setting('ledger.writer', true) is distinct from 'on' and exists (select 1 from new_rows) then
                raise exception 'Rows of % are parts of records and are changed with them.', tg_table_name
                    using errcode = 'integrity_constraint_violation', hint = 'Change records through the API, or by POST /v1/batch.';
            end if;
            return null;
        end $$;

        -- Puts a table of records and those of its parts under the ledger. A migration that changes their columns calls it again for them
        -- after it has changed the columns of the past in the same way.
        create function ledger_attach(record text, parts text[]) returns void language plpgsql as $attach$
        declare
            t text;
            past text;
            names text;
            i record;
            is_part boolean;
            owner text;
        begin
            foreach t in array array[record] || parts loop
                past := t || '_past';
                is_part := t <> record;
                select a.attname into owner from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
                    where c.contype = 'f' and c.conrelid = t::regclass and c.confrelid = record::regclass and c.confdeltype = 'c' and cardinality(c.conkey) = 1;
                if to_regclass(past) is null then
                    execute format('create table %I (like %I including storage, until_transaction bigint not null)', past, t);
                    for i in select c.relname as name, pg_get_indexdef(c.oid) as definition from pg_index x join pg_class c on c.oid = x.indexrelid
                        where x.indrelid = t::regclass order by c.relname
                    loop
                        -- the same order and the same search, but of every version
                        execute regexp_replace(regexp_replace(i.definition, ' NULLS NOT DISTINCT', ''),
                            '^CREATE (UNIQUE )?INDEX (\S+) ON \S+ ', format('create index %I on %I ', left(i.name, 58) || '_past', past));
                    end loop;
                    if not is_part then
                        execute format('alter table %I set (toast_tuple_target = 4080)', past);
                    end if;
                end if;

                select string_agg(quote_ident(attname), ', ' order by attnum) into names from pg_attribute
                    where attrelid = t::regclass and attnum > 0 and not attisdropped;
                execute format('drop view if exists %I', t || '_versions');
                execute format('create view %I as select %s, null::bigint as until_transaction from %I union all select %s, until_transaction from %I',
                    t || '_versions', names, t, names, past);
                -- a version that this same transaction made was never seen by anybody
                execute format($keep$
                    create or replace function %I() returns trigger language plpgsql as $body$
                    declare
                        number bigint;
                    begin
                        if not exists (select 1 from old_rows) then
                            return null;
                        end if;
                        %s
                        number := ledger_open();
                        insert into %I (%s, until_transaction) select %s, number from old_rows where transaction_id <> number;
                        return null;
                    end $body$ $keep$,
                    'ledger_keep_' || t,
                    case when is_part then format($guard$
                        -- with their record they may go, whoever deletes it
                        if current_setting('ledger.writer', true) is distinct from 'on'
                            and (tg_op <> 'DELETE' or exists (select 1 from old_rows o join %I r on r.id = o.%I)) then
                            raise exception 'Rows of %% are parts of records and are changed with them.', tg_table_name
                                using errcode = 'integrity_constraint_violation', hint = 'Change records through the API, or by POST /v1/batch.';
                        end if; $guard$, record, owner) else '' end,
                    past, names, names);

                if not exists (select 1 from pg_trigger where tgrelid = t::regclass and tgname = 'ledger_touch') then
                    execute format('create trigger ledger_touch before update on %I for each row execute function ledger_touch()', t);
                    execute format('create trigger ledger_keep_updated after update on %I referencing old table as old_rows for each statement execute function %I()', t, 'ledger_keep_' || t);
                    execute format('create trigger ledger_keep_deleted after delete on %I referencing old table as old_rows for each statement execute function %I()', t, 'ledger_keep_' || t);
                    execute format('create trigger ledger_refuse before truncate on %I for each statement execute function ledger_refuse()', t);
                    execute format('create trigger ledger_refuse before update or delete or truncate on %I for each statement execute function ledger_refuse()', past);
                    if is_part then
                        execute format('create trigger ledger_part_added after insert on %I referencing new table as new_rows for each statement execute function ledger_part_added()', t);
                    else
                        execute format('create trigger ledger_created after insert on %I referencing new table as new_rows for each statement execute function ledger_created()', t);
                        execute format('create trigger ledger_updated after update on %I referencing old table as old_rows new table as new_rows for each statement execute function ledger_updated()', t);
                        execute format('create trigger ledger_deleted after delete on %I referencing old table as old_rows for each statement execute function ledger_deleted()', t);
                    end if;
                    for i in select tgname from pg_trigger where tgrelid in (t::regclass, past::regclass) and tgname like 'ledger%' loop
                        if exists (select 1 from pg_trigger where tgrelid = t::regclass and tgname = i.tgname) then
                            execute format('alter table %I enable always trigger %I', t, i.tgname);
                        end if;
                    end loop;
                    execute format('alter table %I enable always trigger ledger_refuse', past);
                end if;
            end loop;
        end $attach$;

        -- What is there already becomes the first transaction of the ledger.
        do $$
        declare
            first bigint := 0;
            t text;
        begin
            if exists (select 1 from sources) or exists (select 1 from actors) or exists (select 1 from tombstones) then
                first := ledger_transaction();
            end if;
            foreach t in array array['sources', 'actors', 'actor_names', 'actor_identifiers', 'actor_statuses', 'actor_citations', 'relations',
                'relation_citations', 'events', 'event_participants', 'event_citations', 'trade_flows', 'trade_flow_citations', 'indicators',
                'indicator_citations', 'observations', 'observation_subjects', 'observation_citations']
            loop
                execute format('alter table %I add column transaction_id bigint not null default %s', t, first);
                execute format('alter table %I alter column transaction_id set default ledger_transaction()', t);
            end loop;
            foreach t in array array['sources', 'actors', 'relations', 'events', 'trade_flows', 'indicators', 'observations'] loop
                execute format('insert into ledger_changes (transaction_id, resource, id, version, operation, document) '
                    'select transaction_id, %L, id, version, ''created'', document from %I order by id', t, t);
            end loop;
            insert into ledger_changes (transaction_id, resource, id, version, operation)
                select first, resource, id, version, 'deleted' from tombstones order by resource, id;
        end $$;

        -- an actor's events of a moment of the past are walked in the index alone, as those of now are
        drop index ix_event_participants_walk;
        create index ix_event_participants_walk on event_participants (actor_id, earliest, event_id, role, latest) include (transaction_id);

        select ledger_attach('sources', '{}');
        select ledger_attach('actors', '{actor_names,actor_identifiers,actor_statuses,actor_citations}');
        select ledger_attach('relations', '{relation_citations}');
        select ledger_attach('events', '{event_participants,event_citations}');
        select ledger_attach('trade_flows', '{trade_flow_citations}');
        select ledger_attach('indicators', '{indicator_citations}');
        select ledger_attach('observations', '{observation_subjects,observation_citations}');

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

        create table idempotency_keys (
            key_name text not null,
            idempotency_key text not null,
            digest bytea not null,
            status integer not null,
            headers json not null,
            body bytea not null,
            transaction_id bigint,
            created_at timestamptz not null,
            primary key (key_name, idempotency_key)
        );
        create index ix_idempotency_keys_created_at on idempotency_keys (created_at);
        """;
}
