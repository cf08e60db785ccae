-- What people are told about is more than bookings by now: volunteers' assignments and shifts, and news that are about
-- nothing but themselves. `owner` is the service that knows how they are reached. Its name is from before.
ALTER TABLE booking
    ADD COLUMN owner text NOT NULL DEFAULT 'booking' CONSTRAINT booking_owner CHECK (owner IN ('booking', 'volunteers')),
    -- Whether a volunteer was ever asked for it, and ever said yes, in whatever order that was heard of.
    ADD COLUMN asked boolean NOT NULL DEFAULT false,
    ADD COLUMN agreed boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT booking_standing,
    ADD CONSTRAINT booking_standing CHECK (
        CASE owner
            WHEN 'booking' THEN
                standing IN ('confirmed', 'queued', 'offered', 'cancelled', 'declined', 'expired', 'closed')
            ELSE standing IN ('proposed', 'accepted', 'declined', 'expired', 'released', 'done', 'news')
        END
    );

-- News may be about no session.
ALTER TABLE message ALTER COLUMN session_id DROP NOT NULL;
