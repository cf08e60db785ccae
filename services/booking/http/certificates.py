"""Who was there may have it in writing, where that is offered."""

from typing import Literal
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime

from services.booking import queries
from services.booking.domain import NoCertificate
from services.booking.http.api import api, proven
from services.booking.http.bookings import PROOF_HEADER
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


@api.get("/v1/bookings/{code}/certificate", problems=("wrong-proof", "no-certificate", "too-many-requests"))
async def certificate(request: web.Request) -> Certificate:
    """Give what a certificate says to whoever has a booking's code and proof (header Plats-Proof), and was there."""
    known = await proven(request, request.headers.get(PROOF_HEADER, ""))
    if not known.certificate:
        raise NoCertificate("there is a certificate once it is over, for who was there, where one is given")
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        attended = await queries.attended(conn, known.id)
    return Certificate(
        name=known.name,
        session_id=known.session_id,
        activity_id=known.activity_id,
        starts_at=attended.starts_at,
        ends_at=attended.ends_at,
        hours=round((attended.ends_at - attended.starts_at).total_seconds() / 3600, 2),
        branch_id=attended.branch_id,
        municipality=attended.municipality,
    )
