-- Secrets that all instances of the service share: the keys of the digests of cursors, and of the pseudonyms of keys. Random uuids are of
-- the strong random numbers of the server; three of them have 366 random bits.
create table service_secrets (
    name text collate "C" primary key,
    secret bytea not null constraint ck_service_secrets_length check (length(secret) >= 32),
    created_at timestamptz not null default now()
);
insert into service_secrets (name, secret)
    select name, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
    from unnest(array['cursors', 'key-names']) name;
