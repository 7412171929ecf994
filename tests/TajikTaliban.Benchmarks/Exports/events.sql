-- The columns of /v1/events.csv?labels=id, from the tables as stored. Two that the tables do not have (goldstein, datePrecision) stay empty.
select e.id, e.type, e.cameo, e.quad_class, null as goldstein, e.title, e.description, e.date,
    nullif(e.earliest, '-infinity') as earliest, nullif(e.latest, 'infinity') as latest, null as date_precision, e.status,
    p.actors, p.roles, e.place_name, e.latitude, e.longitude, e.place_precision, e.deaths_best, e.deaths_low, e.deaths_high, e.violence_type,
    c.sources, c.locators, c.certainties, c.notes, e.version, e.recorded_at, c.citation, '/v1/events/' || e.id || '?version=' || e.version as permalink
from events e
left join (
    select event_id, string_agg(actor_id, '; ' order by ordinal) as actors, string_agg(role, '; ' order by ordinal) as roles
    from event_participants group by event_id) p on p.event_id = e.id
left join (
    select record_id, string_agg(source_id, '; ' order by ordinal) as sources, string_agg(coalesce(locator, ''), '; ' order by ordinal) as locators,
        string_agg(certainty, '; ' order by ordinal) as certainties, string_agg(coalesce(note, ''), '; ' order by ordinal) as notes,
        string_agg(source_id || coalesce(', ' || locator, '') || ' (' || certainty || ')', '; ' order by ordinal) as citation
    from event_citations group by record_id) c on c.record_id = e.id
order by e.earliest, e.id
