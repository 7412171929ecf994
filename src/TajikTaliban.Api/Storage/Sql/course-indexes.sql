-- An actor has the same status, as seen by the same actor, at most once at a time; the same holds for memberships and parts. What counts is
-- the time in which it certainly held; without one, the earliest end, so that two of the same dates exclude each other.
alter table actor_statuses drop constraint ex_actor_statuses_overlap;
alter table actor_statuses add constraint ex_actor_statuses_overlap exclude using gist
    (actor_id with =, status with =, (coalesce(by_id, '')) with =,
    daterange(least(latest_begin, earliest_end), earliest_end, '[]') with &&)
    where (status <> 'office-holder');
alter table relations drop constraint ex_relations_overlap;
alter table relations add constraint ex_relations_overlap exclude using gist
    (type with =, subject_id with =, object_id with =, daterange(least(latest_begin, earliest_end), earliest_end, '[]') with &&)
    where (type in ('membership', 'part-of'));

-- The party that claims may be added later in the same transaction.
alter table actor_citations alter constraint fk_actor_citations_actors_claimant_id deferrable initially deferred;

do $$
declare
    t text;
begin
    -- Records that may hold beyond what is known: few, and read apart from the others.
    foreach t in array array['relations', 'relations_past', 'events', 'events_past'] loop
        execute format('create index %I on %I (earliest, id, outer_earliest, outer_latest, latest) '
            'where outer_earliest < earliest or outer_latest > latest', 'ix_' || t || '_beyond', t);
    end loop;
    -- The precision of a date: its sides that are not known count.
    foreach t in array array['events', 'events_past'] loop
        execute format('drop index %I', 'ix_' || t || '_date_precision');
        execute format('create index %I on %I ((case when not isfinite(outer_earliest) or not isfinite(outer_latest) '
            'or outer_latest - outer_earliest > 30 then 5 when outer_latest - outer_earliest > 6 then 4 when outer_latest - outer_earliest = 6 '
            'then 3 when outer_latest > outer_earliest then 2 else 1 end), earliest, id)', 'ix_' || t || '_date_precision', t);
    end loop;
    foreach t in array array['actor_citations', 'relation_citations', 'event_citations', 'trade_flow_citations', 'indicator_citations',
        'observation_citations']
    loop
        execute format('create index %I on %I (claimant_id, record_id) where claimant_id is not null', 'ix_' || t || '_past_claimant',
            t || '_past');
    end loop;
end $$;
