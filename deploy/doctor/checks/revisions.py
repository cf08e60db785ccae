from collections.abc import Callable
from typing import LiteralString, NamedTuple
from uuid import UUID

import asyncpg

from deploy.doctor.report import Finding, Note
from deploy.doctor.visit import History, Visit

_TODO = (
    "Listeners may have missed this. Compare what they show with the owner's record, and report it: an event is "
    "stored with the change that it tells of, or neither is."
)

_COMPARED: LiteralString = """
    , told AS (
        SELECT aggregate, revision FROM outbox UNION ALL SELECT aggregate, revision FROM published
    ), summed AS (
        SELECT aggregate, min(revision) AS lowest, max(revision) AS highest,
            count(*) AS events, count(DISTINCT revision) AS revisions
        FROM told WHERE split_part(aggregate, '/', 1) = $1 GROUP BY aggregate
    )
    SELECT aggregate, o.revision, s.lowest, s.highest, s.events, s.revisions
    FROM summed s FULL JOIN owner o USING (aggregate)
    WHERE o.revision IS DISTINCT FROM s.highest OR s.lowest > 1 OR s.events <> s.highest - s.lowest + 1
"""
"""Of what is told and what is owned, all that is not simply told from the first revision to the present one."""


class Owner(NamedTuple):
    """Who owns a kind of aggregate, and at which revision each is. One event is told per revision."""

    service: str
    kind: str
    """The first part of the aggregate's name in the outbox."""
    rows: LiteralString
    silent_before: bool = False
    """Whether the first revisions may have been told to nobody."""


OWNERS = (
    Owner(
        "catalog",
        "session",
        """
        WITH owner AS (
            SELECT 'session/' || id AS aggregate, revision FROM session
            WHERE status <> 'draft' AND (
                status <> 'cancelled'
                OR EXISTS (SELECT FROM outbox WHERE aggregate = 'session/' || session.id)
                OR EXISTS (SELECT FROM published WHERE aggregate = 'session/' || session.id)
            )
        )
        """,
        silent_before=True,  # nobody hears of a draft, nor of one that is cancelled
    ),
    Owner(
        "booking",
        "booking",
        """
        WITH owner AS (
            SELECT 'booking/' || id AS aggregate, revision FROM booking
            UNION ALL SELECT 'booking/' || id, revision FROM series_booking WHERE revision > 0
        )
        """,
    ),
    Owner(
        "booking",
        "availability",
        "WITH owner AS (SELECT 'availability/' || id AS aggregate, revision FROM session)",
    ),
    Owner(
        "booking",
        "session",
        "WITH owner AS (SELECT 'session/' || session_id AS aggregate, revision FROM closing)",
    ),
    Owner(
        "notify",
        "message",
        "WITH owner AS (SELECT 'message/' || id AS aggregate, revision FROM message WHERE revision > 0)",
    ),
    Owner(
        "notify",
        "reply",
        "WITH owner AS (SELECT 'reply/' || id AS aggregate, 1::bigint AS revision FROM reply)",
        silent_before=True,  # nobody hears of one that changes nothing
    ),
)


async def revisions(visit: Visit) -> list[Finding | Note]:
    """Each change of an aggregate was told once, in a row without gaps up to the present."""
    found: list[Finding | Note] = []
    for owner in OWNERS:
        history = visit.history(owner.service)
        compared = await visit.after(owner.service).fetch(owner.rows + _COMPARED, owner.kind)
        rows = [row for row in compared if row["revision"] is not None or history.remembers(_id(row))]
        for name, what, applies in _FAULTS:
            ids = [row["aggregate"] for row in rows if applies(row, _whole(row, owner, history))]
            found += Finding.about(name, f"{owner.service} {what}", ids, _TODO)
    return found


def _whole(row: asyncpg.Record, owner: Owner, history: History) -> bool:
    """Whether everything that was ever told of it is remembered."""
    return not owner.silent_before and history.remembers(_id(row))


def _id(row: asyncpg.Record) -> UUID:
    return UUID(row["aggregate"].partition("/")[2])


Fault = Callable[[asyncpg.Record, bool], bool]


def _gap(row: asyncpg.Record, whole: bool) -> bool:  # noqa: FBT001 - one signature for all faults
    if row["highest"] is None:
        return False
    return bool(row["highest"] - row["lowest"] + 1 > row["revisions"] or (whole and row["lowest"] > 1))


def _untold(row: asyncpg.Record, whole: bool) -> bool:  # noqa: FBT001
    if row["revision"] is None:
        return False
    return whole if row["highest"] is None else bool(row["revision"] > row["highest"])


_FAULTS: tuple[tuple[str, str, Fault], ...] = (
    ("revision-gap", "told changes with a gap between their revisions", _gap),
    (
        "revision-twice",
        "told two things under one revision",
        lambda row, _: (row["events"] or 0) > (row["revisions"] or 0),
    ),
    ("revision-untold", "never told the newest change", _untold),
    (
        "revision-ahead",
        "told of changes that its own record does not have",
        lambda row, _: row["highest"] is not None and (row["revision"] is None or row["revision"] < row["highest"]),
    ),
)
