"""Staff tell everybody of a session one of a short set of things, after they have seen who gets what."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import uuid4

from aiohttp import web
from babel.numbers import format_decimal

from services.web.faults import Fault, typed
from services.web.keys import SITE
from services.web.pages.staff.about_session import session_of
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import notice, page, services, to
from services.web.upstream import Announced, Announcements, AnnouncementText, Preview, Told
from shared.problems import Problem

if TYPE_CHECKING:
    from uuid import UUID

    from services.web.upstream import StaffSession

_LATE = timedelta(minutes=15)
"""What starts later starts so much later at most; notify decides it, here it is only shown."""

_CHOOSE = msgid("Välj vad alla ska få veta.")
_OVER = msgid("Tillfället är över eller inställt. Då går det inte att meddela alla.")


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    announce = home + "/sessions/{session}/announce"
    return [web.get(announce, asked), web.post(announce, told)]


async def asked(request: web.Request) -> web.Response:
    """``GET .../sessions/{id}/announce``: what there is to tell; with ``what`` who would get which words."""
    session = await session_of(request)
    found = await services(request).notify.get(Announcements, "/v1/announcements")
    if "what" not in request.query:
        return await _choice(request, session, found)
    chosen = next((one for one in found.items if one.id == request.query["what"]), None)
    if chosen is None:
        return await _choice(request, session, found, [Fault(field="what", text=_CHOOSE)])
    return await _looked_at(request, session, found, chosen)


async def told(request: web.Request) -> web.Response:
    """``POST .../sessions/{id}/announce``: it is told; the same form again tells nobody twice."""
    session = await session_of(request)
    form = await typed(request)
    again = form.get("again") == "1"
    said = {"announcement": form.get("what", ""), "again": again}
    try:
        done = await services(request).booking.send(
            Announced,
            "POST",
            f"/v1/sessions/{session.id}/announcements",
            json=said,
            idempotency_key=form.get("key") or str(uuid4()),
        )
    except Problem as problem:
        if problem.document.type not in {"already-announced", "closed"}:
            raise
        found = await services(request).notify.get(Announcements, "/v1/announcements")
        chosen = next((one for one in found.items if one.id == said["announcement"]), None)
        if chosen is None or problem.document.type == "closed":
            return await _choice(request, session, found, [Fault(field=None, text=_OVER)])
        return await _looked_at(request, session, found, chosen, already=True)
    return to(request, f"/sessions/{session.id}/people", notice=notice(_said(request, done.told)))


def _said(request: web.Request, told: Told) -> str:
    """That it is told, and to how many; and how many staff have to ring."""
    language = request[LANGUAGE]
    written = told.by("sms", "email")
    text = language.ngettext("Sagt: %(num)s får ett meddelande.", "Sagt: %(num)s får ett meddelande.", written) % {
        "num": written
    }
    if told.to_call:
        ring = language.ngettext("%(num)s står på ringlistan.", "%(num)s står på ringlistan.", told.to_call) % {
            "num": told.to_call
        }
        text = f"{text} {ring}"
    return text


def _filled(request: web.Request, session: StaffSession, one: AnnouncementText) -> AnnouncementText:
    """One of the things that may be told, as it reads of this session."""
    zone = request.app[SITE].zone
    later = request[LANGUAGE].time(session.starts_at + _LATE, zone)
    known = {"{later}": later, "{phone}": session.branch.phone}

    def filled(text: str) -> str:
        for name, value in known.items():
            text = text.replace(name, value)
        return text

    return one.model_copy(update={"texts": {tag: filled(text) for tag, text in one.texts.items()}})


async def _choice(
    request: web.Request, session: StaffSession, found: Announcements, faults: list[Fault] | None = None
) -> web.Response:
    reach = await services(request).booking.get(Told, f"/v1/sessions/{session.id}/reach")
    context = {
        "session": session,
        "choices": [_filled(request, session, one) for one in found.items],
        "anybody": reach.bookings > 0,
        "faults": faults or [],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/announce.html", context, status=status)


async def _looked_at(
    request: web.Request,
    session: StaffSession,
    found: Announcements,
    chosen: AnnouncementText,
    *,
    already: bool = False,
) -> web.Response:
    """Who would be told, and in which words; nobody is told yet."""
    try:
        would = await services(request).booking.send(
            Announced,
            "POST",
            f"/v1/sessions/{session.id}/announcements",
            json={"announcement": chosen.id, "preview": True, "again": True},
        )
    except Problem as problem:
        if problem.document.type != "closed":
            raise
        return await _choice(request, session, found, [Fault(field=None, text=_OVER)])
    preview = await _words(request, session.id, chosen, would.told)
    cost = preview.cost if preview else 0
    context = {
        "session": session,
        "chosen": _filled(request, session, chosen),
        "told": would.told,
        "preview": preview,
        "cost": format_decimal(cost, "0.00", locale=request[LANGUAGE].locale) if cost else "",
        "already": already,
        "key": uuid4(),
    }
    status = HTTPStatus.CONFLICT if already else HTTPStatus.OK
    return page(request, "staff/announce_preview.html", context, status=status)


async def _words(request: web.Request, session: UUID, chosen: AnnouncementText, told: Told) -> Preview | None:
    """What each group gets, unless notify is away, or nobody would get anything."""
    people = [
        {"language": some.language, "channel": some.channel, "count": some.bookings, "state": some.state}
        for some in told.people
    ]
    if not people:
        return None
    asked = {
        "template": "announced",
        "session_id": str(session),
        "changes": {"announcement": chosen.id},
        "people": people,
    }
    try:
        return await services(request).notify.send(Preview, "POST", "/v1/previews", json=asked)
    except Problem as problem:
        if problem.document.status != HTTPStatus.SERVICE_UNAVAILABLE:
            raise
        return None
