-- Messages go one after another per address, not per contact: a family shares a phone, and the provider's history
-- tells an SMS apart by its number only. `address` is a keyed hash, never the number itself; NULL is not routed yet.
ALTER TABLE message ADD COLUMN address bytea;

DROP INDEX message_one_in_flight;
CREATE UNIQUE INDEX message_one_in_flight ON message (address) WHERE state IN ('sending', 'unknown');
CREATE INDEX message_open_of_address ON message (address) WHERE state IN ('pending', 'sending', 'unknown');
