-- What waiting lists, offers and reminders go by. Every column has a default, so that the version before still runs; it
-- is what an event without the field means. Sessions on offer keep to it: people booked them on these terms.

ALTER TABLE activity
    ADD COLUMN fill_from_hours int NOT NULL DEFAULT 24,
    ADD COLUMN offer_minutes int NOT NULL DEFAULT 240,
    ADD COLUMN reminder_hours int NOT NULL DEFAULT 24,
    ADD COLUMN reconfirm boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT activity_fill_from_hours_within_two_weeks CHECK (fill_from_hours BETWEEN 0 AND 336),
    ADD CONSTRAINT activity_offer_minutes_within_a_day CHECK (offer_minutes BETWEEN 15 AND 1440),
    ADD CONSTRAINT activity_reminder_hours_within_two_weeks CHECK (reminder_hours BETWEEN 0 AND 336),
    ADD CONSTRAINT activity_reconfirm_by_reminder CHECK (NOT reconfirm OR reminder_hours > 0);

ALTER TABLE session
    ADD COLUMN fill_from_hours int NOT NULL DEFAULT 24,
    ADD COLUMN offer_minutes int NOT NULL DEFAULT 240,
    ADD COLUMN reminder_hours int NOT NULL DEFAULT 24,
    ADD COLUMN reconfirm boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT session_fill_from_hours_within_two_weeks CHECK (fill_from_hours BETWEEN 0 AND 336),
    ADD CONSTRAINT session_offer_minutes_within_a_day CHECK (offer_minutes BETWEEN 15 AND 1440),
    ADD CONSTRAINT session_reminder_hours_within_two_weeks CHECK (reminder_hours BETWEEN 0 AND 336),
    ADD CONSTRAINT session_reconfirm_by_reminder CHECK (NOT reconfirm OR reminder_hours > 0);

-- Nobody could choose them for the activities there are, so these get what a new one of their kind starts from; their
-- new sessions follow.
UPDATE activity SET
    fill_from_hours = known.fill_from_hours,
    offer_minutes = known.offer_minutes,
    reminder_hours = known.reminder_hours,
    reconfirm = known.reconfirm
FROM (VALUES
    ('language_cafe', 24, 240, 24, true),
    ('homework_help', 24, 240, 24, true),
    ('digital_coaching', 24, 240, 24, true),
    ('class_visit', 72, 600, 72, false),
    ('staff_training', 72, 600, 72, false)
) AS known (kind, fill_from_hours, offer_minutes, reminder_hours, reconfirm)
WHERE activity.kind = known.kind;

-- The coming sessions of one activity are read in order of start, however many there were.
CREATE INDEX session_of_activity_in_order ON session (activity_id, starts_at, id);
DROP INDEX session_of_activity;
