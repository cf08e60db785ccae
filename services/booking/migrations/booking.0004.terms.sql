-- Which of catalog's revisions the terms are from: a withdrawal carries none, and may overtake the change before it.
-- NULL is that of catalog_revision, as a version before this one writes it.
ALTER TABLE session ADD COLUMN terms_revision bigint;
