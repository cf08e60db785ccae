"""Around every staff page: who asks, that their forms come from our own pages, and what they see when it cannot be."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import uuid4

from aiohttp import hdrs, web

from services.web.keys import CATALOG
from services.web.rendering import msgid
from services.web.staff import forms, store
from services.web.staff.frame import BRANCH, CSRF_FIELD, LIBRARIES, PERSON, SERVICES, home, leave, page
from services.web.staff.provider import NotSignedIn
from services.web.staff.services import Reached
from services.web.staff.signed_in import SignedIn
from services.web.transfer import over_tls
from shared.auth import forbidden
from shared.keys import DATABASE
from shared.logs import get_logger
from shared.problems import Problem

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

    from services.web.staff.people import Person

log = get_logger()

SIGNED_IN = web.AppKey("signed_in", SignedIn)
REACHED = web.AppKey("reached", Reached)

AUTOMATIC = "Plats-Automatic"
"""Sent by scripts that keep a page true: nobody stays signed in by it, and it is never sent to sign in."""

_OPEN = frozenset({"sign-in"})
"""What one sees before one is signed in."""
_FOR_ALL = frozenset({"sign-out"})
"""What also those may do who have no role here."""


@dataclass(frozen=True, slots=True)
class _Explanation:
    heading: str
    text: str


_NOT_YOURS = _Explanation(
    msgid("Det här hör inte till ditt bibliotek"),
    msgid("Du kan se och ändra det som hör till bibliotek där du arbetar. Är det fel? Hör med den som ger behörighet."),
)
_NOT_ADMIN = _Explanation(
    msgid("Det här är för administratörer"),
    msgid("Behöver du komma åt det? Hör med den som ger behörighet."),
)
_FOREIGN = _Explanation(
    msgid("Det här kom inte från en av våra sidor"),
    msgid("Därför har ingenting sparats. Gå tillbaka, ladda om sidan och försök igen."),
)
_MISSING = _Explanation(
    msgid("Det finns inte"),
    msgid("Det kan vara borttaget, eller så är adressen fel."),
)
_UNCLEAR = _Explanation(
    msgid("Det gick inte att förstå"),
    msgid("Ingenting har sparats. Gå tillbaka och försök igen."),
)
_AWAY = _Explanation(
    msgid("Vi når inte systemet just nu"),
    msgid("Det du skrev finns kvar här. Försök igen om en stund."),
)
_BY_TYPE = {"administrators-only": _NOT_ADMIN}
_EXPLANATIONS = {
    HTTPStatus.FORBIDDEN: _NOT_YOURS,
    HTTPStatus.NOT_FOUND: _MISSING,
    HTTPStatus.SERVICE_UNAVAILABLE: _AWAY,
}


@web.middleware
async def staff_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let only those through to staff pages who are signed in and work here."""
    below = home(request)
    if request.path != below and not request.path.startswith(f"{below}/"):
        return await handler(request)
    room = request.path.removeprefix(below).strip("/").partition("/")[0]
    response = await (handler(request) if room in _OPEN else _for_somebody(request, handler, room))
    if not response.prepared:
        _protect(response)
    return response


def _protect(response: web.StreamResponse) -> None:
    """Nothing of a staff page is kept by anybody, and its forms say where they come from."""
    response.headers.setdefault(hdrs.CACHE_CONTROL, "no-store")
    response.headers["Referrer-Policy"] = "same-origin"


async def _for_somebody(request: web.Request, handler: Handler, room: str) -> web.StreamResponse:
    signed_in = request.app[SIGNED_IN]
    session = await signed_in.find(request)
    if session is None or session.over:
        return await _sign_in_first(request, session)
    try:
        asks = await signed_in.person(request, session)
    except NotSignedIn as error:
        log.info("staff_signed_out", reason=str(error))
        return await _sign_in_first(request, session)
    except Problem:
        # Nobody can say now whether they still work here. What they typed waits for them.
        if request.method != hdrs.METH_POST or AUTOMATIC in request.headers or not forms.can_be_kept(request):
            raise
        return leave(request, await _kept(request, session))
    if AUTOMATIC not in request.headers:
        await signed_in.used(session)
    await _prepare(request, asks)
    if request.method not in {hdrs.METH_GET, hdrs.METH_HEAD} and not await _is_of_our_page(request, asks):
        return _refused(request, _FOREIGN, HTTPStatus.FORBIDDEN)
    if not asks.works_here and room not in _FOR_ALL:
        return page(request, "staff/no_role.html", {}, status=HTTPStatus.FORBIDDEN)
    return await _answered(request, handler, session)


async def _prepare(request: web.Request, asks: Person) -> None:
    """Give the pages what they go by."""
    request[PERSON] = asks
    request[SERVICES] = request.app[REACHED].by(asks.token)
    try:
        found = await request.app[CATALOG].branches()
        request[LIBRARIES] = {one.id: one.name for one in found.items}
    except Problem:
        request[LIBRARIES] = {id_: id_ for id_ in sorted(asks.branches)}
    request[BRANCH] = asks.branch or ""


async def _answered(request: web.Request, handler: Handler, session: store.Session) -> web.StreamResponse:
    try:
        await _choose_library(request)
        return await handler(request)
    except web.HTTPNotFound:
        return _refused(request, _MISSING, HTTPStatus.NOT_FOUND)
    except web.HTTPBadRequest:
        return _refused(request, _UNCLEAR, HTTPStatus.BAD_REQUEST)
    except Problem as problem:
        status = HTTPStatus(problem.document.status)
        if status == HTTPStatus.UNAUTHORIZED:
            return await _sign_in_first(request, session)
        explanation = _BY_TYPE.get(problem.document.type) or _EXPLANATIONS.get(status, _UNCLEAR)
        return _refused(request, explanation, status, again=await _again(request, status))


async def _choose_library(request: web.Request) -> None:
    """``?branch=`` chooses the library to work with from now on; empty is all.

    Who meanwhile no longer works where they did goes on with a library of theirs. What they sent is refused first:
    it was meant for the other one.

    Raises:
        Problem: 403 for one where they do not work.
        HTTPNotFound: an administrator, whose are all libraries, names one that there is not.
    """
    asks = request[PERSON]
    wanted = request.query.get("branch")
    moved = asks.branch is not None and not asks.may(asks.branch)
    if wanted is None and moved and request.method in {hdrs.METH_GET, hdrs.METH_HEAD}:
        wanted = min(asks.branches, default="")
    if wanted is None:
        return
    known = request[LIBRARIES]
    if wanted and not asks.may(wanted):
        raise forbidden("not your library")
    if wanted and asks.is_admin and known and wanted not in known:
        raise web.HTTPNotFound
    remembered = not wanted or wanted in known
    if remembered and wanted != (asks.branch or "") and AUTOMATIC not in request.headers:
        await request.app[SIGNED_IN].choose(request, wanted or None)
    request[BRANCH] = wanted


async def _is_of_our_page(request: web.Request, asks: Person) -> bool:
    """Whether a form came from one of our own pages: as the browser says, and by what only our pages know."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get(hdrs.ORIGIN)
    own = f"{'https' if over_tls(request) else 'http'}://{request.host}"
    if site not in {None, "same-origin"} or origin not in {None, own}:
        return False
    if request.content_type == "multipart/form-data":
        given = request.headers.get("Plats-Csrf") or request.query.get(CSRF_FIELD, "")
    else:
        given = str((await request.post()).get(CSRF_FIELD, ""))
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), asks.csrf.encode())


async def _sign_in_first(request: web.Request, session: store.Session | None) -> web.StreamResponse:
    """Go and sign in, and come back: to this page, or with what was typed."""
    if AUTOMATIC in request.headers:
        return web.Response(status=HTTPStatus.UNAUTHORIZED)
    back = request.rel_url.raw_path_qs
    if request.method not in {hdrs.METH_GET, hdrs.METH_HEAD}:
        back = await _kept(request, session)
    address = f"{home(request)}/sign-in?back={quote(back, safe='')}"
    return leave(request, address)


async def _kept(request: web.Request, session: store.Session | None) -> str:
    """Keep a form for whoever it was; gives where they find it again."""
    if session is None or not forms.can_be_kept(request):
        return home(request)
    form_id = uuid4()
    form = await forms.sent(request)
    sealed = request.app[SIGNED_IN].seal(form.model_dump_json())
    async with request.app[DATABASE].transaction() as conn:
        await store.keep_form(conn, form_id, session.subject, sealed)
    return f"{home(request)}/kept/{form_id}"


async def _again(request: web.Request, status: HTTPStatus) -> forms.SentForm | None:
    """What somebody sent, to send it again when nobody knows what became of it."""
    again = status == HTTPStatus.SERVICE_UNAVAILABLE and request.method == hdrs.METH_POST
    return await forms.sent(request) if again and forms.can_be_kept(request) else None


def _refused(
    request: web.Request, explanation: _Explanation, status: HTTPStatus, *, again: forms.SentForm | None = None
) -> web.Response:
    if AUTOMATIC in request.headers:
        return web.Response(status=status)
    response = page(request, "staff/error.html", {"explanation": explanation, "again": again}, status=status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers[hdrs.RETRY_AFTER] = "5"
    return response
