-- Documents are read far more often than written: they stay in the row while they fit, and are never compressed.
alter table sources alter column document set storage external, set (toast_tuple_target = 4080);
alter table actors alter column document set storage external, set (toast_tuple_target = 4080);
alter table relations alter column document set storage external, set (toast_tuple_target = 4080);
alter table events alter column document set storage external, set (toast_tuple_target = 4080);
alter table trade_flows alter column document set storage external, set (toast_tuple_target = 4080);
alter table indicators alter column document set storage external, set (toast_tuple_target = 4080);
alter table observations alter column document set storage external, set (toast_tuple_target = 4080);
