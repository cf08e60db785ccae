"""Staff close a session, and see what is counted of it."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from aiohttp import web
from pydantic import Field

from services.booking.domain import Closing, NotClosed, Organiser, Place, Shown, shown
from services.booking.http.api import api
from services.booking.http.desk.permitted import permitted
from services.booking.store import closings, figures
from services.booking.store.closings import Closed
from services.booking.usecases import closing as usecases
from shared import audit
from shared.db import Connection
from shared.keys import DATABASE
from shared.models import Model, Strict

MOST = 5000
"""More than any library holds: what is beyond it is a slip of the finger."""


class ClosingBody(Strict):
    """How a session went. All of it is asked for: nothing is taken for granted."""

    held: bool
    adults: int = Field(ge=0, le=MOST)
    children: int = Field(ge=0, le=MOST)
    """Up to 17 years."""
    staff_involved: bool
    """Only occasions with staff involved count for the national statistics."""
    organiser: Organiser
    place: Place
    closed_group: bool
    """Whether it was known beforehand who would come, as with a class."""


class Correction(Strict):
    """What was otherwise; what is not given stays. Where nothing was held nobody came."""

    held: bool | None = None
    adults: int | None = Field(default=None, ge=0, le=MOST)
    children: int | None = Field(default=None, ge=0, le=MOST)
    staff_involved: bool | None = None
    organiser: Organiser | None = None
    place: Place | None = None
    closed_group: bool | None = None
    revision: int | None = Field(default=None, ge=1)
    """The one that was seen: if somebody has corrected it since, nothing is changed."""


class ClosingView(ClosingBody):
    """How a session went, as staff said."""

    session_id: UUID
    revision: int
    """Raised by each correction."""

    @classmethod
    def of(cls, session_id: UUID, closed: Closed) -> "ClosingView":
        """Show how a session went."""
        said = {name: getattr(closed.closing, name) for name in ClosingBody.model_fields}
        return cls(session_id=session_id, revision=closed.revision, **said)


_STAFF = ("unauthorized", "forbidden", "unknown-session")

Work = Callable[[Connection, UUID], Awaitable[Closed]]


async def _closed(request: web.Request, action: str, fields: set[str], work: Work) -> ClosingView:
    """Close or correct the path's session, and keep in the audit who did."""
    at = await permitted(request)

    async def audited(conn: Connection) -> Closed:
        closed = await work(conn, at.session_id)
        await audit.note(conn, at.staff, action, "session", at.session_id, branch=at.branch, fields=sorted(fields))
        return closed

    return ClosingView.of(at.session_id, await request.app[DATABASE].transact(audited))


@api.post("/v1/sessions/{session}/close", problems=(*_STAFF, "invalid", "not-begun", "not-held", "already-closed"))
async def close(request: web.Request, body: ClosingBody) -> ClosingView:
    """Say how a session went (staff of the branch): its figures stay when its people are forgotten.

    The same again answers the same; with other figures they are corrected instead.
    """
    closing = Closing(**body.model_dump())
    return await _closed(request, "closed", body.model_fields_set, lambda conn, id_: usecases.close(conn, id_, closing))


@api.patch("/v1/sessions/{session}/close", problems=(*_STAFF, "invalid", "not-closed", "not-held", "stale-revision"))
async def correct(request: web.Request, body: Correction) -> ClosingView:
    """Correct how a closed session went (staff of the branch)."""
    changes = body.model_dump(exclude_none=True, exclude={"revision"})

    async def work(conn: Connection, session_id: UUID) -> Closed:
        return await usecases.correct(conn, session_id, changes, body.revision)

    return await _closed(request, "corrected", set(changes), work)


@api.get("/v1/sessions/{session}/close", problems=(*_STAFF, "not-closed"))
async def how_it_went(request: web.Request) -> ClosingView:
    """How a session went, as staff said when they closed it (staff of the branch)."""
    at = await permitted(request)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        closed = await closings.find(conn, at.session_id)
    if closed is None:
        raise NotClosed("nobody has closed this session")
    return ClosingView.of(at.session_id, closed)


class FigureView(Model):
    """How many are of one kind."""

    figure: str
    """``capacity``, ``outcome`` (what became of each booking; ``unmet``: wanted a seat and was never offered one),
    ``language``, ``channel``, ``age``, ``answer``, ``walk_in``. The last five tell of those who were there."""
    question: str
    """Of an answer: to which."""
    value: str
    bookings: int | None
    total: int | None
    """Persons; of a number that was asked for the sum, of the capacity the seats. None, as ``bookings``, where the
    group is smaller than five, or would tell how small another one is."""

    @classmethod
    def of(cls, row: Shown) -> "FigureView":
        """Show a figure."""
        return cls.model_validate(row, from_attributes=True)


class FiguresView(Model):
    """What is counted of a session."""

    session_id: UUID
    closing: ClosingView | None
    """None where nobody has closed it."""
    items: list[FigureView]
    """None before it is closed, or its people are forgotten."""
    next: None = None


@api.get("/v1/sessions/{session}/figures", problems=_STAFF)
async def counted(request: web.Request) -> FiguresView:
    """What is counted of a session, without small groups (staff of the branch)."""
    at = await permitted(request)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        closed = await closings.find(conn, at.session_id)
        rows = await figures.of_session(conn, at.session_id)
    return FiguresView(
        session_id=at.session_id,
        closing=ClosingView.of(at.session_id, closed) if closed else None,
        items=[FigureView.of(row) for row in shown(rows)],
    )
