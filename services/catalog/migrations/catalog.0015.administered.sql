-- Libraries are changed by administrators: a revision to change from, and what each change made different, with the
-- role of who made it and nobody's name. Two libraries of the same name, in full or in an SMS, send people to the wrong
-- one. The version before neither makes nor changes libraries.

ALTER TABLE branch
    ADD COLUMN revision bigint NOT NULL DEFAULT 1,
    ADD CONSTRAINT branch_revision_positive CHECK (revision >= 1),
    ADD CONSTRAINT branch_name_once UNIQUE (name),
    ADD CONSTRAINT branch_sms_name_once UNIQUE (sms_name);

CREATE TABLE record_change (
    record text NOT NULL,
    id text NOT NULL,
    revision bigint NOT NULL,
    field text NOT NULL,
    -- NULL is no value.
    was jsonb,
    "is" jsonb,
    role text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (record, id, revision, field),
    CONSTRAINT record_change_of_known CHECK (record IN ('branch', 'kind')),
    CONSTRAINT record_change_is_one CHECK (was IS DISTINCT FROM "is"),
    CONSTRAINT record_change_role_known CHECK (role IN ('staff', 'coordinator', 'admin'))
);
