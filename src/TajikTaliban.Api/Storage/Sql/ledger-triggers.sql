create constraint trigger ledger_close after insert on ledger_transactions deferrable initially deferred
    for each row execute function ledger_close();
create constraint trigger ledger_stamp after update on ledger_transactions deferrable initially deferred
    for each row when (new.position is null) execute function ledger_stamp();
create trigger ledger_guard before update on ledger_transactions for each row execute function ledger_guard();
create trigger ledger_refuse before delete or truncate on ledger_transactions for each statement execute function ledger_refuse();
create trigger ledger_refuse before update or delete or truncate on ledger_changes for each statement execute function ledger_refuse();
alter table ledger_transactions enable always trigger ledger_close, enable always trigger ledger_stamp, enable always trigger ledger_guard,
    enable always trigger ledger_refuse;
alter table ledger_changes enable always trigger ledger_refuse;
