-- Who must be told by voice, and what staff announced. A version before this one tells nobody of either: what it is told
-- meanwhile of messages that failed it keeps in offer_untold, which this one does not look at any more.
ALTER TABLE booking ADD COLUMN told_by uuid;
COMMENT ON COLUMN booking.told_by IS 'The newest message that left: older ones that failed are of no use any more.';

CREATE TABLE call (
    id uuid PRIMARY KEY,
    booking_id uuid NOT NULL CONSTRAINT call_booking REFERENCES booking ON DELETE CASCADE,
    -- For which session it was; no reference, as whoever holds a session's row waits for those of its bookings.
    session_id uuid NOT NULL,
    -- The message that did not arrive, whose words are to be said; none where a version before this one did not keep it.
    message_id uuid,
    template text NOT NULL,
    reason text NOT NULL,
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    attempts int NOT NULL DEFAULT 0 CONSTRAINT call_attempts CHECK (attempts >= 0),
    tried_at timestamptz,
    -- Somebody else answers there: nothing is left but the door.
    wrong_number bool NOT NULL DEFAULT false,
    ticked_at timestamptz,
    outcome text CONSTRAINT call_outcome CHECK (
        outcome IN ('reached', 'told_at_door', 'left_message', 'no_answer', 'wrong_number')
    ),
    CONSTRAINT call_ticked_with_an_outcome CHECK (ticked_at IS NULL OR outcome IS NOT NULL)
);

CREATE UNIQUE INDEX call_one_open ON call (booking_id) WHERE ticked_at IS NULL;
CREATE INDEX call_of_booking ON call (booking_id);
CREATE INDEX call_of_session ON call (session_id) WHERE ticked_at IS NULL;

-- Who has to be rung about a seat on offer already.
INSERT INTO call (id, booking_id, session_id, template, reason)
SELECT gen_random_uuid(), b.id, b.session_id, 'offered', CASE WHEN b.offer_untold THEN 'unreachable' ELSE 'no_address' END
FROM booking b JOIN contact c ON c.ref = b.contact_ref
WHERE b.state = 'offered' AND b.told_at IS NULL AND (b.offer_untold OR c.reach = 'call');

-- What staff told everybody of a session: a word of the event contract's.
CREATE TABLE announcement (
    id uuid PRIMARY KEY,
    session_id uuid NOT NULL CONSTRAINT announcement_session REFERENCES session,
    announcement text NOT NULL,
    bookings int NOT NULL,
    announced_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX announcement_of_session ON announcement (session_id, announced_at);
