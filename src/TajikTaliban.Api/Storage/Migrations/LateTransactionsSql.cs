namespace TajikTaliban.Api.Storage.Migrations;

/// <summary>
/// A transaction that commits after one with a greater number is late, and says from which position on it is: from there until its own it
/// has to be left out of what the numbers would take in. That it was in flight then was asked of the snapshot before, which does not know of
/// transactions that are newer than the newest that is finished. Whether a correction is in a transaction is found out then too, when nothing can
/// be added any more.
/// </summary>
internal static class LateTransactionsSql
{
    public const string Up =
        """
        create index ix_ledger_transactions_horizon on ledger_transactions (horizon, position) where position is not null;
        alter table ledger_transactions add column late_from bigint, drop column in_flight;

        alter table ledger_transactions disable trigger ledger_guard;
        update ledger_transactions t set late_from = p.position from ledger_transactions o
            cross join lateral (select e.position from ledger_transactions e where e.horizon > o.id and e.position is not null order by e.horizon, e.position limit 1) p
            where o.id = t.id and p.position < t.position;
        alter table ledger_transactions enable always trigger ledger_guard;

        create index ix_ledger_transactions_late on ledger_transactions using gist (int8range(late_from, position)) where late_from is not null;

        create or replace function ledger_stamp() returns trigger language plpgsql as $$
        declare
            last ledger_transactions%rowtype;
        begin
            if current_setting('transaction_isolation') <> 'read committed' then
                raise exception 'Records are changed in transactions of the level read committed; this one is %.', current_setting('transaction_isolation')
                    using errcode = 'integrity_constraint_violation';
            end if;
            perform pg_advisory_xact_lock(72, 1);
            select * into last from ledger_transactions where position is not null order by position desc limit 1;
            update ledger_transactions set
                position = coalesce(last.position, 0) + 1,
                horizon = greatest(id, last.horizon),
                late_from = case when id < last.horizon then (
                    select e.position from ledger_transactions e where e.horizon > new.id and e.position is not null order by e.horizon, e.position limit 1) end,
                corrects = exists (
                    select from ledger_changes c where c.transaction_id = new.id and c.cause in ('source-revised', 'our-error', 'source-withdrawn')),
                committed_at = greatest(clock_timestamp(), last.committed_at + interval '1 microsecond')
                where id = new.id;
            perform set_config('ledger.last', (coalesce(last.position, 0) + 1) || '-' || new.token, false);
            perform pg_notify('ledger', (coalesce(last.position, 0) + 1)::text);
            return null;
        end $$;
        """;
}
