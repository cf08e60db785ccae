-- The waiting list, holds, reminders and attendance. A version before this one books, cancels and shrinks on these
-- tables as before: it sees seats that are offered or held as taken, and lets newcomers pass who waits.
ALTER TABLE session
    ADD COLUMN activity_id uuid,
    ADD COLUMN fill_from_hours int NOT NULL DEFAULT 24
        CONSTRAINT session_fill_from_hours CHECK (fill_from_hours >= 0),
    ADD COLUMN offer_minutes int NOT NULL DEFAULT 240
        CONSTRAINT session_offer_minutes CHECK (offer_minutes > 0),
    ADD COLUMN reminder_hours int NOT NULL DEFAULT 24
        CONSTRAINT session_reminder_hours CHECK (reminder_hours >= 0),
    ADD COLUMN reconfirm bool NOT NULL DEFAULT false,
    -- The next moment at which time alone changes something: a hold or an offer ends, the list is filled, it begins.
    ADD COLUMN wakes_at timestamptz;

CREATE INDEX session_wakes_at ON session (wakes_at) WHERE wakes_at IS NOT NULL;

-- The order in which parties joined. Taken while the session's row is held, so that it is the order of their turns.
CREATE SEQUENCE booking_joined;

ALTER TABLE booking
    DROP CONSTRAINT booking_state,
    ADD CONSTRAINT booking_state CHECK (
        state IN ('confirmed', 'queued', 'offered', 'cancelled', 'declined', 'expired', 'closed')
    ),
    ADD COLUMN joined bigint,
    ADD COLUMN offered_at timestamptz,
    ADD COLUMN told_at timestamptz,
    -- Nobody could be told of the offer by message: staff have to ring.
    ADD COLUMN offer_untold bool NOT NULL DEFAULT false,
    ADD COLUMN answer_by timestamptz,
    ADD COLUMN remind_at timestamptz,
    ADD COLUMN reconfirmed_at timestamptz,
    -- What a cancelled booking was; NULL is a seat, as a version before this one knew nothing else.
    ADD COLUMN was text CONSTRAINT booking_was CHECK (was IN ('confirmed', 'queued', 'offered')),
    ADD COLUMN attendance text CONSTRAINT booking_attendance CHECK (
        attendance IN ('came', 'excused', 'late_cancel', 'no_show', 'revoked')
    ),
    ADD CONSTRAINT booking_waits_in_order CHECK (state NOT IN ('queued', 'offered') OR joined IS NOT NULL),
    ADD CONSTRAINT booking_answers_an_offer CHECK (
        (answer_by IS NULL OR told_at IS NOT NULL) AND (told_at IS NULL OR offered_at IS NOT NULL)
    ),
    ADD CONSTRAINT booking_attended_with_a_seat CHECK (attendance IS NULL OR state = 'confirmed');

DROP INDEX booking_one_per_person;
CREATE UNIQUE INDEX booking_one_per_person ON booking (session_id, person)
    WHERE state IN ('confirmed', 'queued', 'offered');
DROP INDEX booking_of_session;
CREATE INDEX booking_of_session ON booking (session_id);
CREATE INDEX booking_remind_at ON booking (remind_at) WHERE remind_at IS NOT NULL;

-- Seats kept for a browser whose visitor is typing. Nobody knows who that is.
CREATE TABLE hold (
    id uuid PRIMARY KEY,
    session_id uuid NOT NULL CONSTRAINT hold_session REFERENCES session,
    seats int NOT NULL CONSTRAINT hold_seats CHECK (seats > 0),
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    CONSTRAINT hold_ends CHECK (until > since AND until <= since + interval '60 minutes')
);

CREATE INDEX hold_of_session ON hold (session_id);

-- Who changed to another session, for the figures of the one that was left.
CREATE TABLE move (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    booking_id uuid NOT NULL CONSTRAINT move_booking REFERENCES booking,
    from_session_id uuid NOT NULL CONSTRAINT move_from REFERENCES session,
    to_session_id uuid NOT NULL CONSTRAINT move_to REFERENCES session,
    seats int NOT NULL,
    late bool NOT NULL,
    moved_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX move_from_session ON move (from_session_id);

-- What counts as taken: seats that somebody has and has not been missed at, that are on offer, or that are held.
CREATE OR REPLACE FUNCTION session_taken_is_sum(session_id uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    counted int;
    summed int;
BEGIN
    SELECT taken INTO counted FROM session WHERE id = session_id;
    SELECT coalesce(sum(seats), 0) INTO summed FROM (
        SELECT seats FROM booking b
        WHERE b.session_id = session_taken_is_sum.session_id
            AND (state = 'offered' OR (state = 'confirmed' AND attendance IS DISTINCT FROM 'no_show'))
        UNION ALL
        SELECT seats FROM hold h WHERE h.session_id = session_taken_is_sum.session_id
    ) had;
    IF counted <> summed THEN
        RAISE EXCEPTION 'session % counts % seats taken but % are had', session_id, counted, summed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'session_taken_is_sum';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION booking_checks_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM session_taken_is_sum(NEW.session_id);
    IF TG_OP = 'UPDATE' AND OLD.session_id <> NEW.session_id THEN
        PERFORM session_taken_is_sum(OLD.session_id);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION hold_checks_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM session_taken_is_sum(coalesce(NEW.session_id, OLD.session_id));
    RETURN NULL;
END $$;

DROP TRIGGER booking_taken_is_sum ON booking;
CREATE CONSTRAINT TRIGGER booking_taken_is_sum AFTER INSERT OR UPDATE OF seats, state, attendance, session_id ON booking
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION booking_checks_taken();

CREATE CONSTRAINT TRIGGER hold_taken_is_sum AFTER INSERT OR UPDATE OF seats, session_id OR DELETE ON hold
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hold_checks_taken();

-- Seats that come back are looked at by this version also when a version before it took them back, beside this one.
CREATE FUNCTION session_wakes_for_seats() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.taken < OLD.taken AND NEW.wakes_at = OLD.wakes_at THEN
        NEW.wakes_at := now();
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER session_wakes_for_seats BEFORE UPDATE OF taken ON session
FOR EACH ROW EXECUTE FUNCTION session_wakes_for_seats();

-- Nobody in the line passes another by being given a new place in it.
CREATE FUNCTION booking_keeps_its_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.joined IS NOT NULL AND NEW.joined IS DISTINCT FROM OLD.joined AND NEW.session_id = OLD.session_id THEN
        RAISE EXCEPTION 'booking % cannot change its place in the waiting list', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'booking_keeps_its_place';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER booking_keeps_its_place BEFORE UPDATE OF joined ON booking
FOR EACH ROW EXECUTE FUNCTION booking_keeps_its_place();
