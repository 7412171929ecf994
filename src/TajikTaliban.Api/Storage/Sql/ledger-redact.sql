-- The functions of redactions. A later migration that changes one executes this file again.

-- Of the rows of the ledger, only those of redacted versions are changed or removed, and a change loses nothing but its content.
create or replace function ledger_redacts() returns trigger language plpgsql as $$
declare
    expected record := old;
    of_table text := regexp_replace(tg_table_name, '_past$', '');
begin
    if tg_op = 'DELETE' then
        if exists (select from ledger_redactions r where r.resource = of_table and r.id = old.id and r.version = old.version) then
            return old;
        end if;
    else
        expected.note := null;
        expected.redacted := true;
        if new *= expected and exists (
            select from ledger_redactions r where r.resource = old.resource and r.id = old.id and r.version = old.version) then
            return new;
        end if;
    end if;
    raise exception 'The table % is part of the ledger: only redacted versions lose their content.', tg_table_name
        using errcode = 'integrity_constraint_violation', constraint = 'ledger_append_only';
end $$;

-- Removes the content of versions of a record, none of which is current. Returns the rows that were found and not redacted before.
create or replace function ledger_redact(of_table text, of_id text, removed integer[], why text, gone bytea)
    returns table (redacted_version integer) language plpgsql as $redact$
declare
    number bigint := ledger_open();
    found_versions integer[];
    transactions bigint[];
    words text[];
    part record;
    t text;
    used boolean;
    w text;
begin
    select array_agg(c.version order by c.version), array_agg(c.transaction_id) into found_versions, transactions from ledger_changes c
        where c.resource = of_table and c.id = of_id and c.version = any(removed) and c.version > 0 and not c.redacted;
    if found_versions is null then
        return;
    end if;
    execute format('select array_agg(distinct u.word) '
        'from %I p, unnest(string_to_array(translate(p.search_text, E''\n'', '' ''), '' '')) u (word) '
        'where p.id = $1 and p.version = any($2)', of_table || '_past') into words using of_id, found_versions;
    insert into ledger_redactions (resource, id, version, redacted_in, transaction_id, until_transaction, digest, reason)
        select c.resource, c.id, c.version, number, c.transaction_id, n.transaction_id, sha256(convert_to(d.document::text, 'UTF8')), why
        from ledger_changes c left join ledger_changes n on n.resource = c.resource and n.id = c.id and n.version = c.version + 1
        left join lateral (
            (select f.document from ledger_documents f where f.seq = c.seq)
            union all (select k.document from ledger_kept(c.resource, c.id, c.version) k) limit 1) d on true
        where c.resource = of_table and c.id = of_id and c.version = any(found_versions) order by c.version;

    perform set_config('ledger.redact', 'on', true);
    update ledger_changes set note = null, redacted = true
        where resource = of_table and id = of_id and version = any(found_versions);
    delete from ledger_documents d using ledger_changes c
        where c.resource = of_table and c.id = of_id and c.version = any(found_versions) and d.seq = c.seq;
    execute format('delete from %I where id = $1 and version = any($2)', of_table || '_past') using of_id, found_versions;
    -- what these versions counted for can no longer be taken away: all records are counted anew
    delete from count_states where resource = of_table;
    -- a part may have stayed the same over several versions: it goes with the last of them
    for part in select c.conrelid::regclass::text as name, a.attname as owner from pg_constraint c
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
        where c.contype = 'f' and c.confrelid = of_table::regclass and c.confdeltype = 'c' and cardinality(c.conkey) = 1
    loop
        execute format(
            'delete from %I p where p.%I = $1 and not exists (
                select from ledger_changes v where v.resource = $2 and v.id = $1 and not v.redacted
                    and v.operation in (''created'', ''updated'')
                    and v.version >= coalesce((select max(f.version) from ledger_changes f
                        where f.resource = $2 and f.id = $1 and f.transaction_id = p.transaction_id and f.version > 0), 0)
                    and v.version < coalesce((select min(f.version) from ledger_changes f
                        where f.resource = $2 and f.id = $1 and f.transaction_id = p.until_transaction and f.version > 0), 2147483647))',
            part.name || '_past', part.owner) using of_id, of_table;
    end loop;
    perform set_config('ledger.redact', '', true);

    -- words that no record and no version has any more
    foreach w in array coalesce(words, '{}') loop
        used := false;
        foreach t in array array['sources', 'actors', 'relations', 'events', 'trade_flows', 'indicators', 'observations'] loop
            if not used and length(w) between 3 and 40 then
                execute format('select exists (select from %1$I where search_words(search_text) @@ $1) '
                    'or exists (select from %2$I where search_words(search_text) @@ $1)', t, t || '_past')
                    into used using quote_literal(w)::tsquery;
            end if;
        end loop;
        if not used then
            delete from search_vocabulary v where v.word = w;
        end if;
    end loop;

    -- responses that are kept for repetitions, and what receivers of webhooks responded
    update idempotency_keys k set status = 410, headers = '{}', body = gone
        where k.transaction_id = any(transactions) or position(convert_to('"id":"' || of_id || '"', 'UTF8') in k.body) > 0;
    update webhook_attempts a set response_body = null, error = null
        from ledger_changes c join ledger_transactions x on x.id = c.transaction_id
        where c.resource = of_table and c.id = of_id and c.version = any(found_versions)
            and a.message_id = format('msg-%s-%s-%s-%s', a.webhook_id, x.position, c.seq, x.token);

    insert into ledger_changes (transaction_id, resource, id, version, operation, note)
        select number, of_table, of_id, -v, 'redacted', why from unnest(found_versions) v order by v;
    return query select unnest(found_versions);
end $redact$;
