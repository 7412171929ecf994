-- Webhook endpoints with their positions, delivery attempts and undeliverable changes. Decision 0018.
create table webhooks (
    id text collate "C" primary key,
    url text not null,
    resources text[],
    description text,
    state text not null constraint ck_webhooks_state check (state in ('active', 'paused', 'gone', 'dead-letter')),
    secret bytea not null,
    previous_secret bytea,
    previous_until timestamptz,
    -- all changes up to this position are delivered
    position_number bigint not null,
    position_change bigint,
    position_token text not null,
    -- failed attempts for the change after this position
    failures integer not null default 0,
    next_attempt_at timestamptz,
    attempts_made bigint not null default 0,
    -- counts the changes made through the API: a delivery that began before one does not move the position
    revision bigint not null default 0,
    -- the instance that delivers at present; the lease ends by the database's clock, which all instances share
    lease_owner uuid,
    lease_until timestamptz,
    leased_at timestamptz,
    created_at timestamptz not null,
    created_by text
) with (fillfactor = 50);

create table webhook_attempts (
    webhook_id text collate "C" not null references webhooks (id) on delete cascade,
    number bigint not null,
    message_id text not null,
    type text not null,
    position text,
    started_at timestamptz not null,
    milliseconds integer not null,
    status integer,
    error text,
    response_body text,
    primary key (webhook_id, number)
);

create table webhook_dead_letters (
    webhook_id text collate "C" not null references webhooks (id) on delete cascade,
    seq bigint not null,
    message_id text not null,
    type text not null,
    record_id text collate "C" not null,
    version integer not null,
    position_number bigint not null,
    position_token text not null,
    attempts integer not null,
    failed_at timestamptz not null,
    status integer,
    error text,
    primary key (webhook_id, seq)
);
