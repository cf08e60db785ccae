-- Who may book a session, and how its people get into it online. A version before this one takes neither over from
-- catalog: what it heard of a session stands here as it was, until catalog tells of that session again.
ALTER TABLE session
    ADD COLUMN booked_by text NOT NULL DEFAULT 'anyone'
        CONSTRAINT session_booked_by CHECK (booked_by IN ('anyone', 'staff')),
    ADD COLUMN meeting_link text,
    ADD COLUMN meeting_number text NOT NULL DEFAULT '',
    ADD CONSTRAINT session_meeting CHECK (meeting_link IS NOT NULL OR meeting_number = '');

-- By what people are found who lost their code. Addresses are ASCII and compared without case. Contacts are erased
-- some time after their session, so they stay few: a booking waits for these for a moment, and needs no CONCURRENTLY.
CREATE INDEX contact_phone_number ON contact (phone);
CREATE INDEX contact_email_folded ON contact (lower(email COLLATE "C"));
