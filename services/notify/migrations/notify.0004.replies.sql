-- What a booking is by now, as its newest event said, so that nobody is told what is no longer so, and an answer finds
-- what it is for. NULL is what a version before this one heard: then it has a seat, unless it ended.
ALTER TABLE booking
    ADD COLUMN revision bigint NOT NULL DEFAULT 0,
    ADD COLUMN standing text CONSTRAINT booking_standing CHECK (
        standing IN ('confirmed', 'queued', 'offered', 'cancelled', 'declined', 'expired', 'closed')
    ),
    ADD COLUMN session_id uuid,
    ADD COLUMN contact_ref uuid,
    ADD COLUMN language text;

-- What people answered by SMS, as far as it was understood: never the words, and of the number a keyed hash only. The
-- provider may deliver an SMS again: it has one effect, and gets the same text back. `about` is the booking that was
-- meant, or the newest one the number was told of; `answer` is the text that was given in return, of so many parts.
CREATE TABLE reply (
    id uuid PRIMARY KEY,
    provider_id text NOT NULL CONSTRAINT reply_taken_once UNIQUE,
    address bytea NOT NULL,
    about uuid REFERENCES booking (id) ON DELETE CASCADE,
    understood text NOT NULL CONSTRAINT reply_understood CHECK (
        understood IN ('yes', 'no', 'thanks', 'stop', 'start', 'unclear')
    ),
    answer text,
    parts int NOT NULL DEFAULT 0,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT reply_parts_are_of_an_answer CHECK (answer IS NOT NULL OR parts = 0)
);

CREATE INDEX reply_of_address ON reply (address, received_at);
CREATE INDEX reply_about ON reply (about);
CREATE INDEX reply_paid ON reply (received_at) INCLUDE (parts) WHERE parts > 0;

-- Numbers, in keyed hashes, that want no reminders.
CREATE TABLE reminder_stop (
    address bytea PRIMARY KEY,
    said_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
