-- The role and the database of the service, where they are missing; SERVICE_PASSWORD in the environment of psql is the password.
\set ON_ERROR_STOP on
\getenv password SERVICE_PASSWORD
select format('create role tajik_taliban login password %L', :'password')
where not exists (select from pg_roles where rolname = 'tajik_taliban') \gexec
select 'create database tajik_taliban owner tajik_taliban'
where not exists (select from pg_database where datname = 'tajik_taliban') \gexec
