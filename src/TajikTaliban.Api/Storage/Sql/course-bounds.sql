-- The bounds of what lasts, as columns, for records and versions that have none yet. Written as Domain.Bounds and Domain.PartialDate are,
-- for the texts that older versions accepted. The functions are gone when the session ends.

-- One unit of the precision of a date without its qualifier, which is also its length.
create function pg_temp.edtf_unit(d text) returns interval language sql immutable as $$
    select case
        when length(d) = 4 then make_interval(years => case when substr(d, 3, 1) = 'X' then 100 when substr(d, 4, 1) = 'X' then 10 else 1 end)
        when substr(d, 6, 2) = 'XX' then interval '1 year'
        when length(d) = 7 then case when substr(d, 6, 1) = '2' then interval '3 months' else interval '1 month' end
        when substr(d, 9, 2) = 'XX' then interval '1 month'
        else interval '1 day' end
$$;

create function pg_temp.edtf_side(side text, is_last boolean) returns date language plpgsql immutable as $$
declare
    d text := rtrim(side, '~?%');
    unit interval;
    width interval;
    month integer;
    first date;
    day date;
begin
    if side in ('', '..') then
        return case when is_last then 'infinity'::date else '-infinity'::date end;
    end if;
    unit := pg_temp.edtf_unit(d);
    width := case when d = side then interval '0' else unit end;
    month := case when length(d) < 7 or substr(d, 6, 2) = 'XX' then 1
        when substr(d, 6, 2)::integer > 20 then 3 * (substr(d, 6, 2)::integer - 21) + 3 else substr(d, 6, 2)::integer end;
    first := make_date(replace(substr(d, 1, 4), 'X', '0')::integer, month,
        case when length(d) < 10 or substr(d, 9, 2) = 'XX' then 1 else substr(d, 9, 2)::integer end);
    day := case when is_last then first + unit + width - interval '1 day' else first - width end;
    return case when day <= date '0001-01-01' then '-infinity'::date when day >= date '9999-12-31' then 'infinity'::date else day end;
end $$;

create function pg_temp.edtf_first(t text) returns date language sql immutable as $$
    select coalesce(pg_temp.edtf_side(split_part(t, '/', 1), false), '-infinity')
$$;

create function pg_temp.edtf_last(t text) returns date language sql immutable as $$
    select coalesce(pg_temp.edtf_side(case when t like '%/%' then split_part(t, '/', 2) else t end, true), 'infinity')
$$;

-- The first day, or the last one where the first is not known; null where there is neither.
create function pg_temp.edtf_known_first(t text) returns date language sql immutable as $$
    select case when isfinite(pg_temp.edtf_first(t)) then pg_temp.edtf_first(t)
        when isfinite(pg_temp.edtf_last(t)) then pg_temp.edtf_last(t) end
$$;

create function pg_temp.edtf_known_last(t text) returns date language sql immutable as $$
    select case when isfinite(pg_temp.edtf_last(t)) then pg_temp.edtf_last(t)
        when isfinite(pg_temp.edtf_first(t)) then pg_temp.edtf_first(t) end
$$;

create type pg_temp.bounds as (earliest date, latest date, latest_begin date, earliest_end date, outer_earliest date, outer_latest date);

create function pg_temp.moment_bounds(t text) returns pg_temp.bounds language sql immutable as $$
    select row(
        case when t like '/%' then pg_temp.edtf_last(t) else pg_temp.edtf_first(t) end,
        case when t like '%/' then pg_temp.edtf_first(t) else pg_temp.edtf_last(t) end,
        pg_temp.edtf_last(t), pg_temp.edtf_first(t), pg_temp.edtf_first(t), pg_temp.edtf_last(t))::pg_temp.bounds
$$;

create function pg_temp.course_bounds(f text, t text, vouched text[]) returns pg_temp.bounds language plpgsql immutable as $$
declare
    b pg_temp.bounds;
    known_first date;
    known_last date;
begin
    b.outer_earliest := pg_temp.edtf_first(f);
    b.outer_latest := pg_temp.edtf_last(t);
    select least(pg_temp.edtf_last(f), b.outer_latest, min(pg_temp.edtf_last(m))),
        greatest(b.outer_earliest, pg_temp.edtf_first(t), max(pg_temp.edtf_first(m)))
        into b.latest_begin, b.earliest_end
        from unnest(vouched) m where pg_temp.edtf_last(m) >= b.outer_earliest and pg_temp.edtf_first(m) <= b.outer_latest;
    select min(pg_temp.edtf_known_first(m)), max(pg_temp.edtf_known_last(m)) into known_first, known_last from unnest(vouched || f || t) m
        where m is not null and pg_temp.edtf_last(m) >= b.outer_earliest and pg_temp.edtf_first(m) <= b.outer_latest;
    b.earliest := case when f is null then coalesce(known_first, 'infinity') else b.outer_earliest end;
    b.latest := case when t is null then coalesce(known_last, b.earliest) else b.outer_latest end;
    return b;
end $$;

do $fill$
declare
    t text;
    i record;
    course text := $course$
        select c.* from pg_temp.course_bounds(r.valid_from, r.valid_to, (
            select array_agg(coalesce(k.vouched_for, case when r.valid_to is null and k.certainty not in ('disputed', 'derived') then (
                select s.published from sources_versions s where s.id = k.source_id and %s order by s.transaction_id desc limit 1) end))
            from %s)) c
        $course$;
    -- of a current record the source as it is now; of a version the source as it was
    now_source text := 's.until_transaction is null';
    then_source text := 's.transaction_id <= r.transaction_id and (s.until_transaction is null or s.until_transaction > r.transaction_id)';
    cited text := '(select * from %s_versions k where k.%s = r.%s and k.transaction_id <= r.transaction_id '
        'and (k.until_transaction is null or k.until_transaction > r.transaction_id) %s) k';
    columns text := 'earliest = b.earliest, latest = b.latest, latest_begin = b.latest_begin, earliest_end = b.earliest_end, '
        'outer_earliest = b.outer_earliest, outer_latest = b.outer_latest';
    tables text[] := array['sources', 'relations', 'actor_statuses', 'events', 'event_participants', 'observations'];
begin
    foreach t in array tables loop
        execute format('alter table %I disable trigger user', t);
        execute format('alter table %I disable trigger user', t || '_past');
    end loop;

    foreach t in array array['sources', 'sources_past'] loop
        execute format('update %I set earliest = case when published is null then ''infinity'' else (pg_temp.moment_bounds(published)).earliest end, '
            'latest = case when published is null then ''infinity'' else (pg_temp.moment_bounds(published)).latest end '
            'where published is null or published ~ ''[~?%%]|^/|/$''', t);
    end loop;
    foreach t in array array['observations', 'observations_past'] loop
        execute format('update %I set earliest = (pg_temp.moment_bounds(date)).earliest, latest = (pg_temp.moment_bounds(date)).latest '
            'where date ~ ''[~?%%]|^/|/$''', t);
    end loop;
    -- the participants of events follow by their foreign key
    foreach t in array array['events', 'events_past'] loop
        execute format('update %I set latest_begin = latest, earliest_end = earliest, outer_earliest = earliest, outer_latest = latest '
            'where date !~ ''[~?%%]|^/|/$''', t);
        execute format('update %I r set %s from (select id, version, (pg_temp.moment_bounds(date)).* from %I where date ~ ''[~?%%]|^/|/$'') b '
            'where b.id = r.id and b.version = r.version', t, columns, t);
    end loop;
    update event_participants_past p set earliest = e.earliest, latest = e.latest from events_versions e
        where e.id = p.event_id and e.transaction_id <= p.transaction_id
            and (e.until_transaction is null or e.until_transaction > p.transaction_id)
            and (e.earliest, e.latest) is distinct from (p.earliest, p.latest);
    foreach t in array array['relations', 'relations_past'] loop
        execute format('update %I u set %s from (select r.id, r.version, c.* from %I r cross join lateral (%s) c) b '
            'where b.id = u.id and b.version = u.version', t, columns, t,
            format(course, case when t = 'relations' then now_source else then_source end,
                format(cited, 'relation_citations', 'record_id', 'id', '')));
    end loop;
    -- a status is cited by its own citations, or by those of its actor
    foreach t in array array['actor_statuses', 'actor_statuses_past'] loop
        execute format('update %I u set %s from (select r.actor_id, r.ordinal, r.transaction_id, c.* from %I r cross join lateral (%s) c) b '
            'where b.actor_id = u.actor_id and b.ordinal = u.ordinal and b.transaction_id = u.transaction_id', t, columns, t,
            format(course, case when t = 'actor_statuses' then now_source else then_source end,
                format(cited, 'actor_citations', 'record_id', 'actor_id',
                    'and case when exists (select from actor_citations_versions o where o.record_id = r.actor_id and o.transaction_id <= '
                    'r.transaction_id and (o.until_transaction is null or o.until_transaction > r.transaction_id) and o.part = ''/statuses/'' '
                    '|| r.ordinal) then k.part = ''/statuses/'' || r.ordinal else k.part is null end')));
    end loop;

    foreach t in array tables loop
        for i in select tgname, tgrelid::regclass as of from pg_trigger
            where tgrelid in (t::regclass, (t || '_past')::regclass) and not tgisinternal
        loop
            execute format('alter table %s enable always trigger %I', i.of, i.tgname);
        end loop;
    end loop;
end $fill$;
