namespace TajikTaliban.Api.Storage.Migrations;

/// <summary>
/// A transaction knows whether a correction is in it, and those are found by their positions: however many transactions came since, the
/// newest corrections are as near.
/// </summary>
internal static class CorrectionsSql
{
    public const string Up =
        """
        alter table ledger_transactions add column corrects boolean not null default false;

        alter table ledger_transactions disable trigger ledger_guard;
        update ledger_transactions t set corrects = true where exists (
            select from ledger_changes c where c.transaction_id = t.id and c.cause in ('source-revised', 'our-error', 'source-withdrawn'));
        alter table ledger_transactions enable always trigger ledger_guard;

        create index ix_ledger_transactions_corrections on ledger_transactions (position) where corrects;
        """;
}
