-- Who did what, and who read it: ids and names of fields, as every service has it.
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
    over int CONSTRAINT audit_over CHECK (over IS NULL)
);

CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_branch ON audit (branch_id, id);
CREATE INDEX audit_object ON audit (object, id);
CREATE INDEX audit_subject ON audit (subject, id);

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
