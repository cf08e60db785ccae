-- How long people's details are kept after their session, as somebody who may decided. Without a row nothing about people
-- is deleted by its age. The newest row counts; none is changed, so that it stays known by what right what was deleted.
CREATE TABLE erasure_decision (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference text NOT NULL CONSTRAINT erasure_decision_reference CHECK (length(reference) BETWEEN 1 AND 200),
    decided_on date NOT NULL,
    days int NOT NULL CONSTRAINT erasure_decision_days CHECK (days BETWEEN 1 AND 3650),
    recorded_by text NOT NULL CONSTRAINT erasure_decision_recorded_by CHECK (length(recorded_by) BETWEEN 1 AND 200),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE FUNCTION erasure_decision_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was decided is not changed: record a newer decision'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'erasure_decision_stays';
END $$;

CREATE TRIGGER erasure_decision_stays BEFORE UPDATE OR DELETE ON erasure_decision
FOR EACH ROW EXECUTE FUNCTION erasure_decision_stays();
CREATE TRIGGER erasure_decision_is_not_emptied BEFORE TRUNCATE ON erasure_decision
FOR EACH STATEMENT EXECUTE FUNCTION erasure_decision_stays();
