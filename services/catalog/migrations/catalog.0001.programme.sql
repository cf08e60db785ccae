-- The programme: who hosts, what happens, when. Text is folded for searching by the application.

CREATE TABLE branch (
    id text PRIMARY KEY,
    name text NOT NULL,
    sms_name text NOT NULL,
    phone text NOT NULL,
    address text NOT NULL DEFAULT '',
    search text NOT NULL,
    CONSTRAINT branch_id_is_slug CHECK (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    CONSTRAINT branch_sms_name_fits CHECK (char_length(sms_name) BETWEEN 1 AND 16)
);

CREATE TABLE activity (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    titles jsonb NOT NULL,
    sms_titles jsonb NOT NULL,
    summaries jsonb NOT NULL,
    languages text[] NOT NULL,
    level text,
    minutes int NOT NULL,
    mode text NOT NULL,
    counts text NOT NULL,
    seats int NOT NULL,
    walk_in int NOT NULL,
    queue int NOT NULL,
    party_max int NOT NULL,
    children boolean NOT NULL,
    late_cancel_hours int NOT NULL,
    search text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT activity_titles_have_swedish CHECK (titles ->> 'sv' <> '' AND titles ->> 'sv' IS NOT NULL),
    CONSTRAINT activity_sms_titles_have_swedish CHECK (sms_titles ->> 'sv' <> '' AND sms_titles ->> 'sv' IS NOT NULL),
    CONSTRAINT activity_sms_titles_fit CHECK (NOT jsonb_path_exists(sms_titles, '$.* ? (@ like_regex "^.{15}")')),
    CONSTRAINT activity_minutes_positive CHECK (minutes BETWEEN 1 AND 1440),
    CONSTRAINT activity_mode_known CHECK (mode IN ('booking', 'drop_in', 'mixed')),
    CONSTRAINT activity_counts_known CHECK (counts IN ('persons', 'children', 'bookings')),
    CONSTRAINT activity_seats_not_negative CHECK (seats >= 0),
    CONSTRAINT activity_walk_in_within_seats CHECK (walk_in BETWEEN 0 AND seats),
    CONSTRAINT activity_walk_in_only_when_mixed CHECK (walk_in = 0 OR mode = 'mixed'),
    CONSTRAINT activity_queue_not_negative CHECK (queue >= 0),
    CONSTRAINT activity_no_queue_for_drop_in CHECK (queue = 0 OR mode <> 'drop_in'),
    CONSTRAINT activity_party_max_positive CHECK (party_max >= 1),
    CONSTRAINT activity_counts_allowed_children CHECK (counts <> 'children' OR children),
    CONSTRAINT activity_late_cancel_hours_not_negative CHECK (late_cancel_hours >= 0)
);

CREATE INDEX activity_in_order ON activity (created_at, id);

CREATE TABLE session (
    id uuid PRIMARY KEY,
    revision bigint NOT NULL,
    status text NOT NULL,
    activity_id uuid NOT NULL CONSTRAINT session_activity REFERENCES activity,
    branch_id text NOT NULL CONSTRAINT session_branch REFERENCES branch,
    place text NOT NULL,
    room text NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    mode text NOT NULL,
    counts text NOT NULL,
    seats int NOT NULL,
    walk_in int NOT NULL,
    queue int NOT NULL,
    party_max int NOT NULL,
    children boolean NOT NULL,
    late_cancel_hours int NOT NULL,
    cancel_reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT session_revision_positive CHECK (revision >= 1),
    CONSTRAINT session_status_known CHECK (status IN ('draft', 'published', 'withdrawn', 'cancelled')),
    CONSTRAINT session_cancelled_with_reason CHECK ((status = 'cancelled') = (cancel_reason IS NOT NULL)),
    CONSTRAINT session_cancel_reason_known
        CHECK (cancel_reason IN ('illness', 'staff', 'premises', 'too_few', 'other')),
    CONSTRAINT session_place_known CHECK (place IN ('branch', 'online', 'outreach')),
    CONSTRAINT session_ends_after_start CHECK (ends_at > starts_at),
    CONSTRAINT session_lasts_a_day_at_most CHECK (ends_at - starts_at <= interval '24 hours'),
    CONSTRAINT session_mode_known CHECK (mode IN ('booking', 'drop_in', 'mixed')),
    CONSTRAINT session_counts_known CHECK (counts IN ('persons', 'children', 'bookings')),
    CONSTRAINT session_seats_not_negative CHECK (seats >= 0),
    CONSTRAINT session_walk_in_within_seats CHECK (walk_in BETWEEN 0 AND seats),
    CONSTRAINT session_walk_in_only_when_mixed CHECK (walk_in = 0 OR mode = 'mixed'),
    CONSTRAINT session_queue_not_negative CHECK (queue >= 0),
    CONSTRAINT session_no_queue_for_drop_in CHECK (queue = 0 OR mode <> 'drop_in'),
    CONSTRAINT session_party_max_positive CHECK (party_max >= 1),
    CONSTRAINT session_counts_allowed_children CHECK (counts <> 'children' OR children),
    CONSTRAINT session_late_cancel_hours_not_negative CHECK (late_cancel_hours >= 0)
);

-- The public list walks these in order of start, a page at a time.
CREATE INDEX session_public ON session (starts_at, id) WHERE status = 'published';
CREATE INDEX session_public_at_branch ON session (branch_id, starts_at, id) WHERE status = 'published';
CREATE INDEX session_of_activity ON session (activity_id);

-- How full a session is, as booking last said. No foreign key: booking's word may arrive before anything else.
CREATE TABLE availability (
    session_id uuid PRIMARY KEY,
    revision bigint NOT NULL,
    seats_left int NOT NULL,
    queue_left int NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT availability_seats_left_not_negative CHECK (seats_left >= 0),
    CONSTRAINT availability_queue_left_not_negative CHECK (queue_left >= 0)
);
