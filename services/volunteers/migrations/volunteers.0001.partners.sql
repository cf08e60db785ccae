-- Organisations whose people help, and how many hours a year each of those gives. The telephone number is the
-- organisation's: nothing of a person is kept here.
CREATE TABLE partner (
    id uuid PRIMARY KEY,
    revision bigint NOT NULL,
    name text NOT NULL,
    hours_a_year int NOT NULL,
    phone text NOT NULL,
    active boolean NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT partner_revision_positive CHECK (revision >= 1),
    CONSTRAINT partner_name_once UNIQUE (name),
    CONSTRAINT partner_name_given CHECK (name <> ''),
    CONSTRAINT partner_hours_in_a_year CHECK (hours_a_year BETWEEN 1 AND 2000)
);

-- What each change made different, for two who change at the same time. Roles only, nobody's name.
CREATE TABLE partner_change (
    partner_id uuid NOT NULL CONSTRAINT partner_change_partner REFERENCES partner,
    revision bigint NOT NULL,
    field text NOT NULL,
    was jsonb NOT NULL,
    "is" jsonb NOT NULL,
    role text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (partner_id, revision, field),
    CONSTRAINT partner_change_is_one CHECK (was <> "is"),
    CONSTRAINT partner_change_role_known CHECK (role IN ('staff', 'coordinator', 'admin'))
);

