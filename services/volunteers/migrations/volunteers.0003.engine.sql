-- depends: volunteers.0002.helping

-- Why something is not somebody's any more, or did not become theirs: a word of the event's closed list.
ALTER TABLE assignment ADD COLUMN ended text, ADD COLUMN ended_at timestamptz;
ALTER TABLE shift
    ADD COLUMN ended text,
    ADD COLUMN ended_at timestamptz,
    ADD COLUMN hand_over boolean NOT NULL DEFAULT false; -- its helper looks for somebody to take it

-- Whose shift it is to be reminded of; the column is emptied when they were.
CREATE INDEX shift_reminders ON shift (remind_at) WHERE state = 'on_duty' AND remind_at IS NOT NULL;
CREATE INDEX session_of_sitting ON session (sitting_id) WHERE sitting_id IS NOT NULL;

-- What somebody has done and promised in a stretch of time, in minutes: visitors' slots where each visitor is one
-- helper's, else their shifts. Both are found by the volunteer, so that it costs what that one did, whoever else there is.
CREATE FUNCTION minutes_given(volunteer uuid, since timestamptz, until timestamptz) RETURNS int LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(minutes), 0)::int FROM (
        SELECT CASE a.state WHEN 'done' THEN coalesce(a.minutes, 0)
            ELSE extract(epoch FROM upper(a.during) - lower(a.during)) / 60 END AS minutes
        FROM assignment a
        WHERE a.volunteer_id = volunteer AND a.state IN ('proposed', 'accepted', 'done')
            AND lower(a.during) >= since AND lower(a.during) < until
        UNION ALL
        SELECT CASE s.state WHEN 'done' THEN coalesce(s.minutes, 0)
            ELSE extract(epoch FROM upper(s.during) - lower(s.during)) / 60 END
        FROM shift s JOIN session e ON e.id = s.session_id
        WHERE s.volunteer_id = volunteer AND s.state IN ('on_duty', 'done') AND NOT e.matched
            AND lower(s.during) >= since AND lower(s.during) < until
    ) given
$$;
