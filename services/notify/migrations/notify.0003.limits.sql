-- What has left, or may have: how many SMS parts (a mail has 0) went to which address (its keyed hash). `parts` is
-- NULL where certainly nothing left, so a limit counts the rows that have it.
ALTER TABLE attempt ADD COLUMN address bytea, ADD COLUMN parts int;

CREATE INDEX attempt_of_address ON attempt (address, started_at) WHERE parts IS NOT NULL;
CREATE INDEX attempt_paid ON attempt (started_at) INCLUDE (parts) WHERE parts > 0;

-- The money stop closed: one row, and one alarm, for each day and limit, whatever the number of replicas.
CREATE TABLE sms_stop (
    day date NOT NULL,
    parts int NOT NULL,
    closed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (day, parts)
);

-- A session may be forgotten some time after it ended, or was heard of if it was never described.
ALTER TABLE session ADD COLUMN heard_at timestamptz NOT NULL DEFAULT clock_timestamp();
CREATE INDEX message_of_session ON message (session_id);
