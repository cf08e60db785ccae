"""The message log: what was sent about a booking, how and how it went. Never the words, which nobody keeps."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime

from services.web.faults import Fault
from services.web.rendering import msgid
from services.web.staff import branch_of, libraries, page, posted, services, to
from services.web.staff.message_words import CHANNELS, OUTCOMES, REASONS, RECEIPTS, STATES, TEMPLATES
from shared.models import Model
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORDS = {
    "templates": TEMPLATES,
    "states": STATES,
    "channels": CHANNELS,
    "reasons": REASONS,
    "outcomes": OUTCOMES,
    "receipts": RECEIPTS,
}
_ATTENTION = ("failed", "unknown")

_NOTHING_TO_LOOK_FOR = msgid("Skriv koden, minst två bokstäver i namnet eller de tre sista siffrorna i numret.")
_NOBODY = msgid("Det finns ingen sådan bokning här. Äldre bokningar hittar du med koden.")
_WHICH_LIBRARY = msgid("Välj bibliotek.")
_MOST_TYPED = 60


class Receipt(Model):
    """What the provider says became of a try."""

    status: str
    at: AwareDatetime


class Attempt(Model):
    """A try to hand a message over."""

    channel: str
    started_at: AwareDatetime
    outcome: str | None
    detail: str
    receipts: list[Receipt]


class Message(Model):
    """Something that was to be told."""

    template: str
    together: bool
    session_id: UUID
    titles: Mapping[str, str] | None
    starts_at: AwareDatetime | None
    state: str
    channel: str | None
    why: str | None
    decided_at: AwareDatetime
    waits_until: AwareDatetime | None
    sent_at: AwareDatetime | None
    attempts: list[Attempt]


class Log(Model):
    """All that was to be told about a booking, the newest first."""

    items: list[Message]


class FoundBooking(Model):
    """A booking that somebody may mean."""

    id: UUID
    session_id: UUID
    starts_at: AwareDatetime
    code: str
    name: str
    state: str


class Found(Model):
    """Those it may be."""

    items: list[FoundBooking]


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    return [web.get(f"{home}/messages", show), web.post(f"{home}/messages", find)]


async def show(request: web.Request) -> web.Response:
    """``GET /{language}/staff/messages?booking=``: what a booking was told; without one the form that finds it.

    Raises:
        Problem: 403 where it is another library's, 404 where nobody knows it.
    """
    booking = request.query.get("booking")
    if booking is None:
        return _form(request)
    log = await services(request).notify.get(Log, "/v1/messages", params={"booking": _id(booking)})
    return page(request, "staff/messages.html", {"log": log, "attention": _ATTENTION, **_WORDS})


def _id(text: str) -> str:
    """The id in an address.

    Raises:
        web.HTTPNotFound: it is none.
    """
    try:
        return str(UUID(text))
    except ValueError as error:
        raise web.HTTPNotFound from error


async def find(request: web.Request) -> web.Response:
    """``POST /{language}/staff/messages``: find the booking by what is typed; names and codes are in no address."""
    form = await posted(request)
    sought, library = str(form.get("q", "")).strip()[:_MOST_TYPED], str(form.get("library", ""))
    if library not in libraries(request):
        return _form(request, sought, faults=[Fault("library", _WHICH_LIBRARY)])
    try:
        found = await services(request).booking.send(
            Found, "POST", "/v1/desk/search", json={"branch": library, "q": sought}
        )
    except Problem as problem:
        if problem.document.type != "invalid":
            raise
        return _form(request, sought, library, faults=[Fault("q", _NOTHING_TO_LOOK_FOR)])
    if not found.items:
        return _form(request, sought, library, faults=[Fault("q", _NOBODY)])
    if len(found.items) == 1:
        return to(request, f"/messages?booking={found.items[0].id}")
    return _form(request, sought, library, found=found.items)


def _form(
    request: web.Request,
    sought: str = "",
    library: str | None = None,
    *,
    faults: Sequence[Fault] = (),
    found: Sequence[FoundBooking] = (),
) -> web.Response:
    of_theirs = libraries(request)
    chosen = library or branch_of(request) or (next(iter(of_theirs)) if len(of_theirs) == 1 else "")
    context = {"sought": sought, "library": chosen, "faults": faults, "found": found}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/messages_find.html", context, status=status)
