"""A branch's programme added from a table: all of it or nothing, and nothing twice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from services.catalog import domain, store
from services.catalog.domain import Invalid, Listed, NewSession, TermsChange, UnfitLines
from services.catalog.sheets import LineError, Wish, wishes
from services.catalog.usecases.planning import create_sessions
from shared.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from services.catalog.domain import Activity
    from services.catalog.domain.programme import Same
    from services.catalog.sheets import Line
    from shared.db import Connection

_MOST_THERE = 100_000
"""Sessions of a branch within the days of a table: no branch has so many."""


@dataclass(kw_only=True, slots=True)
class Additions:
    """What a table adds to a programme, and what is wrong with it."""

    rows: int
    new: list[NewSession] = field(default_factory=list)
    unchanged: int = 0
    """Lines of which the session is there already."""
    errors: list[LineError] = field(default_factory=list)


async def preview_programme(conn: Connection, branch_id: str, lines: Sequence[Line], zone: ZoneInfo) -> Additions:
    """See what a table would add; nobody else adds one to the branch until the transaction ends.

    Raises:
        UnknownBranch: there is no such branch.
    """
    await store.lock_programme(conn, branch_id)
    found = list(wishes(lines, branch_id, await store.activities_called(conn), zone))
    additions = Additions(rows=len(lines), errors=[error for error in found if isinstance(error, LineError)])
    asked = [wish for wish in found if isinstance(wish, Wish)]
    if asked:
        activities = await store.activities(conn, {wish.body.activity_id for wish in asked})
        there = await _there(conn, branch_id, [wish.body.starts_at for wish in asked])
        _sort(additions, asked, there, activities, await store.now(conn))
    additions.errors.sort(key=lambda error: error.line)
    return additions


async def import_programme(conn: Connection, branch_id: str, lines: Sequence[Line], zone: ZoneInfo) -> Additions:
    """Add what a table asks for that is not there yet, and tell of it.

    Raises:
        UnknownBranch: there is no such branch.
        UnfitLines: something is wrong with a line; nothing is added.
    """
    additions = await preview_programme(conn, branch_id, lines, zone)
    if additions.errors:
        raise UnfitLines([asdict(error) for error in additions.errors])
    if additions.new:
        await create_sessions(conn, additions.new)
    return additions


async def _there(conn: Connection, branch_id: str, starts: Sequence[datetime]) -> Mapping[Same, list[Listed]]:
    """What is planned in the time of a table, by what makes it the same."""
    last = max(starts) + timedelta(minutes=1)
    found: defaultdict[Same, list[Listed]] = defaultdict(list)
    for listed in await store.programme(conn, branch_id, min(starts), last, _MOST_THERE):
        found[listed.same].append(listed)
    return found


def _sort(
    additions: Additions,
    asked: Sequence[Wish],
    there: Mapping[Same, list[Listed]],
    activities: Mapping[UUID, Activity],
    now: datetime,
) -> None:
    """Tell new lines from what is there, from lines that say the same, and from what no session may be."""
    lines: dict[Same, int] = {}
    for wish in asked:
        wanted = wish.listed
        earlier = lines.setdefault(wanted.same, wish.line)
        if earlier != wish.line:
            detail = f"line {earlier} has the same activity, start and place"
            additions.errors.append(LineError.about(wish.line, "activity", detail))
        elif wanted.same in there:
            error = _difference(wish, there[wanted.same])
            if error:
                additions.errors.append(error)
            else:
                additions.unchanged += 1
        else:
            _add(additions, wish, activities, now)


def _difference(wish: Wish, there: Sequence[Listed]) -> LineError | None:
    """What a line wants otherwise of a session that is there: a table adds, it changes nothing."""
    found = min((domain.differing(wish.listed, listed) for listed in there), key=len)
    if not found:
        return None
    detail = "this session is there already, and is otherwise; change it in the programme, or take the line out"
    return LineError.about(wish.line, found[0], detail)


def _add(additions: Additions, wish: Wish, activities: Mapping[UUID, Activity], now: datetime) -> None:
    if wish.status not in {"draft", "published"}:
        detail = "there is no such session yet; a new one is a draft (utkast) or on offer (publicerad)"
        additions.errors.append(LineError.about(wish.line, "status", detail))
        return
    body = wish.body
    new = NewSession(
        id=new_id(),
        activity_id=body.activity_id,
        branch_id=body.branch_id,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        place=body.place,
        room=body.room,
        status="draft" if wish.status == "draft" else "published",
        terms=TermsChange(
            mode=body.mode, seats=body.capacity.seats, walk_in=body.capacity.walk_in, queue=body.capacity.queue
        ),
        theme=body.theme,
    )
    try:
        domain.check_in_use(activities[new.activity_id])
        domain.planned(new, activities[new.activity_id], now)
    except Invalid as refusal:
        additions.errors.append(LineError.about(wish.line, refusal.field, str(refusal)))
    else:
        additions.new.append(new)
