from deploy.doctor.report import Finding, Note
from deploy.doctor.visit import Visit

_TODO = (
    "Take no more bookings for these sessions (set their mode to drop_in), compare the day's list with the people "
    "concerned, and report it: no path through Plats leads there."
)


async def seats(visit: Visit) -> list[Finding | Note]:
    """What a session counts as taken is what is booked, offered or held, and no more than there is.

    Somebody who staff know does not come takes no seat. More than the capacity may be taken where staff lowered it,
    helpers went who made it, or staff let somebody in on purpose; the ceiling then comes down with the seats.
    """
    rows = await visit.after("booking").fetch(
        """
        SELECT id, taken, ceiling, overbooked, catalog_revision, had, capacity, staffed
        FROM (
            SELECT s.id, s.taken, s.ceiling, s.overbooked, s.catalog_revision, coalesce(h.had, 0) AS had,
                CASE s.mode WHEN 'drop_in' THEN 0 ELSE s.seats - s.walk_in END AS capacity,
                s.capacity_from = 'staffing' AND EXISTS (SELECT FROM staffing WHERE session_id = s.id) AS staffed
            FROM session s
            LEFT JOIN (
                SELECT session_id, sum(seats) AS had
                FROM (
                    SELECT session_id, seats FROM booking
                    WHERE state = 'offered'
                        OR (state = 'confirmed' AND coalesce(attendance, '') NOT IN ('excused', 'no_show'))
                    UNION ALL SELECT session_id, seats FROM hold
                ) one GROUP BY session_id
            ) h ON h.session_id = s.id
        ) counted
        WHERE taken <> had OR taken < 0 OR ceiling <> greatest(capacity, taken) OR had > capacity
        """
    )
    over = {row["id"]: row for row in rows if row["had"] > row["capacity"]}
    uncounted = [row["id"] for row in rows if row["taken"] != row["had"]]
    crowded = [row["id"] for row in rows if not 0 <= row["taken"] <= row["ceiling"] or row["had"] > row["ceiling"]]
    unruly = [row["id"] for row in rows if row["ceiling"] != max(row["capacity"], row["taken"])]
    unchanged = [
        id_
        for id_, row in over.items()
        if row["catalog_revision"] == 1 and not row["staffed"] and row["had"] > row["capacity"] + row["overbooked"]
    ]
    found: list[Finding | Note] = [
        *Finding.about("seats-not-the-sum", "Sessions count other seats as taken than somebody has", uncounted, _TODO),
        *Finding.about("seats-over-ceiling", "Sessions have more people than they may ever have", crowded, _TODO),
        *Finding.about("seats-ceiling-wrong", "Sessions have another ceiling than their seats ask for", unruly, _TODO),
        *Finding.about("seats-overbooked", "Sessions are overbooked, and nobody did it on purpose", unchanged, _TODO),
    ]
    meant = len(over) - len(unchanged)
    why = "seats were lowered, helpers went, or staff let more in"
    return found + [Note(text=f"{meant} sessions have more people than seats: {why}")][: bool(meant)]
