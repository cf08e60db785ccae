"""What somebody was at, in writing: a page that prints on A4."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aiohttp import web
from babel.dates import format_date
from babel.numbers import format_decimal

from services.web.keys import BOOKING, CATALOG, SITE
from services.web.pages.my_booking import address, held
from services.web.rendering import LANGUAGE
from services.web.standing import session_of
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from services.web.upstream import BranchDetail, Certificate, Session

_MUNICIPALITY = "municipality"
"""The question whose answer stands on the paper."""


def routes(home: str) -> list[web.RouteDef]:
    """Where this page is."""
    return [web.get(f"{home}/my-booking/certificate", certificate)]


async def certificate(request: web.Request) -> web.Response:
    """``GET /{language}/my-booking/certificate``: that its visitor was there.

    Raises:
        web.HTTPSeeOther: There is none to be had; to the booking.
    """
    receipt, booking = await held(request)
    try:
        written = await request.app[BOOKING].certificate(request, receipt.code, receipt.proof)
    except Problem as problem:
        if problem.document.type not in {"no-certificate", "wrong-proof"}:
            raise
        raise web.HTTPSeeOther(address(request)) from problem
    session = await session_of(request, booking)
    context = {"paper": paper(request, written, session, await _branch(request, written)), "session": session}
    return request.app[SITE].page(request, "certificate.html", context)


class Paper(NamedTuple):
    """What stands on a certificate."""

    written: Certificate
    session: Session | None
    """None while catalog is away."""
    branch: BranchDetail | None
    municipality: Mapping[str, str]
    """Where its holder works, in words by language, where that was asked for."""
    minutes: int
    hours: str
    day: str
    today: str


def paper(request: web.Request, written: Certificate, session: Session | None, branch: BranchDetail | None) -> Paper:
    """A certificate in the page's language, as of today."""
    return Paper(
        written=written,
        session=session,
        branch=branch,
        municipality=_municipality(session, written),
        minutes=round(written.hours * 60),
        hours=format_decimal(written.hours, "#.#", locale=request[LANGUAGE].locale),
        day=_date(request, written.starts_at),
        today=_date(request, request.app[SITE].now()),
    )


def _date(request: web.Request, at: datetime) -> str:
    """A date with its year, as paper needs it."""
    return format_date(at.astimezone(request.app[SITE].zone).date(), "long", locale=request[LANGUAGE].locale)


async def _branch(request: web.Request, written: Certificate) -> BranchDetail | None:
    """The library that gives it, unless catalog is away."""
    try:
        return await request.app[CATALOG].branch(written.branch_id)
    except Problem:
        return None


def _municipality(session: Session | None, written: Certificate) -> Mapping[str, str]:
    """Where its holder works, in words, where that was asked for."""
    asked = next((one for one in session.ask if one.id == _MUNICIPALITY), None) if session else None
    options = asked.options if asked else ()
    return next((option.labels for option in options if option.id == written.municipality), {})
