"""Codes that were lost, and for other services what people are called and how they are reached."""

import asyncio
from typing import Literal
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime, Field

from services.booking import limits, queries
from services.booking.http.api import HOURS, VISITORS, ReachBody, api
from services.booking.limits import Use
from services.booking.reach import By, Reach, reach
from services.booking.usecases import booking as booking_usecases
from shared.auth import require_service
from shared.keys import DATABASE, SECRET
from shared.models import Model, Strict

ANSWER_AFTER = 0.1
"""Seconds from a question for codes to its answer: many times the 2 ms by which five bookings take longer than none."""


class MessagedBody(ReachBody):
    """Where a booking's messages go."""

    by: Literal["sms", "email"]


class LostCode(Strict):
    """Whose codes are asked for."""

    reach: MessagedBody


class Accepted(Model):
    """Nothing is told."""


@api.post("/v1/bookings/codes", status=202, problems=("invalid-phone", "invalid-email", "too-many-requests"))
async def send_codes(request: web.Request, body: LostCode) -> Accepted:
    """Send the codes of coming bookings to the number or address they were made with.

    Neither the answer nor its time tells whether there are any. Whoever is told 202 gets the messages, so finding and
    storing them comes before it; as that takes longer the more there are, the answer waits for its time.
    """
    lost = reach(body.reach.by, body.reach.phone, body.reach.email)
    asked = _asked(request.app[SECRET], lost, request.app[VISITORS].network(request))
    clock = asyncio.get_running_loop()
    due = clock.time() + ANSWER_AFTER
    await request.app[DATABASE].transact(lambda conn: booking_usecases.send_codes(conn, lost, asked))
    await asyncio.sleep(due - clock.time())
    return Accepted()


def _asked(secret: str, reach: Reach, network: str | None) -> list[Use]:
    """What asking for codes counts against, whether any are sent or not."""
    counted = [
        (limits.CODES_TO_PHONE, reach.phone),
        (limits.CODES_TO_PHONE_IN_HOUR, reach.phone),
        (limits.CODES_TO_EMAIL, reach.email and reach.email.casefold()),
        (limits.CODES_TO_EMAIL_IN_HOUR, reach.email and reach.email.casefold()),
        (limits.CODES_FROM_NETWORK, network),
    ]
    return [Use.of(limit, secret, who) for limit, who in counted if who]


class Refs(Strict):
    """Whose contact details are asked for."""

    refs: list[UUID] = Field(max_length=500)


class ContactView(Model):
    """How to reach a person, for the moment of sending."""

    ref: UUID
    name: str
    phone: str | None
    email: str | None
    by: By
    code: str
    language: str
    answer_by: AwareDatetime | None
    """Until when they may answer who are told now of a seat on offer; none where no seat is offered to them."""


class Contacts(Model):
    """Those that are still known."""

    items: list[ContactView]


@api.post("/internal/contacts", problems=("unauthorized",))
async def contacts(request: web.Request, body: Refs) -> Contacts:
    """Give contact details to a service that is about to send; an erased person is left out."""
    require_service(request, request.app[SECRET], "booking")
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        people = await queries.reachable(conn, body.refs, request.app[HOURS])
    return Contacts(
        items=[ContactView(**{name: getattr(p, name) for name in ContactView.model_fields}) for p in people]
    )


class Ids(Strict):
    """Of which bookings the visitors' first names are asked for."""

    booking_ids: list[UUID] = Field(max_length=500)


class FirstName(Model):
    """What the visitor of a booking is called."""

    booking_id: UUID
    name: str


class FirstNames(Model):
    """Those that have a seat and are still known."""

    items: list[FirstName]


@api.post("/internal/names", problems=("unauthorized",))
async def names(request: web.Request, body: Ids) -> FirstNames:
    """Give the first names of visitors to a service that shows them to who helps them; no more than that."""
    require_service(request, request.app[SECRET], "booking")
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        found = await queries.first_names(conn, body.booking_ids)
    return FirstNames(items=[FirstName(booking_id=id_, name=name) for id_, name in found.items()])
