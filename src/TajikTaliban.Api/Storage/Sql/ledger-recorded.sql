-- recorded_at of records and of transactions: the place in the order of commits, as ledger_recorded() says. What was written before got
-- the clock of the service, which may contradict that order: it gets the instant of its commit.
alter table ledger_transactions add column recorded_at timestamptz;
alter table ledger_transactions disable trigger ledger_guard;
update ledger_transactions set recorded_at = coalesce(committed_at, now());
alter table ledger_transactions enable always trigger ledger_guard;
alter table ledger_transactions alter column recorded_at set not null, alter column recorded_at set default clock_timestamp();
do $$
declare
    t text;
    i record;
    triggers text[];
begin
    foreach t in array array['sources', 'actors', 'relations', 'events', 'trade_flows', 'indicators', 'observations',
        'sources_past', 'actors_past', 'relations_past', 'events_past', 'trade_flows_past', 'indicators_past', 'observations_past']
    loop
        select array_agg(tgname) into triggers from pg_trigger where tgrelid = t::regclass and tgname like 'ledger%';
        for i in select unnest(triggers) as name loop
            execute format('alter table %I disable trigger %I', t, i.name);
        end loop;
        execute format('update %I r set recorded_at = t.recorded_at from ledger_transactions t '
            'where t.id = r.transaction_id and r.recorded_at <> t.recorded_at', t);
        for i in select unnest(triggers) as name loop
            execute format('alter table %I enable always trigger %I', t, i.name);
        end loop;
        if t not like '%\_past' then
            execute format('alter table %I alter column recorded_at set default ledger_recorded()', t);
        end if;
    end loop;
end $$;
