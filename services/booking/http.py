import asyncio
import json
from http import HTTPStatus
from typing import Annotated, Literal
from uuid import UUID

from aiohttp import web
from pydantic import AfterValidator, Field, StringConstraints

from services.booking import codes, domain, limits, queries, usecases
from services.booking.domain import AlreadyBooked, WrongProof
from services.booking.limits import Use
from services.booking.reach import By, Reach, reach
from services.booking.visitors import Visitors
from shared import idempotency, names
from shared.auth import require_service
from shared.db import Connection
from shared.http import Api, slug
from shared.keys import DATABASE, SECRET
from shared.models import Model, Strict

api = Api()

MAX_PARTY = 500
"""More than any session's limit: what is beyond it is not a party but a slip of the finger."""

PROOF_HEADER = "Plats-Proof"

ANSWER_AFTER = 0.1
"""Seconds from a question for codes to its answer: many times the 2 ms by which five bookings take longer than none."""

VISITORS = web.AppKey("visitors", Visitors)


Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=names.MAX_LENGTH * 4),
    AfterValidator(names.display_name),
]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$", max_length=20)]


class Party(Strict):
    """Who comes. Adults and children are counted apart."""

    adults: int = Field(default=0, ge=0, le=MAX_PARTY)
    children: int = Field(default=0, ge=0, le=MAX_PARTY)

    def told(self) -> domain.Party:
        """As the rules know it."""
        return domain.Party(adults=self.adults, children=self.children)


class ReachBody(Strict):
    """The one way to be reached."""

    by: By
    phone: str | None = Field(default=None, max_length=40)
    email: str | None = Field(default=None, max_length=254)


class BookingRequest(Strict):
    """What a visitor asks for."""

    session_id: UUID
    party: Party = Party(adults=1)
    name: Name
    reach: ReachBody
    language: Language = "sv"


class ReachView(Model):
    """How the person is reached, in a form that tells nobody else."""

    by: By
    hint: str | None


class MeetingView(Model):
    """How to get into an online session."""

    link: str
    number: str
    """To type into the meeting program instead; empty where there is none."""


class BookingView(Model):
    """A booking, for the person it is for."""

    id: UUID
    revision: int
    """Raised by each change: who keeps a copy, like a calendar, knows by it which one is newer."""
    code: str
    state: Literal["confirmed", "cancelled"]
    session_id: UUID
    party: Party
    name: str
    reach: ReachView
    language: str
    notice: Literal["none", "pending", "sent", "delivered", "failed"]
    """What became of the newest message to them."""
    late: bool
    cancelled_by: Literal["visitor", "staff", "library"] | None
    proof: str
    """What proves this booking, for whoever just made it."""
    meeting: MeetingView | None
    """For who has a seat in an online session that is held, and shows code and proof."""

    @classmethod
    def of(cls, booking: queries.KnownBooking) -> "BookingView":
        """Show a booking."""
        return cls(
            id=booking.id,
            revision=booking.revision,
            code=codes.shown(booking.code),
            state=booking.state,
            session_id=booking.session_id,
            party=Party(adults=booking.adults, children=booking.children),
            name=booking.name,
            reach=ReachView(by=booking.reach.by, hint=booking.reach.hint),
            language=booking.language,
            notice=booking.notice,
            late=booking.late,
            cancelled_by=booking.cancelled_by,
            proof=codes.proof(name=booking.name, phone=booking.reach.phone),
            meeting=_meeting(booking),
        )


def _meeting(booking: queries.KnownBooking) -> MeetingView | None:
    if booking.meeting_link is None:
        return None
    return MeetingView(link=booking.meeting_link, number=booking.meeting_number or "")


@api.post(
    "/v1/bookings",
    status=201,
    reply=BookingView,
    problems=(
        "unknown-session",
        "not-open",
        "closed",
        "sold-out",
        "already-booked",
        "party-too-large",
        "party-empty",
        "adult-missing",
        "invalid-phone",
        "invalid-email",
        "invalid",
        "too-many-requests",
    ),
)
async def book(request: web.Request, body: BookingRequest) -> web.Response:
    """Book seats for a party: all of them or none.

    With an Idempotency-Key the same request gets the same answer for 48 hours, but for 429: that is for now. So this
    answer never holds the meeting, which only who still has the seat may know: see the booking for it.
    """
    network = request.app[VISITORS].network(request)
    wanted = usecases.Request(
        session_id=body.session_id,
        party=body.party.told(),
        name=body.name,
        reach=reach(body.reach.by, body.reach.phone, body.reach.email),
        language=body.language,
    )
    uses = _uses(request.app[SECRET], wanted.reach, body.session_id, network)

    async def work(conn: Connection) -> BookingView:
        await limits.allow(conn, uses)
        made = await usecases.book(conn, wanted, request.app[SECRET])
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
    counted = [
        (limits.BOOKINGS_OF_PHONE, limits.BOOKINGS_OF_PHONE_IN_SESSION, reach.phone),
        (limits.BOOKINGS_OF_EMAIL, limits.BOOKINGS_OF_EMAIL_IN_SESSION, reach.email and reach.email.casefold()),
        (limits.BOOKINGS_FROM_NETWORK, limits.BOOKINGS_FROM_NETWORK_IN_SESSION, network),
    ]
    return [
        use
        for everywhere, in_session, who in counted
        if who
        for use in (Use.of(everywhere, secret, who), Use.of(in_session, secret, f"{who}\n{session_id}"))
    ]


async def _proven(request: web.Request, proof: str) -> queries.KnownBooking:
    """The booking whose code the path holds, for whoever can prove that it is theirs.

    Raises:
        WrongProof: unknown code or wrong proof; the caller never learns which.
        Problem: 429 after too many of those.
    """
    secret, code = request.app[SECRET], request.match_info["code"]
    network = request.app[VISITORS].network(request)
    tries = [
        Use.of(limits.WRONG_PROOFS_OF_CODE, secret, codes.plain(code)),
        *([Use.of(limits.WRONG_PROOFS_FROM_NETWORK, secret, network)] if network else []),
    ]
    known = await request.app[DATABASE].transact(lambda conn: usecases.prove(conn, code, proof, tries))
    if known is None:
        raise WrongProof("the code and the proof do not belong together")
    return known


@api.get("/v1/bookings/{code}", problems=("wrong-proof", "too-many-requests"))
async def see(request: web.Request) -> BookingView:
    """Show a booking to whoever has its code and the proof (header Plats-Proof)."""
    return BookingView.of(await _proven(request, request.headers.get(PROOF_HEADER, "")))


class Proof(Strict):
    """What shows that a booking is yours: the phone's last four digits, or the name's first two letters."""

    proof: str = Field(max_length=100)


@api.post("/v1/bookings/{code}/cancel", problems=("wrong-proof", "closed", "too-many-requests"))
async def cancel(request: web.Request, body: Proof) -> BookingView:
    """Give the seats back. Doing it again changes nothing."""
    known = await _proven(request, body.proof)
    return BookingView.of(await request.app[DATABASE].transact(lambda conn: usecases.cancel(conn, known)))


class FewerPeople(Proof):
    """Who still comes."""

    party: Party


@api.post(
    "/v1/bookings/{code}/party",
    problems=("wrong-proof", "closed", "party-grows", "party-empty", "adult-missing", "too-many-requests"),
)
async def shrink(request: web.Request, body: FewerPeople) -> BookingView:
    """Give some of the seats back: fewer people come. Doing it again changes nothing."""
    known = await _proven(request, body.proof)
    coming = body.party.told()
    return BookingView.of(await request.app[DATABASE].transact(lambda conn: usecases.shrink(conn, known, coming)))


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
    await request.app[DATABASE].transact(lambda conn: usecases.send_codes(conn, lost, asked))
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


class Contacts(Model):
    """Those that are still known."""

    items: list[ContactView]


@api.post("/internal/contacts", problems=("unauthorized",))
async def contacts(request: web.Request, body: Refs) -> Contacts:
    """Give contact details to a service that is about to send; an erased person is left out."""
    require_service(request, request.app[SECRET], "booking")
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        people = await queries.reachable(conn, body.refs)
    return Contacts(
        items=[ContactView(**{name: getattr(p, name) for name in ContactView.model_fields}) for p in people]
    )
