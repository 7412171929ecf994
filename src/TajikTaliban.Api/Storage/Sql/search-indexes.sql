-- The indexes of search texts, of records and of their old versions. They are made again with all search texts.
do $$
declare
    t text;
    suffix text;
begin
    foreach t in array array['sources', 'actors', 'relations', 'events', 'trade_flows', 'indicators', 'observations'] loop
        foreach suffix in array array['', '_past'] loop
            execute format('create index ix_%s_search_words%s on %I using gin (search_words(search_text))', t, suffix, t || suffix);
            if t not in ('trade_flows', 'observations') then
                execute format('create index ix_%s_search_names%s on %I using gin (search_words(split_part(search_text, E''\n'', 1)))',
                    t, suffix, t || suffix);
            end if;
        end loop;
    end loop;
end $$;
