-- Sessions that belong together: the dates of a series, the slots of a sitting. Every column has a default, so that
-- the version before still runs.

CREATE TABLE series (
    id uuid PRIMARY KEY,
    activity_id uuid NOT NULL CONSTRAINT series_activity REFERENCES activity,
    branch_id text NOT NULL CONSTRAINT series_branch REFERENCES branch,
    rule text NOT NULL,
    skipped jsonb NOT NULL DEFAULT '[]',
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT series_skipped_is_a_list CHECK (jsonb_typeof(skipped) = 'array')
);
COMMENT ON COLUMN series.skipped IS 'The dates that fell away when it was made: date, why, names by language';

ALTER TABLE session
    ADD COLUMN series_id uuid CONSTRAINT session_series REFERENCES series,
    ADD COLUMN series_date date,
    ADD COLUMN sitting_id uuid,
    ADD CONSTRAINT session_of_a_series_has_its_date CHECK ((series_id IS NULL) = (series_date IS NULL));
COMMENT ON COLUMN session.series_date IS 'The local date it came from, wherever it was moved';

CREATE INDEX session_of_series ON session (series_id, series_date) WHERE series_id IS NOT NULL;
CREATE INDEX session_of_sitting ON session (sitting_id) WHERE sitting_id IS NOT NULL;
