-- What staff plan a term by: who of them holds a session, what a series leaves out and which one it was copied from,
-- activities that change and retire, and what each change made different. Every column has a default, so that the
-- version before still runs.

ALTER TABLE session
    ADD COLUMN host text NOT NULL DEFAULT '',
    ADD CONSTRAINT session_host_is_short CHECK (char_length(host) <= 40);
COMMENT ON COLUMN session.host IS 'Who of the staff holds it, for colleagues only; empty is nobody yet';

ALTER TABLE series
    ADD COLUMN skip text[] NOT NULL DEFAULT '{closure,red_day}',
    ADD COLUMN copied_from uuid CONSTRAINT series_copied_from REFERENCES series;
COMMENT ON COLUMN series.skip IS 'Which days fell away of themselves when it was made';
UPDATE series SET skip = '{closure,red_day,school_holiday}' WHERE skipped @> '[{"why": "school_holiday"}]';

ALTER TABLE activity
    ADD COLUMN revision bigint NOT NULL DEFAULT 1,
    ADD COLUMN archived boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN activity.archived IS 'Nothing new is planned of it';

CREATE TABLE activity_change (
    activity_id uuid NOT NULL CONSTRAINT activity_change_activity REFERENCES activity,
    revision bigint NOT NULL,
    field text NOT NULL,
    -- NULL is no value.
    was jsonb,
    "is" jsonb,
    role text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (activity_id, revision, field),
    CONSTRAINT activity_change_is_one CHECK (was IS DISTINCT FROM "is"),
    CONSTRAINT activity_change_role_known CHECK (role IN ('staff', 'coordinator', 'admin'))
);

-- Planning walks a branch's sessions of every status, and looks for where else somebody is.
CREATE INDEX session_planned ON session (branch_id, starts_at, id);
CREATE INDEX session_hosted ON session (lower(host), starts_at) WHERE host <> '';
CREATE INDEX series_copies ON series (copied_from) WHERE copied_from IS NOT NULL;
