-- How many volunteers are on duty in a session, as was told last: also of one that catalog has not told of yet.
CREATE TABLE staffing (
    session_id uuid PRIMARY KEY,
    revision bigint NOT NULL,
    helpers int NOT NULL CONSTRAINT staffing_helpers CHECK (helpers >= 0)
);

-- seats and walk_in stay those that there are, for a version before this one too.
ALTER TABLE session
    ADD COLUMN capacity_from text NOT NULL DEFAULT 'session'
        CONSTRAINT session_capacity_from CHECK (capacity_from IN ('session', 'staffing')),
    -- As staff set them; NULL where they are those that there are.
    ADD COLUMN staff_seats int,
    ADD COLUMN staff_walk_in int,
    -- Each booking is one helper's.
    ADD COLUMN matched bool NOT NULL DEFAULT false;

ALTER TABLE booking
    -- How it stands with its helper, as was told last and when; NULL is as at the beginning.
    ADD COLUMN helper text CONSTRAINT booking_helper CHECK (helper IN ('sought', 'found', 'missing')),
    ADD COLUMN helper_at timestamptz,
    -- What the visitor was told of it last, and instead of what is missing which other time.
    ADD COLUMN helper_told text CONSTRAINT booking_helper_told CHECK (helper_told IN ('found', 'missing')),
    ADD COLUMN helper_next uuid;
