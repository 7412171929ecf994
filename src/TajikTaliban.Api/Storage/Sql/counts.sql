-- How many records of a resource have each value of what lists can be counted by. They are of the state at the position in count_states:
-- the records that were changed after it, which the ledger knows, are counted anew by whoever reads. Writers do nothing for them.
create table count_states (
    resource text collate "C" primary key,
    position bigint not null,
    token text not null,
    horizon bigint not null,
    -- what is counted; a program that counts something else counts all records anew
    counted text not null
);
create table record_counts (
    resource text collate "C" not null,
    -- the records of one actor or of one parent; empty for all
    scope text collate "C" not null,
    -- empty for the records themselves
    facet text collate "C" not null,
    value text collate "C" not null,
    records bigint not null,
    primary key (resource, scope, facet, value)
);
create index ix_record_counts_none on record_counts (resource) where records = 0;
