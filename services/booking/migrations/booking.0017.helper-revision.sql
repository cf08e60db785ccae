-- depends: booking.0016.helping

-- Of what is sought, as volunteers counts it; NULL where it was told without.
ALTER TABLE booking ADD COLUMN helper_revision bigint;
