"""Several dates of a series, booked and given back in one step."""

from typing import Literal
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime, Field

from services.booking import limits, queries
from services.booking.domain import WrongProof
from services.booking.http.api import (
    HOURS,
    NOT_BOOKED,
    VISITORS,
    Answers,
    Language,
    Name,
    Party,
    ReachBody,
    ReachView,
    State,
    api,
    prove,
)
from services.booking.http.bookings import PROOF_HEADER, Proof
from services.booking.reach import reach
from services.booking.usecases import series_bookings
from services.booking.usecases.series_bookings import MOST_DATES, Means
from shared import codes, idempotency
from shared.db import Connection
from shared.http import problem_reply, refused, slug
from shared.keys import DATABASE, REFUSALS, SECRET
from shared.models import Model, Strict
from shared.problems import FieldError, Problem, ProblemDocument


class SeriesBookingRequest(Strict):
    """What a visitor asks for: all coming dates of a series, or some of them. Each date is for the same party."""

    series_id: UUID | None = None
    session_ids: list[UUID] = Field(default=[], max_length=MOST_DATES)
    """Instead: these dates of one series."""
    party: Party = Party(adults=1)
    name: Name
    reach: ReachBody
    language: Language = "sv"
    answers: Answers = Field(default_factory=dict)
    """To what each of the sessions asks, by the question's id."""
    if_partly: Literal["book", "refuse"] = "book"
    """What to do when some of the dates cannot be had: book the others, or nothing."""

    def chosen(self) -> tuple[UUID, ...]:
        """The dates that are named.

        Raises:
            Problem: 422 unless either a series is named or dates are.
        """
        if (self.series_id is None) == (not self.session_ids):
            detail = "name either a series or some of its sessions"
            errors = (FieldError(field="session_ids", detail=detail),)
            raise Problem("invalid", 422, "Something in the request is not right", errors=errors, detail=detail)
        return tuple(self.session_ids)


class BookedDate(Model):
    """A date that was booked: a booking with a code of its own."""

    session_id: UUID
    starts_at: AwareDatetime
    code: str


class RefusedDate(Model):
    """A date that was not, by the type of the problem and in words."""

    session_id: UUID
    starts_at: AwareDatetime
    type: str
    detail: str


class SeriesBooked(Model):
    """What was booked together. Full dates are refused: nobody waits for a date of a series."""

    code: str
    """Stands for all dates."""
    proof: str
    booked: list[BookedDate]
    refused: list[RefusedDate]


class DateNow(BookedDate):
    """A date that was booked, and what became of it."""

    state: State


class SeriesBookingView(Model):
    """What was booked together, as it is now, for the person it is for."""

    id: UUID
    revision: int
    series_id: UUID
    code: str
    party: Party
    answers: dict[str, str | int | list[str]]
    name: str
    reach: ReachView
    language: str
    notice: Literal["none", "pending", "sent", "delivered", "failed"]
    """What became of the newest message about all dates."""
    proof: str
    booked: list[DateNow]
    """In the order of their starts; also those that were given back, or changed to another time."""
    refused: list[RefusedDate]


class _Started(Model):
    """What a key remembers: the answer is read from what became of it, so that it holds no codes."""

    series_booking_id: UUID


class _DatesRefused(ProblemDocument):
    """Nothing was booked, with the reason for each date that could not be."""

    refused: tuple[RefusedDate, ...]


@api.post(
    "/v1/series-bookings",
    status=201,
    reply=SeriesBooked,
    problems=(
        *NOT_BOOKED,
        "unknown-series",
        "not-one-series",
        "several-times-a-day",
        "too-many-dates",
        "dates-refused",
        "not-open",
        "too-many-requests",
    ),
)
async def book_series(request: web.Request, body: SeriesBookingRequest) -> web.Response:
    """Book all coming dates of a series, or some of them, in one step; one message tells of all.

    Dates that cannot be had are named, by the types that booking them alone would answer with. Where none can be had,
    or some cannot and ``if_partly`` is ``refuse``, nothing is booked and nobody is told: ``dates-refused`` names them,
    or the one problem that they all have. With an Idempotency-Key the same request goes on where the first one ended.
    """
    network, secret = request.app[VISITORS].network(request), request.app[SECRET]
    wanted = series_bookings.Request(
        series_id=body.series_id,
        session_ids=body.chosen(),
        party=body.party.told(),
        name=body.name,
        reach=reach(body.reach.by, body.reach.phone, body.reach.email),
        language=body.language,
        answers=body.answers,
        if_partly=body.if_partly,
    )
    uses = limits.of_booking(secret, wanted.reach, network)
    means = _means(request, network)

    async def start(conn: Connection) -> _Started:
        await limits.allow(conn, uses)
        started = await series_bookings.start(conn, wanted, means)
        await limits.count(conn, uses)
        return _Started(series_booking_id=started)

    answer = await idempotency.perform_once(request, start, status=201)
    if answer.status != 201:  # noqa: PLR2004 - as above
        return idempotency.reply(answer)
    id_ = _Started.model_validate(answer.body).series_booking_id
    await series_bookings.finish(request.app[DATABASE], id_, means)
    return await _answered(request, id_)


def _means(request: web.Request, network: str | None) -> Means:
    refusals = request.app[REFUSALS]
    return Means(secret=request.app[SECRET], hours=request.app[HOURS], refusals=tuple(refusals), network=network)


async def _answered(request: web.Request, series_booking_id: UUID) -> web.Response:
    """What became of a request for a series, the same each time it is asked."""
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        known = await queries.series_by_id(conn, series_booking_id)
        booked = await queries.dates_as_told(conn, series_booking_id)
        refusals = [_refused(date) for date in await queries.dates_refused(conn, series_booking_id)]
    if known.code is None or known.name is None or known.reach is None:
        return problem_reply(_nothing_booked(request, refusals, known.wanted))
    made = SeriesBooked(
        code=codes.shown(known.code),
        proof=codes.proof(name=known.name, phone=known.reach.phone),
        booked=[BookedDate.model_validate(_date(date)) for date in booked],
        refused=refusals,
    )
    return idempotency.reply(idempotency.Answer(201, made.model_dump(mode="json")))


def _nothing_booked(request: web.Request, dates: list[RefusedDate], wanted: int) -> Problem:
    """Why nobody has anything: the one problem of all dates where they have the same, and always each date's."""
    alike = {(date.type, date.detail) for date in dates}
    kinds = {slug(kind): kind for kind in request.app[REFUSALS] if hasattr(kind, "field")}
    problem = Problem(
        "dates-refused",
        409,
        "Some of the dates cannot be booked",
        detail="nothing was booked: not all dates can be had",
    )
    if len(alike) == 1 and len(dates) == wanted:
        [(type_, detail)] = alike
        if type_ in kinds:
            problem = refused(kinds[type_](detail), request.app[REFUSALS])
    problem.document = _DatesRefused(**problem.document.model_dump(), refused=tuple(dates))
    return problem


def _refused(date: queries.RefusedDate) -> RefusedDate:
    return RefusedDate(session_id=date.session_id, starts_at=date.starts_at, type=date.why, detail=date.detail)


def _date(date: queries.KnownDate) -> dict[str, object]:
    return {
        "session_id": date.session_id,
        "starts_at": date.starts_at,
        "code": codes.shown(date.code),
        "state": date.state,
    }


async def _proven(request: web.Request, proof: str) -> UUID:
    code = request.match_info["code"]
    return await prove(request, lambda conn: queries.proven_series(conn, code, proof))


async def _shown(request: web.Request, series_booking_id: UUID) -> SeriesBookingView:
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        known = await queries.series_by_id(conn, series_booking_id)
        dates = await queries.dates_now(conn, series_booking_id)
        refusals = await queries.dates_refused(conn, series_booking_id)
    if known.code is None or known.name is None or known.reach is None:
        raise WrongProof("the code and the proof do not belong together")
    return SeriesBookingView(
        id=known.id,
        revision=known.revision,
        series_id=known.series_id,
        code=codes.shown(known.code),
        party=Party(adults=known.adults, children=known.children),
        answers=known.answers,
        name=known.name,
        reach=ReachView(by=known.reach.by, hint=known.reach.hint),
        language=known.language,
        notice=known.notice,
        proof=codes.proof(name=known.name, phone=known.reach.phone),
        booked=[DateNow.model_validate(_date(date)) for date in dates],
        refused=[_refused(date) for date in refusals],
    )


@api.get("/v1/series-bookings/{code}", problems=("wrong-proof", "too-many-requests"))
async def see_series(request: web.Request) -> SeriesBookingView:
    """Show what was booked together to whoever has the code of all dates and the proof (header Plats-Proof)."""
    return await _shown(request, await _proven(request, request.headers.get(PROOF_HEADER, "")))


class SeriesGivenBack(Proof):
    """What is given back: all dates that have not begun, or one."""

    session_id: UUID | None = None


@api.post(
    "/v1/series-bookings/{code}/cancel", problems=("wrong-proof", "unknown-session", "closed", "too-many-requests")
)
async def cancel_series(request: web.Request, body: SeriesGivenBack) -> SeriesBookingView:
    """Give back all dates that have not begun, or one of them. Doing it again changes nothing."""
    id_ = await _proven(request, body.proof)
    database, session_id = request.app[DATABASE], body.session_id
    if session_id:
        await database.transact(lambda conn: series_bookings.cancel_date(conn, id_, session_id))
    else:
        await database.transact(lambda conn: series_bookings.cancel(conn, id_, "visitor"))
        await series_bookings.finish(database, id_, _means(request, None))
    return await _shown(request, id_)
