-- depends: volunteers.0002.helping

-- How a session went, as booking told of it last; also of sessions that were never heard of.
CREATE TABLE closing (
    session_id uuid PRIMARY KEY,
    revision bigint NOT NULL,
    held boolean NOT NULL
);

-- What the closing of a session counted is counted again when the closing is corrected; what a person said stays.
ALTER TABLE shift
    ADD COLUMN counted_by text CONSTRAINT shift_counted_by_known CHECK (counted_by IN ('closing', 'person')),
    ADD COLUMN why jsonb NOT NULL DEFAULT '{}', -- why this friend was asked
    ADD COLUMN in_return uuid REFERENCES shift; -- the shift of theirs that whoever they cover for takes, in the same moment
ALTER TABLE assignment
    ADD COLUMN counted_by text CONSTRAINT assignment_counted_by_known CHECK (counted_by IN ('closing', 'person'));
CREATE INDEX shift_covers ON shift (covers) WHERE covers IS NOT NULL;
