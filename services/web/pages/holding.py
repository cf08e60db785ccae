"""Seats that are kept for a visitor while they answer, so that nobody is too late who was in time."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from services.web.forms import Way
from services.web.keys import BOOKING, DRAFTS, SITE
from services.web.pages.sessions import session_id
from shared.problems import Problem

if TYPE_CHECKING:
    from services.web.steps import Asked
    from services.web.upstream import Hold

_REFUSALS = frozenset({"sold-out", "closed", "not-open", "party-too-large", "party-empty", "adult-missing"})
"""What is so whether seats are kept or not. Anything else only keeps us from keeping them: one goes on without."""


def routes(home: str) -> list[web.RouteDef]:
    """Where this is."""
    return [web.post(home + "/sessions/{session}/book/hold", renew)]


async def on_arrival(request: web.Request, asked: Asked) -> Asked:
    """The same with the party's seats kept, as :func:`on_answer`, unless they are already."""
    live = asked.own and asked.own.keeps(asked.session_id, request.app[SITE].now())
    return asked if live else await on_answer(request, asked)


async def on_answer(request: web.Request, asked: Asked) -> Asked:
    """The same with the party's seats kept from now, in place of what was kept for this browser before.

    Who waits in the queue takes none. Nor does somebody whose booking may have been made: these seats would be others.

    Raises:
        Problem: The party cannot have them, by booking's word.
    """
    if asked.way is not Way.BOOK or asked.form.tried or not asked.knows_party:
        return asked
    before = asked.hold.hold if asked.hold else None
    try:
        hold = await request.app[BOOKING].hold(request, asked.session_id, asked.form.party, before)
    except Problem as problem:
        if problem.document.type in _REFUSALS:
            raise
        return asked
    return replace(asked, hold=hold)


async def release(request: web.Request, hold: Hold | None) -> None:
    """Let others have what was kept. Where that fails they have it soon anyway."""
    if hold:
        with suppress(Problem):
            await request.app[BOOKING].release(request, hold.hold)


async def renew(request: web.Request) -> web.Response:
    """``POST .../book/hold``: keep seats for somebody who still types, and say until when, as hold.js asks.

    No cookie is set: this answer may arrive after that to the booking itself, and would bring back what it took away.
    So seats that are kept under another name, since the first ran out, are let go.
    """
    hold = request.app[DRAFTS].hold(request)
    if hold is None or hold.session_id != session_id(request):
        return web.Response(status=HTTPStatus.NO_CONTENT)
    try:
        renewed = await request.app[BOOKING].hold(request, hold.session_id, hold.party, hold.hold)
    except Problem:
        return web.Response(status=HTTPStatus.NO_CONTENT)
    if renewed.hold != hold.hold:
        await release(request, renewed)
        return web.Response(status=HTTPStatus.NO_CONTENT)
    told = {"text": request.app[SITE].said(request, "holding.html", "kept", renewed)}
    return web.json_response(told, headers={hdrs.CACHE_CONTROL: "no-store"})
