-- What administrators decided for the whole installation: when people are written to, and how much is let through.
-- Catalog's rows are the truth, the others keep them as they hear of them. The newest counts, and none is changed: what
-- one administrator did can be told to the next. Without a row the environment's values count.
CREATE TABLE installation (
    revision int PRIMARY KEY CONSTRAINT installation_revision CHECK (revision > 0),
    permitted_hours text NOT NULL CONSTRAINT installation_permitted_hours CHECK (permitted_hours ~ '^[0-2]\d-[0-2]\d$'),
    bookings_of_number int NOT NULL CONSTRAINT installation_bookings_of_number CHECK (bookings_of_number > 0),
    messages_to_number int NOT NULL CONSTRAINT installation_messages_to_number CHECK (messages_to_number > 0),
    bookings_from_network int NOT NULL CONSTRAINT installation_bookings_from_network CHECK (bookings_from_network > 0),
    sms_parts_a_day int NOT NULL CONSTRAINT installation_sms_parts_a_day CHECK (sms_parts_a_day >= 0),
    decided_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
