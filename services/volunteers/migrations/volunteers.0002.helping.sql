-- depends: volunteers.0001.partners

-- Ranges of ids, so that nobody is in two places at once without an extension (GiST knows ranges, not uuids).
CREATE TYPE uuidrange AS RANGE (subtype = uuid);

-- How those who help, and those who coordinate them, are reached: the only place with names, numbers and addresses.
-- Deleting a row erases a person.
CREATE TABLE contact (
    ref uuid PRIMARY KEY,
    name text NOT NULL CONSTRAINT contact_name_given CHECK (name <> ''),
    phone text,
    email text,
    reach text NOT NULL CONSTRAINT contact_reach_known CHECK (reach IN ('sms', 'email', 'call')),
    language text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT contact_can_be_reached CHECK (
        CASE reach WHEN 'email' THEN email IS NOT NULL ELSE phone IS NOT NULL END
    )
);
CREATE INDEX contact_phone ON contact (phone);
CREATE INDEX contact_email ON contact (email);

-- Who helps. What they are called and how they are reached is in contact, which may be erased under them.
CREATE TABLE volunteer (
    id uuid PRIMARY KEY,
    revision bigint NOT NULL DEFAULT 1,
    contact_ref uuid NOT NULL UNIQUE,
    partner_id uuid CONSTRAINT volunteer_partner REFERENCES partner,
    state text NOT NULL CONSTRAINT volunteer_state_known CHECK (
        state IN ('interest', 'talk', 'agreement', 'introduction', 'active', 'paused', 'ended')
    ),
    state_since timestamptz NOT NULL DEFAULT clock_timestamp(),
    tasks text[] NOT NULL DEFAULT '{}',
    topics text[] NOT NULL DEFAULT '{}',
    stages text[] NOT NULL DEFAULT '{}',
    subjects text[] NOT NULL DEFAULT '{}',
    branches text[] NOT NULL DEFAULT '{}',
    -- Hours in a calendar year; NULL is as the partner gives, and without a partner as many as they like.
    hours_a_year int CONSTRAINT volunteer_hours_in_a_year CHECK (hours_a_year BETWEEN 1 AND 2000),
    -- The fair share: minutes given, from where the others were when they came (or came back).
    share bigint NOT NULL DEFAULT 0,
    last_assigned_at timestamptz,
    idempotency_key text UNIQUE,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX volunteer_of_partner ON volunteer (partner_id);
CREATE INDEX volunteer_active ON volunteer (id) WHERE state = 'active';
CREATE INDEX volunteer_branches ON volunteer USING gin (branches);

CREATE TABLE volunteer_language (
    volunteer_id uuid NOT NULL REFERENCES volunteer ON DELETE CASCADE,
    language text NOT NULL,
    level text NOT NULL CONSTRAINT volunteer_language_level CHECK (level IN ('some', 'good', 'native')),
    PRIMARY KEY (volunteer_id, language)
);

-- The way to being a volunteer, step by step: when, and which colleague noted it.
CREATE TABLE volunteer_step (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    volunteer_id uuid NOT NULL REFERENCES volunteer ON DELETE CASCADE,
    state text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    by text NOT NULL
);
CREATE INDEX volunteer_step_of ON volunteer_step (volunteer_id, id);

CREATE TABLE availability (
    volunteer_id uuid NOT NULL REFERENCES volunteer ON DELETE CASCADE,
    weekday int NOT NULL CHECK (weekday BETWEEN 0 AND 6), -- 0 is Monday
    starts time NOT NULL,
    ends time NOT NULL,
    PRIMARY KEY (volunteer_id, weekday, starts),
    CONSTRAINT availability_lasts CHECK (starts < ends)
);

-- Days that differ from the week: away, or there although the week says nothing.
CREATE TABLE availability_exception (
    id uuid PRIMARY KEY,
    volunteer_id uuid NOT NULL REFERENCES volunteer ON DELETE CASCADE,
    first_day date NOT NULL,
    last_day date NOT NULL,
    available boolean NOT NULL,
    CONSTRAINT availability_exception_lasts CHECK (first_day <= last_day)
);
CREATE INDEX availability_exception_of ON availability_exception (volunteer_id, first_day);

-- That an extract from the police register was shown: by law (2013:852, 5 §) nothing may be kept but that note.
CREATE TABLE register_note (
    volunteer_id uuid PRIMARY KEY REFERENCES volunteer ON DELETE CASCADE,
    seen_on date NOT NULL,
    seen_by text NOT NULL,
    reminded_of date -- the seen_on whose end they were reminded of
);

-- Who coordinates volunteers: a partner's its own people, a library's those of its branches (none named: of all).
CREATE TABLE coordinator (
    id uuid PRIMARY KEY,
    contact_ref uuid NOT NULL UNIQUE,
    partner_id uuid REFERENCES partner,
    branches text[] NOT NULL DEFAULT '{}',
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Sign-in by a code that is sent. Codes and tokens are kept as hashes.
CREATE TABLE sign_in (
    id uuid PRIMARY KEY,
    contact_ref uuid NOT NULL,
    code text, -- shown to notify while it is sent, then forgotten
    code_hash bytea NOT NULL,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ends_at timestamptz NOT NULL,
    tries int NOT NULL DEFAULT 0,
    used_at timestamptz
);
CREATE INDEX sign_in_of ON sign_in (contact_ref, made_at);
CREATE INDEX sign_in_ends ON sign_in (ends_at);

CREATE TABLE helper_session (
    token_hash bytea PRIMARY KEY,
    contact_ref uuid NOT NULL,
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ends_at timestamptz NOT NULL
);
CREATE INDEX helper_session_of ON helper_session (contact_ref);
CREATE INDEX helper_session_ends ON helper_session (ends_at);

-- Sessions as catalog tells of them: what helping needs to know. A cancellation may come first and leaves a tombstone.
CREATE TABLE session (
    id uuid PRIMARY KEY,
    revision bigint NOT NULL,
    status text NOT NULL CONSTRAINT session_status CHECK (status IN ('published', 'withdrawn', 'cancelled', 'closed')),
    facts jsonb, -- SessionState; NULL in a tombstone
    branch_id text,
    starts_at timestamptz,
    ends_at timestamptz,
    sitting_id uuid,
    needed int NOT NULL DEFAULT 0,
    task text,
    matched boolean NOT NULL DEFAULT false,
    register_note boolean NOT NULL DEFAULT false,
    -- How staffed it is was told this often.
    staffing_revision bigint NOT NULL DEFAULT 0,
    helpers int NOT NULL DEFAULT 0 -- on duty, as was told last
);
CREATE INDEX session_starts ON session (starts_at) WHERE needed > 0;
CREATE INDEX session_of_branch ON session (branch_id, starts_at) WHERE needed > 0;

-- A volunteer in a session: asked, offering themselves, on duty, done. One helper is in one place at a time.
CREATE TABLE shift (
    id uuid PRIMARY KEY,
    revision bigint NOT NULL DEFAULT 1,
    session_id uuid NOT NULL REFERENCES session,
    volunteer_id uuid NOT NULL REFERENCES volunteer,
    during tstzrange NOT NULL,
    state text NOT NULL CONSTRAINT shift_state_known CHECK (
        state IN ('asked', 'offered', 'on_duty', 'declined', 'expired', 'cancelled', 'done', 'missed')
    ),
    code text UNIQUE, -- with which an SMS can answer
    told_at timestamptz,
    answer_by timestamptz,
    answered_at timestamptz,
    remind_at timestamptz,
    minutes int, -- counted once it is done
    covers uuid REFERENCES shift, -- whose place is taken if this one says yes
    wakes_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT shift_in_one_place EXCLUDE USING gist (
        uuidrange(volunteer_id, volunteer_id, '[]') WITH =, during WITH &&
    ) WHERE (state IN ('on_duty', 'done'))
);
CREATE UNIQUE INDEX shift_once ON shift (session_id, volunteer_id) WHERE state IN ('asked', 'offered', 'on_duty', 'done', 'missed');
CREATE INDEX shift_of_session ON shift (session_id, state);
CREATE INDEX shift_of_volunteer ON shift (volunteer_id, lower(during));
CREATE INDEX shift_wakes ON shift (wakes_at) WHERE wakes_at IS NOT NULL;

-- A visitor's booking that wants a helper of its own.
CREATE TABLE need (
    booking_id uuid PRIMARY KEY,
    revision bigint NOT NULL DEFAULT 1,
    booking_revision bigint NOT NULL,
    session_id uuid REFERENCES session, -- NULL in a tombstone
    language text NOT NULL DEFAULT 'sv',
    help_language text,
    topic text,
    state text NOT NULL CONSTRAINT need_state_known CHECK (
        -- sought: somebody is to be asked; proposed: is asked; covered: said yes; alarmed: nobody is left, coordinators
        -- look by hand; given_up: the visitor was told; over: cancelled, moved away or held
        state IN ('sought', 'proposed', 'covered', 'alarmed', 'given_up', 'over')
    ),
    asked int NOT NULL DEFAULT 0,
    alarmed_at timestamptz,
    wakes_at timestamptz, -- when time alone changes it
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX need_of_session ON need (session_id) WHERE state <> 'over';
CREATE INDEX need_wakes ON need (wakes_at) WHERE wakes_at IS NOT NULL;

-- A volunteer for a visitor. At most one is asked and at most one is responsible.
CREATE TABLE assignment (
    id uuid PRIMARY KEY,
    revision bigint NOT NULL DEFAULT 1,
    booking_id uuid NOT NULL REFERENCES need,
    session_id uuid NOT NULL REFERENCES session,
    volunteer_id uuid NOT NULL REFERENCES volunteer,
    shift_id uuid REFERENCES shift,
    during tstzrange NOT NULL,
    state text NOT NULL CONSTRAINT assignment_state_known CHECK (
        state IN ('proposed', 'accepted', 'declined', 'expired', 'released', 'done')
    ),
    code text UNIQUE,
    why jsonb NOT NULL DEFAULT '{}', -- why this person: what decided, and what the others were
    stand_in_for uuid REFERENCES assignment, -- who stays responsible until this one says yes
    hand_over boolean NOT NULL DEFAULT false, -- its helper looks for a stand-in
    proposed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    told_at timestamptz,
    answer_by timestamptz, -- NULL until they were told
    answered_at timestamptz,
    pledged_at timestamptz, -- when they accepted the rules of bank-neutral help for this one
    pledge int, -- which version of them
    remind_at timestamptz,
    reminded boolean NOT NULL DEFAULT false,
    outcome text CONSTRAINT assignment_outcome_known CHECK (
        outcome IN ('managed', 'managed_with_support', 'referred', 'not_finished', 'visitor_absent', 'not_held')
    ),
    minutes int CONSTRAINT assignment_minutes CHECK (minutes BETWEEN 0 AND 1440),
    CONSTRAINT assignment_outcome_when_done CHECK ((state = 'done') = (outcome IS NOT NULL)),
    CONSTRAINT assignment_in_one_place EXCLUDE USING gist (
        uuidrange(volunteer_id, volunteer_id, '[]') WITH =, during WITH &&
    ) WHERE (state IN ('proposed', 'accepted', 'done'))
);
CREATE UNIQUE INDEX assignment_one_asked ON assignment (booking_id) WHERE state = 'proposed';
CREATE UNIQUE INDEX assignment_one_responsible ON assignment (booking_id) WHERE state IN ('accepted', 'done');
CREATE INDEX assignment_of_booking ON assignment (booking_id);
CREATE INDEX assignment_of_volunteer ON assignment (volunteer_id, lower(during));
CREATE INDEX assignment_of_session ON assignment (session_id);
CREATE INDEX assignment_reminders ON assignment (remind_at) WHERE state = 'accepted' AND NOT reminded;
CREATE INDEX assignment_asked_until ON assignment (answer_by) WHERE state = 'proposed';

-- A private calendar: who knows the secret reads it. Kept as a hash; a new one revokes the old one.
CREATE TABLE calendar_secret (
    volunteer_id uuid PRIMARY KEY REFERENCES volunteer ON DELETE CASCADE,
    secret_hash bytea NOT NULL UNIQUE,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What was told to helpers that is about nothing of the above: so that it can be told once.
CREATE TABLE notice (
    id uuid PRIMARY KEY,
    contact_ref uuid NOT NULL,
    kind text NOT NULL,
    about text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT notice_once UNIQUE (contact_ref, kind, about)
);
