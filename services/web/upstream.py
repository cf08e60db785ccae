"""What the pages know: the answers of catalog and booking, as far as visitors see them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from http import HTTPStatus
from typing import Any, Literal, NamedTuple, TypeAlias
from urllib.parse import quote
from uuid import UUID

import aiohttp
from aiohttp import hdrs, web
from pydantic import AwareDatetime, Field, ValidationError

from shared import tracing
from shared.auth import SERVICE_HEADER, service_token
from shared.logs import get_logger
from shared.models import Model
from shared.problems import Problem, ProblemDocument
from shared.visitors import ADDRESS_HEADER, Networks, visitor_address

log = get_logger()

_USUAL_WAIT = 60
_AT_ONCE = "100"
"""The most sessions that catalog gives in one answer."""
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

ReachBy: TypeAlias = Literal["sms", "email", "call", "proxy", "none"]


Texts: TypeAlias = dict[str, str]
"""One text in several languages, by tag; Swedish is always there, unless there is no text at all."""


class Branch(Model):
    """A library, as one finds and rings it."""

    id: str
    name: str
    phone: str
    address: str
    """Empty where the library's name says enough."""
    district: str = ""
    stop: str = ""
    """The nearest stop, in Swedish words."""
    stop_kind: str = ""
    """What stops there: metro, tram, train, bus or boat."""
    stop_name: str = ""


class OpenHours(Model):
    """When a library is open on one weekday; ``staffed`` is whether somebody is there to ask."""

    weekday: int
    """0 is Monday."""
    opens: time
    closes: time
    staffed: bool


class Closure(Model):
    """Days on which a library is closed, both included, and why."""

    first: date
    last: date
    reasons: Texts


class BranchDetail(Branch):
    """A library with when it is open."""

    hours: tuple[OpenHours, ...]
    closures: tuple[Closure, ...]


class Branches(Model):
    """All libraries, in Swedish alphabetical order."""

    items: tuple[Branch, ...]


class Kind(Model):
    """A kind of activity, in words."""

    id: str
    labels: Texts
    plain: Texts
    """What it is, in one plain sentence."""
    audience: Literal["everyone", "teachers", "volunteers", "staff"]
    bring: Texts
    covers: dict[str, tuple[str, ...]]
    """What one gets help with, a line each, by language; empty where that needs no saying."""
    declines: dict[str, tuple[str, ...]]
    """What one does not get help with."""


class Kinds(Model):
    """Every kind of activity."""

    items: tuple[Kind, ...]


class Choices(Model):
    """What one can look for."""

    kinds: tuple[Kind, ...]
    branches: tuple[Branch, ...]
    languages: tuple[str, ...]
    """Languages of coming sessions, the most common first."""
    first: date | None
    last: date | None
    """The local dates of the first and the last coming session."""
    closures: tuple[Closure, ...]
    """When all libraries are closed."""


class Places(Model):
    """Names of places that are like what somebody typed, the likeliest first."""

    items: tuple[str, ...]


class Seats(Model):
    """How many there are, how many of them are kept for those who come without booking, how many may be booked now."""

    capacity: int
    walk_in: int = 0
    left: int


class Session(Model):
    """One occasion of an activity."""

    id: UUID
    status: str
    kind: str
    kind_labels: Texts
    titles: Texts
    summaries: Texts
    theme: Texts = Field(default_factory=dict)
    """What this occasion is about, where each has a subject of its own."""
    audiences: Texts = Field(default_factory=dict)
    bring: Texts = Field(default_factory=dict)
    led_by: Texts = Field(default_factory=dict)
    place: Literal["branch", "online", "outreach"]
    branch: Branch
    room: str
    languages: tuple[str, ...]
    level: str | None
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    mode: Literal["booking", "drop_in", "mixed"]
    counts: Literal["persons", "children", "bookings"]
    party_max: int
    children: bool
    booked_by: Literal["anyone", "staff"] = "anyone"
    seats: Seats
    bookable: bool
    """Whether a booking is taken now or would be, were a seat left."""


class NearBranch(Model):
    """A library and how far it is from where somebody looks."""

    id: str
    km: float


class Near(Model):
    """A place somebody named, and the libraries around it, the nearest first."""

    name: str
    branches: tuple[NearBranch, ...]


class Programme(Model):
    """A page of sessions."""

    items: tuple[Session, ...]
    next: str | None
    """The cursor of the page after it."""
    total: int | None = None
    """How many sessions all pages hold, where pages are counted."""
    near: Near | None = None


class Nearest(Model):
    """What exists nearest to a search that found nothing."""

    items: tuple[Session, ...]
    dropped: tuple[str, ...]
    """The wishes that had to be given up, in that order."""


class Alternatives(Model):
    """Other sessions with a free place."""

    items: tuple[Session, ...]


class Availability(Model):
    """How full a session is now."""

    session_id: UUID
    status: str
    bookable: bool
    counts: Literal["persons", "children", "bookings"]
    children: bool = False
    seats: Seats


class Availabilities(Model):
    """How full some sessions are."""

    items: tuple[Availability, ...]


class Feed(NamedTuple):
    """A calendar, ready to be handed on; without a body where the asker has it already."""

    body: bytes | None
    etag: str


class Party(Model):
    """Who comes."""

    adults: int
    children: int


class Reach(Model):
    """How the visitor is reached; ``hint`` is enough to recognise one's own number and no more."""

    by: ReachBy
    hint: str | None = None


class Meeting(Model):
    """How one gets into an online session."""

    link: str
    number: str = ""


class Booking(Model):
    """A booking, as its owner may see it."""

    id: UUID | None = None
    revision: int = 0
    """Raised by each change. Neither is told by a booking service of the version before."""
    code: str
    state: Literal["confirmed", "cancelled"]
    cancelled_by: Literal["visitor", "staff", "library"] | None
    proof: str
    """What shows booking that it is the owner who asks."""
    session_id: UUID
    party: Party
    name: str
    reach: Reach
    notice: Literal["none", "pending", "sent", "delivered", "failed"]
    meeting: Meeting | None = None


def unavailable() -> Problem:
    """A service that the page needs does not answer; trying again is right."""
    return Problem("unavailable", 503, "Please try again in a moment")


class _Service:
    """The HTTP API of one of our services."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = url

    async def _call(self, method: str, path: str, **options: Any) -> bytes:  # noqa: ANN401 - aiohttp's own options
        """The body of a success; raises as :meth:`_ask` does."""
        _, body, _ = await self._ask(method, path, **options)
        return body

    async def _ask(
        self,
        method: str,
        path: str,
        **options: Any,  # noqa: ANN401 - aiohttp's own options
    ) -> tuple[int, bytes, Mapping[str, str]]:
        """Status, body and headers of what is no failure.

        Raises:
            Problem: what the service answered, or 503 ``unavailable`` when it gave no answer that makes sense.
        """
        headers = options.pop("headers", {}) | tracing.headers()
        try:
            async with self._http.request(method, f"{self._url}{path}", headers=headers, **options) as answer:
                body = await answer.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("service_away", reason=type(error).__name__)
            raise unavailable() from error
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise _problem(answer.status, body, answer.headers.get(hdrs.RETRY_AFTER, ""))
        return answer.status, body, answer.headers


def _problem(status: int, body: bytes, retry_after: str) -> Problem:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.warning("service_failed", status=status)
        return unavailable()
    try:
        told = ProblemDocument.model_validate_json(body)
    except ValidationError:
        log.warning("service_not_understood", status=status)
        return unavailable()
    in_seconds = retry_after.isascii() and retry_after.isdecimal()
    return Problem(
        told.type,
        status,
        told.title,
        detail=told.detail,
        field=told.field,
        errors=told.errors,
        headers={hdrs.RETRY_AFTER: retry_after} if in_seconds else None,
    )


def seconds_to_wait(problem: Problem) -> int:
    """How long until what was too much is not any more."""
    return max(1, int(problem.headers.get(hdrs.RETRY_AFTER, _USUAL_WAIT)))


def _branch(branch_id: str) -> str:
    """Where catalog tells of a library.

    Raises:
        Problem: 404 ``unknown-branch``; what is no id could lead elsewhere, out of the folder of libraries.
    """
    if not _SLUG.fullmatch(branch_id):
        raise Problem("unknown-branch", 404, "There is no such library")
    return f"/v1/branches/{branch_id}"


class CatalogService(_Service):
    """What is offered."""

    async def choices(self) -> Choices:
        """What one can look for."""
        return Choices.model_validate_json(await self._call("GET", "/v1/choices"))

    async def kind(self, kind_id: str) -> Kind:
        """How a kind that sessions are of is explained."""
        known = Kinds.model_validate_json(await self._call("GET", "/v1/kinds"))
        for kind in known.items:
            if kind.id == kind_id:
                return kind
        raise unavailable()  # a catalog that is not yet as new as the one that told of the kind

    async def branches(self) -> Branches:
        """All libraries."""
        return Branches.model_validate_json(await self._call("GET", "/v1/branches"))

    async def branch(self, branch_id: str) -> BranchDetail:
        """One library.

        Raises:
            Problem: 404 ``unknown-branch``.
        """
        return BranchDetail.model_validate_json(await self._call("GET", _branch(branch_id)))

    async def places(self, typed: str) -> Places:
        """What somebody may have meant by a place that nobody knows."""
        return Places.model_validate_json(await self._call("GET", "/v1/places", params={"q": typed}))

    async def sessions(self, asked: Mapping[str, str]) -> Programme:
        """The sessions that fit what is asked, in catalog's own words, in order of time.

        Raises:
            Problem: 422 ``invalid``, naming the wish that cannot be understood.
        """
        return Programme.model_validate_json(await self._call("GET", "/v1/sessions", params=asked))

    async def nearest(self, asked: Mapping[str, str]) -> Nearest:
        """What exists nearest to a search that found nothing."""
        return Nearest.model_validate_json(await self._call("GET", "/v1/sessions/nearest", params=asked))

    async def alternatives(self, session_id: UUID) -> Alternatives:
        """Other times and libraries with a free place."""
        return Alternatives.model_validate_json(await self._call("GET", f"/v1/sessions/{session_id}/alternatives"))

    async def availability(self, session_ids: Sequence[UUID]) -> Availabilities:
        """How full these sessions are; those that do not exist are left out."""
        asked = [("session", str(session_id)) for session_id in session_ids]
        return Availabilities.model_validate_json(await self._call("GET", "/v1/availability", params=asked))

    async def every_session(self, asked: Mapping[str, str]) -> list[Session]:
        """All sessions that fit what is asked, however many they are."""
        part = await self.sessions({**asked, "limit": _AT_ONCE})
        found = list(part.items)
        while part.next:
            part = await self.sessions({**asked, "limit": _AT_ONCE, "cursor": part.next})
            found += part.items
        return found

    async def calendar(self, asked: Mapping[str, str], known: str | None) -> Feed:
        """What fits these wishes, as a calendar; ``known`` is the ETag of what the asker has.

        Raises:
            Problem: 422 ``invalid``.
        """
        return await self._calendar("/v1/calendar.ics", asked, known)

    async def branch_calendar(self, branch_id: str, asked: Mapping[str, str], known: str | None) -> Feed:
        """The same of one library.

        Raises:
            Problem: 404 ``unknown-branch``, 422 ``invalid``.
        """
        return await self._calendar(f"{_branch(branch_id)}/calendar.ics", asked, known)

    async def _calendar(self, path: str, asked: Mapping[str, str], known: str | None) -> Feed:
        headers = {hdrs.IF_NONE_MATCH: known} if known else {}
        status, body, answered = await self._ask("GET", path, params=asked, headers=headers)
        return Feed(None if status == HTTPStatus.NOT_MODIFIED else body, answered.get(hdrs.ETAG, ""))

    async def session(self, session_id: UUID) -> Session:
        """One session.

        Raises:
            Problem: 404 ``unknown-session``.
        """
        return Session.model_validate_json(await self._call("GET", f"/v1/sessions/{session_id}"))


class BookingService(_Service):
    """Who has a seat. Every call is made for one visitor, whose address is passed on for the limits."""

    def __init__(self, http: aiohttp.ClientSession, url: str, key: str, trusted_proxies: Networks) -> None:
        super().__init__(http, url)
        self._key = key
        self._trusted_proxies = trusted_proxies

    def _for(self, visitor: web.Request) -> dict[str, str]:
        return {
            SERVICE_HEADER: f"Bearer {service_token(self._key, 'booking')}",
            ADDRESS_HEADER: str(visitor_address(visitor, self._trusted_proxies) or ""),
        }

    async def book(self, visitor: web.Request, body: dict[str, Any], idempotency_key: str) -> Booking:
        """Take seats; the same key and body again is the same booking."""
        headers = self._for(visitor) | {"Idempotency-Key": idempotency_key}
        return Booking.model_validate_json(await self._call("POST", "/v1/bookings", json=body, headers=headers))

    async def booking(self, visitor: web.Request, code: str, proof: str) -> Booking:
        """The booking with this code.

        Raises:
            Problem: 403 ``wrong-proof``, also for a code that does not exist.
        """
        headers = self._for(visitor) | {"Plats-Proof": proof}
        path = f"/v1/bookings/{quote(code, safe='')}"
        return Booking.model_validate_json(await self._call("GET", path, headers=headers))

    async def cancel(self, visitor: web.Request, code: str, proof: str) -> Booking:
        """Give the seats back.

        Raises:
            Problem: 403 ``wrong-proof``, 409 ``closed`` when the session has begun.
        """
        path = f"/v1/bookings/{quote(code, safe='')}/cancel"
        body = await self._call("POST", path, json={"proof": proof}, headers=self._for(visitor))
        return Booking.model_validate_json(body)

    async def shrink(self, visitor: web.Request, code: str, proof: str, party: Party) -> Booking:
        """Come with fewer people.

        Raises:
            Problem: 403 ``wrong-proof``, 409 ``closed``, 422 ``party-grows``, ``party-empty`` or
                ``adult-missing``.
        """
        path = f"/v1/bookings/{quote(code, safe='')}/party"
        asked = {"proof": proof, "party": party.model_dump()}
        return Booking.model_validate_json(await self._call("POST", path, json=asked, headers=self._for(visitor)))

    async def send_codes(self, visitor: web.Request, reach: Mapping[str, str]) -> None:
        """Have the codes of an address's coming bookings sent to it; nobody learns here whether there are any.

        Raises:
            Problem: 422 ``invalid-phone`` or ``invalid-email``, 429 ``too-many-requests``.
        """
        await self._call("POST", "/v1/bookings/codes", json={"reach": dict(reach)}, headers=self._for(visitor))
