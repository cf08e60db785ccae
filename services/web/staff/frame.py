"""What every staff page is made with: who asks, their services, the page around, where one goes next."""

from __future__ import annotations

import functools
from http import HTTPStatus
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from aiohttp import hdrs, web
from markupsafe import Markup
from pydantic import Field

from services.web.cookies import SealedCookie
from services.web.keys import SITE
from services.web.rendering import LANGUAGE, msgid
from services.web.staff.people import Person
from services.web.staff.services import Services
from shared.models import Model
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp.typedefs import Handler
    from multidict import MultiDictProxy

PERSON = web.RequestKey("person", Person)
SERVICES = web.RequestKey("services", Services)
BRANCH = web.RequestKey("branch", str)
"""The library that somebody works with now; empty is all that are theirs."""
LIBRARIES: web.RequestKey[Mapping[str, str]] = web.RequestKey("libraries", dict)
"""The names of all libraries, by id."""

CSRF_FIELD = "csrf"


class Undo(Model):
    """A form that takes back what was just done."""

    path: str
    """Below ``/{language}/staff``."""
    fields: dict[str, str] = Field(default_factory=dict)


class Notice(Model):
    """What was just done, said once on the next page."""

    text: str
    undo: Undo | None = None


NOTICES: web.AppKey[SealedCookie[Notice]] = web.AppKey("notices", SealedCookie)

NAVIGATION = (
    ("today", msgid("I dag")),
    ("desk", msgid("Vid disken")),
    ("calls", msgid("Ringlistan")),
    ("programme", msgid("Programmet")),
    ("volunteers", msgid("Volontärer")),
    ("figures", msgid("Siffror")),
    ("messages", msgid("Meddelanden")),
)
"""What everybody finds on top of each page; the first two are what a day is made of."""

NAVIGATION_OF_ADMINS = (("admin", msgid("Administration")),)
"""What administrators find there as well; the page of it leads to the rest."""


def person(request: web.Request) -> Person:
    """Who asks."""
    return request[PERSON]


def services(request: web.Request) -> Services:
    """Our services, as whoever asks may use them."""
    return request[SERVICES]


def branch_of(request: web.Request) -> str | None:
    """The library that whoever asks works with now; None is all that are theirs."""
    return request[BRANCH] or None


def libraries(request: web.Request) -> Mapping[str, str]:
    """The names of the libraries where whoever asks works, by id, in Swedish alphabetical order."""
    asks = person(request)
    return {id_: name for id_, name in request[LIBRARIES].items() if asks.may(id_)}


async def posted(request: web.Request) -> MultiDictProxy[str]:
    """What a form sent; that it came from one of our pages was made sure of before."""
    # No form sends files but those that read them by themselves.
    return cast("MultiDictProxy[str]", await request.post())


def home(request: web.Request) -> str:
    """Where the staff's pages begin, in the language of this one."""
    return f"/{request[LANGUAGE].tag}/staff"


def notice(text: str, undo: Undo | None = None) -> Notice:
    """What the next page says was done, and how it is taken back."""
    return Notice(text=text, undo=undo)


def to(request: web.Request, path: str, *, notice: Notice | None = None) -> web.Response:
    """Go on at a page below ``/{language}/staff``, which says ``notice`` once."""
    response = web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: f"{home(request)}{path}"})
    if notice:
        request.app[NOTICES].keep(request, response, notice)
    return response


def leave(request: web.Request, address: str) -> web.Response:
    """Go where an address leads, also to another server: at once after a link, by a page of its own after a form.

    For a form may lead nowhere but here, as our Content-Security-Policy says, and browsers follow what it leads to.
    """
    if request.method in {hdrs.METH_GET, hdrs.METH_HEAD}:
        return web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: address})
    response = request.app[SITE].page(request, "staff/leaving.html", {"address": address})
    response.headers[hdrs.CACHE_CONTROL] = "no-store"
    response.headers["Refresh"] = f"0; url={address}"
    return response


def page(
    request: web.Request, template: str, context: Mapping[str, object], *, status: int = HTTPStatus.OK
) -> web.Response:
    """A staff page; only what answers a form is kept by the browser it is for, since Back cannot fetch it again."""
    asks = person(request)
    notices = request.app[NOTICES]
    said = notices.read(request)
    below = home(request)
    around: dict[str, object] = {
        "person": asks,
        "staff": below,
        "csrf": functools.partial(_csrf, asks),
        "branch_id": branch_of(request),
        "libraries": libraries(request),
        "notice": said,
        "navigation": NAVIGATION + (NAVIGATION_OF_ADMINS if asks.is_admin else ()),
        "room": request.path.removeprefix(below).strip("/").partition("/")[0],
        "here": request.path,
    }
    response = request.app[SITE].page(request, template, around | dict(context), status=status)
    if said:
        notices.forget(response)
    return response


def fragment(request: web.Request, template: str, context: Mapping[str, object]) -> web.Response:
    """A part of a page, for a script that keeps the page true. What the last form did is not said in it."""
    asks = person(request)
    around = {"person": asks, "staff": home(request), "csrf": functools.partial(_csrf, asks)}
    response = request.app[SITE].page(request, template, around | dict(context))
    response.headers[hdrs.CACHE_CONTROL] = "no-store"
    return response


def _csrf(asks: Person) -> Markup:
    """The field that every form carries."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, asks.csrf)


def admins_only(handler: Handler) -> Handler:
    """A page for administrators."""

    @functools.wraps(handler)
    async def for_admins(request: web.Request) -> web.StreamResponse:
        if not person(request).is_admin:
            raise Problem("administrators-only", 403, "Only administrators see this")
        return await handler(request)

    return for_admins


def is_ours(path: str, languages: tuple[str, ...]) -> bool:
    """Whether this is an address of a staff page, and of nobody else's server."""
    parts = urlsplit(path)
    if parts.scheme or parts.netloc or "\\" in path or not path.isprintable():
        return False
    return any(parts.path == f"/{tag}/staff" or parts.path.startswith(f"/{tag}/staff/") for tag in languages)
