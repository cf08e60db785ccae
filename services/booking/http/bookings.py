"""Booking, and what whoever has a code can do about a booking."""

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Literal
from uuid import UUID

from aiohttp import web
from pydantic import Field

from services.booking import limits, queries
from services.booking.domain import AlreadyBooked
from services.booking.http.api import (
    HOURS,
    MAX_ANSWER,
    NOT_BOOKED,
    VISITORS,
    Answers,
    BookingView,
    Language,
    Name,
    Party,
    ReachBody,
    api,
    proven,
)
from services.booking.limits import Use
from services.booking.reach import Reach, reach
from services.booking.usecases import booking as booking_usecases
from services.booking.usecases import moving, waiting
from shared import idempotency
from shared.db import Connection
from shared.http import slug
from shared.keys import DATABASE, SECRET
from shared.models import Strict

PROOF_HEADER = "Plats-Proof"


class BookingRequest(Strict):
    """What a visitor asks for."""

    session_id: UUID
    party: Party = Party(adults=1)
    name: Name
    reach: ReachBody
    language: Language = "sv"
    hold: UUID | None = None
    """Under what seats are held for this visitor, if any are."""
    if_full: Literal["queue", "refuse"] = "refuse"
    answers: Answers = Field(default_factory=dict)
    """To what the session asks (``ask`` in catalog), by the question's id."""
    topic: str | None = Field(default=None, max_length=MAX_ANSWER)
    """Short for the answer of this name; so is the next."""
    help_language: str | None = Field(default=None, max_length=MAX_ANSWER)

    def answered(self) -> dict[str, object]:
        """All answers; what is given in both ways stands as in ``answers``."""
        short = {"topic": self.topic, "help_language": self.help_language}
        return {**{id_: answer for id_, answer in short.items() if answer is not None}, **self.answers}


@api.post(
    "/v1/bookings",
    status=201,
    reply=BookingView,
    problems=(
        *NOT_BOOKED,
        "not-open",
        "queue-full",
        "queue-closed",
        "unreachable",
        "too-many-requests",
    ),
)
async def book(request: web.Request, body: BookingRequest) -> web.Response:
    """Book seats for a party: all of them or none. With ``if_full: queue`` it waits for them where there are too few.

    With an Idempotency-Key the same request gets the same answer for 48 hours, but for 429: that is for now. So this
    answer never holds the meeting, which only who still has the seat may know: see the booking for it.
    """
    network = request.app[VISITORS].network(request)
    wanted = booking_usecases.Request(
        session_id=body.session_id,
        party=body.party.told(),
        name=body.name,
        reach=reach(body.reach.by, body.reach.phone, body.reach.email),
        language=body.language,
        hold=body.hold,
        queue=body.if_full == "queue",
        answers=body.answered(),
    )
    uses = _uses(request.app[SECRET], wanted.reach, body.session_id, network)

    async def work(conn: Connection) -> BookingView:
        await limits.allow(conn, uses)
        made = await booking_usecases.book(conn, wanted, request.app[SECRET], request.app[HOURS])
        await limits.count(conn, uses)
        return BookingView.of(made).model_copy(update={"meeting": None})

    # Who is told that a person has a seat pays for it, in a transaction of its own: the booking's is undone.
    # That counts before it is told, and also when a key remembers it, so that none are told at once or for free.
    try:
        answer = await idempotency.perform(request, work, status=201)
    except AlreadyBooked:
        await request.app[DATABASE].transact(lambda conn: limits.spend(conn, uses))
        raise
    if _says_already_booked(answer):
        await request.app[DATABASE].transact(lambda conn: limits.spend(conn, uses))
    return answer


def _says_already_booked(answer: web.Response) -> bool:
    return answer.status == HTTPStatus.CONFLICT and json.loads(answer.text or "")["type"] == slug(AlreadyBooked)


def _uses(secret: str, reach: Reach, session_id: UUID, network: str | None) -> list[Use]:
    """What a visitor's booking counts against: every address given, however they want to be reached, and the network.

    This is the place to let staff at the desk book without limits.
    """
    return [*limits.of_booking(secret, reach, network), *limits.in_session(secret, reach, network, session_id)]


@api.get("/v1/bookings/{code}", problems=("wrong-proof", "series-code", "too-many-requests"))
async def see(request: web.Request) -> BookingView:
    """Show a booking to whoever has its code and the proof (header Plats-Proof)."""
    return BookingView.of(await proven(request, request.headers.get(PROOF_HEADER, "")))


class Proof(Strict):
    """What shows that a booking is yours: the phone's last four digits, or the name's first two letters."""

    proof: str = Field(max_length=100)


async def _changed(
    request: web.Request, known: queries.KnownBooking, change: Callable[[Connection, UUID], Awaitable[None]]
) -> BookingView:
    """Do something about a booking whose right to be changed was shown, and show it as it is then."""

    async def work(conn: Connection) -> queries.KnownBooking:
        await change(conn, known.id)
        return await queries.booking_by_id(conn, known.id)

    return BookingView.of(await request.app[DATABASE].transact(work))


@api.post("/v1/bookings/{code}/cancel", problems=("wrong-proof", "series-code", "closed", "too-many-requests"))
async def cancel(request: web.Request, body: Proof) -> BookingView:
    """Give the seats back, decline those on offer, or leave the waiting list. Doing it again changes nothing."""
    known = await proven(request, body.proof)
    return await _changed(request, known, lambda conn, id_: waiting.let_go(conn, id_, "visitor"))


@api.post("/v1/bookings/{code}/accept", problems=("wrong-proof", "series-code", "offer-gone", "too-many-requests"))
async def accept(request: web.Request, body: Proof) -> BookingView:
    """Take the seats on offer. Doing it again changes nothing."""
    known = await proven(request, body.proof)
    hours = request.app[HOURS]
    return await _changed(request, known, lambda conn, id_: waiting.accept(conn, id_, hours))


@api.post("/v1/bookings/{code}/decline", problems=("wrong-proof", "series-code", "offer-gone", "too-many-requests"))
async def decline(request: web.Request, body: Proof) -> BookingView:
    """Let the seats on offer go to the next. Doing it again changes nothing."""
    known = await proven(request, body.proof)
    return await _changed(request, known, waiting.decline)


class FewerPeople(Proof):
    """Who still comes."""

    party: Party


@api.post(
    "/v1/bookings/{code}/party",
    problems=(
        "wrong-proof",
        "series-code",
        "closed",
        "party-grows",
        "party-empty",
        "adult-missing",
        "too-many-requests",
    ),
)
async def shrink(request: web.Request, body: FewerPeople) -> BookingView:
    """Let fewer people come, or wait: some of the seats go to others. Doing it again changes nothing."""
    known = await proven(request, body.proof)
    coming = body.party.told()
    return BookingView.of(
        await request.app[DATABASE].transact(lambda conn: booking_usecases.shrink(conn, known, coming))
    )


class AnotherTime(Proof):
    """The session that suits better."""

    session_id: UUID


@api.post(
    "/v1/bookings/{code}/move",
    problems=(
        "wrong-proof",
        "series-code",
        "unknown-session",
        "other-activity",
        "not-open",
        "closed",
        "sold-out",
        "already-booked",
        "party-too-large",
        "party-empty",
        "adult-missing",
        "too-many-requests",
    ),
)
async def move(request: web.Request, body: AnotherTime) -> BookingView:
    """Change to another session of the same activity; nothing is given up before a seat there is had.

    It counts against the other session as a booking of the same person would.
    """
    known = await proven(request, body.proof)
    secret, hours = request.app[SECRET], request.app[HOURS]
    uses = [
        Use.of(limits.MOVES_OF_BOOKING, secret, str(known.id)),
        *limits.in_session(secret, known.reach, None, body.session_id),
    ]

    async def change(conn: Connection, id_: UUID) -> None:
        if known.session_id == body.session_id:
            return
        await limits.allow(conn, uses)
        await moving.move(conn, id_, body.session_id, hours)
        await limits.count(conn, uses)

    return await _changed(request, known, change)
