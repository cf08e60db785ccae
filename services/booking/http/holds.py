"""Seats are kept while a visitor types."""

from contextlib import suppress
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime

from services.booking import limits
from services.booking.domain import Held
from services.booking.http.api import VISITORS, Party, api
from services.booking.limits import Use
from services.booking.store import holds
from services.booking.usecases import holding
from shared.db import Connection
from shared.keys import DATABASE, SECRET
from shared.models import Model, Strict


class HoldBody(Strict):
    """For whom seats are to be kept."""

    session_id: UUID
    party: Party = Party(adults=1)
    hold: UUID | None = None
    """What this browser holds already, here or in another session."""


class HoldView(Model):
    """Seats that are kept for a while."""

    hold: UUID
    session_id: UUID
    party: Party
    seats: int
    until: AwareDatetime
    """When they are given up without another sign of life."""
    longest: AwareDatetime
    """... and with one."""


@api.post(
    "/v1/holds",
    status=201,
    problems=(
        "unknown-session",
        "not-open",
        "closed",
        "sold-out",
        "party-too-large",
        "party-empty",
        "adult-missing",
        "too-many-requests",
    ),
)
async def hold(request: web.Request, body: HoldBody) -> HoldView:
    """Keep seats for 15 minutes; asked again with the same hold it is a sign of life, for an hour at most.

    A browser has one hold: that of another session, or for another party, is given up once this one is had.
    """
    wanted = holding.HoldRequest(session_id=body.session_id, party=body.party.told(), hold=body.hold)
    uses = _uses(request.app[SECRET], body.session_id, request.app[VISITORS].network(request))

    async def work(conn: Connection) -> Held:
        fresh = body.hold is None or await holds.session_of(conn, body.hold) != body.session_id
        await limits.allow(conn, uses if fresh else [])
        held = await holding.take(conn, wanted)
        await limits.count(conn, uses if fresh else [])
        return held

    held = await request.app[DATABASE].transact(work)
    return HoldView(
        hold=held.id,
        session_id=body.session_id,
        party=body.party,
        seats=held.seats,
        until=held.until,
        longest=held.longest,
    )


def _uses(secret: str, session_id: UUID, network: str | None) -> list[Use]:
    """What taking seats that nobody books yet counts against, so that nobody hoards them."""
    if network is None:
        return []
    return [
        Use.of(limits.HOLDS_FROM_NETWORK, secret, network),
        Use.of(limits.HOLDS_FROM_NETWORK_IN_SESSION, secret, f"{network}\n{session_id}"),
    ]


@api.delete("/v1/holds/{hold}")
async def release(request: web.Request) -> web.Response:
    """Give held seats up. A hold that has ended, or never was, is no mistake."""
    with suppress(ValueError):  # what is no id is no hold
        wanted = UUID(request.match_info["hold"])
        await request.app[DATABASE].transact(lambda conn: holding.release(conn, wanted))
    return web.Response(status=204)
