-- The responses to requests with an idempotency key, for their repetition.
create table idempotency_keys (
    key_name text not null,
    idempotency_key text not null,
    digest bytea not null,
    status integer not null,
    headers json not null,
    body bytea not null,
    transaction_id bigint,
    created_at timestamptz not null,
    primary key (key_name, idempotency_key)
);
create index ix_idempotency_keys_created_at on idempotency_keys (created_at);
