-- What every service that hears and tells events keeps beside its own tables.

CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id uuid NOT NULL UNIQUE,
    aggregate text NOT NULL,
    revision bigint NOT NULL,
    routing_key text NOT NULL,
    body bytea NOT NULL,
    traceparent text,
    attempts int NOT NULL DEFAULT 0,
    not_before timestamptz NOT NULL DEFAULT now(),
    last_error text,
    parked_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT outbox_one_event_per_revision UNIQUE (aggregate, revision)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

CREATE INDEX outbox_due ON outbox (id) WHERE parked_at IS NULL;

-- One row per event whose effect is in this database.
CREATE TABLE inbox (
    event_id uuid PRIMARY KEY,
    type text NOT NULL,
    processed_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX inbox_processed_at ON inbox (processed_at);

-- Messages whose effect could not be had yet, with the raw bytes: waiting (for something to arrive first),
-- retry (failed, tried again later) or dead (somebody has to look).
CREATE TABLE inbox_failure (
    id uuid PRIMARY KEY,
    event_id uuid UNIQUE,
    type text,
    body bytea NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'retry', 'dead')),
    attempts int NOT NULL DEFAULT 0,
    next_at timestamptz NOT NULL DEFAULT now(),
    error text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX inbox_failure_due ON inbox_failure (next_at) WHERE state <> 'dead';

-- The answer a client got under its Idempotency-Key, for as long as it may ask again.
CREATE TABLE idempotency (
    scope text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    status int,
    body jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (scope, key)
);

CREATE INDEX idempotency_created_at ON idempotency (created_at);
