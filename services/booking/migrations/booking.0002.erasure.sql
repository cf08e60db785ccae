-- Erasing a person is deleting one row: what else could tell of them goes with it, in the same transaction.
CREATE FUNCTION contact_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE booking SET person = NULL WHERE contact_ref = OLD.ref;
    DELETE FROM idempotency WHERE body ->> 'code' = left(OLD.code, 3) || '-' || substr(OLD.code, 4);
    RETURN NULL;
END $$;

CREATE TRIGGER contact_erased AFTER DELETE ON contact FOR EACH ROW EXECUTE FUNCTION contact_erased();

CREATE INDEX idempotency_code ON idempotency ((body ->> 'code'));
