"""A visitor books several dates of a series in one step, and gives them back in one.

Each date is a booking like any other, in a transaction of its own: nobody holds up sixty sessions at once. What is left
to do stands in the row of the series booking, so that whoever comes next goes on where a process died: the same request
again, or the timekeeper. One message tells of all, when all is done.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal
from uuid import UUID, uuid4

from services.booking import domain, limits
from services.booking.domain import Party
from services.booking.limits import Use
from services.booking.reach import Reach
from services.booking.store import contacts, series_bookings, series_dates, sessions
from services.booking.store.contacts import Contact
from services.booking.store.series_bookings import SeriesBooking
from services.booking.store.series_dates import SeriesDate
from services.booking.usecases import booking as booking_usecases
from services.booking.usecases import waiting
from services.booking.usecases.turns import ACTIVE, turn_of
from shared.db import Connection, Database
from shared.events import (
    RefusedDate,
    SeriesBooked,
    SeriesBookingState,
    SeriesCancellation,
    SeriesCancelled,
)
from shared.events import SeriesBooking as SeriesBookingTold
from shared.hours import PermittedHours
from shared.http import slug
from shared.outbox import emit
from shared.problems import Problem

MOST_DATES = 60
"""In one step: more than a year of weeks in which a library is open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What a visitor asks for: all coming dates of a series, or those that they chose."""

    series_id: UUID | None
    session_ids: tuple[UUID, ...]
    party: Party
    name: str
    reach: Reach
    language: str
    answers: Mapping[str, object]
    """To what the sessions ask, as they were given."""
    if_partly: Literal["book", "refuse"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Means:
    """What it takes to go on with one."""

    secret: str
    hours: PermittedHours
    refusals: tuple[type[Exception], ...]
    """What a date may be refused with, besides what is too much in a short time."""
    network: str | None = None
    """The visitor's, as far as it is known and has limits."""


async def start(conn: Connection, request: Request, means: Means) -> UUID:
    """Keep what is wanted; no date is booked yet.

    Raises:
        UnknownSeries, UnknownSession, NotOneSeries, SeveralTimesADay, TooManyDates: it cannot be booked in one step.
        PartyTooLarge, PartyEmpty, AdultMissing, UnknownQuestion, AnswerMissing, InvalidAnswer: no date could be booked
            like this.
        Problem: 429, the same was booked too often from there.
    """
    dates = await _wanted(conn, request)
    series_id = dates[0].series_id
    if series_id is None:
        raise TypeError(dates)
    await limits.spend(conn, limits.of_series(means.secret, means.network, series_id))
    answers = await _checked(conn, request, dates)
    contact_ref = uuid4()
    id_ = await series_bookings.add(
        conn,
        series_id=series_id,
        contact_ref=contact_ref,
        language=request.language,
        party=request.party,
        answers=answers,
        if_partly=request.if_partly,
        notice=booking_usecases.notice_of(request.reach),
    )
    await contacts.add_contact(conn, contact_ref, request.name, request.reach, request.language)
    await series_dates.add(conn, id_, dates)
    for date in dates if request.series_id else ():
        if date.status == "cancelled":
            why = slug(domain.Closed), "this time will not be held"
            await series_dates.note_refused(conn, id_, date.session_id, "off", *why)
    return id_


async def _wanted(conn: Connection, request: Request) -> list[SeriesDate]:
    if request.series_id:
        dates = await series_dates.coming(conn, request.series_id)
        if not any(date.status == "published" for date in dates):
            raise domain.UnknownSeries("no time of it is still to come")
        slots = [date.sitting_id for date in dates if date.sitting_id]
        if len(slots) > len({*slots}):
            raise domain.SeveralTimesADay("choose one time of each day")
    else:
        dates = await series_dates.chosen(conn, request.session_ids)
        if len(dates) < len({*request.session_ids}):
            raise domain.UnknownSession("one of them is no session that can be booked")
        if dates[0].series_id is None or len({(date.series_id, date.activity_id) for date in dates}) > 1:
            raise domain.NotOneSeries("choose times of one series")
    if len(dates) > MOST_DATES:
        raise domain.TooManyDates(f"choose at most {MOST_DATES} times")
    return dates


async def _checked(conn: Connection, request: Request, dates: list[SeriesDate]) -> dict[str, domain.Answer]:
    """The answers as they are kept; none where no date is on offer, and so nothing is asked.

    What is wrong with the first date is wrong with the request: they are of one activity, and ask for the same.
    """
    offered = next((date for date in dates if date.status == "published"), None)
    if offered is None:
        return {}
    terms = (await sessions.lock_session(conn, offered.session_id)).session.terms
    if unfit := domain.unfit(terms, request.party):
        raise unfit
    return domain.checked(terms.ask, request.answers)


async def finish(database: Database, series_booking_id: UUID, means: Means) -> None:
    """Go on until nothing is left to do, a transaction for each step. Two who do so at once take turns."""
    while await database.transact(partial(step, series_booking_id=series_booking_id, means=means)):
        pass


async def step(conn: Connection, series_booking_id: UUID, means: Means) -> bool:
    """Do the next thing that is left to do; tells whether there was any."""
    series = await series_bookings.lock(conn, series_booking_id)
    if series is None:
        raise LookupError(series_booking_id)
    match series.state:
        case "making":
            await _make(conn, series, means)
        case "undoing":
            await _undo(conn, series)
        case "cancelling":
            await _cancel(conn, series)
        case "refused" | "made":
            return False
    return True


async def _make(conn: Connection, series: SeriesBooking, means: Means) -> None:
    person = await contacts.of(conn, series.contact_ref)
    if person is None:  # erased meanwhile: they cannot come
        await series_bookings.turn_to(conn, series.id, "undoing")
        return
    session_id = await series_dates.next_wanted(conn, series.id)
    if session_id is None:
        await _conclude(conn, series)
    else:
        await _book(conn, series, session_id, person, means)


async def _book(conn: Connection, series: SeriesBooking, session_id: UUID, person: Contact, means: Means) -> None:
    """Book one date, or keep why not."""
    request = booking_usecases.Request(
        session_id=session_id,
        party=series.party,
        name=person.name,
        reach=person.reach,
        language=series.language,
        hold=None,
        queue=False,
        answers=series.answers,
        channel="series",
        series_booking_id=series.id,
    )
    uses = limits.in_session(means.secret, person.reach, means.network, session_id)
    try:
        async with conn.transaction():
            await limits.allow(conn, uses)
            made = await booking_usecases.book(conn, request, means.secret, means.hours)
            await limits.count(conn, uses)
    except Problem as too_many:
        await _refuse(conn, series, session_id, too_many)
    except means.refusals as refusal:
        await _refuse(conn, series, session_id, await _priced(conn, refusal, uses))
    else:
        await series_dates.note_booked(conn, series.id, session_id, made.id)


async def _priced(conn: Connection, refusal: Exception, uses: list[Use]) -> Exception:
    """What may be said of a refusal: that somebody has a seat is told at the price of one."""
    if isinstance(refusal, domain.AlreadyBooked):
        try:
            await limits.spend(conn, uses)
        except Problem as too_many:
            return too_many
    return refusal


async def _refuse(conn: Connection, series: SeriesBooking, session_id: UUID, refusal: Exception) -> None:
    why, detail = slug(type(refusal)), str(refusal)
    if isinstance(refusal, Problem):
        why, detail = refusal.document.type, refusal.document.detail or refusal.document.title
    await series_dates.note_refused(conn, series.id, session_id, "refused", why, detail)


async def _conclude(conn: Connection, series: SeriesBooking) -> None:
    """All dates were tried: have their visitor told what they got, or give it back."""
    booked, refused = await series_dates.tally(conn, series.id)
    if not booked or (refused and series.if_partly == "refuse"):
        await series_bookings.turn_to(conn, series.id, "undoing")
        return
    await series_bookings.turn_to(conn, series.id, "made")
    await _tell(conn, series)


async def tell_again(conn: Connection, series: SeriesBooking) -> None:
    """Have who is reached another way now told of all dates; until all were tried they have yet to be told."""
    if series.state == "made":
        await _tell(conn, series)


async def _tell(conn: Connection, series: SeriesBooking) -> None:
    if await series_bookings.sessions_to_come(conn, series.id):
        dates = await series_dates.refused(conn, series.id)
        refusals = tuple(RefusedDate(session_id=date.session_id, why=date.why) for date in dates)
        facts = SeriesBookingTold(**(await _state(conn, series)).model_dump(), refused=refusals)
        await emit(conn, SeriesBooked.of(series.id, facts))


async def _state(conn: Connection, series: SeriesBooking) -> SeriesBookingState:
    """What others may know of it, in a new revision."""
    return SeriesBookingState(
        series_booking_id=series.id,
        revision=await series_bookings.raise_revision(conn, series.id),
        contact_ref=series.contact_ref,
        language=series.language,
        adults=series.adults,
        children=series.children,
        sessions=tuple(await series_bookings.sessions_to_come(conn, series.id)),
    )


async def _undo(conn: Connection, series: SeriesBooking) -> None:
    """Give the next date back of which nobody was ever told; at last forget who it was."""
    booking_id = await series_dates.next_to_give_back(conn, series.id, asked=False)
    if booking_id:
        await _give_back(conn, series, booking_id, "library")
        return
    await series_dates.take_going(conn, series.id)
    await contacts.erase(conn, await series_bookings.contacts_of(conn, series.id))
    await series_bookings.turn_to(conn, series.id, "refused")


async def _cancel(conn: Connection, series: SeriesBooking) -> None:
    """Give the next date back; at last have it told."""
    by = series.cancelling_by or "visitor"
    booking_id = await series_dates.next_to_give_back(conn, series.id, asked=True)
    if booking_id:
        await _give_back(conn, series, booking_id, by)
        return
    await series_bookings.turn_to(conn, series.id, "made")
    given_back = await series_dates.take_going(conn, series.id)
    if given_back:
        state = await _state(conn, series)
        facts = SeriesCancellation(**state.model_dump(), by=by, given_back=tuple(given_back))
        await emit(conn, SeriesCancelled.of(series.id, facts))


async def _give_back(
    conn: Connection, series: SeriesBooking, booking_id: UUID, by: Literal["visitor", "staff", "library"]
) -> None:
    """Give one date back with the others. One that somebody was quicker with, or that has begun, stays as it is."""
    _, booking = await turn_of(conn, booking_id)
    if booking.state not in ACTIVE:
        return
    try:
        await waiting.let_go(conn, booking_id, by, series_booking_id=series.id)
    except domain.Closed:
        return
    await series_dates.note_going(conn, series.id, booking_id)


async def cancel(conn: Connection, series_booking_id: UUID, by: Literal["visitor", "staff"]) -> None:
    """Have all dates given back that have not begun: whoever comes next does it. No series booking of ours is none."""
    series = await series_bookings.lock(conn, series_booking_id)
    if series and series.state == "made":
        await series_bookings.turn_to(conn, series_booking_id, "cancelling", by)


async def cancel_date(conn: Connection, series_booking_id: UUID, session_id: UUID) -> None:
    """Give one date back, like the booking that it is.

    Raises:
        UnknownSession: it is none of theirs.
        Closed: it has begun.
    """
    booking_id = await series_bookings.booking_in(conn, series_booking_id, session_id)
    if booking_id is None:
        raise domain.UnknownSession("this is none of your times")
    await waiting.let_go(conn, booking_id, "visitor")
