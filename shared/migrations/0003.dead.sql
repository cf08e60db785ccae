-- Dead messages are looked at by people, and what they did stays on record.

ALTER TABLE inbox_failure
    -- How often it was taken up since its last outcome: more than once means that whoever did so died over it.
    ADD COLUMN started int NOT NULL DEFAULT 0,
    -- Replayed on somebody's word: the next failure is final.
    ADD COLUMN once boolean NOT NULL DEFAULT false;

-- What somebody dropped, kept for a while in case that was a mistake.
CREATE TABLE inbox_dropped (
    id uuid PRIMARY KEY,
    event_id uuid,
    type text,
    body bytea NOT NULL,
    attempts int NOT NULL,
    error text NOT NULL,
    created_at timestamptz NOT NULL,
    dropped_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX inbox_dropped_at ON inbox_dropped (dropped_at);

-- Who did what about a dead message, and why.
CREATE TABLE dead_action (
    id uuid PRIMARY KEY,
    failure_id uuid NOT NULL,
    event_id uuid,
    type text,
    action text NOT NULL CONSTRAINT dead_action_known CHECK (action IN ('replay', 'drop', 'restore')),
    who text NOT NULL,
    why text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX dead_action_failure ON dead_action (failure_id);
