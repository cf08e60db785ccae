-- depends: volunteers.0002.helping

-- Which way a code was asked for: it goes to the number or address that was typed, whatever else they are told by.
ALTER TABLE sign_in ADD COLUMN by text NOT NULL DEFAULT 'sms' CONSTRAINT sign_in_by CHECK (by IN ('sms', 'email'));

-- A request under an Idempotency-Key is kept where those of all services are.
ALTER TABLE volunteer DROP COLUMN idempotency_key;

-- What somebody does too often counts as a row until its window is over; whose it is stands there as a keyed hash.
CREATE TABLE limit_use (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject bytea NOT NULL,
    ends_at timestamptz NOT NULL
);
CREATE INDEX limit_use_subject ON limit_use (subject, ends_at);
CREATE INDEX limit_use_ends_at ON limit_use (ends_at);
