from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from deploy.doctor.report import Finding, Note
from deploy.doctor.visit import Visit


class Asked(NamedTuple):
    """What an event asks to be told."""

    templates: tuple[str, ...]
    """One of these."""
    overtaken_by: tuple[str, ...] = ()
    """Newer messages after which it is not told any more."""


_ASKING: Mapping[str, Asked] = {
    "booking.confirmed.v1": Asked(("confirmed", "accepted"), ("moved",)),
    "booking.queued.v1": Asked(("queued",), ("offered", "accepted", "moved")),
    "booking.offered.v1": Asked(("offered",), ("accepted", "moved")),
    "booking.offer_expired.v1": Asked(("offer_expired",)),
    "booking.declined.v1": Asked(("declined",)),
    "booking.moved.v1": Asked(("moved",), ("moved",)),
    "booking.reminder_due.v1": Asked(("reminder",), ("reminder", "rescheduled", "moved")),
    "booking.shrunk.v1": Asked(("shrunk",), ("shrunk", "moved")),
    "booking.code_requested.v1": Asked(("code_again",), ("code_again", "moved")),
    "booking.rescheduled.v1": Asked(("rescheduled",), ("rescheduled", "moved")),
    "booking.helper_found.v1": Asked(("helper_found",), ("helper_missing", "moved")),
    "booking.helper_missing.v1": Asked(("helper_missing",), ("helper_missing", "helper_found", "moved")),
    "booking.cancelled.v1": Asked(("cancelled", "session_cancelled")),
}
"""The events after which somebody is told. That a waiting list closed is told to nobody."""

_LOST = "Somebody is not told. Ring the people of these bookings, and report it."

_BACKLOG = timedelta(minutes=15)
"""How long a due message may wait for others; more means that nothing is sent."""

_UNDECIDED = timedelta(hours=1)
"""How long it may take to find out whether a message of unknown fate arrived."""


async def messages(visit: Visit) -> list[Finding | Note]:
    """Everybody who is to be told has a message, nobody else has, and none is stuck."""
    return [*await _missing(visit), *await _from_nowhere(visit), *await _stuck(visit), *await _failed(visit)]


async def _missing(visit: Visit) -> list[Finding]:
    """Every event that asks for it and was heard has its message, unless newer news has overtaken it."""
    told = await visit.before("booking").fetch(
        """
        SELECT event_id, substr(aggregate, length('booking/') + 1)::uuid AS booking, revision, routing_key
        FROM published WHERE routing_key = ANY($1) AND published_at > $2
        """,
        list(_ASKING),
        visit.history("booking").since,
    )
    rows = await visit.after("notify").fetch(
        """
        SELECT e.booking FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[])
            AS e (event_id, booking, revision, templates, overtaken_by)
        JOIN inbox i ON i.event_id = e.event_id
        WHERE NOT EXISTS (
            SELECT FROM message m WHERE m.about = e.booking AND m.booking_revision = e.revision
                AND m.template = ANY(string_to_array(e.templates, ' '))
        ) AND NOT EXISTS (
            SELECT FROM message m WHERE m.about = e.booking AND m.booking_revision > e.revision
                AND m.template = ANY(string_to_array(e.overtaken_by, ' '))
        ) AND NOT EXISTS (
            SELECT FROM booking b WHERE b.id = e.booking AND b.ended_revision > e.revision
        )
        """,
        [row["event_id"] for row in told],
        [row["booking"] for row in told],
        [row["revision"] for row in told],
        [" ".join(_ASKING[row["routing_key"]].templates) for row in told],
        [" ".join(_ASKING[row["routing_key"]].overtaken_by) for row in told],
    )
    bookings = [row["booking"] for row in rows]
    return Finding.about("message-missing", "Nothing is to be told about changes of these bookings", bookings, _LOST)


async def _from_nowhere(visit: Visit) -> list[Finding]:
    """Every message that visitors get goes back to an event about its booking."""
    history = visit.history("booking")
    rows = await visit.before("notify").fetch(
        """
        SELECT m.id, m.about, m.booking_revision FROM message m LEFT JOIN booking b ON b.id = m.about
        WHERE m.created_at > $1 AND coalesce(b.owner, 'booking') = 'booking'
        """,
        history.since,
    )
    strange = await visit.after("booking").fetch(
        """
        SELECT m.id FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS m (id, about, revision)
        WHERE NOT EXISTS (SELECT FROM outbox WHERE aggregate = 'booking/' || m.about AND revision = m.revision)
            AND NOT EXISTS (SELECT FROM published WHERE aggregate = 'booking/' || m.about AND revision = m.revision)
        """,
        [row["id"] for row in rows],
        [row["about"] for row in rows],
        [row["booking_revision"] for row in rows],
    )
    return Finding.about(
        "message-from-nowhere",
        "Messages tell of changes of bookings that booking never told of",
        [row["id"] for row in strange if history.remembers(row["id"])],
        "Somebody may be told what is not so. Compare with their booking, and report it.",
    )


async def _stuck(visit: Visit) -> list[Finding]:
    """None hangs on its way out."""
    rows = await visit.after("notify").fetch(
        """
        SELECT m.id, m.state FROM message m
        LEFT JOIN attempt a ON a.message_id = m.id AND a.number = m.attempts
        CROSS JOIN (SELECT clock_timestamp() AS at) now
        WHERE (m.state = 'sending' AND m.lease_until < now.at - $1::interval)
            OR (m.state = 'unknown' AND (m.next_at < now.at - $1::interval OR a.started_at < now.at - $2::interval))
            OR (m.state = 'pending' AND m.due_at < now.at - $3::interval AND m.next_at < now.at - $3::interval)
        """,
        visit.patience,
        timedelta(0) if visit.at_rest else _UNDECIDED,
        timedelta(0) if visit.at_rest else _BACKLOG,
    )
    ids = {state: [row["id"] for row in rows if row["state"] == state] for state in ("sending", "unknown", "pending")}
    runs = "See whether notify runs, and what its log says (message_tried, leases_expired)."
    return [
        *Finding.about("message-stuck", "Messages are being sent by nobody", ids["sending"], runs),
        *Finding.about(
            "message-unknown",
            "Nobody knows whether these messages arrived",
            ids["unknown"],
            "See whether the SMS provider answers: its history is asked. If it is urgent, ring the people concerned.",
        ),
        *Finding.about("message-waiting", "Messages should have left long ago", ids["pending"], runs),
    ]


async def _failed(visit: Visit) -> list[Note]:
    number = await visit.after("notify").fetchval("SELECT count(*) FROM message WHERE state = 'failed'")
    return [Note(text=f"{number} messages could not be delivered; tell these people another way")] if number else []
