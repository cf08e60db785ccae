"""What staff see and do about the people of a session of their branch."""

from typing import Literal
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime

from services.booking import codes, queries
from services.booking.domain import UnknownSession
from services.booking.http.api import HOURS, Party, ReachView, State, api
from services.booking.store import sessions
from services.booking.usecases import desk, waiting
from shared.auth import IdentityProvider, forbidden
from shared.db import Connection
from shared.http import path_id
from shared.keys import DATABASE
from shared.logs import get_logger
from shared.models import Model, Strict
from shared.problems import Problem

log = get_logger()

IDENTITY = web.AppKey("identity", IdentityProvider)


class ListedBooking(Model):
    """One booking, as staff need it at the desk."""

    id: UUID
    code: str | None
    """None once the person was erased; so are name and reach."""
    name: str | None
    reach: ReachView | None
    language: str
    party: Party
    seats: int
    state: State
    position: int | None
    answer_by: AwareDatetime | None
    to_call: bool
    """A seat is offered, and no message will tell so: somebody has to ring."""
    phone: str | None
    """Only where somebody has to ring."""
    reconfirmed: bool
    attendance: Literal["came", "excused", "late_cancel", "no_show", "revoked"] | None
    answers: dict[str, str | int | list[str]]
    """To what the session asked, by the question's id."""


class SessionBookings(Model):
    """Who has a seat, who waits in order, and who stands by, of one session."""

    session_id: UUID
    capacity: int
    taken: int
    """Booked, on offer and held; without who was missed."""
    items: list[ListedBooking]
    next: None = None


async def _permitted(request: web.Request) -> tuple[UUID, str]:
    """The session of a path, for the staff of its branch, and who asks.

    Raises:
        UnknownSession: nobody knows it.
        Problem: 401 or 403.
    """
    staff = await request.app[IDENTITY].staff(request)
    session_id = path_id(request, "session", Problem("unknown-session", 404, "There is no such session"))
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        branch = await sessions.branch_of(conn, session_id)
    if branch is None:
        raise UnknownSession("there is no such session")
    if not staff.may(branch, "staff"):
        raise forbidden("only this branch's staff and administrators see and change its bookings")
    return session_id, staff.subject


async def _shown(conn: Connection, session_id: UUID) -> SessionBookings:
    found = await queries.session_bookings(conn, session_id)
    return SessionBookings(
        session_id=session_id,
        capacity=found.capacity,
        taken=found.taken,
        items=[_listed(one) for one in found.bookings],
    )


def _listed(one: queries.ListedBooking) -> ListedBooking:
    return ListedBooking(
        id=one.id,
        code=codes.shown(one.code) if one.code else None,
        name=one.name,
        reach=ReachView(by=one.reach.by, hint=one.reach.hint) if one.reach else None,
        language=one.language,
        party=Party(adults=one.adults, children=one.children),
        seats=one.seats,
        state=one.state,
        position=one.position,
        answer_by=one.answer_by,
        to_call=one.to_call,
        phone=one.reach.phone if one.reach and one.to_call else None,
        reconfirmed=one.reconfirmed,
        attendance=one.attendance,
        answers=dict(one.answers),
    )


@api.get("/v1/sessions/{session}/bookings", problems=("unauthorized", "forbidden", "unknown-session"))
async def listed(request: web.Request) -> SessionBookings:
    """Who comes, who waits and who stands by (staff of the branch). That it was read is logged."""
    session_id, subject = await _permitted(request)
    log.info("participants_read", session_id=str(session_id), subject=subject)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await _shown(conn, session_id)


_STAFF = ("unauthorized", "forbidden", "unknown-session", "unknown-booking")

Action = Literal["told", "accept", "decline", "cancel"]


async def _acted(request: web.Request, action: Action) -> SessionBookings:
    """Do for somebody what they said by phone or at the desk."""
    session_id, subject = await _permitted(request)
    booking_id = path_id(request, "booking", Problem("unknown-booking", 404, "There is no such booking"))
    hours = request.app[HOURS]

    async def work(conn: Connection) -> SessionBookings:
        await desk.require(conn, session_id, booking_id)
        match action:
            case "told":
                await desk.told(conn, booking_id, hours)
            case "accept":
                await waiting.accept(conn, booking_id, hours)
            case "decline":
                await waiting.decline(conn, booking_id)
            case "cancel":
                await desk.cancel(conn, booking_id)
        return await _shown(conn, session_id)

    shown = await request.app[DATABASE].transact(work)
    log.info("booking_changed_by_staff", booking_id=str(booking_id), action=action, subject=subject)
    return shown


@api.post("/v1/sessions/{session}/bookings/{booking}/told", problems=(*_STAFF, "offer-gone"))
async def tell_for(request: web.Request) -> SessionBookings:
    """Tick that somebody was rung about a seat on offer: their time to answer runs from now (staff of the branch)."""
    return await _acted(request, "told")


@api.post("/v1/sessions/{session}/bookings/{booking}/accept", problems=(*_STAFF, "offer-gone"))
async def accept_for(request: web.Request) -> SessionBookings:
    """Take a seat on offer for somebody who said yes (staff of the branch)."""
    return await _acted(request, "accept")


@api.post("/v1/sessions/{session}/bookings/{booking}/decline", problems=(*_STAFF, "offer-gone"))
async def decline_for(request: web.Request) -> SessionBookings:
    """Let a seat on offer go to the next, for somebody who said no (staff of the branch)."""
    return await _acted(request, "decline")


@api.post("/v1/sessions/{session}/bookings/{booking}/cancel", problems=(*_STAFF, "closed"))
async def cancel_for(request: web.Request) -> SessionBookings:
    """Give a seat back, or leave the waiting list, for somebody who asked (staff of the branch)."""
    return await _acted(request, "cancel")


class AttendanceBody(Strict):
    """Whether somebody came."""

    booking_id: UUID
    attendance: desk.Attendance | None


@api.post("/v1/sessions/{session}/attendance", problems=(*_STAFF, "not-seated", "too-early", "sold-out"))
async def attend(request: web.Request, body: AttendanceBody) -> SessionBookings:
    """Note who came and who did not; null takes it back (staff of the branch).

    Nobody is absent before ten minutes have passed. Absent people's seats are free for who stands by.
    """
    session_id, subject = await _permitted(request)

    async def work(conn: Connection) -> SessionBookings:
        await desk.attend(conn, session_id, body.booking_id, body.attendance)
        return await _shown(conn, session_id)

    shown = await request.app[DATABASE].transact(work)
    log.info("attendance_noted", booking_id=str(body.booking_id), attendance=body.attendance, subject=subject)
    return shown


class StandbyBody(Strict):
    """Who stands at the door."""

    booking_id: UUID


@api.post("/v1/sessions/{session}/standby", problems=(*_STAFF, "not-waiting", "too-early", "closed", "sold-out"))
async def standby(request: web.Request, body: StandbyBody) -> SessionBookings:
    """Give a free seat to somebody whom the closed waiting list left without (staff of the branch)."""
    session_id, subject = await _permitted(request)

    async def work(conn: Connection) -> SessionBookings:
        await desk.seat_standby(conn, session_id, body.booking_id)
        return await _shown(conn, session_id)

    shown = await request.app[DATABASE].transact(work)
    log.info("standby_seated", booking_id=str(body.booking_id), subject=subject)
    return shown
