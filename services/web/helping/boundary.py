"""Around the pages of those who help: who asks, that forms are of our pages, what they see when it cannot be."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import hdrs, web

from services.web.helping.frame import ASKS, SERVICE, Asks, home, page
from services.web.helping.keys import HELPERS, VOLUNTEERS
from services.web.helping.views import Me
from services.web.rendering import msgid
from services.web.staff.frame import CSRF_FIELD
from services.web.transfer import over_tls
from shared.logs import get_logger
from shared.problems import Problem

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

log = get_logger()

_OPEN = frozenset({"interest", "sign-in", "signed-out", "feed"})
"""What one sees before one is signed in, by the first word of the address."""


@dataclass(frozen=True, slots=True)
class _Explanation:
    heading: str
    text: str


_NOT_YOURS = _Explanation(
    msgid("Det här är inte för dig"),
    msgid("Du kan bara se det som är ditt. Är det fel? Ring biblioteket."),
)
_FOREIGN = _Explanation(
    msgid("Det här kom inte från en av våra sidor"),
    msgid("Därför har ingenting sparats. Gå tillbaka, ladda om sidan och försök igen."),
)
_MISSING = _Explanation(
    msgid("Det finns inte längre"),
    msgid("Det kan ha gått till någon annan, eller så är adressen fel. Under Uppdrag ser du allt som är ditt."),
)
_UNCLEAR = _Explanation(
    msgid("Det gick inte att förstå"),
    msgid("Ingenting har sparats. Gå tillbaka och försök igen."),
)
_AWAY = _Explanation(
    msgid("Vi är strax tillbaka"),
    msgid("Just nu kan vi inte visa sidan. Dina uppdrag finns kvar. Är det bråttom? Ring biblioteket."),
)
_EXPLANATIONS = {
    HTTPStatus.FORBIDDEN: _NOT_YOURS,
    HTTPStatus.NOT_FOUND: _MISSING,
    HTTPStatus.SERVICE_UNAVAILABLE: _AWAY,
}


@web.middleware
async def helpers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let only those through to the pages of those who help who are signed in."""
    below = home(request)
    is_ours = request.path == below or request.path.startswith(f"{below}/")
    if not is_ours or request.match_info.http_exception is not None:
        return await handler(request)  # of nobody's page the boundary around knows whether it is mistyped
    room = request.path.removeprefix(below).strip("/").partition("/")[0]
    response = await (handler(request) if room in _OPEN else _for_somebody(request, handler))
    if not response.prepared:
        response.headers.setdefault(hdrs.CACHE_CONTROL, "no-store")
        # So that browsers without Sec-Fetch-Site tell where a form comes from.
        response.headers["Referrer-Policy"] = "same-origin"
    return response


async def _for_somebody(request: web.Request, handler: Handler) -> web.StreamResponse:
    signed_in = request.app[HELPERS]
    token = signed_in.token(request)
    if token is None:
        return sign_in_first(request)
    request[SERVICE] = request.app[VOLUNTEERS].by(token)
    try:
        me = await request[SERVICE].get(Me, "/v1/me")
    except Problem as problem:
        if problem.document.status != HTTPStatus.UNAUTHORIZED:
            raise
        return sign_in_first(request)
    request[ASKS] = Asks(me=me, token=token, csrf=signed_in.csrf(token))
    if request.method not in {hdrs.METH_GET, hdrs.METH_HEAD} and not await _is_of_our_page(request):
        return _refused(request, _FOREIGN, HTTPStatus.FORBIDDEN)
    return await _answered(request, handler)


async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPNotFound:
        return _refused(request, _MISSING, HTTPStatus.NOT_FOUND)
    except web.HTTPBadRequest:
        return _refused(request, _UNCLEAR, HTTPStatus.BAD_REQUEST)
    except Problem as problem:
        status = HTTPStatus(problem.document.status)
        if status == HTTPStatus.UNAUTHORIZED:
            return sign_in_first(request)
        return _refused(request, _EXPLANATIONS.get(status, _UNCLEAR), status)


async def _is_of_our_page(request: web.Request) -> bool:
    """Whether a form came from one of our own pages: as the browser says, and by what only our pages know."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get(hdrs.ORIGIN)
    own = f"{'https' if over_tls(request) else 'http'}://{request.host}"
    if site not in {None, "same-origin"} or origin not in {None, own}:
        return False
    given = str((await request.post()).get(CSRF_FIELD, ""))
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), request[ASKS].csrf.encode())


def sign_in_first(request: web.Request) -> web.StreamResponse:
    """Go and sign in, and come back to this page, or to that of the form; whose time is over holds nothing any more."""
    address = f"{home(request)}/sign-in"
    if request.path != home(request):
        address += f"?back={quote(request.rel_url.raw_path_qs, safe='')}"
    response = web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: address})
    request.app[HELPERS].end(request, response)
    return response


def _refused(request: web.Request, explanation: _Explanation, status: HTTPStatus) -> web.Response:
    response = page(request, "volunteer/error.html", {"explanation": explanation}, status=status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers[hdrs.RETRY_AFTER] = "5"
    return response
