-- Which dates somebody booked together: each is a booking of its own, and one message tells of all. The row of the
-- series booking itself names itself here; it stands for all of its dates. NULL is a booking of one date.
ALTER TABLE booking ADD COLUMN series_booking_id uuid;

CREATE INDEX booking_of_series ON booking (series_booking_id) WHERE series_booking_id IS NOT NULL;
