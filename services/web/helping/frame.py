"""What pages of those who help are made with: who asks, the service behind, the page around, where one goes next."""

from __future__ import annotations

import functools
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple, cast

from aiohttp import hdrs, web
from markupsafe import Markup

from services.web.cookies import SealedCookie
from services.web.keys import SITE
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import Notice, StaffService, Undo
from services.web.staff.frame import CSRF_FIELD
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp.typedefs import Handler
    from multidict import MultiDictProxy

    from services.web.helping.views import Me


class Asks(NamedTuple):
    """Whoever asks: what volunteers knows of them, their token, and what their forms carry."""

    me: Me
    token: str
    csrf: str


ASKS = web.RequestKey("helper", Asks)
SERVICE = web.RequestKey("helper_service", StaffService)
NOTICES: web.AppKey[SealedCookie[Notice]] = web.AppKey("helper_notices", SealedCookie)

ROOMS = (
    ("", msgid("Uppdrag")),
    ("open", msgid("Lediga pass")),
    ("hours", msgid("Timmar")),
    ("profile", msgid("Om mig")),
)
"""What somebody who helps finds on top of each page, by the first word of its address."""

ROOMS_OF_COORDINATORS = (("people", msgid("Mina personer")),)
"""What somebody who coordinates others finds there."""

ROOMS_OF_PARTNERS = (("report", msgid("Rapport")),)
"""What a partner's coordinator finds there as well."""


def asks(request: web.Request) -> Me:
    """Whoever asks."""
    return request[ASKS].me


def volunteers(request: web.Request) -> StaffService:
    """Volunteers, as whoever asks may use it."""
    return request[SERVICE]


def home(request: web.Request) -> str:
    """Where these pages begin, in the language of this one."""
    return f"/{request[LANGUAGE].tag}/volunteer"


async def posted(request: web.Request) -> MultiDictProxy[str]:
    """What a form sent; that it came from one of our pages was made sure of before."""
    return cast("MultiDictProxy[str]", await request.post())


def notice(text: str, undo: Undo | None = None) -> Notice:
    """What the next page says was done, and how it is taken back, at a path below ``/{language}/volunteer``."""
    return Notice(text=text, undo=undo)


def to(request: web.Request, path: str, *, notice: Notice | None = None) -> web.Response:
    """Go on at a page below ``/{language}/volunteer``, which says ``notice`` once."""
    response = web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: f"{home(request)}{path}"})
    if notice:
        request.app[NOTICES].keep(request, response, notice)
    return response


def page(
    request: web.Request, template: str, context: Mapping[str, object], *, status: int = HTTPStatus.OK
) -> web.Response:
    """A page for somebody who is signed in; what was done just before is said once."""
    who = request[ASKS]
    notices = request.app[NOTICES]
    said = notices.read(request)
    below = home(request)
    around: dict[str, object] = {
        "me": who.me,
        "volunteer": below,
        "csrf": functools.partial(_csrf, who.csrf),
        "notice": said,
        "rooms": rooms(who.me),
        "room": request.path.removeprefix(below).strip("/").partition("/")[0],
    }
    response = request.app[SITE].page(request, template, around | dict(context), status=status)
    if said:
        notices.forget(response)
    return response


def rooms(me: Me) -> tuple[tuple[str, str], ...]:
    """What somebody finds on top of each page."""
    theirs = (ROOMS if me.volunteer else ()) + (ROOMS_OF_COORDINATORS if me.coordinator else ())
    return theirs + (ROOMS_OF_PARTNERS if me.reports else ())


def _csrf(value: str) -> Markup:
    """The field that every form carries."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, value)


def helpers_only(handler: Handler) -> Handler:
    """A page for those who help themselves."""

    @functools.wraps(handler)
    async def for_helpers(request: web.Request) -> web.StreamResponse:
        if not asks(request).volunteer:
            raise Problem("helpers-only", 403, "Only those who help see this")
        return await handler(request)

    return for_helpers


def coordinators_only(handler: Handler) -> Handler:
    """A page for those who coordinate others."""

    @functools.wraps(handler)
    async def for_coordinators(request: web.Request) -> web.StreamResponse:
        if not asks(request).coordinator:
            raise Problem("coordinators-only", 403, "Only coordinators see this")
        return await handler(request)

    return for_coordinators
