-- What is searched for an activity is not its titles only: its summaries and whom it is for are too, and what a session
-- is about. The application folds what is new; this folds what is there, as well as SQL can.

ALTER TABLE session ADD COLUMN search text NOT NULL DEFAULT '';

CREATE FUNCTION pg_temp.folded(VARIADIC texts jsonb[]) RETURNS text LANGUAGE sql AS $$
    SELECT regexp_replace(lower(normalize(coalesce(string_agg(told.value, ' '), ''), NFKD)), '[\u0300-\u036f]', '', 'g')
    FROM unnest(texts) told_in, jsonb_each_text(told_in) told
$$;

UPDATE activity SET search = pg_temp.folded(titles, summaries, audiences);
UPDATE session SET search = pg_temp.folded(theme) WHERE theme <> '{}';

DROP FUNCTION pg_temp.folded;
