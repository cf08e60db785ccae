-- What catalog said of a session. Facts and status come in any order, each with its own revision:
-- a cancellation that overtakes the publication leaves a row without facts.
CREATE TABLE session (
    id uuid PRIMARY KEY,
    revision bigint NOT NULL,
    status text NOT NULL CONSTRAINT session_status CHECK (status IN ('published', 'withdrawn', 'cancelled')),
    facts_revision bigint,
    facts jsonb,
    CONSTRAINT session_facts_have_a_revision CHECK ((facts IS NULL) = (facts_revision IS NULL))
);

-- One row per booking heard of, so that what is told about it is decided one event at a time.
CREATE TABLE booking (
    id uuid PRIMARY KEY,
    ended_revision bigint
);

-- Who is to be told what. Never a name, number, address or code: those are asked for when it is sent.
CREATE TABLE message (
    id uuid PRIMARY KEY,
    revision bigint NOT NULL DEFAULT 0,
    about uuid NOT NULL REFERENCES booking (id),
    booking_revision bigint NOT NULL,
    session_id uuid NOT NULL REFERENCES session (id),
    template text NOT NULL,
    parameters jsonb NOT NULL,
    contact_ref uuid NOT NULL,
    state text NOT NULL DEFAULT 'pending' CONSTRAINT message_state CHECK (
        state IN ('pending', 'sending', 'sent', 'delivered', 'failed', 'unknown', 'dropped', 'skipped')
    ),
    channel text CONSTRAINT message_channel CHECK (channel IN ('sms', 'email')),
    fallback text CONSTRAINT message_fallback CHECK (fallback IN ('sms', 'email')),
    reason text,
    attempts int NOT NULL DEFAULT 0,
    repeated boolean NOT NULL DEFAULT false,
    due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    next_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    lease_until timestamptz,
    sent_at timestamptz,
    traceparent text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT message_told_once UNIQUE (about, template, booking_revision),
    CONSTRAINT message_leased_while_sending CHECK ((state = 'sending') = (lease_until IS NOT NULL))
);

CREATE UNIQUE INDEX message_one_in_flight ON message (contact_ref) WHERE state = 'sending';
CREATE INDEX message_open ON message (next_at) WHERE state IN ('pending', 'sending', 'unknown');
CREATE INDEX message_open_of_contact ON message (contact_ref) WHERE state IN ('pending', 'sending', 'unknown');

-- The log of attempts: what was tried when, and under which id the provider knows it.
CREATE TABLE attempt (
    message_id uuid NOT NULL REFERENCES message (id),
    number int NOT NULL,
    channel text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz,
    outcome text,
    provider_id text CONSTRAINT attempt_provider_id UNIQUE,
    PRIMARY KEY (message_id, number)
);

-- Delivery receipts as they came, also before we know the id they speak of.
CREATE TABLE receipt (
    provider_id text NOT NULL,
    status text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (provider_id, status)
);
