-- Puts a record table and the tables of its parts under the ledger. It is called again after a migration that adds columns, and then adds
-- them to the _past tables: a migration ends with MigrationBuilder.FollowInLedger(). A migration that renames or drops a column does the
-- same to the _past table before that.
create or replace function ledger_attach(record text, parts text[]) returns void language plpgsql as $attach$
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
            where c.contype = 'f' and c.conrelid = t::regclass and c.confrelid = record::regclass and c.confdeltype = 'c'
                and cardinality(c.conkey) = 1;
        if to_regclass(past) is null then
            execute format('create table %I (like %I including storage, until_transaction bigint not null)', past, t);
            for i in select c.relname as name, pg_get_indexdef(c.oid) as definition from pg_index x join pg_class c on c.oid = x.indexrelid
                where x.indrelid = t::regclass order by c.relname
            loop
                -- the same index, but not unique; where it includes the transaction of a row, also the one that replaced the row
                execute regexp_replace(replace(replace(i.definition, ' NULLS NOT DISTINCT', ''),
                    ' INCLUDE (transaction_id)', ' INCLUDE (transaction_id, until_transaction)'),
                    '^CREATE (UNIQUE )?INDEX (\S+) ON \S+ ', format('create index %I on %I ', left(i.name, 58) || '_past', past));
            end loop;
            if not is_part then
                execute format('alter table %I set (toast_tuple_target = 4080)', past);
            end if;
        end if;
        for i in select a.attname as name, format_type(a.atttypid, a.atttypmod)
                || coalesce(' collate ' || quote_ident(n.nspname) || '.' || quote_ident(c.collname), '')
                || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') || case when a.attnotnull then ' not null' else '' end as definition
            from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
            left join pg_collation c on c.oid = a.attcollation and c.collname <> 'default' left join pg_namespace n on n.oid = c.collnamespace
            where a.attrelid = t::regclass and a.attnum > 0 and not a.attisdropped
                and not exists (select 1 from pg_attribute p where p.attrelid = past::regclass and p.attname = a.attname and not p.attisdropped)
            order by a.attnum
        loop
            execute format('alter table %I add column %I %s', past, i.name, i.definition);
        end loop;

        select string_agg(quote_ident(attname), ', ' order by attnum) into names from pg_attribute
            where attrelid = t::regclass and attnum > 0 and not attisdropped;
        execute format('drop view if exists %I', t || '_versions');
        execute format('create view %I as select %s, null::bigint as until_transaction from %I '
            'union all select %s, until_transaction from %I',
            t || '_versions', names, t, names, past);
        -- a version that the same transaction made was never visible
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
                -- when their record is deleted, its parts may be deleted too
                if current_setting('ledger.writer', true) is distinct from 'on'
                    and (tg_op <> 'DELETE' or exists (select 1 from old_rows o join %I r on r.id = o.%I)) then
                    raise exception 'Rows of %% are parts of records and are changed with them.', tg_table_name
                        using errcode = 'integrity_constraint_violation', constraint = 'ledger_part_of_record',
                            hint = 'Change records through the API, or by POST /v1/batch.';
                end if; $guard$, record, owner) else $reshape$
                if tg_op = 'UPDATE' and (ledger_reshapes() or ledger_moves()) then
                    return null;
                end if; $reshape$ end,
            past, names, names);

        if not exists (select 1 from pg_trigger where tgrelid = t::regclass and tgname = 'ledger_touch') then
            execute format('create trigger ledger_touch before update on %I for each row execute function ledger_touch(%s)', t,
                case when is_part then '' else quote_literal('record') end);
            execute format('create trigger ledger_keep_updated after update on %I referencing old table as old_rows '
                'for each statement execute function %I()', t, 'ledger_keep_' || t);
            execute format('create trigger ledger_keep_deleted after delete on %I referencing old table as old_rows '
                'for each statement execute function %I()', t, 'ledger_keep_' || t);
            execute format('create trigger ledger_refuse before truncate on %I for each statement execute function ledger_refuse()', t);
            execute format('create trigger ledger_refuse before update or delete or truncate on %I '
                'for each statement execute function ledger_refuse()', past);
            if is_part then
                execute format('create trigger ledger_part_added after insert on %I referencing new table as new_rows '
                    'for each statement execute function ledger_part_added()', t);
            else
                execute format('create trigger ledger_created after insert on %I referencing new table as new_rows '
                    'for each statement execute function ledger_created()', t);
                execute format('create trigger ledger_updated after update on %I referencing old table as old_rows new table as new_rows '
                    'for each statement execute function ledger_updated()', t);
                execute format('create trigger ledger_deleted after delete on %I referencing old table as old_rows '
                    'for each statement execute function ledger_deleted()', t);
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
