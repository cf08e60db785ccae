"""How full sessions are: what staff keep an eye on, of one day or week, of their library or of all."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime, BeforeValidator, Field

from services.booking import queries
from services.booking.domain import Occupancy, Standing
from services.booking.http.api import HOURS, api
from services.booking.http.desk.permitted import IDENTITY, BranchId
from services.booking.store import tickets
from shared.auth import Staff, forbidden
from shared.db import Connection
from shared.keys import DATABASE
from shared.models import Model, Strict
from shared.problems import Problem

_MOST_DAYS = 31
_MOST_SESSIONS = 200

LocalDate = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]


def _listed(given: object) -> object:
    """One value of a parameter that may be given several times."""
    return [given] if isinstance(given, str) else given


class Watched(Strict):
    """Which sessions: those named, or those that begin on some days."""

    id: Annotated[tuple[UUID, ...], Field(max_length=_MOST_SESSIONS), BeforeValidator(_listed)] = ()
    branch: BranchId | None = None
    """Left out: all libraries of whoever asks."""
    from_: Annotated[LocalDate | None, Field(alias="from")] = None
    """Left out: today."""
    to: LocalDate | None = None
    """The first day no more; left out: one day."""


class CapacityView(Model):
    """Seats as staff set them: ``seats`` includes the ``walk_in`` reserve; ``queue`` is the waiting list's length."""

    seats: int
    walk_in: int
    queue: int


class WatchedSession(Model):
    """A session's seats, counted as it counts them: persons, children or bookings."""

    session_id: UUID
    branch_id: str
    revision: int
    """Of its seats; each change raises it. Catalog's is another."""
    status: Literal["published", "withdrawn", "cancelled"]
    state: Standing
    """``later``: booking has not opened yet; ``shut``: it was closed before the start."""
    closed: bool
    """Whether it is written down how it went."""
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    opens_at: AwareDatetime | None
    closes_at: AwareDatetime | None
    mode: Literal["booking", "drop_in", "mixed"]
    counts: Literal["persons", "children", "bookings"]
    capacity: CapacityView
    bookable: int
    """Seats that can be booked: without the reserve for those who walk in."""
    ceiling: int
    """What ``taken`` cannot pass: ``bookable``, or more where more were taken when it was lowered."""
    taken: int
    """``confirmed``, ``held`` and ``offered`` together."""
    free: int
    overhang: int
    """Taken above ``bookable``: it was lowered under them, or more were let in on purpose."""
    confirmed: int
    held: int
    offered: int
    queued: int
    """Parties that wait ..."""
    queued_seats: int
    """... and the seats they wait for."""
    walk_ins: int
    came: int
    """Of the confirmed: those who are there."""
    to_call: int
    """People who have to be told something by voice."""

    @classmethod
    def of(cls, seen: Occupancy, to_call: int, now: datetime) -> "WatchedSession":
        """Show how full a session is."""
        told = {
            "capacity": CapacityView(seats=seen.seats, walk_in=seen.walk_in, queue=seen.queue),
            "bookable": seen.capacity,
            "state": seen.standing(now),
            "to_call": to_call,
        }
        return cls(**{name: getattr(seen, name) for name in cls.model_fields if name not in told}, **told)


class WatchedSessions(Model):
    """How full sessions are, in the order of their starts."""

    items: list[WatchedSession]
    next: None = None


@api.get("/v1/desk/sessions", problems=("unauthorized", "forbidden", "invalid"))
async def watched(request: web.Request, query: Watched) -> WatchedSessions:
    """How full sessions are: named ones, or those of some days (staff of the branch; administrators see all).

    Of a named one that nobody knows nothing is said. Only numbers, so nothing of it is kept in the audit.
    """
    staff = await request.app[IDENTITY].staff(request)
    branches = _branches(staff, query.branch)
    zone = request.app[HOURS].zone
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        if query.id:
            seen = await queries.occupancy_of(conn, query.id)
            _permit(staff, seen)
        else:
            first = query.from_ or await tickets.today(conn, zone)
            until = query.to or first + timedelta(days=1)
            if not timedelta() < until - first <= timedelta(days=_MOST_DAYS):
                raise Problem("invalid", 422, f"Ask for 1 to {_MOST_DAYS} days", field="to")
            since, before = (datetime.combine(day, time(), zone) for day in (first, until))
            seen = await queries.occupancy_between(conn, since, before, branches)
        return await _shown(conn, seen)


def _branches(staff: Staff, wanted: str | None) -> Collection[str] | None:
    """Of which libraries it is told; None is of all.

    Raises:
        Problem: 403 for another library's business.
    """
    if wanted is not None:
        if not staff.may(wanted, "staff"):
            raise forbidden("only this branch's staff and administrators see how full its sessions are")
        return (wanted,)
    if staff.role == "admin":
        return None
    if staff.role != "staff":
        raise forbidden("only staff and administrators see how full sessions are")
    return staff.branches


def _permit(staff: Staff, seen: Sequence[Occupancy]) -> None:
    """Let only those pass whose business all of the sessions are.

    Raises:
        Problem: 403.
    """
    for one in seen:
        _branches(staff, one.branch_id)


async def _shown(conn: Connection, seen: Sequence[Occupancy]) -> WatchedSessions:
    calls = await queries.to_call(conn, [one.session_id for one in seen])
    now: datetime = await conn.fetchval("SELECT clock_timestamp()")
    return WatchedSessions(items=[WatchedSession.of(one, calls.get(one.session_id, 0), now) for one in seen])
