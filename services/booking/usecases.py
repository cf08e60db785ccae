"""What booking does. One function is one transaction: state and the events that tell of it.

Each takes the connection of the transaction its edge opened, takes its turn with the session's row first,
and lets :func:`services.booking.domain.decide` rule.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID, uuid4

from services.booking import codes, domain, limits, queries, store
from services.booking.domain import (
    Book,
    GiveBack,
    GivenBack,
    Party,
    Publish,
    Refused,
    Republished,
    Seated,
    Session,
    Shrink,
    Shrunk,
    Terms,
)
from services.booking.limits import Use
from services.booking.reach import Reach
from services.booking.store import Booking, LockedSession
from shared.db import Connection
from shared.events import (
    Availability,
    AvailabilityChanged,
    BookingCancellation,
    BookingCancelled,
    BookingCodeRequested,
    BookingConfirmed,
    BookingReschedule,
    BookingRescheduled,
    BookingShrinkage,
    BookingShrunk,
    BookingState,
)
from shared.outbox import emit


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What a visitor asks for."""

    session_id: UUID
    party: Party
    name: str
    reach: Reach
    language: str


async def book(conn: Connection, request: Request, secret: str) -> queries.KnownBooking:
    """Take seats for a party.

    Raises:
        UnknownSession, Closed, NotOpen, PartyTooLarge, PartyEmpty, AdultMissing, SoldOut, AlreadyBooked: nothing was
            taken.
    """
    locked = await store.lock_session(conn, request.session_id)
    session, [outcome] = domain.decide(locked.session, [Book(party=request.party)], locked.now)
    person = _person(request, secret)
    match outcome:
        case Refused(refusal=domain.SoldOut()) if person and await store.has_seat(conn, request.session_id, person):
            raise domain.AlreadyBooked("you have a seat already")
        case Refused(refusal=refusal):
            raise refusal
        case Seated(seats=seats):
            pass
        case _:
            raise TypeError(outcome)
    contact_ref = uuid4()
    booking = store.booking(
        request.session_id,
        contact_ref,
        request.language,
        adults=request.party.adults,
        children=request.party.children,
        seats=seats,
    )
    notice = "pending" if request.reach.by in _MESSAGED else "none"
    await store.add_booking(conn, booking, person, notice=notice)
    await store.add_contact(conn, contact_ref, request.name, request.reach, request.language)
    await emit(conn, BookingConfirmed.of(booking.id, _state(booking)))
    await _save(conn, locked, session)
    return await queries.booking_by_id(conn, booking.id)


_MESSAGED = frozenset({"sms", "email", "proxy"})


def _person(request: Request, secret: str) -> bytes | None:
    """What makes two bookings the same person's: name and the address they are reached by; None without one.

    Another number beside an e-mail address makes nobody another person.
    """
    address = request.reach.email if request.reach.by == "email" else request.reach.phone
    if address is None:
        return None
    text = f"{address}\n{codes.fold(request.name)}"
    return hmac.digest(bytes.fromhex(secret), text.encode(), hashlib.sha256)


async def prove(conn: Connection, code: str, proof: str, tries: Sequence[Use]) -> queries.KnownBooking | None:
    """Find a booking by what its visitor knows; None for an unknown code or a wrong proof, which counts as a try.

    Whoever guesses holds the turn with code and network until the try is counted and committed, so guesses
    at once are looked at one after the other; what is right costs nothing, however often it is asked.

    Raises:
        Problem: 429 when there were too many wrong tries, also with the right proof.
    """
    await limits.allow(conn, tries)
    known = await queries.proven_booking(conn, code, proof)
    if known is None:
        await limits.count(conn, tries)
    return known


async def cancel(conn: Connection, known: queries.KnownBooking) -> queries.KnownBooking:
    """Give a booking back, as its visitor, who has proven it; doing it again changes nothing.

    Raises:
        Closed: the session has started.
        WrongProof: the person was erased meanwhile.
    """
    locked = await store.lock_session(conn, known.session_id)
    booking = await store.booking_now(conn, known.id)
    if booking.state == "cancelled":
        return await queries.booking_by_id(conn, known.id)
    session, [outcome] = domain.decide(locked.session, [GiveBack(seats=booking.seats, by="visitor")], locked.now)
    match outcome:
        case Refused(refusal=refusal):
            raise refusal
        case GivenBack(late=late):
            await _cancelled(conn, booking, by="visitor", reason="asked", late=late)
        case _:
            raise TypeError(outcome)
    await _save(conn, locked, session)
    return await queries.booking_by_id(conn, known.id)


async def shrink(conn: Connection, known: queries.KnownBooking, coming: Party) -> queries.KnownBooking:
    """Have fewer people come, as the visitor of a booking has proven it; the same again changes nothing.

    Raises:
        Closed: the session has started, or the booking was cancelled.
        PartyGrows, PartyEmpty, AdultMissing: not so few, or too few.
        WrongProof: the person was erased meanwhile.
    """
    locked = await store.lock_session(conn, known.session_id)
    booking = await store.booking_now(conn, known.id)
    if booking.state == "cancelled":
        raise domain.Closed("this booking was cancelled")
    if booking.party == coming:
        return await queries.booking_by_id(conn, known.id)
    command = Shrink(seats=booking.seats, booked=booking.party, coming=coming)
    session, [outcome] = domain.decide(locked.session, [command], locked.now)
    match outcome:
        case Refused(refusal=refusal):
            raise refusal
        case Shrunk(seats=seats, given_back=given_back):
            shrunk = await store.shrink_booking(conn, booking.id, coming, seats)
            facts = BookingShrinkage(**_state(shrunk).model_dump(), given_back=given_back)
            await emit(conn, BookingShrunk.of(booking.id, facts))
        case _:
            raise TypeError(outcome)
    await _save(conn, locked, session)
    return await queries.booking_by_id(conn, known.id)


async def send_codes(conn: Connection, reach: Reach, asked: Sequence[Use]) -> None:
    """Have the codes of the next bookings with a number or address sent there. Who asks never learns of any.

    Raises:
        Problem: 429 when it was asked for too often, whether there are bookings or not.
    """
    await limits.spend(conn, asked)
    for booking in await store.touch_bookings_of(conn, reach, _CODES_AT_ONCE):
        await emit(conn, BookingCodeRequested.of(booking.id, _state(booking)))


_CODES_AT_ONCE = 2
"""Of how many bookings codes are sent: each is a message of its own, and costs.

Times as often as a day allows it stays below the messages a number gets a day, so that who asks in another's name
leaves room for what they must hear.
"""


async def publish_session(conn: Connection, session_id: UUID, catalog_revision: int, terms: Terms) -> None:
    """Take over a session as catalog has it; tell those who have a seat when and where it is now."""
    await store.await_turn(conn, session_id)
    if await store.buried(conn, session_id) >= catalog_revision:
        return
    fresh = Session.new(session_id, terms)
    if await store.add_session(conn, fresh, catalog_revision):
        await _announce(conn, fresh, 1)
        return
    locked = await store.lock_session(conn, session_id)
    if locked.terms_revision >= catalog_revision or locked.session.terms.status == "cancelled":
        return
    if locked.catalog_revision > catalog_revision:  # a withdrawal has overtaken these terms, and stands
        terms = replace(terms, status=locked.session.terms.status)
    session, [outcome] = domain.decide(locked.session, [Publish(terms=terms)], locked.now)
    if isinstance(outcome, Republished) and outcome.changed and locked.now < terms.ends_at:
        for booking in await store.confirmed(conn, session_id):
            await _rescheduled(conn, booking, catalog_revision, outcome.changed)
    newest = max(locked.catalog_revision, catalog_revision)
    await _save(conn, replace(locked, catalog_revision=newest, terms_revision=catalog_revision), session)


async def end_session(
    conn: Connection, session_id: UUID, catalog_revision: int, status: Literal["withdrawn", "cancelled"]
) -> None:
    """Stop bookings of a session; when it is cancelled, give every seat back and have everybody told."""
    await store.await_turn(conn, session_id)
    try:
        locked = await store.lock_session(conn, session_id)
    except domain.UnknownSession:
        await store.bury(conn, session_id, catalog_revision)
        return
    if locked.catalog_revision >= catalog_revision:
        return
    commands: list[domain.Command] = [Publish(terms=replace(locked.session.terms, status=status))]
    bookings = await store.confirmed(conn, session_id) if status == "cancelled" else []
    commands += [GiveBack(seats=booking.seats, by="library") for booking in bookings]
    session, _ = domain.decide(locked.session, commands, locked.now)
    for booking in bookings:
        await _cancelled(conn, booking, by="library", reason="session_cancelled", late=False)
    await _save(conn, replace(locked, catalog_revision=catalog_revision), session)


async def _save(conn: Connection, locked: LockedSession, session: Session) -> None:
    """Write the session back and say once how full it is now."""
    await _announce(conn, session, await store.save_session(conn, locked, session))


async def _announce(conn: Connection, session: Session, revision: int) -> None:
    state = Availability(
        session_id=session.id,
        revision=revision,
        capacity=session.terms.capacity,
        taken=session.taken,
        left=session.left,
        queue_capacity=session.terms.queue,
        queue_left=session.terms.queue,
    )
    await emit(conn, AvailabilityChanged.of(session.id, state))


async def _cancelled(
    conn: Connection,
    booking: Booking,
    *,
    by: domain.By,
    reason: Literal["asked", "session_cancelled"],
    late: bool,
) -> None:
    given_back = await store.cancel_booking(conn, booking.id, by, late=late)
    facts = BookingCancellation(**_state(given_back).model_dump(), by=by, reason=reason, late=late)
    await emit(conn, BookingCancelled.of(booking.id, facts))


async def _rescheduled(
    conn: Connection, booking: Booking, session_revision: int, changed: tuple[domain.Change, ...]
) -> None:
    touched = replace(booking, revision=await store.touch_booking(conn, booking.id))
    facts = BookingReschedule(**_state(touched).model_dump(), session_revision=session_revision, changed=changed)
    await emit(conn, BookingRescheduled.of(booking.id, facts))


def _state(booking: Booking) -> BookingState:
    return BookingState(
        booking_id=booking.id,
        revision=booking.revision,
        session_id=booking.session_id,
        contact_ref=booking.contact_ref,
        language=booking.language,
        adults=booking.adults,
        children=booking.children,
        seats=booking.seats,
    )
