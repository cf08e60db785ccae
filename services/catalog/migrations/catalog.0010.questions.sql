-- What a booking is asked for, whether who was there may have it in writing, seats that depend on who helps, when
-- booking opens and closes, and which sessions are closed. Every column has a default, so that the version before still
-- runs; it is what an event without the field means.

ALTER TABLE activity
    ADD COLUMN ask jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN certificate boolean NOT NULL DEFAULT false,
    ADD COLUMN capacity_from text NOT NULL DEFAULT 'session',
    ADD CONSTRAINT activity_ask_is_list CHECK (jsonb_typeof(ask) = 'array'),
    ADD CONSTRAINT activity_capacity_from_known CHECK (capacity_from IN ('session', 'staffing'));

ALTER TABLE session
    ADD COLUMN ask jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN certificate boolean NOT NULL DEFAULT false,
    ADD COLUMN capacity_from text NOT NULL DEFAULT 'session',
    ADD COLUMN helpers int,
    -- Beside the rule in the domain, so that it is true of rows that the version before writes, too.
    ADD COLUMN seats_offered int NOT NULL GENERATED ALWAYS AS (
        CASE WHEN capacity_from = 'staffing' AND helpers < seats THEN helpers ELSE seats END
    ) STORED,
    ADD COLUMN opens_at timestamptz,
    ADD COLUMN closes_at timestamptz,
    ADD COLUMN closed boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT session_ask_is_list CHECK (jsonb_typeof(ask) = 'array'),
    ADD CONSTRAINT session_capacity_from_known CHECK (capacity_from IN ('session', 'staffing')),
    ADD CONSTRAINT session_helpers_not_negative CHECK (helpers >= 0),
    ADD CONSTRAINT session_helpers_make_seats CHECK (helpers IS NULL OR capacity_from = 'staffing'),
    ADD CONSTRAINT session_opens_before_it_closes CHECK (opens_at < closes_at);
