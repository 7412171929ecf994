-- Records whose dates overlap a range, for lists in another order than that of dates.
create index ix_sources_span on sources using gist (daterange(earliest, latest, '[]'));
create index ix_relations_span on relations using gist (daterange(earliest, latest, '[]'));
create index ix_trade_flows_span on trade_flows using gist (daterange(earliest, latest, '[]'));
create index ix_observations_span on observations using gist (indicator_id, daterange(earliest, latest, '[]'));

-- Records whose dates overlap a range, for lists in the order of dates: those of up to a year begin in the year before the range, longer
-- ones begin anywhere before it. Most events last one day and are in neither index.
create index ix_events_short on events (earliest, id, latest) where latest > earliest and latest <= earliest + 366;
create index ix_trade_flows_short on trade_flows (earliest, id, latest) where latest > earliest and latest <= earliest + 366;
create index ix_sources_long on sources (earliest, id, latest) where latest > earliest + 366;
create index ix_relations_long on relations (earliest, id, latest) where latest > earliest + 366;
create index ix_events_long on events (earliest, id, latest) where latest > earliest + 366;
create index ix_trade_flows_long on trade_flows (earliest, id, latest) where latest > earliest + 366;
create index ix_observations_long on observations (indicator_id, earliest, id, latest) where latest > earliest + 366;

-- The same for the events of an actor. As-of queries find these in the indexes alone, so each index holds the transaction of the row.
drop index ix_event_participants_walk;
create index ix_event_participants_walk on event_participants (actor_id, earliest, event_id, role, latest) include (transaction_id);
create index ix_event_participants_short on event_participants (actor_id, earliest, event_id, latest) include (transaction_id)
    where latest > earliest and latest <= earliest + 366;
create index ix_event_participants_long on event_participants (actor_id, earliest, event_id, latest) include (transaction_id)
    where latest > earliest + 366;

-- Trade figures of a period, in the order of lists.
create index ix_trade_flows_period on trade_flows (period, earliest, id);

-- Missing values sort last: numeric's NaN comes after every number.
create index ix_trade_flows_by_value on trade_flows ((coalesce(value, 'NaN'::numeric)), id);
create index ix_observations_by_value on observations (indicator_id, (coalesce(value, 'NaN'::numeric)), id);

-- Similar spellings, to which the parameter q falls back. The model cannot hold a second index of the same column.
create index ix_sources_search_trigrams on sources using gin (search_text gin_trgm_ops);
create index ix_actors_search_trigrams on actors using gin (search_text gin_trgm_ops);
create index ix_relations_search_trigrams on relations using gin (search_text gin_trgm_ops);
create index ix_events_search_trigrams on events using gin (search_text gin_trgm_ops);
create index ix_trade_flows_search_trigrams on trade_flows using gin (search_text gin_trgm_ops);
create index ix_indicators_search_trigrams on indicators using gin (search_text gin_trgm_ops);
create index ix_observations_search_trigrams on observations using gin (search_text gin_trgm_ops);
