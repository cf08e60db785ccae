-- Of an answer whose person was forgotten only ids are left, as of messages, for as long as its event is remembered:
-- neither the number nor what was said.
ALTER TABLE reply ALTER COLUMN address DROP NOT NULL, ALTER COLUMN understood DROP NOT NULL;
