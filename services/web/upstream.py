"""What the pages know: the answers of catalog and booking, as far as visitors see them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Literal, TypeAlias
from urllib.parse import quote
from uuid import UUID

import aiohttp
from aiohttp import hdrs, web
from pydantic import AwareDatetime, ValidationError

from shared import tracing
from shared.auth import SERVICE_HEADER, service_token
from shared.logs import get_logger
from shared.models import Model
from shared.problems import Problem, ProblemDocument
from shared.visitors import ADDRESS_HEADER, Networks, visitor_address

log = get_logger()

_USUAL_WAIT = 60

ReachBy: TypeAlias = Literal["sms", "email", "call", "proxy", "none"]


class Branch(Model):
    """A library, as one finds and rings it."""

    id: str
    name: str
    phone: str
    address: str
    """Empty where the library's name says enough."""


class Seats(Model):
    """How many there are and how many are free."""

    capacity: int
    left: int


class Session(Model):
    """One occasion of an activity."""

    id: UUID
    status: str
    kind: str
    kind_labels: dict[str, str]
    titles: dict[str, str]
    summaries: dict[str, str]
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
    seats: Seats
    bookable: bool
    """Whether a booking is taken now or would be, were a seat left."""


class Programme(Model):
    """A page of sessions, and the cursor of the page after it."""

    items: tuple[Session, ...]
    next: str | None


class Party(Model):
    """Who comes."""

    adults: int
    children: int


class Reach(Model):
    """How the visitor is reached; ``hint`` is enough to recognise one's own number and no more."""

    by: ReachBy
    hint: str | None = None


class Booking(Model):
    """A booking, as its owner may see it."""

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


def unavailable() -> Problem:
    """A service that the page needs does not answer; trying again is right."""
    return Problem("unavailable", 503, "Please try again in a moment")


class _Service:
    """The HTTP API of one of our services."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = url

    async def _call(self, method: str, path: str, **options: Any) -> bytes:  # noqa: ANN401 - aiohttp's own options
        """The body of a success.

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
        return body


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


class CatalogService(_Service):
    """What is offered."""

    async def sessions(self, first: str, end: str, cursor: str | None) -> Programme:
        """The sessions from one local date to before another, in order of time."""
        asked = {"from": first, "to": end} | ({"cursor": cursor} if cursor else {})
        return Programme.model_validate_json(await self._call("GET", "/v1/sessions", params=asked))

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
