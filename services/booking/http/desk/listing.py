"""Who comes, who waits and who stands by: the list of a session's people."""

from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime

from services.booking import queries
from services.booking.domain import Attendance
from services.booking.http.api import Party, ReachView, State, api
from services.booking.http.desk.permitted import permitted
from shared import audit, codes
from shared.db import Connection
from shared.keys import DATABASE
from shared.models import Model


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
    """The call list names them: no message will tell them what they have to know."""
    phone: str | None
    """Only where somebody has to ring."""
    reconfirmed: bool
    attendance: Attendance | None
    answers: dict[str, str | int | list[str]]
    """To what the session asked, by the question's id."""

    @classmethod
    def of(cls, one: queries.ListedBooking) -> "ListedBooking":
        """Show a booking to staff."""
        return cls(
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


class SessionBookings(Model):
    """Who has a seat, who waits in order, and who stands by, of one session."""

    session_id: UUID
    capacity: int
    taken: int
    """Booked, on offer and held; without who was missed."""
    items: list[ListedBooking]
    next: None = None


async def shown(conn: Connection, session_id: UUID) -> SessionBookings:
    """The people of a session as they are now."""
    found = await queries.session_bookings(conn, session_id)
    return SessionBookings(
        session_id=session_id,
        capacity=found.capacity,
        taken=found.taken,
        items=[ListedBooking.of(one) for one in found.bookings],
    )


@api.get("/v1/sessions/{session}/bookings", problems=("unauthorized", "forbidden", "unknown-session"))
async def listed(request: web.Request) -> SessionBookings:
    """Who comes, who waits and who stands by (staff of the branch). That it was read is kept in the audit."""
    desk = await permitted(request)

    async def work(conn: Connection) -> SessionBookings:
        await audit.note(conn, desk.staff, "list-read", "session", desk.session_id, branch=desk.branch)
        return await shown(conn, desk.session_id)

    return await request.app[DATABASE].transact(work)
