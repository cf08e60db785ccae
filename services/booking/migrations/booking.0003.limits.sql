-- What somebody did that may be done only so often: one row each, until it no longer counts. Who it was is a
-- keyed hash (of a number, a network, a code), so that this table tells nothing about anybody.
CREATE TABLE limit_use (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject bytea NOT NULL,
    ends_at timestamptz NOT NULL
);

CREATE INDEX limit_use_subject ON limit_use (subject, ends_at);
CREATE INDEX limit_use_ends_at ON limit_use (ends_at);
