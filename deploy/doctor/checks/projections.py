from typing import Any, LiteralString, NamedTuple
from uuid import UUID

from deploy.doctor.report import Finding, Note
from deploy.doctor.visit import Visit
from shared.db import Connection


class Projection(NamedTuple):
    """What a service keeps of another one's record.

    Both statements give ``id``, ``version`` (which only grows) and the values; the owner's also the ``aggregate`` and
    the ``revision`` of the event that told of this version. A value that is NULL is not compared.
    """

    what: str
    owner: str
    keeper: str
    truth: LiteralString
    copy: LiteralString
    exact: bool = True
    """Whether the owner has a row for each that is kept; otherwise it has forgotten some, or leaves some out here."""


_DECIDED: LiteralString = """
    SELECT '01990000-0000-7000-8000-0000000000ff'::uuid AS id, revision AS version,
        'installation/01990000-0000-7000-8000-0000000000ff' AS aggregate, revision,
        permitted_hours, bookings_of_number, messages_to_number, bookings_from_network, sms_parts_a_day
    FROM installation ORDER BY revision DESC LIMIT 1
"""
"""There is one installation, under the id that its events have (``shared.events.INSTALLATION``)."""

_DECISION_KEPT: LiteralString = """
    SELECT '01990000-0000-7000-8000-0000000000ff'::uuid AS id, revision AS version,
        permitted_hours, bookings_of_number, messages_to_number, bookings_from_network, sms_parts_a_day
    FROM installation ORDER BY revision DESC LIMIT 1
"""

PROJECTIONS = (
    Projection(
        "how full sessions are",
        "booking",
        "catalog",
        """
        SELECT id, revision AS version, 'availability/' || id AS aggregate, revision,
            CASE WHEN open AND status = 'published' AND mode <> 'drop_in' AND waiting = 0
                THEN greatest(0, seats - walk_in - taken) ELSE 0 END AS seats_left,
            CASE WHEN open THEN greatest(0, queue - waiting) ELSE 0 END AS queue_left,
            CASE mode WHEN 'drop_in' THEN 0 ELSE seats - walk_in END AS capacity
        FROM session
        CROSS JOIN LATERAL (
            SELECT count(*) AS waiting FROM booking WHERE session_id = session.id AND state = 'queued'
        ) line
        """,
        "SELECT session_id AS id, revision AS version, seats_left, queue_left, capacity FROM availability",
    ),
    Projection(
        "on what terms sessions are booked",
        "catalog",
        "booking",
        """
        SELECT id, revision AS version, 'session/' || id AS aggregate, revision, status,
            CASE WHEN status <> 'cancelled' THEN
            concat_ws(' ', starts_at, ends_at, place || '/' || branch_id || '/' || room, mode, counts,
                seats_offered, least(walk_in, seats_offered), queue, party_max, late_cancel_hours, fill_from_hours,
                offer_minutes, reminder_hours, reconfirm, booked_by, meeting_link, meeting_number,
                opens_at, closes_at, certificate, jsonb_path_query_array(ask, '$[*].id'),
                CASE WHEN helpers_needed > 0 THEN nullif(capacity_from, 'session') END)
                END AS terms,
            activity_id
        FROM session WHERE (status IN ('published', 'withdrawn')
            OR EXISTS (SELECT FROM outbox WHERE aggregate = 'session/' || session.id)
            OR EXISTS (SELECT FROM published WHERE aggregate = 'session/' || session.id))
        """,  # nobody heard of a draft, nor of one that was cancelled
        """
        SELECT id, catalog_revision AS version, status,
            concat_ws(' ', starts_at, ends_at, place, mode, counts, coalesce(staff_seats, seats),
                coalesce(staff_walk_in, walk_in), queue, party_max, late_cancel_hours, fill_from_hours,
                offer_minutes, reminder_hours, reconfirm, booked_by, meeting_link, nullif(meeting_number, ''),
                opens_at, closes_at, certificate, jsonb_path_query_array(ask, '$[*].id'),
                nullif(capacity_from, 'session')) AS terms,
            activity_id
        FROM session
        UNION ALL
        SELECT session_id, catalog_revision, NULL, NULL, NULL FROM session_tombstone
        WHERE NOT EXISTS (SELECT FROM session WHERE id = session_id)
        """,
    ),
    Projection(
        "when and where sessions are held",
        "catalog",
        "notify",
        """
        SELECT id, revision AS version, 'session/' || id AS aggregate, revision, status,
            CASE WHEN status = 'published' THEN
            concat_ws(' ', starts_at, ends_at, place || '/' || branch_id || '/' || room, mode, counts,
                seats_offered, least(walk_in, seats_offered), queue, party_max, late_cancel_hours, booked_by,
                meeting_link, meeting_number)
                END AS terms
        FROM session WHERE ends_at > now() - interval '28 days' AND (status IN ('published', 'withdrawn')
            OR EXISTS (SELECT FROM outbox WHERE aggregate = 'session/' || session.id)
            OR EXISTS (SELECT FROM published WHERE aggregate = 'session/' || session.id))
        """,  # nobody heard of a draft; old sessions are forgotten
        """
        SELECT id, revision AS version, status,
            concat_ws(' ', (facts ->> 'starts_at')::timestamptz, (facts ->> 'ends_at')::timestamptz,
                concat_ws('/', facts ->> 'place', facts -> 'branch' ->> 'id', facts ->> 'room'),
                facts ->> 'mode', facts ->> 'counts',
                facts -> 'capacity' ->> 'seats', facts -> 'capacity' ->> 'walk_in', facts -> 'capacity' ->> 'queue',
                facts -> 'policies' ->> 'party_max', facts -> 'policies' ->> 'late_cancel_hours',
                coalesce(facts -> 'policies' ->> 'booked_by', 'anyone'),
                facts -> 'meeting' ->> 'link', nullif(facts -> 'meeting' ->> 'number', '')) AS terms
        FROM session
        """,
        exact=False,
    ),
    Projection(
        "what became of the newest message about a booking",
        "notify",
        "booking",
        """
        SELECT DISTINCT ON (about) about AS id, id || ' ' || lpad(revision::text, 9, '0') AS version,
            'message/' || id AS aggregate, revision,
            CASE WHEN state IN ('sent', 'delivered', 'failed') THEN state END AS notice
        FROM message
        WHERE revision > 0 AND (state <> 'failed' OR reason IS DISTINCT FROM 'no_address')  -- they wait for no message
            AND about IN (SELECT id FROM booking WHERE owner = 'booking')
        ORDER BY about, message.id DESC
        """,
        """
        SELECT id, notice_message || ' ' || lpad(notice_revision::text, 9, '0') AS version, notice
        FROM (
            SELECT id, notice_message, notice_revision, notice FROM booking
            UNION ALL SELECT id, notice_message, notice_revision, notice FROM series_booking
        ) told WHERE notice_message IS NOT NULL
        """,
        exact=False,
    ),
    *(
        Projection("what administrators decided for all", "catalog", keeper, _DECIDED, _DECISION_KEPT)
        for keeper in ("booking", "notify", "volunteers")
    ),
)


class Row(NamedTuple):
    """A record in one version."""

    version: Any
    """A number or a text, of one kind on both sides."""
    values: tuple[object, ...]
    event: tuple[str, int] = ("", 0)


async def projections(visit: Visit) -> list[Finding | Note]:
    """What services keep of each other's records is what the owner has, but for news on its way.

    A copy of an older version is wrong only when the news of the present one was heard, or is not on its way at all;
    whether what is on its way arrives is another check's business.
    """
    found: list[Finding | Note] = []
    for projection in PROJECTIONS:
        found += await _compare(visit, projection)
    return found


async def _compare(visit: Visit, projection: Projection) -> list[Finding]:
    earlier = await _truth(visit.before(projection.owner), projection)
    later = await _truth(visit.after(projection.owner), projection)
    kept_earlier = await _copy(visit.before(projection.keeper), projection)
    kept = await _copy(visit.after(projection.keeper), projection)
    behind = {id_ for id_, row in earlier.items() if id_ not in kept or kept[id_].version < row.version}
    coming = await visit.unheard(projection.owner, projection.keeper, [earlier[id_].event for id_ in behind])
    stale = {id_ for id_ in behind if earlier[id_].event not in coming}
    wrong = {id_ for id_, row in earlier.items() if id_ in kept and _differ(row, kept[id_])}
    ahead = {id_ for id_, row in kept_earlier.items() if id_ in later and row.version > later[id_].version}
    alien = kept_earlier.keys() - later.keys() if projection.exact else set[UUID]()
    return Finding.about(
        "projection-wrong",
        f"{projection.keeper} has not what {projection.owner} has of {projection.what}",
        stale | wrong | ahead | alien,
        f"People may be shown or told what is not so. A change of these at {projection.owner} is told to everybody "
        "again and puts it right (a session's room, say, there and back). Report it all the same.",
    )


async def _truth(conn: Connection, projection: Projection) -> dict[UUID, Row]:
    rows = await conn.fetch(projection.truth)
    return {
        row["id"]: Row(row["version"], tuple(row.values())[4:], (row["aggregate"], row["revision"])) for row in rows
    }


async def _copy(conn: Connection, projection: Projection) -> dict[UUID, Row]:
    rows = await conn.fetch(projection.copy)
    return {row["id"]: Row(row["version"], tuple(row.values())[2:]) for row in rows}


def _differ(truth: Row, copy: Row) -> bool:
    """Whether one version has two contents."""
    pairs = zip(truth.values, copy.values, strict=True)
    return truth.version == copy.version and any(a != b for a, b in pairs if a is not None and b is not None)
