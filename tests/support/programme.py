"""A programme as large as a city's, for tests of how fast it is found: everywhere, of every kind, for six weeks."""

from itertools import product
from uuid import UUID, uuid5

from services.catalog.kinds import KINDS
from services.catalog.search import fold
from shared.db import Connection

_NAMESPACE = UUID("0a4f5b7e-5c0e-4f57-9a52-6f2f8a2f0d11")
_LANGUAGES = (["sv"], ["sv", "ar"], ["sv", "so", "ti"], ["en"], ["sv", "en", "uk"])
_LEVELS = (None, "A1", "A2-B1", None, "A1-C1")


def activity_id(number: int) -> UUID:
    """One of the activities: five of each kind, from 0 on."""
    return uuid5(_NAMESPACE, str(number))


async def fill(conn: Connection, sessions: int) -> None:
    """Add published sessions from tomorrow on, spread evenly over branches, kinds, languages and 42 days.

    Each that is booked has its availability as booking would have told it; every fifth of those is full. Activities
    are five of each kind. Sessions are between 08.00 and 18.00 UTC; several may start at the same moment.
    """
    kinds = list(product(KINDS.values(), zip(_LANGUAGES, _LEVELS, strict=True)))
    await conn.executemany(
        """
        INSERT INTO activity (
            id, kind, titles, sms_titles, summaries, languages, level, minutes,
            mode, counts, seats, walk_in, queue, party_max, children, late_cancel_hours, booked_by, search
        )
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
        """,
        [
            (
                activity_id(number),
                kind.id,
                {tag: f"{label} {number}" for tag, label in kind.labels.items()},
                kind.sms_labels,
                {"sv": f"Det här är nummer {number}. Det är gratis.", "en": f"This is number {number}. It is free."},
                languages,
                level,
                kind.minutes,
                kind.terms.mode,
                kind.terms.counts,
                kind.terms.seats,
                kind.terms.walk_in,
                kind.terms.queue,
                kind.terms.party_max,
                kind.terms.children,
                kind.terms.late_cancel_hours,
                kind.terms.booked_by,
                fold(" ".join(f"{label} {number}" for label in kind.labels.values())),
            )
            for number, (kind, (languages, level)) in enumerate(kinds)
        ],
    )
    # 39 branches and 40 activities have no divisor in common, so every activity comes to every branch.
    await conn.execute(
        """
        INSERT INTO session (
            id, revision, status, activity_id, branch_id, place, room, starts_at, ends_at,
            mode, counts, seats, walk_in, queue, party_max, children, late_cancel_hours, booked_by
        )
        SELECT gen_random_uuid(), 1, 'published', a.id, b.id,
            CASE n % 12 WHEN 0 THEN 'online' WHEN 6 THEN 'outreach' ELSE 'branch' END, '',
            starts_at, starts_at + make_interval(mins => a.minutes),
            a.mode, a.counts, a.seats, a.walk_in, a.queue, a.party_max, a.children, a.late_cancel_hours, a.booked_by
        FROM generate_series(0, $1 - 1) n
        JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place_in_row FROM activity WHERE id = ANY ($2)) a
            ON a.place_in_row = n % cardinality($2)
        JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place_in_row FROM branch) b
            ON b.place_in_row = n % (SELECT count(*) FROM branch)
        CROSS JOIN LATERAL (
            SELECT date_trunc('day', now(), 'UTC') + make_interval(days => 1 + n % 42, mins => 480 + 30 * (n / 42 % 20))
        ) AS due (starts_at)
        """,
        sessions,
        [activity_id(number) for number in range(len(kinds))],
    )
    await conn.execute(
        """
        INSERT INTO availability (session_id, revision, seats_left, queue_left)
        SELECT id, 1, CASE WHEN nth % 5 = 0 THEN 0 ELSE 1 + nth % (seats - walk_in) END, queue
        FROM (SELECT *, row_number() OVER (ORDER BY starts_at, id) AS nth FROM session WHERE mode <> 'drop_in') session
        """
    )
    await conn.execute("ANALYZE activity, session, availability")
