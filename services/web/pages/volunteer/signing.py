"""Signing in with a code that is sent to a phone or mailbox, and signing out."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from services.web.cookies import CLEARED, SealedCookie
from services.web.faults import OTHER, Fault, seen, typed
from services.web.helping.frame import home
from services.web.helping.keys import HELPERS, VOLUNTEERS
from services.web.keys import SITE
from services.web.rendering import msgid
from services.web.upstream import seconds_to_wait
from shared.models import Model
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_REACH = 254
_MOST_CODE = 20


class Going(Model):
    """Somebody on the way to being signed in: where their code was sent, and where they wanted to go."""

    reach: str
    back: str = ""


GOING: web.AppKey[SealedCookie[Going]] = web.AppKey("helper_sign_in", SealedCookie)


def routes(home: str) -> list[web.RouteDef]:
    """Where these are."""
    at = f"{home}/sign-in"
    return [
        web.get(at, ask),
        web.post(at, send),
        web.get(f"{at}/code", ask_code),
        web.post(f"{at}/code", sign_in),
        web.post(f"{home}/sign-out", sign_out),
        web.get(f"{home}/signed-out", signed_out),
    ]


async def ask(request: web.Request) -> web.Response:
    """``GET .../sign-in?back=``: the phone or mailbox that a code is sent to."""
    return _reach_page(request, "", request.query.get("back", ""), [])


async def send(request: web.Request) -> web.Response:
    """``POST .../sign-in``: have a code sent. Nobody learns here who helps."""
    sent = await typed(request)
    reach, back = seen(sent.get("reach", ""))[: _MOST_REACH + 1], sent.get("back", "")
    if not reach or len(reach) > _MOST_REACH:
        fault = Fault(field="reach", text=_REACH)
        return _reach_page(request, reach, back, [fault], status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        await request.app[VOLUNTEERS].send_code(request, reach)
    except Problem as problem:
        page = _reach_page(request, reach, back, [_not_sent(problem)], status=problem.document.status)
        page.headers.update(problem.headers)
        return page
    response = _to(f"{home(request)}/sign-in/code")
    request.app[GOING].keep(request, response, Going(reach=reach, back=back if _is_ours(request, back) else ""))
    return response


async def ask_code(request: web.Request) -> web.Response:
    """``GET .../sign-in/code``: the code that was sent."""
    going = request.app[GOING].read(request)
    return _to(f"{home(request)}/sign-in") if going is None else _code_page(request, going, [])


async def sign_in(request: web.Request) -> web.Response:
    """``POST .../sign-in/code``: signed in, and on to where one wanted to go."""
    going = request.app[GOING].read(request)
    if going is None:
        return _to(f"{home(request)}/sign-in")
    code = "".join(re.findall(r"\d", (await typed(request)).get("code", "")))[:_MOST_CODE]
    if not code:
        fault = Fault(field="code", text=_CODE)
        return _code_page(request, going, [fault], status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        token = await request.app[VOLUNTEERS].sign_in(request, going.reach, code)
    except Problem as problem:
        page = _code_page(request, going, [_not_signed_in(problem)], status=problem.document.status)
        page.headers.update(problem.headers)
        return page
    response = _to(going.back or home(request))
    request.app[HELPERS].begin(request, response, token.token)
    request.app[GOING].forget(response)
    return response


async def sign_out(request: web.Request) -> web.Response:
    """``POST .../sign-out``: signed out, here and with volunteers; while that is away, here at least."""
    signed_in = request.app[HELPERS]
    response = _to(f"{home(request)}/signed-out")
    if token := signed_in.token(request):
        try:
            await request.app[VOLUNTEERS].by(token).send(None, "DELETE", "/v1/sign-in")
        except Problem as problem:
            if problem.document.status not in {HTTPStatus.UNAUTHORIZED, HTTPStatus.SERVICE_UNAVAILABLE}:
                raise
    signed_in.end(request, response)
    response.headers.update(CLEARED)
    return response


async def signed_out(request: web.Request) -> web.Response:
    """``GET .../signed-out``: nobody is signed in at this browser."""
    return request.app[SITE].page(request, "volunteer/signed_out.html", {"volunteer": home(request)})


def _to(address: str) -> web.Response:
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: address})


def _is_ours(request: web.Request, path: str) -> bool:
    """Whether this is an address of these pages, and of nobody else's server."""
    parts = urlsplit(path)
    if parts.scheme or parts.netloc or "\\" in path or not path.isprintable():
        return False
    homes = [f"/{tag}/volunteer" for tag in request.app[SITE].catalogs.tags]
    return any(parts.path == one or parts.path.startswith(f"{one}/") for one in homes)


def _reach_page(
    request: web.Request, reach: str, back: str, faults: list[Fault], *, status: int = HTTPStatus.OK
) -> web.Response:
    return _page(request, "volunteer/sign_in.html", {"reach": reach, "back": back}, faults, status)


def _code_page(request: web.Request, going: Going, faults: list[Fault], *, status: int = HTTPStatus.OK) -> web.Response:
    return _page(request, "volunteer/sign_in_code.html", {"going": going}, faults, status)


def _page(
    request: web.Request, template: str, context: Mapping[str, object], faults: list[Fault], status: int
) -> web.Response:
    around = {"volunteer": home(request), "faults": faults}
    return request.app[SITE].page(request, template, around | dict(context), status=status)


def _not_sent(problem: Problem) -> Fault:
    """Why no code is sent; never that nobody helps who is reached so."""
    document = problem.document
    if document.type == "too-many-requests":
        return Fault(field=None, text=_MANY, wait=seconds_to_wait(problem))
    if document.type == "unavailable":
        return Fault(field=None, text=_AWAY)
    named = document.field or next((error.field for error in document.errors), None)
    return Fault(field="reach", text=_REACH if named else OTHER)


def _not_signed_in(problem: Problem) -> Fault:
    document = problem.document
    if document.type == "too-many-requests":
        return Fault(field=None, text=_MANY, wait=seconds_to_wait(problem))
    if document.type == "unavailable":
        return Fault(field=None, text=_AWAY)
    return Fault(field="code", text=_WRONG if document.type == "wrong-code" else _CODE)


_REACH = msgid("Skriv ditt mobilnummer eller din e-postadress, som biblioteket har det.")
_CODE = msgid("Skriv koden med siffror. Den står i vårt meddelande.")
_WRONG = msgid("Koden stämmer inte, eller så är den för gammal. Titta efter, eller be om en ny kod.")
_MANY = msgid("Det har blivit många försök på kort tid. Försök igen %(wait)s.")
_AWAY = msgid("Vi kan inte logga in någon just nu. Försök igen om en stund.")
