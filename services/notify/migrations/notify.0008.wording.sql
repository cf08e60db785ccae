-- What administrators say instead of the catalogs' words, by language and key, one for each form of a plural. A row whose
-- forms are NULL says that the catalog's words are said again; it stays, so that revisions only ever grow.
CREATE TABLE wording (
    language text NOT NULL,
    key text NOT NULL,
    forms text[] CONSTRAINT wording_forms CHECK (cardinality(forms) > 0 AND array_position(forms, NULL) IS NULL),
    revision int NOT NULL DEFAULT 1,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (language, key)
);
