namespace TajikTaliban.Api.Storage.Migrations;

/// <summary>What the model cannot say of the first schema.</summary>
internal static class InitialSql
{
    public const string Up =
        """
        -- A participant repeats its event's bounds, and this keeps them the same.
        alter table event_participants add constraint fk_event_participants_bounds foreign key (earliest, event_id, latest)
            references events (earliest, id, latest) on update cascade on delete cascade;

        -- A judge may be an actor that the same transaction adds later.
        alter table actor_statuses alter constraint fk_actor_statuses_actors_by_id deferrable initially deferred;

        -- The same status in the same eyes, or one of the relations that there is only one of at a time, does not hold twice at once.
        alter table actor_statuses add constraint ex_actor_statuses_overlap exclude using gist
            (actor_id with =, status with =, (coalesce(by_id, '')) with =, daterange(earliest, latest, '[]') with &&)
            where (status <> 'office-holder');
        alter table relations add constraint ex_relations_overlap exclude using gist
            (type with =, subject_id with =, object_id with =, daterange(earliest, latest, '[]') with &&)
            where (type in ('membership', 'part-of'));

        -- Which records reach into a span, where they are not listed in order.
        create index ix_sources_span on sources using gist (daterange(earliest, latest, '[]'));
        create index ix_relations_span on relations using gist (daterange(earliest, latest, '[]'));
        create index ix_trade_flows_span on trade_flows using gist (daterange(earliest, latest, '[]'));
        create index ix_observations_span on observations using gist (indicator_id, daterange(earliest, latest, '[]'));

        -- Lists in order find those that reach into a span by where they begin: in the year before it, or, if they last longer, anywhere.
        -- Most events are of one day, and in neither.
        create index ix_events_short on events (earliest, id, latest) where latest > earliest and latest <= earliest + 366;
        create index ix_event_participants_short on event_participants (actor_id, earliest, event_id, latest)
            where latest > earliest and latest <= earliest + 366;
        create index ix_trade_flows_short on trade_flows (earliest, id, latest) where latest > earliest and latest <= earliest + 366;
        create index ix_sources_long on sources (earliest, id, latest) where latest > earliest + 366;
        create index ix_relations_long on relations (earliest, id, latest) where latest > earliest + 366;
        create index ix_events_long on events (earliest, id, latest) where latest > earliest + 366;
        create index ix_event_participants_long on event_participants (actor_id, earliest, event_id, latest) where latest > earliest + 366;
        create index ix_trade_flows_long on trade_flows (earliest, id, latest) where latest > earliest + 366;
        create index ix_observations_long on observations (indicator_id, earliest, id, latest) where latest > earliest + 366;

        -- Figures of a period, in the order of lists.
        create index ix_trade_flows_period on trade_flows (period, earliest, id);

        -- A missing value sorts last: numeric's NaN comes after every number.
        create index ix_trade_flows_by_value on trade_flows ((coalesce(value, 'NaN'::numeric)), id);
        create index ix_observations_by_value on observations (indicator_id, (coalesce(value, 'NaN'::numeric)), id);

        -- The same column a second time, which the model cannot say: q falls back to similar spelling.
        create index ix_sources_search_trigrams on sources using gin (search_text gin_trgm_ops);
        create index ix_actors_search_trigrams on actors using gin (search_text gin_trgm_ops);
        create index ix_relations_search_trigrams on relations using gin (search_text gin_trgm_ops);
        create index ix_events_search_trigrams on events using gin (search_text gin_trgm_ops);
        create index ix_trade_flows_search_trigrams on trade_flows using gin (search_text gin_trgm_ops);
        create index ix_indicators_search_trigrams on indicators using gin (search_text gin_trgm_ops);
        create index ix_observations_search_trigrams on observations using gin (search_text gin_trgm_ops);

        -- Documents are read far more often than written: kept in the row while they fit, and never compressed.
        alter table sources alter column document set storage external, set (toast_tuple_target = 4080);
        alter table actors alter column document set storage external, set (toast_tuple_target = 4080);
        alter table relations alter column document set storage external, set (toast_tuple_target = 4080);
        alter table events alter column document set storage external, set (toast_tuple_target = 4080);
        alter table trade_flows alter column document set storage external, set (toast_tuple_target = 4080);
        alter table indicators alter column document set storage external, set (toast_tuple_target = 4080);
        alter table observations alter column document set storage external, set (toast_tuple_target = 4080);
        """;
}
