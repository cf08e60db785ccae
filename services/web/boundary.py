"""Around every page: the visitor's language, protection by headers and origin, and errors as pages."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from services.web.rendering import LANGUAGE, Site, msgid
from services.web.transfer import over_tls
from services.web.upstream import seconds_to_wait
from shared.logs import get_logger
from shared.problems import Problem

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler, Middleware

log = get_logger()

_POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self'",
    "script-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
_HEADERS = {
    "Content-Security-Policy": "; ".join(f"{what} {whose}" for what, whose in _POLICY.items()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "Server": "Plats",
    "X-Content-Type-Options": "nosniff",
}
_ONLY_TLS = {"Strict-Transport-Security": "max-age=31536000"}
"""For a year, and for this name alone: others below it are not ours."""


@dataclass(frozen=True, slots=True)
class _Explanation:
    heading: str
    text: str


_NOT_FOUND = _Explanation(
    msgid("Sidan finns inte"),
    msgid("Adressen kan vara fel, eller så är sidan borttagen. I programmet ser du allt som finns att boka."),
)
_GONE = _Explanation(
    msgid("Den här tiden finns inte"),
    msgid("Den kan vara borttagen. I programmet ser du allt som finns att boka."),
)
_NO_BRANCH = _Explanation(
    msgid("Det biblioteket finns inte här"),
    msgid("Adressen kan vara fel. Under Alla bibliotek hittar du det du söker."),
)
_FORBIDDEN = _Explanation(
    msgid("Det här kom från en annan webbplats"),
    msgid("Vi tar bara emot det du själv skickar härifrån. Gå till programmet och försök igen."),
)
_NOT_CLEAR = _Explanation(
    msgid("Adressen går inte att förstå"),
    msgid("Något i den är fel skrivet. I programmet ser du allt som finns."),
)
_NOT_READABLE = _Explanation(
    msgid("Det gick inte att läsa det du skickade"),
    msgid("Gå till programmet och försök igen."),
)
_MANY = _Explanation(
    msgid("Det har blivit många försök"),
    msgid("Vänta lite och försök igen %(wait)s. Dina bokningar finns kvar."),
)
_AWAY = _Explanation(
    msgid("Vi är strax tillbaka"),
    msgid("Just nu kan vi inte visa sidan. Försök igen om en stund. Dina bokningar finns kvar."),
)
_BROKEN = _Explanation(
    msgid("Något gick fel hos oss"),
    msgid("Det är inte ditt fel. Försök igen om en stund. Dina bokningar finns kvar."),
)
_EXPLANATIONS = {
    HTTPStatus.NOT_FOUND: _NOT_FOUND,
    HTTPStatus.UNPROCESSABLE_ENTITY: _NOT_CLEAR,
    HTTPStatus.FORBIDDEN: _FORBIDDEN,
    HTTPStatus.TOO_MANY_REQUESTS: _MANY,
    HTTPStatus.SERVICE_UNAVAILABLE: _AWAY,
}


_HOME = 2
"""Parts of the address of a language's first page."""
_UNKNOWN = {"unknown-session": _GONE, "unknown-branch": _NO_BRANCH}
"""What a service says is not there, by the type of its problem."""


@web.middleware
async def protected(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every answer, whatever it is, carries the headers that keep other sites out; some staff pages set themselves."""
    response = await handler(request)
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if over_tls(request):
        response.headers.update(_ONLY_TLS)
    return response


def pages(site: Site) -> Middleware:
    """The boundary of the pages: knows the language, refuses posts from elsewhere, shows errors as pages."""

    @web.middleware
    async def boundary(request: web.Request, handler: Handler) -> web.StreamResponse:
        request[LANGUAGE] = site.language(request)
        try:
            _refuse_from_elsewhere(request)
            return await handler(request)
        except web.HTTPMove as move:
            return web.Response(status=move.status, headers={hdrs.LOCATION: str(move.location)})
        except web.HTTPNotFound:
            return _elsewhere(site, request) or _error_page(site, request, HTTPStatus.NOT_FOUND, _NOT_FOUND)
        except web.HTTPException as answer:
            above = await _page_above(request) if answer.status == HTTPStatus.METHOD_NOT_ALLOWED else None
            return above or _error_page(site, request, answer.status, _EXPLANATIONS.get(HTTPStatus(answer.status)))
        except Problem as problem:
            status = problem.document.status
            explanation = _UNKNOWN.get(problem.document.type) or _EXPLANATIONS.get(HTTPStatus(status))
            response = _error_page(site, request, status, explanation, wait=seconds_to_wait(problem))
            response.headers.update(problem.headers)
            return response
        except Exception:  # the boundary: whatever happens, the visitor gets a page
            log.exception("request_failed")
            return _error_page(site, request, HTTPStatus.INTERNAL_SERVER_ERROR, _BROKEN)

    return boundary


def _elsewhere(site: Site, request: web.Request) -> web.Response | None:
    """An address as somebody types it from a poster, in capitals or with a slash at its end, leads to the real one."""
    path = request.rel_url.raw_path
    typed = path.lower()
    first, _, rest = typed.removeprefix("/").partition("/")
    if request.method not in {hdrs.METH_GET, hdrs.METH_HEAD} or first not in site.catalogs:
        return None
    if rest:
        typed = typed.rstrip("/")
    if typed == path:
        return None
    query = request.rel_url.raw_query_string
    return web.Response(
        status=HTTPStatus.MOVED_PERMANENTLY, headers={hdrs.LOCATION: f"{typed}?{query}" if query else typed}
    )


async def _page_above(request: web.Request) -> web.Response | None:
    """Who loads an address that only takes what is sent, as it stands above a refusal, gets the form's page."""
    if request.method not in {hdrs.METH_GET, hdrs.METH_HEAD}:
        return None
    above = request.rel_url.with_query(None)
    while len(above.parts) > _HOME:
        above = above.parent
        found = await request.app.router.resolve(request.clone(rel_url=above))
        if found.http_exception is None:
            return web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: above.raw_path})
    return None


def _error_page(
    site: Site, request: web.Request, status: int, explanation: _Explanation | None, *, wait: int = 0
) -> web.StreamResponse:
    context = {"explanation": explanation or _NOT_READABLE, "wait": wait}
    response = site.page(request, "error.html", context, status=status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers[hdrs.RETRY_AFTER] = "5"
    return response


def _refuse_from_elsewhere(request: web.Request) -> None:
    """Refuse what another site made the browser send.

    ``Sec-Fetch-Site`` says so plainly. Older browsers have only ``Origin``, which our own Referrer-Policy
    turns into ``null``; there the SameSite cookies keep other sites from acting on a booking. What these can still do
    is begin one, with answers of their own, for a visitor who has no such cookie yet.

    Raises:
        web.HTTPForbidden: It came from another site.
    """
    if request.method in {hdrs.METH_GET, hdrs.METH_HEAD}:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get(hdrs.ORIGIN, "null")
    if site is None:
        foreign = origin not in {"null", f"http://{request.host}", f"https://{request.host}"}
    else:
        foreign = site not in {"same-origin", "none"}
    if foreign:
        raise web.HTTPForbidden
