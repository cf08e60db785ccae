"""What messages cost today and what waits, for those who set the limits."""

from decimal import Decimal

from aiohttp import web

from services.notify import queries
from services.notify.http.api import IDENTITY, SETTINGS, api
from shared.db import Connection
from shared.keys import DATABASE
from shared.models import Model


class Spending(Model):
    """How the day stands."""

    parts: int
    """SMS parts that left on this local day, or may have."""
    parts_a_day: int
    """The money stop that counts now."""
    stopped: bool
    """Whether it has closed today."""
    part_price: Decimal
    """In kronor: the installation's estimate."""
    held: int
    """Messages that wait for permitted hours."""
    most_to_one: int
    """What the number or mailbox with the most messages got in the last 24 hours."""


@api.get("/v1/spending", problems=("unauthorized", "forbidden"))
async def spending(request: web.Request) -> Spending:
    """What messages cost today, what waits, and how near anybody is to the limits (administrators)."""
    await request.app[IDENTITY].administrator(request, "only administrators see what messages cost")
    settings = request.app[SETTINGS]

    async def work(conn: Connection) -> Spending:
        till = await queries.till(conn, settings.policy)
        return Spending(
            parts=till.parts,
            parts_a_day=till.parts_a_day,
            stopped=till.stopped,
            part_price=settings.sms_part_price,
            held=await queries.held(conn),
            most_to_one=await queries.most_to_one(conn),
        )

    return await request.app[DATABASE].transact(work)
