-- Searches by words. The search text of a record is made by the program (SearchText.Of): folded words with a space between them, those of
-- its names before the first line break.

-- The words that a search text is found by: each word as it is, joined with the next one (al Islam as alislam), and its English stem.
create or replace function search_words(words text) returns tsvector language sql immutable strict parallel safe cost 1000
return (
    select array_to_tsvector(w || array(select a || b from unnest(w, w[2:]) u (a, b) where b is not null))
        || to_tsvector('pg_catalog.english', words)
    from (select string_to_array(translate(btrim(words, E' \n'), E'\n', ' '), ' ')) s (w)
);

-- The words that any record or version has or had. Similar spellings and beginnings of words are looked for here, so that they cost the same
-- whatever number of records has them. Words with digits have no spelling. Two transactions may add the same word: neither waits for the
-- other.
create table search_vocabulary (word text collate "C" not null);
create index ix_search_vocabulary_word on search_vocabulary (word);
create index ix_search_vocabulary_trigrams on search_vocabulary using gin (word gin_trgm_ops);

create or replace function search_learn() returns trigger language plpgsql as $$
begin
    insert into search_vocabulary
        select w.word from (select distinct u.word from new_rows, unnest(string_to_array(translate(search_text, E'\n', ' '), ' ')) u (word)) w
        where length(w.word) between 3 and 40 and w.word !~ '[0-9]'
            -- an offset, even of nothing, keeps the look-up of each word from becoming a join with all words
            and not exists (select from search_vocabulary v where v.word = w.word offset 0);
    return null;
end $$;

-- The edition of all search texts; migrate makes them again where the program has another one.
create table search_state (edition integer not null);
insert into search_state values (0);

do $$
declare
    t text;
begin
    foreach t in array array['sources', 'actors', 'relations', 'events', 'trade_flows', 'indicators', 'observations'] loop
        execute format('create trigger search_learn_inserted after insert on %I referencing new table as new_rows '
            'for each statement execute function search_learn()', t);
        execute format('create trigger search_learn_updated after update on %I referencing new table as new_rows '
            'for each statement execute function search_learn()', t);
    end loop;
end $$;
