-- What one person did is looked for among a year of everybody's.
CREATE INDEX audit_subject ON audit (subject, id);
