"""A visitor books, comes back to the booking by code and proof, comes with fewer people, or gives it back."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar
from uuid import UUID, uuid4

from services.booking import domain, limits, queries
from services.booking.domain import Book, Decision, Outcome, Party, Queued, Seated, Shrink, Shrunk, remind_at
from services.booking.limits import Use
from services.booking.reach import Reach
from services.booking.store import bookings, contacts, notices, sessions
from services.booking.store.bookings import Channel
from services.booking.store.sessions import LockedSession
from services.booking.usecases.turns import ACTIVE, decide_one, finish, state_of, turn_of
from shared import codes
from shared.db import Connection
from shared.events import (
    BookingCodeRequested,
    BookingConfirmation,
    BookingConfirmed,
    BookingQueue,
    BookingQueued,
    BookingShrinkage,
    BookingShrunk,
)
from shared.hours import PermittedHours
from shared.outbox import emit

T = TypeVar("T")

MESSAGED = frozenset({"sms", "email", "proxy"})
"""The ways in which people are written to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What a visitor asks for."""

    session_id: UUID
    party: Party
    name: str
    reach: Reach
    language: str
    hold: UUID | None
    """Under what seats may be held for them."""
    queue: bool
    """Whether they want to wait when it is full."""
    answers: Mapping[str, object] = field(default_factory=dict)
    """To what the session asks, as they were given."""
    channel: Channel = "web"
    series_booking_id: UUID | None = None
    """With which other dates it is booked, of which one message tells."""


async def book(conn: Connection, request: Request, secret: str, hours: PermittedHours) -> queries.KnownBooking:
    """Take seats for a party, or let it wait for them if it wants to.

    Raises:
        UnknownSession, Closed, NotOpen, PartyTooLarge, PartyEmpty, AdultMissing, SoldOut, QueueFull, QueueClosed,
        Unreachable, AlreadyBooked, UnknownQuestion, AnswerMissing, InvalidAnswer: nothing was taken.
    """
    locked = await sessions.lock_session(conn, request.session_id)
    person = person_of(request.name, request.reach, secret)
    booking_id = bookings.new_booking_id()
    command = Book(
        party=request.party,
        hold=request.hold,
        queue_as=booking_id if request.queue else None,
        reachable=request.reach.by != "none",
    )
    try:
        decision, outcome = decide_one(locked, command)
    except (domain.SoldOut, domain.QueueFull, domain.QueueClosed) as full:
        if person and await bookings.is_active(conn, request.session_id, person):
            raise domain.AlreadyBooked("you have a seat already, or wait for one") from full
        raise
    taken = Taken(decision=decision, outcome=outcome, id=booking_id, person=person)
    return await keep(conn, locked, request, taken, hours)


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What a turn gave to somebody who asked for a new booking."""

    decision: Decision
    outcome: Outcome
    id: UUID
    person: bytes | None
    how: Literal["booked", "door"] = "booked"


async def keep(
    conn: Connection, locked: LockedSession, request: Request, taken: Taken, hours: PermittedHours
) -> queries.KnownBooking:
    """Write a new booking down, and tell of it.

    Raises:
        AlreadyBooked, UnknownQuestion, AnswerMissing, InvalidAnswer: nothing was taken.
    """
    if not isinstance(taken.outcome, Seated | Queued):
        raise TypeError(taken.outcome)
    answers = domain.checked(locked.session.terms.ask, request.answers)
    made = bookings.made(
        taken.id,
        request.session_id,
        uuid4(),
        request.language,
        state="confirmed" if isinstance(taken.outcome, Seated) else "queued",
        party=request.party,
        seats=taken.outcome.seats,
        series_booking_id=request.series_booking_id,
        answers=answers,
    )
    reminder = remind_at(locked.session.terms, locked.now, hours.zone) if made.state == "confirmed" else None
    told_of = taken.how == "booked" and request.series_booking_id is None
    notice = notice_of(request.reach) if told_of else "none"
    await bookings.add(conn, made, taken.person, channel=request.channel, notice=notice, remind_at=reminder)
    await contacts.add_contact(conn, made.contact_ref, request.name, request.reach, request.language)
    state = state_of(made).model_dump()
    if isinstance(taken.outcome, Seated):
        facts = BookingConfirmation(**state, how=taken.how, series_booking_id=made.series_booking_id)
        await emit(conn, BookingConfirmed.of(made.id, facts))
    else:
        # Who is offered a seat at once joined behind those who need more seats than are free.
        after = taken.decision.session
        position = after.position(made.id) or len(after.queued) + 1
        await emit(conn, BookingQueued.of(made.id, BookingQueue(**state, position=position)))
    await finish(conn, locked, taken.decision)
    return await queries.booking_by_id(conn, made.id)


def notice_of(reach: Reach) -> Literal["pending", "none"]:
    """What becomes of the first message to somebody."""
    return "pending" if reach.by in MESSAGED else "none"


def person_of(name: str, reach: Reach, secret: str) -> bytes | None:
    """What makes two bookings the same person's: name and the address they are reached by; None without one.

    Another number beside an e-mail address makes nobody another person.
    """
    address = reach.email if reach.by == "email" else reach.phone or reach.email
    if address is None:
        return None
    text = f"{address}\n{codes.fold(name)}"
    return hmac.digest(bytes.fromhex(secret), text.encode(), hashlib.sha256)


async def prove(conn: Connection, look: Callable[[Connection], Awaitable[T | None]], tries: Sequence[Use]) -> T | None:
    """Find something by what its visitor knows; None for an unknown code or a wrong proof, which counts as a try.

    Whoever guesses holds the turn with code and network until the try is counted and committed, so guesses
    at once are looked at one after the other; what is right costs nothing, however often it is asked.

    Raises:
        Problem: 429 when there were too many wrong tries, also with the right proof.
    """
    await limits.allow(conn, tries)
    known = await look(conn)
    if known is None:
        await limits.count(conn, tries)
    return known


async def shrink(conn: Connection, known: queries.KnownBooking, coming: Party) -> queries.KnownBooking:
    """Have fewer people come, or wait, as the visitor of a booking has proven it; the same again changes nothing.

    Raises:
        Closed: the session has started, or the booking is over.
        PartyGrows, PartyEmpty, AdultMissing: not so few, or too few.
        WrongProof: the person was erased meanwhile.
    """
    locked, booking = await turn_of(conn, known.id)
    ended = domain.decide(locked.session, [], locked.now).ended
    missed = domain.is_away(await bookings.attendance(conn, booking.id))
    if booking.state not in ACTIVE or booking.id in ended or missed:
        raise domain.Closed("this booking is over")
    if booking.party == coming:
        return await queries.booking_by_id(conn, known.id)
    command = Shrink(id=booking.id, seats=booking.seats, booked=booking.party, coming=coming)
    decision, outcome = decide_one(locked, command)
    if not isinstance(outcome, Shrunk):
        raise TypeError(outcome)
    shrunk = await bookings.shrink(conn, booking.id, coming, outcome.seats)
    facts = BookingShrinkage(**state_of(shrunk).model_dump(), given_back=outcome.given_back)
    await emit(conn, BookingShrunk.of(booking.id, facts))
    await finish(conn, locked, decision)
    return await queries.booking_by_id(conn, known.id)


async def send_codes(conn: Connection, reach: Reach, asked: Sequence[Use]) -> None:
    """Have the codes of the next bookings with a number or address sent there. Who asks never learns of any.

    Raises:
        Problem: 429 when it was asked for too often, whether there are bookings or not.
    """
    await limits.spend(conn, asked)
    for booking in await notices.touch_reachable(conn, reach, _CODES_AT_ONCE):
        await emit(conn, BookingCodeRequested.of(booking.id, state_of(booking)))


_CODES_AT_ONCE = 2
"""Of how many bookings codes are sent: each is a message of its own, and costs.

Times as often as a day allows it stays below the messages a number gets a day, so that who asks in another's name
leaves room for what they must hear.
"""
