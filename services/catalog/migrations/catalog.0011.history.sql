-- What each change made different about a session, for staff who worked on it at the same time, and to look up later.
-- Roles only, nobody's name. Changes that the version before makes leave no trace here, nor do those made before.

CREATE TABLE session_change (
    session_id uuid NOT NULL CONSTRAINT session_change_session REFERENCES session,
    revision bigint NOT NULL,
    field text NOT NULL,
    -- NULL is no value.
    was jsonb,
    "is" jsonb,
    role text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (session_id, revision, field),
    CONSTRAINT session_change_is_one CHECK (was IS DISTINCT FROM "is"),
    CONSTRAINT session_change_role_known CHECK (role IN ('staff', 'coordinator', 'admin'))
);
