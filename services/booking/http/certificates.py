"""Who was there may have it in writing, where that is offered."""

from typing import Literal
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime

from services.booking import queries
from services.booking.domain import NoCertificate
from services.booking.http.api import api, proven
from services.booking.http.bookings import PROOF_HEADER
from services.booking.http.desk.permitted import permitted
from services.booking.queries import Attended
from shared import audit
from shared.db import Connection
from shared.keys import DATABASE
from shared.models import Model


class Certificate(Model):
    """What a certificate of attendance says; what the session is called, catalog knows."""

    name: str
    session_id: UUID
    activity_id: UUID | None
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    hours: float
    branch_id: str
    municipality: str | None
    """What was answered to the question of this name: an option's id, if it was asked for."""
    signer: Literal["library"] = "library"

    @classmethod
    def of(cls, name: str, session_id: UUID, activity_id: UUID | None, attended: Attended) -> "Certificate":
        """Write it."""
        return cls(
            name=name,
            session_id=session_id,
            activity_id=activity_id,
            starts_at=attended.starts_at,
            ends_at=attended.ends_at,
            hours=round((attended.ends_at - attended.starts_at).total_seconds() / 3600, 2),
            branch_id=attended.branch_id,
            municipality=attended.municipality,
        )


@api.get("/v1/bookings/{code}/certificate", problems=("wrong-proof", "no-certificate", "too-many-requests"))
async def certificate(request: web.Request) -> Certificate:
    """Give what a certificate says to whoever has a booking's code and proof (header Plats-Proof), and was there."""
    known = await proven(request, request.headers.get(PROOF_HEADER, ""))
    if not known.certificate:
        raise NoCertificate("there is a certificate once it is over, for who was there, where one is given")
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        attended = await queries.attended(conn, known.id)
    return Certificate.of(known.name, known.session_id, known.activity_id, attended)


class Certificates(Model):
    """What the certificates of a session say."""

    given: bool
    """Whether the session gives any."""
    items: list[Certificate]
    """Nobody before it is over."""
    next: None = None


@api.get("/v1/sessions/{session}/certificates", problems=("unauthorized", "forbidden", "unknown-session"))
async def certificates(request: web.Request) -> Certificates:
    """Give the certificates of all who were there, for who prints them (staff of the branch). The audit keeps it."""
    desk = await permitted(request)

    async def work(conn: Connection) -> Certificates:
        found = await queries.certified(conn, desk.session_id)
        await audit.note(conn, desk.staff, "certificates-read", "session", desk.session_id, branch=desk.branch)
        return Certificates(
            given=found is not None,
            items=[Certificate.of(one.name, desk.session_id, one.activity_id, one.attended) for one in found or ()],
        )

    return await request.app[DATABASE].transact(work)
