"""How people are reached, in full, for staff who have to reach them. Lists show hints; each opening is kept."""

from collections.abc import Sequence
from uuid import UUID

from aiohttp import web

from services.booking import queries
from services.booking.domain import UnknownBooking
from services.booking.http.api import api
from services.booking.http.desk.permitted import booking_of, permitted
from services.booking.queries import InFull
from services.booking.reach import Behalf, By
from shared import audit
from shared.db import Connection
from shared.keys import DATABASE
from shared.models import Model

_STAFF = ("unauthorized", "forbidden", "unknown-session")


class RevealedReach(Model):
    """How the person of a booking is reached, with nothing hidden."""

    booking_id: UUID
    by: By
    phone: str | None
    email: str | None
    behalf_of: Behalf | None
    """Whose number or address it is where that is a helper's."""

    @classmethod
    def of(cls, one: InFull) -> "RevealedReach":
        """Show it."""
        reach = one.reach
        return cls(
            booking_id=one.booking_id, by=reach.by, phone=reach.phone, email=reach.email, behalf_of=reach.behalf_of
        )


class RevealedSession(Model):
    """How all who have a seat, wait or stand by are reached."""

    items: list[RevealedReach]
    next: None = None


@api.post("/v1/sessions/{session}/bookings/{booking}/reveal", problems=(*_STAFF, "unknown-booking"))
async def reveal(request: web.Request) -> RevealedReach:
    """Show the whole number or address of one person (staff of the branch). The audit keeps who opened it."""
    desk = await permitted(request)
    booking_id = booking_of(request)

    async def work(conn: Connection) -> RevealedReach:
        found = await queries.in_full(conn, desk.session_id, booking_id)
        if not found:
            raise UnknownBooking("this session has no such booking, or its person was erased")
        fields = _fields(found)
        await audit.note(conn, desk.staff, "revealed", "booking", booking_id, branch=desk.branch, fields=fields)
        return RevealedReach.of(found[0])

    return await request.app[DATABASE].transact(work)


@api.post("/v1/sessions/{session}/reveal", problems=_STAFF)
async def reveal_all(request: web.Request) -> RevealedSession:
    """Show all numbers and addresses of a session, as for paper (staff of the branch). The audit keeps who did."""
    desk = await permitted(request)

    async def work(conn: Connection) -> RevealedSession:
        found = await queries.in_full(conn, desk.session_id)
        fields = _fields(found)
        await audit.note(conn, desk.staff, "revealed", "session", desk.session_id, branch=desk.branch, fields=fields)
        return RevealedSession(items=[RevealedReach.of(one) for one in found])

    return await request.app[DATABASE].transact(work)


def _fields(found: Sequence[InFull]) -> list[str]:
    """The names of what was shown."""
    return [name for name in ("phone", "email") if any(getattr(one.reach, name) for one in found)]
