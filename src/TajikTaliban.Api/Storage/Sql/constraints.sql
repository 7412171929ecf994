-- A participant repeats its event's bounds. This key keeps the two equal.
alter table event_participants add constraint fk_event_participants_bounds foreign key (earliest, event_id, latest)
    references events (earliest, id, latest) on update cascade on delete cascade;

-- The actor behind a status may be added later in the same transaction.
alter table actor_statuses alter constraint fk_actor_statuses_actors_by_id deferrable initially deferred;

-- An actor has the same status, as seen by the same actor, at most once at a time; the same holds for memberships and parts.
alter table actor_statuses add constraint ex_actor_statuses_overlap exclude using gist
    (actor_id with =, status with =, (coalesce(by_id, '')) with =, daterange(earliest, latest, '[]') with &&)
    where (status <> 'office-holder');
alter table relations add constraint ex_relations_overlap exclude using gist
    (type with =, subject_id with =, object_id with =, daterange(earliest, latest, '[]') with &&)
    where (type in ('membership', 'part-of'));
