from typing import LiteralString

from deploy.doctor.report import Finding, Note
from deploy.doctor.visit import LATE, Visit
from services.booking.domain import LAST_OFFER

_RUNS = "See whether booking runs, and what its log says (session_not_looked_after, loop_failed)."
_STUCK = "See whether booking runs, and what its log says (series_booking_not_finished, loop_failed)."

_UNSEEN: LiteralString = """
    SELECT id FROM session s
    WHERE wakes_at < now() - $1::interval OR (wakes_at IS NULL AND (
        EXISTS (SELECT FROM hold WHERE session_id = s.id)
        OR EXISTS (SELECT FROM booking WHERE session_id = s.id AND state IN ('queued', 'offered'))
        OR opens_at > now() OR closes_at > now()
    ))
"""
"""Time has changed something and nobody looked, or nobody ever will."""

_OVERDUE: LiteralString = """
    SELECT b.id FROM booking b JOIN session s ON s.id = b.session_id
    WHERE b.state = 'offered' AND least(b.answer_by, s.starts_at) < now() - $1::interval
"""

_TOO_LATE: LiteralString = """
    SELECT b.id FROM booking b JOIN session s ON s.id = b.session_id
    WHERE b.state = 'queued' AND s.starts_at < now() - $1::interval
"""

_UNOFFERED: LiteralString = """
    SELECT DISTINCT line.session_id AS id
    FROM (
        SELECT b.session_id, b.seats, row_number() OVER (PARTITION BY b.session_id ORDER BY b.joined) AS place
        FROM booking b JOIN session s ON s.id = b.session_id
        WHERE b.state = 'queued' AND b.seats <= s.seats - s.walk_in
    ) line
    JOIN session s ON s.id = line.session_id
    WHERE s.status = 'published' AND line.seats <= s.seats - s.walk_in - s.taken AND s.mode <> 'drop_in'
        AND now() + $1::interval < s.starts_at - $2::interval
        AND (line.place = 1 OR now() > s.starts_at - make_interval(hours => s.fill_from_hours) + $1::interval)
"""
"""The head of those who could ever fit does, or late enough anybody in the line, and there is time to tell them."""

_UNREMINDED: LiteralString = """
    SELECT b.id FROM booking b JOIN session s ON s.id = b.session_id
    WHERE b.state = 'confirmed' AND b.remind_at < now() - $1::interval
        AND s.status <> 'cancelled' AND s.starts_at > now()
"""


_UNFINISHED: LiteralString = """
    SELECT id FROM series_booking
    WHERE state IN ('making', 'undoing', 'cancelling') AND stepped_at < now() - $1::interval
"""


async def waiting(visit: Visit) -> list[Finding | Note]:
    """What time alone changes is seen to within a minute, at rest too: it never rests."""

    async def found(name: str, what: str, todo: str, sql: LiteralString, *values: object) -> list[Finding]:
        rows = await visit.after("booking").fetch(sql, LATE, *values)
        return Finding.about(name, what, [row["id"] for row in rows], todo)

    return [
        *await found("session-not-looked-after", "Nobody looks after what time changes in sessions", _RUNS, _UNSEEN),
        *await found("offer-overdue", "Offers have run out, and their seats went to nobody else", _RUNS, _OVERDUE),
        *await found("queue-not-closed", "People still wait for a seat in sessions that have begun", _RUNS, _TOO_LATE),
        *await found(
            "seat-not-offered",
            "Seats are free in sessions in which somebody waits for them",
            "Raise the seats of these sessions by one and put them back: booking then offers what is free. Report it.",
            _UNOFFERED,
            LAST_OFFER,
        ),
        *await found(
            "series-unfinished", "Series were booked or given back in part, and nobody goes on", _STUCK, _UNFINISHED
        ),
        *await found("reminder-not-told", "People have not been reminded of these bookings", _RUNS, _UNREMINDED),
    ]
