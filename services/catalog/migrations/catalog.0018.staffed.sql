-- How many seats can be booked, as booking says: fewer than are planned where helpers make them and too few are on duty.
-- NULL: it was told to a version before this one.
ALTER TABLE availability
    ADD COLUMN capacity int CONSTRAINT availability_capacity_not_negative CHECK (capacity >= 0);
