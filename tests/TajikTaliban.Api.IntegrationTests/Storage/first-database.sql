-- The contents of a database that the first version wrote, over the schema of its migration Initial: records of each resource with parts and
-- citations, several versions, a deletion, a merged actor and a release. The number above each transaction is its position.
-- This file does not change. first-database.ndjson has the changes as the newest version serves them.

-- 1
begin;
select set_config('ledger.writer', 'on', true), set_config('ledger.now', '2026-11-24T10:01:00Z', true), set_config('ledger.key', 'editor', true);
insert into sources (id, kind, title, authors, publisher, published, earliest, latest, url, licence, description, version, recorded_at, document, shape, search_text)
values ('full-source', 'report', 'A report, «Гузориш», گزارش', '{"A. Author","Б. Муаллиф"}', 'A publisher', '2024-09~', '2024-09-01', '2024-09-30', 'https://example.org/report', 'CC-BY-4.0', 'All of it.', '1', '2026-11-24T10:01:00Z', '{"id":"full-source","kind":"report","title":"A report, «Гузориш», گزارش","authors":["A. Author","Б. Муаллиф"],"publisher":"A publisher","published":"2024-09~","url":"https://example.org/report","licence":"CC-BY-4.0","description":"All of it.","version":1,"recordedAt":"2026-11-24T10:01:00Z"}', '1', 'full source a report, "гузориш", گزارش a. author б. муаллиф a publisher all of it.');
commit;

-- 2
begin;
select set_config('ledger.writer', 'on', true), set_config('ledger.now', '2026-11-24T10:02:00Z', true), set_config('ledger.key', 'editor', true);
insert into sources (id, kind, title, authors, earliest, latest, version, recorded_at, document, shape, search_text)
values ('withdrawn-source', 'report', 'A withdrawn report', '{}', '-infinity', 'infinity', '1', '2026-11-24T10:02:00Z', '{"id":"withdrawn-source","kind":"report","title":"A withdrawn report","authors":[],"publisher":null,"published":null,"url":null,"licence":null,"description":null,"version":1,"recordedAt":"2026-11-24T10:02:00Z"}', '1', 'withdrawn source a withdrawn report');
commit;

-- 3
begin;
select set_config('ledger.writer', 'on', true), set_config('ledger.now', '2026-11-24T10:03:00Z', true), set_config('ledger.key', 'editor', true);
insert into actors (id, type, name, sectors, description, referents, version, recorded_at, document, shape, search_text)
values ('full-actor', 'state', 'Full Actor', '{GOV,MIL}', E'A description with "quotes", a \\ and an emoji 🏔.', '{}', '1', '2026-11-24T10:03:00Z', E'{"id":"full-actor","type":"state","followTheMoney":"LegalEntity","name":"Full Actor","names":[{"text":"Актёр","lang":"ru","kind":"alias"},{"text":"FA","lang":null,"kind":"acronym"}],"sectors":["GOV","MIL"],"identifiers":[{"scheme":"iso3","value":"TJK"},{"scheme":"cow","value":"702"}],"statuses":[{"status":"de-facto-government","from":"2021-08-15","to":null,"by":null,"citations":[{"source":"full-source","locator":null,"certainty":"stated","note":null}]}],"description":"A description with \\"quotes\\", a \\\\ and an emoji \\uD83C\\uDFD4.","citations":[{"source":"full-source","locator":"page 1","certainty":"derived","note":"How it was derived."}],"referents":[],"version":1,"recordedAt":"2026-11-24T10:03:00Z"}', '1', E'full actor full actor актер fa a description with "quotes", a \\ and an emoji 🏔.');
insert into actor_names (ordinal, actor_id, text, lang, kind)
values ('0', 'full-actor', 'Актёр', 'ru', 'alias');
insert into actor_names (ordinal, actor_id, text, kind)
values ('1', 'full-actor', 'FA', 'acronym');
insert into actor_identifiers (ordinal, actor_id, scheme, value)
values ('0', 'full-actor', 'iso3', 'TJK');
insert into actor_identifiers (ordinal, actor_id, scheme, value)
values ('1', 'full-actor', 'cow', '702');
insert into actor_statuses (ordinal, actor_id, status, valid_from, earliest, latest)
values ('0', 'full-actor', 'de-facto-government', '2021-08-15', '2021-08-15', 'infinity');
insert into actor_citations (ordinal, record_id, source_id, locator, certainty, note)
values ('0', 'full-actor', 'full-source', 'page 1', 'derived', 'How it was derived.');
insert into actor_citations (ordinal, record_id, part, source_id, certainty)
values ('1', 'full-actor', '/statuses/0', 'full-source', 'stated');
commit;

-- 4
begin;
select set_config('ledger.writer', 'on', true), set_config('ledger.now', '2026-11-24T10:04:00Z', true), set_config('ledger.key', 'editor', true);
insert into actors (id, type, name, sectors, referents, version, recorded_at, document, shape, search_text)
values ('other-actor', 'armed-group', 'Other Actor', '{}', '{}', '1', '2026-11-24T10:04:00Z', '{"id":"other-actor","type":"armed-group","followTheMoney":"Organization","name":"Other Actor","names":[],"sectors":[],"identifiers":[],"statuses":[{"status":"banned-organisation","from":null,"to":"2016~","by":"full-actor","citations":[]}],"description":null,"citations":[{"source":"full-source","locator":null,"certainty":"stated","note":null}],"referents":[],"version":1,"recordedAt":"2026-11-24T10:04:00Z"}', '1', 'other actor other actor');
insert into actor_statuses (ordinal, actor_id, status, valid_to, earliest, latest, by_id)
values ('0', 'other-actor', 'banned-organisation', '2016~', '-infinity', '2016-12-31', 'full-actor');
insert into actor_citations (ordinal, record_id, source_id, certainty)
values ('0', 'other-actor', 'full-source', 'stated');
commit;

-- 5
begin;
select set_config('ledger.writer', 'on', true), set_config('ledger.now', '2026-11-24T10:05:00Z', true), set_config('ledger.key', 'editor', true);
insert into actors (id, type, name, sectors, referents, version, recorded_at, document, shape, search_text)
values ('double-actor', 'armed-group', 'Double Actor', '{}', '{}', '1', '2026-11-24T10:05:00Z', '{"id":"double-actor","type":"armed-group","followTheMoney":"Organization","name":"Double Actor","names":[],"sectors":[],"identifiers":[{"scheme":"wikidata","value":"Q1001"}],"statuses":[],"description":null,"citations":[{"source":"full-source","locator":null,"certainty":"claimed","note":null}],"referents":[],"version":1,"recordedAt":"2026-11-24T10:05:00Z"}', '1', 'double actor double actor');
insert into actor_identifiers (ordinal, actor_id, scheme, value)
values ('0', 'double-actor', 'wikidata', 'Q1001');
insert into actor_citations (ordinal, record_id, source_id, certainty)
values ('0', 'double-actor', 'full-source', 'claimed');
commit;

-- 6
begin;
select set_config('ledger.writer', 'on', true), set_config('ledger.now', '2026-11-24T10:06:00Z', true), set_config('ledger.key', 'editor', true);
insert into relations (id, type, subject_id, object_id, valid_from, earliest, latest, summary, version, recorded_at, document, shape, search_text)
values ('full-relation', 'agreement', 'full-actor', 'other-actor', '1992-05', '1992-05-01', 'infinity', 'A summary.', '1', '2026-11-24T10:06:00Z', '{"id":"full-relation","type":"agreement","typeLabel":"Agreement","directed":false,"subject":"full-actor","object":"other-actor","stance":null,"from":"1992-05","to":null,"earliest":"1992-05-01","latest":null,"summary":"A summary.","citations":[{"source":"full-source","locator":"page 2","certainty":"reported","note":null}],"version":1,"recordedAt":"2026-11-24T10:06:00Z"}', '1', 'full relation a summary. agreement full actor other actor');
insert into relation_citations (ordinal, record_id, source_id, locator, certainty)
values ('0', 'full-relation', 'full-source', 'page 2', 'reported');
commit;

-- 7
begin;
select set_config('ledger.writer', 'on', true), set_config('ledger.now', '2026-11-24T10:07:00Z', true), set_config('ledger.key', 'editor', true);
insert into relations (id, type, subject_id, object_id, stance, valid_from, valid_to, earliest, latest, summary, version, recorded_at, document, shape, search_text)
values ('moved-relation', 'perception', 'full-actor', 'double-actor', 'wary', '2020-08~', '2024', '2020-08-01', '2024-12-31', 'How it stands.', '1', '2026-11-24T10:07:00Z', '{"id":"moved-relation","type":"perception","typeLabel":"Perception","directed":true,"subject":"full-actor","object":"double-actor","stance":"wary","from":"2020-08~","to":"2024","earliest":"2020-08-01","latest":"2024-12-31","summary":"How it stands.","citations":[{"source":"full-source","locator":null,"certainty":"stated","note":null}],"version":1,"recordedAt":"2026-11-24T10:07:00Z"}', '1', 'moved relation how it stands. perception full actor double actor');
insert into relation_citations (ordinal, record_id, source_id, certainty)
values ('0', 'moved-relation', 'full-source', 'stated');
commit;

-- 8
begin;
select set_config('ledger.writer', 'on', true), set_config('ledger.now', '2026-11-24T10:08:00Z', true), set_config('ledger.key', 'editor', true);
insert into events (id, type, cameo, quad_class, title, description, date, earliest, latest, status, place_name, latitude, longitude, place_precision, deaths_best, deaths_low, deaths_high, violence_type, version, recorded_at, document, shape, search_text)
values ('full-event', 'ASSAULT', '190', '4', 'A clash', 'What happened.', '2024-08-16/..', '2024-08-16', 'infinity', 'reported', 'Panj', '37.2345', '69.1000', '1', '2', '1', '5', '1', '1', '2026-11-24T10:08:00Z', '{"id":"full-event","type":"ASSAULT","typeLabel":"Assault","cameo":"190","cameoLabel":"Use conventional military force","quadClass":4,"goldstein":-10.0,"title":"A clash","description":"What happened.","date":"2024-08-16/..","earliest":"2024-08-16","latest":null,"datePrecision":5,"status":"reported","participants":[{"actor":"full-actor","role":"source"},{"actor":"other-actor","role":"target"}],"place":{"name":"Panj","latitude":37.2345,"longitude":69.1000,"precision":1},"deaths":{"best":2,"low":1,"high":5},"violenceType":1,"citations":[{"source":"full-source","locator":null,"certainty":"claimed","note":null},{"source":"full-source","locator":null,"certainty":"disputed","note":null}],"version":1,"recordedAt":"2026-11-24T10:08:00Z"}', '1', 'full event a clash what happened. panj full actor other actor');
insert into event_participants (ordinal, event_id, actor_id, role, earliest, latest)
values ('0', 'full-event', 'full-actor', 'source', '2024-08-16', 'infinity');
insert into event_participants (ordinal, event_id, actor_id, role, earliest, latest)
values ('1', 'full-event', 'other-actor', 'target', '2024-08-16', 'infinity');
insert into event_citations (ordinal, record_id, source_id, certainty)
values ('0', 'full-event', 'full-source', 'claimed');
insert into event_citations (ordinal, record_id, source_id, certainty)
values ('1', 'full-event', 'full-source', 'disputed');
commit;

-- 9
begin;
select set_config('ledger.writer', 'on', true), set_config('ledger.now', '2026-11-24T10:09:00Z', true), set_config('ledger.key', 'editor', true);
insert into trade_flows (id, reporter_id, partner_id, flow, period, frequency, earliest, latest, type, classification, commodity_code, value, currency, valuation, approximate, obs_status, claim_source_id, version, recorded_at, document, shape, search_text)
values ('full-figure', 'full-actor', 'other-actor', 'X', '2024-Q1', 'Q', '2024-01-01', '2024-03-31', 'C', 'HS', '271600', '12345678901234567890.1234567', 'USD', 'FOB', 'true', 'E', 'full-source', '1', '2026-11-24T10:09:00Z', '{"id":"full-figure","reporter":"full-actor","partner":"other-actor","flow":"X","flowLabel":"Export","period":"2024-Q1","frequency":"Q","earliest":"2024-01-01","latest":"2024-03-31","type":"C","commodity":{"classification":"HS","code":"271600"},"value":12345678901234567890.1234567,"currency":"USD","valuation":"FOB","approximate":true,"obsStatus":"E","obsStatusLabel":"Estimated value","citations":[{"source":"full-source","locator":null,"certainty":"stated","note":null}],"version":1,"recordedAt":"2026-11-24T10:09:00Z"}', '1', 'full figure full actor other actor export 2024-q1 271600');
insert into trade_flow_citations (ordinal, record_id, source_id, certainty)
values ('0', 'full-figure', 'full-source', 'stated');
commit;

-- 10
begin;
select set_config('ledger.writer', 'on', true), set_config('ledger.now', '2026-11-24T10:10:00Z', true), set_config('ledger.key', 'editor', true);
insert into trade_flows (id, reporter_id, partner_id, flow, period, frequency, earliest, latest, type, classification, commodity_code, currency, approximate, obs_status, claim_source_id, version, recorded_at, document, shape, search_text)
values ('missing-figure', 'full-actor', 'other-actor', 'M', '2024', 'A', '2024-01-01', '2024-12-31', 'C', 'HS', 'TOTAL', 'USD', 'false', 'M', 'full-source', '1', '2026-11-24T10:10:00Z', '{"id":"missing-figure","reporter":"full-actor","partner":"other-actor","flow":"M","flowLabel":"Import","period":"2024","frequency":"A","earliest":"2024-01-01","latest":"2024-12-31","type":"C","commodity":{"classification":"HS","code":"TOTAL"},"value":null,"currency":"USD","valuation":null,"approximate":false,"obsStatus":"M","obsStatusLabel":"Missing value","citations":[{"source":"full-source","locator":null,"certainty":"stated","note":null}],"version":1,"recordedAt":"2026-11-24T10:10:00Z"}', '1', 'missing figure full actor other actor import 2024 total');
insert into trade_flow_citations (ordinal, record_id, source_id, certainty)
values ('0', 'missing-figure', 'full-source', 'stated');
commit;

-- 11
begin;
select set_config('ledger.writer', 'on', true), set_config('ledger.now', '2026-11-24T10:11:00Z', true), set_config('ledger.key', 'editor', true);
insert into indicators (id, name, unit, description, version, recorded_at, document, shape, search_text)
values ('full-indicator', 'Length', 'km', 'How long.', '1', '2026-11-24T10:11:00Z', '{"id":"full-indicator","name":"Length","unit":"km","description":"How long.","citations":[{"source":"full-source","locator":null,"certainty":"stated","note":null}],"version":1,"recordedAt":"2026-11-24T10:11:00Z"}', '1', 'full indicator length km how long.');
insert into indicator_citations (ordinal, record_id, source_id, certainty)
values ('0', 'full-indicator', 'full-source', 'stated');
commit;

-- 12
begin;
select set_config('ledger.writer', 'on', true), set_config('ledger.now', '2026-11-24T10:12:00Z', true), set_config('ledger.key', 'editor', true);
insert into observations (id, indicator_id, date, earliest, latest, value, approximate, obs_status, note, version, recorded_at, document, shape, search_text)
values ('full-observation', 'full-indicator', '2024', '2024-01-01', '2024-12-31', '1344.50', 'true', 'A', 'A note.', '1', '2026-11-24T10:12:00Z', '{"id":"full-observation","indicator":"full-indicator","subjects":["full-actor","other-actor"],"date":"2024","earliest":"2024-01-01","latest":"2024-12-31","value":1344.50,"approximate":true,"obsStatus":"A","obsStatusLabel":"Normal value","note":"A note.","citations":[{"source":"full-source","locator":null,"certainty":"stated","note":null}],"version":1,"recordedAt":"2026-11-24T10:12:00Z"}', '1', 'full observation full indicator a note. full actor other actor');
insert into observation_subjects (ordinal, observation_id, actor_id)
values ('0', 'full-observation', 'full-actor');
insert into observation_subjects (ordinal, observation_id, actor_id)
values ('1', 'full-observation', 'other-actor');
insert into observation_citations (ordinal, record_id, source_id, certainty)
values ('0', 'full-observation', 'full-source', 'stated');
commit;

-- 13
begin;
select set_config('ledger.writer', 'on', true), set_config('ledger.now', '2026-11-24T10:13:00Z', true), set_config('ledger.key', 'editor', true);
select set_config('ledger.cause', 'source-revised', true), set_config('ledger.note', 'A second edition.', true), set_config('ledger.merged_into', '', true);
delete from event_participants where event_id = 'full-event';
delete from event_citations where record_id = 'full-event';
update events set type = 'ASSAULT', cameo = '190', quad_class = '4', title = 'A clash at the border', description = 'What happened.', date = '2024-08-16/..', earliest = '2024-08-16', latest = 'infinity', status = 'reported', place_name = 'Panj', latitude = '37.2345', longitude = '69.1000', place_precision = '1', deaths_best = '2', deaths_low = '1', deaths_high = '5', violence_type = '1', version = '2', recorded_at = '2026-11-24T10:13:00Z', document = '{"id":"full-event","type":"ASSAULT","typeLabel":"Assault","cameo":"190","cameoLabel":"Use conventional military force","quadClass":4,"goldstein":-10.0,"title":"A clash at the border","description":"What happened.","date":"2024-08-16/..","earliest":"2024-08-16","latest":null,"datePrecision":5,"status":"reported","participants":[{"actor":"full-actor","role":"source"},{"actor":"other-actor","role":"target"}],"place":{"name":"Panj","latitude":37.2345,"longitude":69.1000,"precision":1},"deaths":{"best":2,"low":1,"high":5},"violenceType":1,"citations":[{"source":"full-source","locator":null,"certainty":"claimed","note":null},{"source":"full-source","locator":null,"certainty":"disputed","note":null}],"version":2,"recordedAt":"2026-11-24T10:13:00Z"}', shape = '1', search_text = 'full event a clash at the border what happened. panj full actor other actor'
where id = 'full-event';
insert into event_participants (ordinal, event_id, actor_id, role, earliest, latest)
values ('0', 'full-event', 'full-actor', 'source', '2024-08-16', 'infinity');
insert into event_participants (ordinal, event_id, actor_id, role, earliest, latest)
values ('1', 'full-event', 'other-actor', 'target', '2024-08-16', 'infinity');
insert into event_citations (ordinal, record_id, source_id, certainty)
values ('0', 'full-event', 'full-source', 'claimed');
insert into event_citations (ordinal, record_id, source_id, certainty)
values ('1', 'full-event', 'full-source', 'disputed');
commit;

-- The release names position 13.
insert into releases (id, position, title, notes, key_name, created_at)
values ('first', 13, 'The first release', 'Before the corrections.', 'editor', '2026-11-24T10:13:30Z');

-- 14
begin;
select set_config('ledger.writer', 'on', true), set_config('ledger.now', '2026-11-24T10:14:00Z', true), set_config('ledger.key', 'editor', true);
select set_config('ledger.cause', 'our-error', true), set_config('ledger.note', 'The day wasn''t the 16th.', true), set_config('ledger.merged_into', '', true);
delete from event_participants where event_id = 'full-event';
delete from event_citations where record_id = 'full-event';
update events set type = 'ASSAULT', cameo = '190', quad_class = '4', title = 'A clash at the border', description = 'What happened.', date = '2024-08-15', earliest = '2024-08-15', latest = '2024-08-15', status = 'reported', place_name = 'Panj', latitude = '37.2345', longitude = '69.1000', place_precision = '1', deaths_best = null, deaths_low = null, deaths_high = null, violence_type = '1', version = '3', recorded_at = '2026-11-24T10:14:00Z', document = '{"id":"full-event","type":"ASSAULT","typeLabel":"Assault","cameo":"190","cameoLabel":"Use conventional military force","quadClass":4,"goldstein":-10.0,"title":"A clash at the border","description":"What happened.","date":"2024-08-15","earliest":"2024-08-15","latest":"2024-08-15","datePrecision":1,"status":"reported","participants":[{"actor":"double-actor","role":"source"},{"actor":"full-actor","role":"target"}],"place":{"name":"Panj","latitude":37.2345,"longitude":69.1000,"precision":1},"deaths":null,"violenceType":1,"citations":[{"source":"full-source","locator":null,"certainty":"claimed","note":null},{"source":"full-source","locator":null,"certainty":"disputed","note":null}],"version":3,"recordedAt":"2026-11-24T10:14:00Z"}', shape = '1', search_text = 'full event a clash at the border what happened. panj double actor full actor'
where id = 'full-event';
insert into event_participants (ordinal, event_id, actor_id, role, earliest, latest)
values ('0', 'full-event', 'double-actor', 'source', '2024-08-15', '2024-08-15');
insert into event_participants (ordinal, event_id, actor_id, role, earliest, latest)
values ('1', 'full-event', 'full-actor', 'target', '2024-08-15', '2024-08-15');
insert into event_citations (ordinal, record_id, source_id, certainty)
values ('0', 'full-event', 'full-source', 'claimed');
insert into event_citations (ordinal, record_id, source_id, certainty)
values ('1', 'full-event', 'full-source', 'disputed');
commit;

-- 15
begin;
select set_config('ledger.writer', 'on', true), set_config('ledger.now', '2026-11-24T10:15:00Z', true), set_config('ledger.key', 'editor', true);
update sources set kind = 'report', title = 'A report, «Гузориш», گزارش', authors = '{"A. Author"}', publisher = 'A publisher', published = '2024-09~', earliest = '2024-09-01', latest = '2024-09-30', url = 'https://example.org/report', licence = 'CC-BY-4.0', description = 'All of it, and an annex.', version = '2', recorded_at = '2026-11-24T10:15:00Z', document = '{"id":"full-source","kind":"report","title":"A report, «Гузориш», گزارش","authors":["A. Author"],"publisher":"A publisher","published":"2024-09~","url":"https://example.org/report","licence":"CC-BY-4.0","description":"All of it, and an annex.","version":2,"recordedAt":"2026-11-24T10:15:00Z"}', shape = '1', search_text = 'full source a report, "гузориш", گزارش a. author a publisher all of it, and an annex.'
where id = 'full-source';
commit;

-- 16
begin;
select set_config('ledger.writer', 'on', true), set_config('ledger.now', '2026-11-24T10:16:00Z', true), set_config('ledger.key', 'editor', true);
delete from actor_names where actor_id = 'full-actor';
delete from actor_identifiers where actor_id = 'full-actor';
delete from actor_statuses where actor_id = 'full-actor';
delete from actor_citations where record_id = 'full-actor';
update actors set type = 'state', name = 'Full Actor', sectors = '{GOV,MIL}', description = E'A description with "quotes", a \\ and an emoji 🏔.', referents = '{}', version = '2', recorded_at = '2026-11-24T10:16:00Z', document = E'{"id":"full-actor","type":"state","followTheMoney":"LegalEntity","name":"Full Actor","names":[{"text":"Тоҷикистон","lang":"tg","kind":"native"}],"sectors":["GOV","MIL"],"identifiers":[{"scheme":"cow","value":"702"}],"statuses":[{"status":"de-facto-government","from":"2021-08-15","to":null,"by":null,"citations":[{"source":"full-source","locator":null,"certainty":"stated","note":null}]}],"description":"A description with \\"quotes\\", a \\\\ and an emoji \\uD83C\\uDFD4.","citations":[{"source":"full-source","locator":"page 1","certainty":"derived","note":"How it was derived."}],"referents":[],"version":2,"recordedAt":"2026-11-24T10:16:00Z"}', shape = '1', search_text = E'full actor full actor точикистон a description with "quotes", a \\ and an emoji 🏔.'
where id = 'full-actor';
insert into actor_names (ordinal, actor_id, text, lang, kind)
values ('0', 'full-actor', 'Тоҷикистон', 'tg', 'native');
insert into actor_identifiers (ordinal, actor_id, scheme, value)
values ('0', 'full-actor', 'cow', '702');
insert into actor_statuses (ordinal, actor_id, status, valid_from, earliest, latest)
values ('0', 'full-actor', 'de-facto-government', '2021-08-15', '2021-08-15', 'infinity');
insert into actor_citations (ordinal, record_id, source_id, locator, certainty, note)
values ('0', 'full-actor', 'full-source', 'page 1', 'derived', 'How it was derived.');
insert into actor_citations (ordinal, record_id, part, source_id, certainty)
values ('1', 'full-actor', '/statuses/0', 'full-source', 'stated');
commit;

-- 17
begin;
select set_config('ledger.writer', 'on', true), set_config('ledger.now', '2026-11-24T10:17:00Z', true), set_config('ledger.key', 'editor', true);
select set_config('ledger.cause', 'new-fact', true), set_config('ledger.note', '', true), set_config('ledger.merged_into', '', true);
delete from relation_citations where record_id = 'full-relation';
update relations set type = 'agreement', subject_id = 'full-actor', object_id = 'other-actor', stance = null, valid_from = '1992-05', valid_to = '2021-08-15', earliest = '1992-05-01', latest = '2021-08-15', summary = 'A summary.', version = '2', recorded_at = '2026-11-24T10:17:00Z', document = '{"id":"full-relation","type":"agreement","typeLabel":"Agreement","directed":false,"subject":"full-actor","object":"other-actor","stance":null,"from":"1992-05","to":"2021-08-15","earliest":"1992-05-01","latest":"2021-08-15","summary":"A summary.","citations":[{"source":"full-source","locator":"page 2","certainty":"reported","note":null}],"version":2,"recordedAt":"2026-11-24T10:17:00Z"}', shape = '1', search_text = 'full relation a summary. agreement full actor other actor'
where id = 'full-relation';
insert into relation_citations (ordinal, record_id, source_id, locator, certainty)
values ('0', 'full-relation', 'full-source', 'page 2', 'reported');
commit;

-- 18
begin;
select set_config('ledger.writer', 'on', true), set_config('ledger.now', '2026-11-24T10:18:00Z', true), set_config('ledger.key', 'editor', true);
select set_config('ledger.cause', 'source-revised', true), set_config('ledger.note', '', true), set_config('ledger.merged_into', '', true);
delete from trade_flow_citations where record_id = 'full-figure';
update trade_flows set reporter_id = 'full-actor', partner_id = 'other-actor', flow = 'X', period = '2024-Q1', frequency = 'Q', earliest = '2024-01-01', latest = '2024-03-31', type = 'C', classification = 'HS', commodity_code = '271600', value = '1.5', currency = 'USD', valuation = 'FOB', approximate = 'true', obs_status = 'E', claim_source_id = 'full-source', version = '2', recorded_at = '2026-11-24T10:18:00Z', document = '{"id":"full-figure","reporter":"full-actor","partner":"other-actor","flow":"X","flowLabel":"Export","period":"2024-Q1","frequency":"Q","earliest":"2024-01-01","latest":"2024-03-31","type":"C","commodity":{"classification":"HS","code":"271600"},"value":1.5,"currency":"USD","valuation":"FOB","approximate":true,"obsStatus":"E","obsStatusLabel":"Estimated value","citations":[{"source":"full-source","locator":null,"certainty":"stated","note":null}],"version":2,"recordedAt":"2026-11-24T10:18:00Z"}', shape = '1', search_text = 'full figure full actor other actor export 2024-q1 271600'
where id = 'full-figure';
insert into trade_flow_citations (ordinal, record_id, source_id, certainty)
values ('0', 'full-figure', 'full-source', 'stated');
commit;

-- 19
begin;
select set_config('ledger.writer', 'on', true), set_config('ledger.now', '2026-11-24T10:19:00Z', true), set_config('ledger.key', 'editor', true);
delete from indicator_citations where record_id = 'full-indicator';
update indicators set name = 'Length', unit = 'm', description = 'How long.', version = '2', recorded_at = '2026-11-24T10:19:00Z', document = '{"id":"full-indicator","name":"Length","unit":"m","description":"How long.","citations":[{"source":"full-source","locator":null,"certainty":"stated","note":null}],"version":2,"recordedAt":"2026-11-24T10:19:00Z"}', shape = '1', search_text = 'full indicator length m how long.'
where id = 'full-indicator';
insert into indicator_citations (ordinal, record_id, source_id, certainty)
values ('0', 'full-indicator', 'full-source', 'stated');
commit;

-- 20
begin;
select set_config('ledger.writer', 'on', true), set_config('ledger.now', '2026-11-24T10:20:00Z', true), set_config('ledger.key', 'editor', true);
delete from observation_subjects where observation_id = 'full-observation';
delete from observation_citations where record_id = 'full-observation';
update observations set indicator_id = 'full-indicator', date = '2024', earliest = '2024-01-01', latest = '2024-12-31', value = '1344500', approximate = 'true', obs_status = 'A', note = 'A note.', version = '2', recorded_at = '2026-11-24T10:20:00Z', document = '{"id":"full-observation","indicator":"full-indicator","subjects":["other-actor"],"date":"2024","earliest":"2024-01-01","latest":"2024-12-31","value":1344500,"approximate":true,"obsStatus":"A","obsStatusLabel":"Normal value","note":"A note.","citations":[{"source":"full-source","locator":null,"certainty":"stated","note":null}],"version":2,"recordedAt":"2026-11-24T10:20:00Z"}', shape = '1', search_text = 'full observation full indicator a note. other actor'
where id = 'full-observation';
insert into observation_subjects (ordinal, observation_id, actor_id)
values ('0', 'full-observation', 'other-actor');
insert into observation_citations (ordinal, record_id, source_id, certainty)
values ('0', 'full-observation', 'full-source', 'stated');
commit;

-- 21
begin;
select set_config('ledger.writer', 'on', true), set_config('ledger.now', '2026-11-24T10:21:00Z', true), set_config('ledger.key', 'editor', true);
select set_config('ledger.cause', 'source-withdrawn', true), set_config('ledger.note', 'Withdrawn by its publisher.', true), set_config('ledger.merged_into', '', true);
delete from sources where id = 'withdrawn-source';
commit;

-- 22
begin;
select set_config('ledger.writer', 'on', true), set_config('ledger.now', '2026-11-24T10:22:00Z', true), set_config('ledger.key', 'editor', true);
select set_config('ledger.cause', 'merge', true), set_config('ledger.note', '', true), set_config('ledger.merged_into', '', true);
delete from event_participants where event_id = 'full-event';
delete from event_citations where record_id = 'full-event';
update events set type = 'ASSAULT', cameo = '190', quad_class = '4', title = 'A clash at the border', description = 'What happened.', date = '2024-08-15', earliest = '2024-08-15', latest = '2024-08-15', status = 'reported', place_name = 'Panj', latitude = '37.2345', longitude = '69.1000', place_precision = '1', deaths_best = null, deaths_low = null, deaths_high = null, violence_type = '1', version = '4', recorded_at = '2026-11-24T10:22:00Z', document = '{"id":"full-event","type":"ASSAULT","typeLabel":"Assault","cameo":"190","cameoLabel":"Use conventional military force","quadClass":4,"goldstein":-10.0,"title":"A clash at the border","description":"What happened.","date":"2024-08-15","earliest":"2024-08-15","latest":"2024-08-15","datePrecision":1,"status":"reported","participants":[{"actor":"other-actor","role":"source"},{"actor":"full-actor","role":"target"}],"place":{"name":"Panj","latitude":37.2345,"longitude":69.1000,"precision":1},"deaths":null,"violenceType":1,"citations":[{"source":"full-source","locator":null,"certainty":"claimed","note":null},{"source":"full-source","locator":null,"certainty":"disputed","note":null}],"version":4,"recordedAt":"2026-11-24T10:22:00Z"}', shape = '1', search_text = 'full event a clash at the border what happened. panj other actor full actor'
where id = 'full-event';
insert into event_participants (ordinal, event_id, actor_id, role, earliest, latest)
values ('0', 'full-event', 'other-actor', 'source', '2024-08-15', '2024-08-15');
insert into event_participants (ordinal, event_id, actor_id, role, earliest, latest)
values ('1', 'full-event', 'full-actor', 'target', '2024-08-15', '2024-08-15');
insert into event_citations (ordinal, record_id, source_id, certainty)
values ('0', 'full-event', 'full-source', 'claimed');
insert into event_citations (ordinal, record_id, source_id, certainty)
values ('1', 'full-event', 'full-source', 'disputed');
select set_config('ledger.cause', 'merge', true), set_config('ledger.note', '', true), set_config('ledger.merged_into', '', true);
delete from relation_citations where record_id = 'moved-relation';
update relations set type = 'perception', subject_id = 'full-actor', object_id = 'other-actor', stance = 'wary', valid_from = '2020-08~', valid_to = '2024', earliest = '2020-08-01', latest = '2024-12-31', summary = 'How it stands.', version = '2', recorded_at = '2026-11-24T10:22:00Z', document = '{"id":"moved-relation","type":"perception","typeLabel":"Perception","directed":true,"subject":"full-actor","object":"other-actor","stance":"wary","from":"2020-08~","to":"2024","earliest":"2020-08-01","latest":"2024-12-31","summary":"How it stands.","citations":[{"source":"full-source","locator":null,"certainty":"stated","note":null}],"version":2,"recordedAt":"2026-11-24T10:22:00Z"}', shape = '1', search_text = 'moved relation how it stands. perception full actor other actor'
where id = 'moved-relation';
insert into relation_citations (ordinal, record_id, source_id, certainty)
values ('0', 'moved-relation', 'full-source', 'stated');
select set_config('ledger.cause', 'merge', true), set_config('ledger.note', '', true), set_config('ledger.merged_into', '', true);
delete from actor_names where actor_id = 'other-actor';
delete from actor_identifiers where actor_id = 'other-actor';
delete from actor_statuses where actor_id = 'other-actor';
delete from actor_citations where record_id = 'other-actor';
update actors set type = 'armed-group', name = 'Other Actor', sectors = '{}', description = null, referents = '{double-actor}', version = '2', recorded_at = '2026-11-24T10:22:00Z', document = '{"id":"other-actor","type":"armed-group","followTheMoney":"Organization","name":"Other Actor","names":[],"sectors":[],"identifiers":[],"statuses":[{"status":"banned-organisation","from":null,"to":"2016~","by":"full-actor","citations":[]}],"description":null,"citations":[{"source":"full-source","locator":null,"certainty":"stated","note":null}],"referents":["double-actor"],"version":2,"recordedAt":"2026-11-24T10:22:00Z"}', shape = '1', search_text = 'other actor other actor'
where id = 'other-actor';
insert into actor_statuses (ordinal, actor_id, status, valid_to, earliest, latest, by_id)
values ('0', 'other-actor', 'banned-organisation', '2016~', '-infinity', '2016-12-31', 'full-actor');
insert into actor_citations (ordinal, record_id, source_id, certainty)
values ('0', 'other-actor', 'full-source', 'stated');
select set_config('ledger.cause', 'merge', true), set_config('ledger.note', '', true), set_config('ledger.merged_into', 'other-actor', true);
delete from actors where id = 'double-actor';
commit;
