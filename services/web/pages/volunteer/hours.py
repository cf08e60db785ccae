"""What somebody has given this year, and in writing."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from services.web.helping.frame import helpers_only, page, volunteers
from services.web.helping.views import Hours
from services.web.helping.words import TASKS
from services.web.keys import SITE
from services.web.rendering import msgid
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

_CERTIFICATES: Mapping[str, str] = {"sv": "Svenska", "nn": "Nynorsk", "en": "English"}
"""In which languages hours are certified, each by its own name."""


def routes(home: str) -> list[web.RouteDef]:
    """Where these are."""
    return [
        web.get(f"{home}/hours", helpers_only(hours)),
        web.get(f"{home}/hours/certificate.pdf", helpers_only(certificate)),
    ]


async def hours(request: web.Request) -> web.Response:
    """``GET .../hours?year=``: of a calendar year; this one, where none is named."""
    return await _page(request)


async def certificate(request: web.Request) -> web.Response:
    """``GET .../hours/certificate.pdf?year=&lang=``: the year's hours in writing."""
    year = _year(request)
    lang = request.query.get("lang", "")
    asked = {"from": f"{year}-01-01", "to": f"{year + 1}-01-01", "lang": lang if lang in _CERTIFICATES else "sv"}
    try:
        _, body, told = await volunteers(request).raw("GET", "/v1/me/certificate.pdf", params=asked)
    except Problem as problem:
        if problem.document.type not in _NO_PAPER:
            raise
        return await _page(request, alert=_NO_PAPER[problem.document.type], status=problem.document.status)
    headers = {
        hdrs.CACHE_CONTROL: "no-store",
        hdrs.CONTENT_TYPE: "application/pdf",
        hdrs.CONTENT_DISPOSITION: told.get(hdrs.CONTENT_DISPOSITION, "attachment"),
    }
    return web.Response(body=body, headers=headers)


def _year(request: web.Request) -> int:
    now = request.app[SITE].now().year
    wanted = request.query.get("year", "")
    return int(wanted) if re.fullmatch(r"20\d\d", wanted) and int(wanted) <= now else now


async def _page(request: web.Request, *, alert: str | None = None, status: int = HTTPStatus.OK) -> web.Response:
    year = _year(request)
    found = await volunteers(request).get(Hours, "/v1/me/hours", params={"year": str(year)})
    years = sorted({request.app[SITE].now().year, year, *found.years}, reverse=True)
    context = {"hours": found, "years": years, "tasks": TASKS, "certificates": _CERTIFICATES, "alert": alert}
    return page(request, "volunteer/hours.html", context, status=status)


_NO_PAPER = {
    "no-hours": msgid("Det finns inga timmar att intyga det här året."),
    "unwritable": msgid("Ditt namn går inte att skriva i ett intyg här. Be biblioteket om ett."),
}
