-- The ledger transaction that wrote each row of a record and of its parts.
do $$
declare
    t text;
begin
    foreach t in array array['sources', 'actors', 'actor_names', 'actor_identifiers', 'actor_statuses', 'actor_citations', 'relations',
        'relation_citations', 'events', 'event_participants', 'event_citations', 'trade_flows', 'trade_flow_citations', 'indicators',
        'indicator_citations', 'observations', 'observation_subjects', 'observation_citations']
    loop
        execute format('alter table %I add column transaction_id bigint not null default ledger_transaction()', t);
    end loop;
end $$;
