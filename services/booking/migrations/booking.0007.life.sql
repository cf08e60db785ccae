-- The life of a session: what bookings are asked for, from when until when newcomers may book, who came, how it went,
-- and the figures of it. A version before this one lets newcomers book at any time, asks for nothing, and closes nothing.
ALTER TABLE session
    ADD COLUMN series_id uuid,
    ADD COLUMN sitting_id uuid,
    -- Questions without their texts: [{id, type, required, options, most, counted}].
    ADD COLUMN ask jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN certificate bool NOT NULL DEFAULT false,
    ADD COLUMN opens_at timestamptz,
    ADD COLUMN closes_at timestamptz,
    -- Whether newcomers were let in when somebody last looked: what everybody was told follows it.
    ADD COLUMN open bool NOT NULL DEFAULT true,
    ADD CONSTRAINT session_closes_after_opening CHECK (closes_at > opens_at);

CREATE INDEX session_series_id ON session (series_id) WHERE series_id IS NOT NULL;
CREATE INDEX session_activity_id ON session (activity_id, starts_at);

ALTER TABLE booking
    ADD COLUMN answers jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN channel text NOT NULL DEFAULT 'web'
        CONSTRAINT booking_channel CHECK (channel IN ('web', 'desk', 'series')),
    DROP CONSTRAINT booking_attended_with_a_seat,
    ADD CONSTRAINT booking_attended_with_a_seat CHECK (
        CASE state
            WHEN 'confirmed' THEN attendance IS NULL OR attendance IN ('came', 'excused', 'no_show')
            WHEN 'cancelled' THEN attendance IS NULL OR attendance IN ('late_cancel', 'excused', 'revoked')
            ELSE attendance IS NULL
        END
    );

UPDATE booking SET attendance = 'late_cancel' WHERE state = 'cancelled' AND late;

-- What counts as taken: seats that somebody has and is not away from, that are on offer, or that are held.
CREATE OR REPLACE FUNCTION session_taken_is_sum(session_id uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    counted int;
    summed int;
BEGIN
    SELECT taken INTO counted FROM session WHERE id = session_id;
    SELECT coalesce(sum(seats), 0) INTO summed FROM (
        SELECT seats FROM booking b
        WHERE b.session_id = session_taken_is_sum.session_id AND (
            state = 'offered' OR (state = 'confirmed' AND coalesce(attendance, '') NOT IN ('excused', 'no_show'))
        )
        UNION ALL
        SELECT seats FROM hold h WHERE h.session_id = session_taken_is_sum.session_id
    ) had;
    IF counted <> summed THEN
        RAISE EXCEPTION 'session % counts % seats taken but % are had', session_id, counted, summed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'session_taken_is_sum';
    END IF;
END $$;

-- Erasing a person takes what they answered as well: what is counted of it stands in the figures.
CREATE OR REPLACE FUNCTION contact_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE booking SET person = NULL, answers = '{}' WHERE contact_ref = OLD.ref;
    DELETE FROM idempotency WHERE body ->> 'code' = left(OLD.code, 3) || '-' || substr(OLD.code, 4);
    RETURN NULL;
END $$;

-- How a session went, as staff said when they closed it. Nobody's name, and it outlives everybody's.
CREATE TABLE closing (
    session_id uuid PRIMARY KEY CONSTRAINT closing_session REFERENCES session,
    revision bigint NOT NULL CONSTRAINT closing_revision CHECK (revision > 0),
    held bool NOT NULL,
    adults int NOT NULL CONSTRAINT closing_adults CHECK (adults >= 0),
    children int NOT NULL CONSTRAINT closing_children CHECK (children >= 0),
    staff_involved bool NOT NULL,
    organiser text NOT NULL CONSTRAINT closing_organiser CHECK (
        organiser IN ('library', 'library_with_partner', 'other_municipal', 'external')
    ),
    place text NOT NULL CONSTRAINT closing_place CHECK (place IN ('branch', 'outreach', 'online')),
    closed_group bool NOT NULL,
    closed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT closing_held CHECK (held OR adults + children = 0)
);

-- What is counted of a session and its bookings, folded when it is closed, or before its people are erased.
CREATE TABLE figure (
    session_id uuid NOT NULL CONSTRAINT figure_session REFERENCES session,
    figure text NOT NULL CONSTRAINT figure_name CHECK (
        figure IN ('capacity', 'outcome', 'language', 'channel', 'age', 'answer', 'walk_in')
    ),
    -- Of an answer: the question's id.
    question text NOT NULL DEFAULT '',
    value text NOT NULL,
    bookings int NOT NULL CONSTRAINT figure_bookings CHECK (bookings >= 0),
    -- Persons; of a number that was asked for: the sum of what was answered.
    total int NOT NULL CONSTRAINT figure_total CHECK (total >= 0),
    PRIMARY KEY (session_id, figure, question, value)
);
