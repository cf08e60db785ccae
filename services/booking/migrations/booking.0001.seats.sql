-- A session as booking knows it: what catalog published, and its seats. This row is the one place where
-- every change of occupancy takes its turn.
CREATE TABLE session (
    id uuid PRIMARY KEY,
    catalog_revision bigint NOT NULL,
    revision bigint NOT NULL,
    status text NOT NULL CONSTRAINT session_status CHECK (status IN ('published', 'withdrawn', 'cancelled')),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    place text NOT NULL,
    branch_id text NOT NULL,
    mode text NOT NULL CONSTRAINT session_mode CHECK (mode IN ('booking', 'drop_in', 'mixed')),
    counts text NOT NULL CONSTRAINT session_counts CHECK (counts IN ('persons', 'children', 'bookings')),
    seats int NOT NULL CONSTRAINT session_seats CHECK (seats >= 0),
    walk_in int NOT NULL,
    queue int NOT NULL CONSTRAINT session_queue CHECK (queue >= 0),
    ceiling int NOT NULL,
    taken int NOT NULL,
    party_max int NOT NULL CONSTRAINT session_party_max CHECK (party_max > 0),
    late_cancel_hours int NOT NULL CONSTRAINT session_late_cancel_hours CHECK (late_cancel_hours >= 0),
    CONSTRAINT session_ends_after_start CHECK (ends_at > starts_at),
    CONSTRAINT session_walk_in CHECK (walk_in BETWEEN 0 AND seats),
    CONSTRAINT session_taken_within_ceiling CHECK (taken BETWEEN 0 AND ceiling)
);

-- A withdrawal or cancellation that overtook the session it is about.
CREATE TABLE session_tombstone (
    session_id uuid PRIMARY KEY,
    catalog_revision bigint NOT NULL
);

-- How to reach a person, and the code they know. Deleting a row erases them (see booking.0002.erasure).
CREATE TABLE contact (
    ref uuid PRIMARY KEY,
    code text NOT NULL CONSTRAINT contact_code UNIQUE,
    name text NOT NULL CONSTRAINT contact_name CHECK (length(name) BETWEEN 1 AND 60),
    reach text NOT NULL CONSTRAINT contact_reach CHECK (reach IN ('sms', 'email', 'call', 'proxy', 'none')),
    phone text CONSTRAINT contact_phone CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
    email text,
    language text NOT NULL,
    CONSTRAINT contact_reachable CHECK (
        CASE reach
            WHEN 'email' THEN email IS NOT NULL
            WHEN 'none' THEN phone IS NULL AND email IS NULL
            ELSE phone IS NOT NULL
        END
    )
);

CREATE TABLE booking (
    id uuid PRIMARY KEY,
    session_id uuid NOT NULL CONSTRAINT booking_session REFERENCES session,
    contact_ref uuid NOT NULL CONSTRAINT booking_contact UNIQUE,
    -- Keyed hash of how to reach the person and their folded name: one phone may serve a whole family.
    person bytea,
    language text NOT NULL,
    state text NOT NULL CONSTRAINT booking_state CHECK (state IN ('confirmed', 'cancelled')),
    revision bigint NOT NULL,
    adults int NOT NULL CONSTRAINT booking_adults CHECK (adults >= 0),
    children int NOT NULL CONSTRAINT booking_children CHECK (children >= 0),
    seats int NOT NULL CONSTRAINT booking_seats CHECK (seats > 0),
    notice text NOT NULL CONSTRAINT booking_notice CHECK (
        notice IN ('none', 'pending', 'sent', 'delivered', 'failed')
    ),
    notice_message uuid,
    notice_revision bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    cancelled_at timestamptz,
    cancelled_by text CONSTRAINT booking_cancelled_by CHECK (cancelled_by IN ('visitor', 'staff', 'library')),
    late bool NOT NULL DEFAULT false,
    CONSTRAINT booking_party CHECK (adults + children > 0),
    CONSTRAINT booking_cancelled CHECK (
        (state = 'cancelled') = (cancelled_at IS NOT NULL AND cancelled_by IS NOT NULL)
    )
);

CREATE UNIQUE INDEX booking_one_per_person ON booking (session_id, person) WHERE state = 'confirmed';
CREATE INDEX booking_of_session ON booking (session_id) WHERE state = 'confirmed';

-- Lowering the capacity throws nobody out (the ceiling stays up with the taken seats), but seats above
-- capacity only ever come back: the ceiling never rises above the bookable seats.
CREATE FUNCTION session_ceiling_rises_only_with_capacity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.ceiling > OLD.ceiling AND NEW.ceiling > NEW.seats - NEW.walk_in THEN
        RAISE EXCEPTION 'session % would hold more seats than staff set', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'session_ceiling_rises_only_with_capacity';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER session_ceiling_rises_only_with_capacity BEFORE UPDATE OF ceiling ON session
FOR EACH ROW EXECUTE FUNCTION session_ceiling_rises_only_with_capacity();

-- The counter is the sum of the bookings, checked at every commit that touches either.
CREATE FUNCTION session_taken_is_sum(session_id uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    counted int;
    summed int;
BEGIN
    SELECT taken INTO counted FROM session WHERE id = session_id;
    SELECT coalesce(sum(seats), 0) INTO summed FROM booking b
    WHERE b.session_id = session_taken_is_sum.session_id AND state = 'confirmed';
    IF counted <> summed THEN
        RAISE EXCEPTION 'session % counts % seats taken but % are booked', session_id, counted, summed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'session_taken_is_sum';
    END IF;
END $$;

CREATE FUNCTION session_checks_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM session_taken_is_sum(NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION booking_checks_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM session_taken_is_sum(NEW.session_id);
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER session_taken_is_sum AFTER INSERT OR UPDATE OF taken ON session
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION session_checks_taken();

CREATE CONSTRAINT TRIGGER booking_taken_is_sum AFTER INSERT OR UPDATE OF seats, state ON booking
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION booking_checks_taken();
