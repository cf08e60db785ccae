-- What staff did, and what they read: who, when, which action on what, and which fields; never what was in them. It is
-- written with what it tells of, and stays as it was written until it is a year old.
CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    subject text NOT NULL,
    role text NOT NULL,
    -- NULL is the whole installation.
    branch_id text,
    action text NOT NULL CONSTRAINT audit_action CHECK (action ~ '^[a-z]+(-[a-z]+)*$'),
    kind text NOT NULL CONSTRAINT audit_kind CHECK (kind ~ '^[a-z]+(-[a-z]+)*$'),
    object text NOT NULL,
    fields text[] NOT NULL DEFAULT '{}',
    -- How many seats more than staff set an override let in; 0 where it passed the waiting list only.
    over int,
    CONSTRAINT audit_over CHECK (CASE action WHEN 'override' THEN over >= 0 AND kind = 'session' ELSE over IS NULL END)
);

CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_branch ON audit (branch_id, id);
CREATE INDEX audit_object ON audit (object, id);

CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.at < now() - interval '12 months' THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'what the audit says is not changed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_stays';
END $$;

CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_stays();
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_stays();

-- Seats that staff let in above what they set, one party at a time and on purpose. A version before this one knows
-- nothing of it and writes none.
ALTER TABLE session
    ADD COLUMN overbooked int NOT NULL DEFAULT 0 CONSTRAINT session_overbooked CHECK (overbooked >= 0);

-- An override is its row in the audit: nothing else raises the ceiling above the seats that staff set.
CREATE FUNCTION audit_lets_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE session SET
        overbooked = overbooked + NEW.over,
        ceiling = greatest(ceiling, CASE mode WHEN 'drop_in' THEN 0 ELSE seats - walk_in END) + NEW.over
    WHERE id = NEW.object::uuid;
    RETURN NULL;
END $$;

CREATE TRIGGER audit_lets_in AFTER INSERT ON audit
FOR EACH ROW WHEN (NEW.action = 'override' AND NEW.over > 0) EXECUTE FUNCTION audit_lets_in();

-- Lowering the capacity throws nobody out, and seats above it only ever come back, whichever version takes them back;
-- but for those whom the audit lets in, whose trigger is the one below this.
CREATE OR REPLACE FUNCTION session_ceiling_rises_only_with_capacity() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    capacity int := CASE NEW.mode WHEN 'drop_in' THEN 0 ELSE NEW.seats - NEW.walk_in END;
BEGIN
    IF pg_trigger_depth() > 1 THEN
        RETURN NEW;
    END IF;
    IF (NEW.ceiling > OLD.ceiling AND NEW.ceiling > capacity) OR NEW.overbooked > OLD.overbooked THEN
        RAISE EXCEPTION 'session % would hold more seats than staff set', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'session_ceiling_rises_only_with_capacity';
    END IF;
    NEW.overbooked := least(NEW.overbooked, greatest(0, NEW.ceiling - capacity));
    RETURN NEW;
END $$;

DROP TRIGGER session_ceiling_rises_only_with_capacity ON session;
CREATE TRIGGER session_ceiling_rises_only_with_capacity BEFORE UPDATE OF ceiling, overbooked ON session
FOR EACH ROW EXECUTE FUNCTION session_ceiling_rises_only_with_capacity();

-- Somebody who helps with a booking, and is written to instead: by number or by mail.
ALTER TABLE contact
    ADD COLUMN behalf_of text CONSTRAINT contact_behalf_of CHECK (behalf_of IN ('relative', 'teacher', 'colleague')),
    ADD CONSTRAINT contact_has_a_helper CHECK (behalf_of IS NULL OR reach = 'proxy'),
    DROP CONSTRAINT contact_reachable,
    ADD CONSTRAINT contact_reachable CHECK (
        CASE reach
            WHEN 'email' THEN email IS NOT NULL
            WHEN 'proxy' THEN phone IS NOT NULL OR email IS NOT NULL
            WHEN 'none' THEN phone IS NULL AND email IS NULL
            ELSE phone IS NOT NULL
        END
    );

-- What the desk looks through: one library's sessions from yesterday on.
CREATE INDEX session_of_branch ON session (branch_id, ends_at);

-- How many came without a booking. Nobody knows who.
CREATE TABLE walk_in (
    session_id uuid NOT NULL CONSTRAINT walk_in_session REFERENCES session,
    age_group text NOT NULL CONSTRAINT walk_in_group CHECK (age_group IN ('child', 'young', 'adult')),
    people int NOT NULL CONSTRAINT walk_in_people CHECK (people >= 0),
    PRIMARY KEY (session_id, age_group)
);

-- Queue tickets of one library on one local day. This row is where whoever draws or calls takes a turn.
CREATE TABLE ticket_day (
    branch_id text NOT NULL,
    day date NOT NULL,
    drawn int NOT NULL,
    PRIMARY KEY (branch_id, day)
);

-- A number, and nothing of who holds it.
CREATE TABLE ticket (
    id uuid PRIMARY KEY,
    branch_id text NOT NULL,
    day date NOT NULL,
    number int NOT NULL CONSTRAINT ticket_number CHECK (number > 0),
    state text NOT NULL CONSTRAINT ticket_state CHECK (state IN ('waiting', 'called', 'served', 'gave-up')),
    -- What the last tap changed, so that it can be taken back; NULL where there is nothing to take back.
    was text CONSTRAINT ticket_was CHECK (was IN ('waiting', 'called', 'served', 'gave-up')),
    place int CONSTRAINT ticket_place CHECK (place BETWEEN 1 AND 99),
    drawn_at timestamptz NOT NULL,
    called_at timestamptz,
    calls int NOT NULL DEFAULT 0,
    CONSTRAINT ticket_of_day FOREIGN KEY (branch_id, day) REFERENCES ticket_day,
    CONSTRAINT ticket_once UNIQUE (branch_id, day, number),
    CONSTRAINT ticket_called CHECK (state <> 'called' OR called_at IS NOT NULL)
);
