"""Sessions as staff watch them: what catalog has planned, with how full booking says it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias
from uuid import UUID

from services.web.keys import SITE
from services.web.staff.frame import services
from services.web.upstream import Session
from shared.models import Model
from shared.problems import Problem

if TYPE_CHECKING:
    from aiohttp import web

    from services.web.staff.services import StaffService

SOON = timedelta(minutes=60)
"""Before the start: from then on a session is what comes next."""

_PAGE = {"limit": "500"}
"""A week of all libraries is one page of catalog's."""

Phase: TypeAlias = Literal["draft", "withdrawn", "cancelled", "ahead", "soon", "begun", "over"]


class Planned(Session):
    """A session as those see it who run it."""

    revision: int
    host: str = ""
    """Who of the staff holds it."""
    capacity_from: Literal["session", "staffing"] = "session"
    helpers: int | None = None
    """As staff counted them, where they make the seats."""
    helpers_needed: int = 0
    """How many volunteers; those on duty are counted by themselves."""
    certificate: bool = False
    closed: bool = False
    """Whether it is written down how it went."""


class _PlannedSessions(Model):
    items: tuple[Planned, ...]
    next: str | None = None


class Watched(Model):
    """How full a session is, counted as it counts: persons, children or bookings."""

    session_id: UUID
    state: Literal["open", "later", "shut", "begun", "over", "withdrawn", "cancelled"]
    bookable: int
    taken: int
    free: int
    overhang: int
    confirmed: int
    held: int
    offered: int
    queued: int
    queued_seats: int
    walk_ins: int
    came: int
    to_call: int


class _WatchedSessions(Model):
    items: tuple[Watched, ...]


class Segment(NamedTuple):
    """A piece of the bar of seats: what it is, where it begins and how long it is, in seats."""

    kind: Literal["confirmed", "held", "offered", "free", "walked-in", "reserve"]
    start: int
    length: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """One session with its seats."""

    plan: Planned
    seats: Watched | None
    """None for a draft, before booking has heard of it, and while booking is away."""
    now: datetime

    @property
    def phase(self) -> Phase:
        """Where it is in its life."""
        plan = self.plan
        if plan.status in {"draft", "withdrawn", "cancelled"}:
            return plan.status  # type: ignore[return-value]  # one of the three
        if self.now >= plan.ends_at:
            return "over"
        if self.now >= plan.starts_at:
            return "begun"
        return "soon" if self.now >= plan.starts_at - SOON else "ahead"

    @property
    def changeable(self) -> bool:
        """Whether anything of it can still be changed."""
        return self.plan.status != "cancelled" and not self.plan.closed and self.now < self.plan.ends_at

    @property
    def takes_bookings(self) -> bool:
        """Whether seats of it are booked at all."""
        return self.plan.mode != "drop_in"

    @property
    def reserve(self) -> int:
        """Seats for those who walk in."""
        plan = self.plan
        return plan.seats.capacity if plan.mode == "drop_in" else plan.seats.walk_in

    @property
    def unwritten(self) -> bool:
        """Whether somebody has yet to write down how it went."""
        return self.phase == "over" and not self.plan.closed

    @property
    def attention(self) -> bool:
        """Whether somebody should do something about it."""
        seats = self.seats
        return self.phase == "draft" or self.unwritten or bool(seats and (seats.overhang or seats.to_call))

    @property
    def segments(self) -> Sequence[Segment]:
        """The bar, from its beginning: seats that are booked, then those for who walks in."""
        seats = self.seats
        if seats is None:
            return ()
        pieces: Mapping[str, int] = {
            "confirmed": seats.confirmed,
            "held": seats.held,
            "offered": seats.offered,
            "free": seats.free,
            "walked-in": seats.walk_ins,
            "reserve": max(0, self.reserve - seats.walk_ins),
        }
        found: list[Segment] = []
        start = 0
        for kind, length in pieces.items():
            if length:
                found.append(Segment(kind, start, length))  # type: ignore[arg-type]  # a key of the mapping above
                start += length
        return found

    @property
    def length(self) -> int:
        """The length of the bar, in seats."""
        return sum(piece.length for piece in self.segments)


async def seen(request: web.Request, session_id: UUID) -> Seen:
    """One session, whatever became of it.

    Raises:
        Problem: 404, 403 for another library's, 503 while catalog is away.
    """
    plan = await services(request).catalog.get(Planned, f"/v1/planning/sessions/{session_id}")
    [one] = await _with_seats(request, [plan], {"id": str(session_id)})
    return one


async def seen_between(request: web.Request, first: date, last: date, branch: str | None) -> Sequence[Seen]:
    """The sessions of some days, both included, of one library or of all of whoever asks, in the order of their starts.

    Raises:
        Problem: 403 for another library, 503 while catalog is away.
    """
    where = {"branch": branch} if branch else {}
    days = {"from": first.isoformat(), "to": last.isoformat()}
    plans = await planned(services(request).catalog, days | where)
    until = {"from": first.isoformat(), "to": (last + timedelta(days=1)).isoformat()}
    return await _with_seats(request, plans, until | where)


async def planned(catalog: StaffService, params: Mapping[str, str]) -> Sequence[Planned]:
    """All that catalog has planned which fits, page by page."""
    found: list[Planned] = []
    cursor: str | None = ""
    while cursor is not None:
        asked = dict(params) | _PAGE | ({"cursor": cursor} if cursor else {})
        page = await catalog.get(_PlannedSessions, "/v1/planning/sessions", params=asked)
        found += page.items
        cursor = page.next
    return found


async def _with_seats(request: web.Request, plans: Sequence[Planned], params: Mapping[str, str]) -> Sequence[Seen]:
    """The same with their seats; without them while booking is away: what is planned is worth seeing then too."""
    try:
        found = await services(request).booking.get(_WatchedSessions, "/v1/desk/sessions", params=params)
    except Problem as problem:
        if problem.document.status != HTTPStatus.SERVICE_UNAVAILABLE:
            raise
        found = _WatchedSessions(items=())
    seats = {one.session_id: one for one in found.items}
    now = request.app[SITE].now()
    return [Seen(plan=plan, seats=seats.get(plan.id), now=now) for plan in plans]
