-- What the clock of the database showed at a commit whose stamp is more than a second ahead of it. Instants in requests (asOf) are compared
-- with both.
alter table ledger_transactions add column clocked_at timestamptz;
create index ix_ledger_transactions_clocked_at on ledger_transactions (clocked_at, position) where clocked_at is not null;
