"""The call list: whom no message reaches, what to say to them, and what came of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from aiohttp import web

from services.web.faults import typed
from services.web.pages.staff.about_session import session_by
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import Undo, branch_of, libraries, notice, page, services, to
from services.web.upstream import Call, Calls, StaffSession, Words
from shared.http import path_id
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.web.upstream import Outcome

_OUTCOMES: dict[str, str] = {
    "reached": msgid("Antecknat: %(name)s vet."),
    "told_at_door": msgid("Antecknat: %(name)s fick veta det vid dörren."),
    "left_message": msgid("Antecknat: du lämnade besked till %(name)s."),
    "no_answer": msgid("Antecknat: %(name)s svarade inte. Försök igen senare."),
    "wrong_number": msgid("Antecknat: numret till %(name)s är fel. Säg det vid dörren, eller rätta numret."),
}
_ANSWERS = {
    "accept": msgid("Antecknat: %(name)s tar platsen."),
    "decline": msgid("Antecknat: %(name)s avstår. Platsen går till nästa."),
}
_OVER = msgid("Det behövs inte längre: någon annan har redan sagt det, eller så gäller det inte nu.")
_NOT_BACK = msgid("Det går inte att ta tillbaka längre.")


class ToCall(NamedTuple):
    """Somebody to ring, with what one needs for it."""

    call: Call
    session: StaffSession | None
    """None while catalog is away."""
    words: Words | None
    """None where nobody knows them now: then one says it in one's own."""


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    calls = home + "/calls"
    return [
        web.get(calls, listed),
        web.post(calls + "/{call}", tick),
        web.post(calls + "/{call}/answer", answer),
        web.post(calls + "/{call}/undo", undo),
    ]


async def listed(request: web.Request) -> web.Response:
    """``GET .../calls``: whom to ring of a library, the next session first; without one, which library."""
    return await _shown(request)


async def _shown(request: web.Request, *, alert: str = "", status: int = 200) -> web.Response:
    own = libraries(request)
    branch = branch_of(request) or (next(iter(own)) if len(own) == 1 else None)
    if branch is None:
        return page(request, "staff/calls_where.html", {"own": own}, status=status)
    found = await services(request).booking.get(Calls, "/v1/calls", params={"branch": branch})
    context = {"branch": own.get(branch, branch), "calls": await _known(request, found.items), "alert": alert}
    return page(request, "staff/calls.html", context, status=status)


async def _known(request: web.Request, calls: Iterable[Call]) -> list[ToCall]:
    """The same with their sessions and words, all asked for at once."""
    calls = list(calls)
    ids = list(dict.fromkeys(call.session_id for call in calls))
    found = await asyncio.gather(*(_session(request, id_) for id_ in ids))
    sessions = dict(zip(ids, found, strict=True))
    words = await asyncio.gather(*(_words(request, call) for call in calls))
    return [ToCall(call, sessions[call.session_id], said) for call, said in zip(calls, words, strict=True)]


async def _session(request: web.Request, id_: UUID) -> StaffSession | None:
    try:
        return await session_by(request, id_)
    except Problem:
        return None


async def _words(request: web.Request, call: Call) -> Words | None:
    if call.message_id is None:
        return None
    try:
        return await services(request).notify.get(Words, f"/v1/messages/{call.message_id}/words")
    except Problem:
        return None


async def tick(request: web.Request) -> web.Response:
    """``POST .../calls/{call}``: what came of ringing, with a way back where there is one."""
    form = await typed(request)
    outcome = form.get("outcome", "")
    if outcome not in _OUTCOMES:
        raise web.HTTPBadRequest
    try:
        call = await _ticked(request, outcome)
    except Problem as problem:
        return await _alerted(request, problem, _OVER)
    text = request[LANGUAGE].gettext(_OUTCOMES[outcome]) % {"name": call.name}
    running = call.state == "offered" and not call.open
    back = None if running else Undo(path=f"/calls/{call.id}/undo", fields={"attempts": str(call.attempts)})
    return to(request, "/calls", notice=notice(text, undo=back))


async def answer(request: web.Request) -> web.Response:
    """``POST .../calls/{call}/answer``: what somebody said of a seat that is kept for them."""
    form = await typed(request)
    said = form.get("says", "")
    if said not in _ANSWERS:
        raise web.HTTPBadRequest
    session, booking = _uuid(form.get("session", "")), _uuid(form.get("booking", ""))
    try:
        await services(request).booking.send(None, "POST", f"/v1/sessions/{session}/bookings/{booking}/{said}")
    except Problem as problem:
        return await _alerted(request, problem, _OVER)
    try:
        await _ticked(request, "reached")
    except Problem as problem:
        if problem.document.type != "call-over":  # they know, and nothing else was to be told
            raise
    text = request[LANGUAGE].gettext(_ANSWERS[said]) % {"name": form.get("name", "")[:60]}
    return to(request, "/calls", notice=notice(text))


async def undo(request: web.Request) -> web.Response:
    """``POST .../calls/{call}/undo``: as if the last attempt had not been noted."""
    form = await typed(request)
    attempts = form.get("attempts", "")
    if not attempts.isascii() or not attempts.isdecimal():
        raise web.HTTPBadRequest
    try:
        path = f"/v1/calls/{_call(request)}/undo"
        await services(request).booking.send(None, "POST", path, json={"attempts": int(attempts)})
    except Problem as problem:
        return await _alerted(request, problem, _NOT_BACK)
    return to(request, "/calls", notice=notice(request[LANGUAGE].gettext(_TAKEN_BACK)))


_TAKEN_BACK = msgid("Ångrat. Samtalet står på listan igen.")


async def _ticked(request: web.Request, outcome: Outcome | str) -> Call:
    return await services(request).booking.send(Call, "POST", f"/v1/calls/{_call(request)}", json={"outcome": outcome})


async def _alerted(request: web.Request, problem: Problem, text: str) -> web.Response:
    """The list as it is by now, and why it is not what somebody wanted.

    Raises:
        Problem: it is not the list that tells why.
    """
    if problem.document.type not in {"call-over", "unknown-call", "offer-gone", "unknown-booking"}:
        raise problem
    return await _shown(request, alert=text, status=problem.document.status)


def _call(request: web.Request) -> UUID:
    return path_id(request, "call", Problem("unknown-call", 404, "There is no such call"))


def _uuid(typed_: str) -> UUID:
    try:
        return UUID(typed_)
    except ValueError as error:
        raise web.HTTPBadRequest from error
