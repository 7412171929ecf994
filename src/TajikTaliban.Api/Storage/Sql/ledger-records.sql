select ledger_attach('sources', '{}');
select ledger_attach('actors', '{actor_names,actor_identifiers,actor_statuses,actor_citations}');
select ledger_attach('relations', '{relation_citations}');
select ledger_attach('events', '{event_participants,event_citations}');
select ledger_attach('trade_flows', '{trade_flow_citations}');
select ledger_attach('indicators', '{indicator_citations}');
select ledger_attach('observations', '{observation_subjects,observation_citations}');
