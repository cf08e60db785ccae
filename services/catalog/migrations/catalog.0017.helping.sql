-- How many volunteers help at a session, and whether they work with children there. What is planned already needs none:
-- so the version before understood it, and its seats stay.
ALTER TABLE activity
    ADD COLUMN helpers_needed int NOT NULL DEFAULT 0,
    ADD COLUMN register_note boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT activity_helpers_needed_fit CHECK (helpers_needed BETWEEN 0 AND 50);

ALTER TABLE session
    ADD COLUMN helpers_needed int NOT NULL DEFAULT 0,
    ADD COLUMN register_note boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT session_helpers_needed_fit CHECK (helpers_needed BETWEEN 0 AND 50);

ALTER TABLE kind
    ADD COLUMN helpers_needed int NOT NULL DEFAULT 0,
    ADD COLUMN register_note boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT kind_helpers_needed_fit CHECK (helpers_needed BETWEEN 0 AND 50);

-- Homework help is work with children: whoever says later how many help there need not think of it.
UPDATE activity SET register_note = true WHERE kind = 'homework_help';
UPDATE session SET register_note = true FROM activity a WHERE a.id = activity_id AND a.kind = 'homework_help';
UPDATE kind SET register_note = true WHERE id = 'homework_help';
