-- What the broker confirmed, for as long as consumers remember what they heard: the two can be compared.
CREATE TABLE published (
    event_id uuid PRIMARY KEY,
    aggregate text NOT NULL,
    revision bigint NOT NULL,
    routing_key text NOT NULL,
    published_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT published_one_event_per_revision UNIQUE (aggregate, revision)
);

CREATE INDEX published_at ON published (published_at);
