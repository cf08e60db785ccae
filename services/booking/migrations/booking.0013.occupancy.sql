-- A day of all libraries is looked at by its start. Sessions are few, and written seldom: it needs no CONCURRENTLY.
CREATE INDEX session_starts_at ON session (starts_at);
