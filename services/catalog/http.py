from __future__ import annotations

import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

from aiohttp import hdrs, web
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from services.catalog import queries, usecases
from services.catalog.domain import (
    SMS_CHARACTERS,
    Activity,
    CancelReason,
    Counts,
    Mode,
    NewSession,
    Place,
    SessionChange,
    TermsChange,
    adapted,
)
from services.catalog.kinds import KINDS
from services.catalog.permissions import permit, permit_somewhere
from services.catalog.settings import CatalogSettings
from services.catalog.views import Activities, ActivityView, Branches, Sessions, SessionView
from shared import idempotency
from shared.auth import IdentityProvider, Staff
from shared.http import Api, path_id
from shared.ids import new_id
from shared.keys import DATABASE
from shared.models import Strict
from shared.problems import Problem

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

    from shared.db import Connection

SETTINGS = web.AppKey("settings", CatalogSettings)
IDENTITY = web.AppKey("identity", IdentityProvider)
STAFF = web.RequestKey("staff", Staff)

api = Api()


@web.middleware
async def signed_in(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whoever changes the programme signs in first: before their request is read, or said to be wrong."""
    changes = request.match_info.http_exception is None and request.method not in {hdrs.METH_GET, hdrs.METH_HEAD}
    if changes:
        request[STAFF] = await request.app[IDENTITY].staff(request)
    return await handler(request)


def _known_kind(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"there is no such kind; there are {', '.join(KINDS)}")
    return kind


def _with_swedish(texts: dict[str, str]) -> dict[str, str]:
    if "sv" not in texts:
        raise ValueError("a Swedish text (sv) is needed")
    return texts


def _from_number(capacity: object) -> object:
    return {"seats": capacity} if isinstance(capacity, int) else capacity


_UNSEEN = frozenset({"Cc", "Cf", "Co", "Zl", "Zp"})
_JOINERS = frozenset("\u200c\u200d")
"""Persian and Indic words are spelled with them."""


def _visible(text: str) -> str:
    if any(unicodedata.category(sign) in _UNSEEN and sign not in _JOINERS for sign in text):
        raise ValueError("control and format characters do not fit")
    return text


def _visible_lines(text: str) -> str:
    return "\n".join(_visible(line) for line in text.split("\n"))


def _in_plain_sms(text: str) -> str:
    if not SMS_CHARACTERS.issuperset(text):
        raise ValueError("only the letters and signs of plain SMS (GSM-7) fit")
    return text


Line = Annotated[str, AfterValidator(_visible)]
"""Text on one line, with nothing in it that cannot be seen or turns the line around."""
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
LanguageTag = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$", max_length=35)]
KindId = Annotated[str, AfterValidator(_known_kind)]
Title = Annotated[Line, Field(min_length=1, max_length=80)]
SmsTitle = Annotated[str, Field(min_length=1, max_length=14), AfterValidator(_in_plain_sms)]
Summary = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_visible_lines)]
Count = Annotated[int, Field(strict=True, ge=0, le=10_000)]
LocalDate = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]


class CapacityBody(Strict):
    """Seats as staff set them: ``seats`` includes the ``walk_in`` reserve; ``queue`` is the waiting list's length."""

    seats: Count | None = None
    walk_in: Count | None = None
    queue: Count | None = None


CapacityField = Annotated[CapacityBody, BeforeValidator(_from_number, json_schema_input_type=Count | CapacityBody)]
"""A number of seats, or all three."""


class PageQuery(Strict):
    """Which page of a list."""

    cursor: Annotated[str, Field(max_length=100)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class SessionsQuery(PageQuery):
    """What somebody looks for in the programme."""

    from_: Annotated[LocalDate | None, Field(alias="from")] = None
    to: LocalDate | None = None
    branch: Slug | None = None
    kind: KindId | None = None
    language: LanguageTag | None = None
    q: Annotated[Line, Field(max_length=100)] = ""
    free: bool = False


class ActivityBody(Strict):
    """A new activity; what is left out comes from its kind."""

    kind: KindId
    titles: Annotated[dict[LanguageTag, Title], AfterValidator(_with_swedish)]
    sms_titles: Annotated[dict[LanguageTag, SmsTitle], AfterValidator(_with_swedish)] | None = None
    summaries: dict[LanguageTag, Summary] = Field(default_factory=dict)
    languages: Annotated[tuple[LanguageTag, ...], Field(max_length=20)] = ("sv",)
    level: Annotated[str, Field(pattern=r"^[ABC][12](-[ABC][12])?$")] | None = None
    minutes: Annotated[int, Field(strict=True, ge=1, le=1440)] | None = None
    mode: Mode | None = None
    counts: Counts | None = None
    party_max: Annotated[int, Field(strict=True, ge=1, le=100)] | None = None
    children: bool | None = None
    late_cancel_hours: Annotated[int, Field(strict=True, ge=0, le=720)] | None = None
    capacity: CapacityField = CapacityBody()


class NewSessionBody(Strict):
    """A new session; capacity, mode and length, where left out, come from the activity."""

    activity_id: UUID
    branch_id: Slug
    starts_at: AwareDatetime
    ends_at: AwareDatetime | None = None
    capacity: CapacityField = CapacityBody()
    mode: Mode | None = None
    place: Place = "branch"
    room: Annotated[Line, Field(max_length=60)] = ""
    status: Literal["draft", "published"] = "published"


class SessionPatch(Strict):
    """What shall be different about a session; what is left out stays."""

    activity_id: UUID | None = None
    branch_id: Slug | None = None
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    capacity: CapacityField = CapacityBody()
    mode: Mode | None = None
    place: Place | None = None
    room: Annotated[Line, Field(max_length=60)] | None = None
    status: Literal["draft", "published", "withdrawn"] | None = None
    revision: Annotated[int, Field(strict=True, ge=1)] | None = None
    """The revision this change was made from; another present one is refused."""


class CancelBody(Strict):
    """Why a session will not be held."""

    reason: CancelReason


@api.get("/v1/branches")
async def branches(request: web.Request) -> Branches:
    """List the libraries."""
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.branches(conn)


@api.get("/v1/activities")
async def activities(request: web.Request, query: PageQuery) -> Activities:
    """List the activities."""
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.activities(conn, query.cursor, query.limit)


@api.get("/v1/sessions")
async def sessions(request: web.Request, query: SessionsQuery) -> Sessions:
    """Search the programme, in order of start.

    ``from`` and ``to`` are local dates, ``to`` exclusive; ``free`` leaves out what is full.
    """
    wanted = queries.Wanted(**{name: getattr(query, name) for name in type(query).model_fields})
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.sessions(conn, wanted, request.app[SETTINGS].timezone)


@api.get("/v1/sessions/{id}", problems=("unknown-session",))
async def session(request: web.Request) -> SessionView:
    """Show a session."""
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await queries.public_session(conn, _session_id(request))


@api.post("/v1/activities", status=201, reply=ActivityView, problems=("unauthorized", "forbidden", "invalid"))
async def create_activity(request: web.Request, body: ActivityBody) -> web.Response:
    """Add an activity (staff)."""
    permit_somewhere(request[STAFF])
    kind = KINDS[body.kind]
    activity = Activity(
        id=new_id(),
        kind=kind.id,
        titles=body.titles,
        sms_titles=body.sms_titles or kind.sms_labels,
        summaries=body.summaries,
        languages=body.languages,
        level=body.level,
        minutes=body.minutes or kind.minutes,
        terms=adapted(kind.terms, _activity_terms(body)),
    )

    async def work(conn: Connection) -> ActivityView:
        await usecases.create_activity(conn, activity)
        return queries.activity_view(activity)

    return await idempotency.perform(request, work, status=201)


@api.post("/v1/sessions", status=201, reply=SessionView, problems=("unauthorized", "forbidden", "invalid"))
async def create_session(request: web.Request, body: NewSessionBody) -> web.Response:
    """Offer a session (staff of the branch)."""
    permit(request[STAFF], body.branch_id)
    new = NewSession(
        id=new_id(),
        activity_id=body.activity_id,
        branch_id=body.branch_id,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        place=body.place,
        room=body.room,
        status=body.status,
        terms=_session_terms(body),
    )

    async def work(conn: Connection) -> SessionView:
        await usecases.create_session(conn, new)
        return await queries.session(conn, new.id)

    return await idempotency.perform(request, work, status=201)


@api.patch(
    "/v1/sessions/{id}",
    problems=("unauthorized", "forbidden", "unknown-session", "stale-revision", "closed", "invalid"),
)
async def change_session(request: web.Request, body: SessionPatch) -> SessionView:
    """Change, publish or withdraw a session (staff of the branch)."""
    session_id = _session_id(request)
    change = SessionChange(
        activity_id=body.activity_id,
        branch_id=body.branch_id,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        place=body.place,
        room=body.room,
        status=body.status,
    )

    async def work(conn: Connection) -> SessionView:
        await usecases.change_session(conn, request[STAFF], session_id, change, _session_terms(body), body.revision)
        return await queries.session(conn, session_id)

    return await request.app[DATABASE].transact(work)


@api.post("/v1/sessions/{id}/cancel", problems=("unauthorized", "forbidden", "unknown-session", "closed"))
async def cancel_session(request: web.Request, body: CancelBody) -> SessionView:
    """Call a session off (staff of the branch); a second time changes nothing."""
    session_id = _session_id(request)

    async def work(conn: Connection) -> SessionView:
        await usecases.cancel_session(conn, request[STAFF], session_id, body.reason)
        return await queries.session(conn, session_id)

    return await request.app[DATABASE].transact(work)


def _session_id(request: web.Request) -> UUID:
    """The session a path names; what is no id names none."""
    return path_id(request, "id", Problem("unknown-session", 404, "There is no such session"))


def _activity_terms(body: ActivityBody) -> TermsChange:
    return TermsChange(
        mode=body.mode,
        counts=body.counts,
        seats=body.capacity.seats,
        walk_in=body.capacity.walk_in,
        queue=body.capacity.queue,
        party_max=body.party_max,
        children=body.children,
        late_cancel_hours=body.late_cancel_hours,
    )


def _session_terms(body: NewSessionBody | SessionPatch) -> TermsChange:
    return TermsChange(
        mode=body.mode,
        seats=body.capacity.seats,
        walk_in=body.capacity.walk_in,
        queue=body.capacity.queue,
    )
