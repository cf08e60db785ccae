-- Several dates of a series booked in one step. Each date is a booking of its own, made in a transaction of its own; this
-- row stands for all of them, and tells what is left to do, so that whoever finds it unfinished goes on. A version before
-- this one treats the dates as the bookings that they are, and leaves what is unfinished to this one.
CREATE TABLE series_booking (
    id uuid PRIMARY KEY,
    series_id uuid NOT NULL,
    -- A contact with a code for all dates. No reference: erasing a person deletes that row.
    contact_ref uuid NOT NULL CONSTRAINT series_booking_contact UNIQUE,
    language text NOT NULL,
    adults int NOT NULL CONSTRAINT series_booking_adults CHECK (adults >= 0),
    children int NOT NULL CONSTRAINT series_booking_children CHECK (children >= 0),
    answers jsonb NOT NULL DEFAULT '{}',
    if_partly text NOT NULL CONSTRAINT series_booking_if_partly CHECK (if_partly IN ('book', 'refuse')),
    -- making: dates are being booked; undoing: what was booked is given back, as not all could be; refused: nobody has
    -- anything; made: as its visitor was told; cancelling: all coming dates are given back.
    state text NOT NULL DEFAULT 'making' CONSTRAINT series_booking_state CHECK (
        state IN ('making', 'undoing', 'refused', 'made', 'cancelling')
    ),
    cancelling_by text CONSTRAINT series_booking_cancelling_by CHECK (cancelling_by IN ('visitor', 'staff')),
    -- One for each event that tells of all dates; those of one date are told by its booking.
    revision bigint NOT NULL DEFAULT 0,
    notice text NOT NULL CONSTRAINT series_booking_notice CHECK (
        notice IN ('none', 'pending', 'sent', 'delivered', 'failed')
    ),
    notice_message uuid,
    notice_revision bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- When somebody last went on with it.
    stepped_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT series_booking_party CHECK (adults + children > 0),
    CONSTRAINT series_booking_cancelling CHECK ((state = 'cancelling') = (cancelling_by IS NOT NULL))
);

CREATE INDEX series_booking_unfinished ON series_booking (stepped_at)
    WHERE state IN ('making', 'undoing', 'cancelling');

ALTER TABLE booking
    ADD COLUMN series_booking_id uuid CONSTRAINT booking_series_booking REFERENCES series_booking;

CREATE INDEX booking_series_booking_id ON booking (series_booking_id) WHERE series_booking_id IS NOT NULL;

-- What was asked for, and what became of it. Its booking may have changed to another session since.
CREATE TABLE series_date (
    series_booking_id uuid NOT NULL CONSTRAINT series_date_series_booking REFERENCES series_booking ON DELETE CASCADE,
    -- No reference: that would wait for everybody who changes the seats of any of the sessions.
    session_id uuid NOT NULL,
    -- As its visitor was told.
    starts_at timestamptz NOT NULL,
    -- off: the library had cancelled it before anybody asked; going: given back with the others, and that is untold.
    state text NOT NULL CONSTRAINT series_date_state CHECK (
        state IN ('wanted', 'off', 'refused', 'booked', 'going', 'gone')
    ),
    -- The problem type that says why there is no booking, and that in words.
    why text,
    detail text,
    booking_id uuid CONSTRAINT series_date_booking UNIQUE REFERENCES booking,
    PRIMARY KEY (series_booking_id, session_id),
    CONSTRAINT series_date_refused CHECK ((state IN ('off', 'refused')) = (why IS NOT NULL)),
    CONSTRAINT series_date_booked CHECK ((state IN ('booked', 'going', 'gone')) = (booking_id IS NOT NULL))
);

-- Erasing a person takes what they answered for all dates as well.
CREATE FUNCTION series_contact_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE series_booking SET answers = '{}' WHERE contact_ref = OLD.ref;
    RETURN NULL;
END $$;

CREATE TRIGGER series_contact_erased AFTER DELETE ON contact FOR EACH ROW EXECUTE FUNCTION series_contact_erased();
