-- The keys of figures that were recorded before figures had keys, as Domain/FigureKey.cs makes them. Of several records of one figure the
-- first keeps the key; each other one has its id after it, and is refused only when it is written again. Rows are written by a change of
-- the column's type, which is no change of a record: the triggers of the ledger do not see it.
create table figure_keys as
    select 'trade_flows' as resource, id,
        case when row_number() over (partition by key order by recorded_at, id) = 1 then key else key || '|' || id end as key
    from (
        select id, recorded_at, concat_ws('|', reporter_id, partner_id, flow, period, type,
            case when commodity_code = 'TOTAL' then commodity_code else classification || '-' || commodity_code end, currency,
            coalesce(valuation, case when type = 'S' or flow = 'T' then '' when flow in ('M', 'RM', 'FM') then 'CIF' else 'FOB' end),
            claim_source_id) as key
        from trade_flows
    ) t
    union all
    select 'observations', id,
        case when row_number() over (partition by key order by recorded_at, id) = 1 then key else key || '|' || id end
    from (
        select id, recorded_at, concat_ws('|', indicator_id,
            (select string_agg(s.actor_id, '+' order by s.actor_id) from observation_subjects s where s.observation_id = o.id),
            case when isfinite(earliest) then to_char(earliest, 'YYYY-MM-DD') else '..' end,
            case when isfinite(latest) then to_char(latest, 'YYYY-MM-DD') else '..' end,
            (select c.source_id from observation_citations c where c.record_id = o.id order by c.ordinal limit 1)) as key
        from observations o
    ) o;
create index on figure_keys (resource, id);
create function figure_key(resource text, id text) returns text language sql stable as $$
    select k.key from figure_keys k where k.resource = $1 and k.id = $2
$$;

-- The total of services was recorded as one of a classification of goods, the default of then.
drop view trade_flows_versions;
alter table trade_flows
    alter column figure_key type text collate "C" using figure_key('trade_flows', id),
    alter column classification type text
        using case when type = 'S' and commodity_code = 'TOTAL' then 'EB' else classification end;
alter table trade_flows_past
    alter column classification type text
        using case when type = 'S' and commodity_code = 'TOTAL' then 'EB' else classification end;
alter table observations alter column figure_key type text collate "C" using figure_key('observations', id);
drop function figure_key(text, text);
drop table figure_keys;
drop index if exists ux_trade_flows_natural_key_past;
