"""The pages with questions: what is known when one is opened, who may pass, and how it is shown."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from aiohttp import hdrs, web

from services.web.drafts import Draft
from services.web.forms import BookingForm, Way
from services.web.keys import CATALOG, DRAFTS, RECEIPTS, SITE
from services.web.offers import Offer, bookable, offer, when_full
from services.web.pages.series import dates_of
from services.web.pages.sessions import session_id
from services.web.parties import Fields
from services.web.rendering import LANGUAGE
from services.web.steps import DATES, NAME, PARTY, Asked, Step
from services.web.upstream import unavailable
from shared.problems import Problem

if TYPE_CHECKING:
    from uuid import UUID

    from services.web.faults import Fault
    from services.web.upstream import Hold, Kind, Question, Session

_NAMED = {"dates": DATES, "party": PARTY, "name": NAME}
_OPEN = {Way.BOOK: {Offer.BOOK}, Way.QUEUE: {Offer.QUEUE, Offer.BOOK}}
"""A party may queue that is larger than what is left."""


async def asked_of(request: web.Request) -> Asked:
    """What is known about the booking that an address is about."""
    wanted = session_id(request)
    drafts = request.app[DRAFTS]
    hold = drafts.hold(request)
    if form := drafts.of(request, wanted):
        return await about(request, wanted, form, hold)
    newest = drafts.newest(request)
    form = newest or BookingForm()
    known = await about(request, wanted, form, hold)
    fitted = form.fitted(known.fields, known.ask)
    return replace(known, form=fitted, kept=False, carried=newest is not None)


async def about(request: web.Request, wanted: UUID, form: BookingForm, hold: Hold | None) -> Asked:
    """The same for answers that were given about this session, by whom ``hold`` is kept for."""
    found = await _session(request, wanted, hold)
    fields, way = Fields.of(found) if found else form.fields, _way(request)
    return Asked(
        session_id=wanted,
        way=way,
        session=found,
        fields=fields if way is not Way.SERIES else replace(fields, left=None),
        form=form,
        hold=hold,
        kept=True,
        dates=await dates_of(request, found) if way is Way.SERIES else (),
    )


def _way(request: web.Request) -> Way:
    return Way(request.match_info["way"])


async def _session(request: web.Request, wanted: UUID, hold: Hold | None) -> Session | None:
    """The session as it is for whom ``hold`` is kept; None while catalog is away.

    Raises:
        Problem: 404 ``unknown-session``.
    """
    try:
        found = await request.app[CATALOG].session(wanted)
    except Problem as problem:
        if problem.document.status != HTTPStatus.SERVICE_UNAVAILABLE:
            raise
        return None
    return found.with_own(hold.seats) if hold and hold.keeps(wanted, request.app[SITE].now()) else found


def only_while_open(request: web.Request, asked: Asked, *, full: bool = False) -> None:
    """Let those pass who can book, or queue; with ``full`` also those for whom nothing is left, who have typed.

    Raises:
        web.HTTPSeeOther: Nobody can: the session's page says why, and what there is instead.
        Problem: 503 while it is unknown what to ask.
    """
    offered = offer(asked.session, request.app[SITE].now()) if asked.session else None
    if asked.way is Way.SERIES:
        if bookable(asked.dates):
            return
        raise web.HTTPSeeOther(page_of(request, asked.session_id))
    if offered and offered not in _OPEN[asked.way] and not (full and offered.is_full):
        raise web.HTTPSeeOther(page_of(request, asked.session_id))
    if not (asked.session or asked.kept):
        raise unavailable()


def only_in_turn(request: web.Request, asked: Asked, step: Step) -> None:
    """Let those pass who have answered what comes before a page.

    Raises:
        web.HTTPSeeOther: To the question that is open. When the answers are gone that is told.
    """
    if missing := asked.missing(step):
        if not asked.kept:
            only_if_not_booked(request, asked.session_id)
        raise web.HTTPSeeOther(address(request, asked, missing, again=not (asked.kept or asked.carried)))


def only_if_not_booked(request: web.Request, wanted: UUID) -> None:
    """Let those pass who do not come back to a form that is done.

    Raises:
        web.HTTPSeeOther: To the receipt.
    """
    receipt = request.app[RECEIPTS].read(request)
    if receipt and receipt.session_id == wanted:
        raise web.HTTPSeeOther(f"/{request[LANGUAGE].tag}/booked")


def is_again(request: web.Request) -> bool:
    """Whether somebody was sent back to the first question because their answers are gone."""
    return "again" in request.query


def address(request: web.Request, asked: Asked, step: Step, *, again: bool = False) -> str:
    """Where a question is."""
    return f"{page_of(request, asked.session_id)}/{asked.way}{step.path}{'?again=1' if again else ''}"


def page_of(request: web.Request, wanted: UUID) -> str:
    """Where the session itself is."""
    return f"/{request[LANGUAGE].tag}/sessions/{wanted}"


def onward(request: web.Request, asked: Asked, step: Step, *, again: bool = False) -> web.Response:
    """Send the browser to a question, with the answers kept."""
    response = web.Response(
        status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: address(request, asked, step, again=again)}
    )
    keep(request, response, asked)
    return response


def keep(request: web.Request, response: web.StreamResponse, asked: Asked) -> None:
    """Have the browser keep what was answered, and what is kept for it."""
    draft = Draft(session_id=asked.session_id, form=asked.form)
    request.app[DRAFTS].keep(request, response, draft, asked.hold)


async def question(
    request: web.Request, asked: Asked, step: Step, faults: list[Fault], *, status: int = HTTPStatus.OK
) -> web.Response:
    """A page with a question; what was typed is kept even where it is wrong, and so are seats that were had for it."""
    place = asked.steps.index(step)
    session_page = page_of(request, asked.session_id)
    posted = request.method == hdrs.METH_POST
    live = asked.own and asked.own.keeps(asked.session_id, request.app[SITE].now())
    context = {
        "way": asked.way,
        "session": asked.session,
        "fields": asked.fields,
        "form": asked.form,
        "faults": [fault for fault in faults if fault.field is None or fault.field in step.asks],
        "kind": await _kind(request, asked) if _explains(asked, step) else None,
        "asks": step.questions,
        "told": _told(request, asked) if step is asked.steps[-1] else [],
        "dates": asked.dates,
        "chosen_dates": asked.chosen,
        "one_time": _one_time(request, asked),
        "place": place + 1,
        "places": len(asked.steps),
        "here": address(request, asked, step),
        "back": address(request, asked, asked.steps[place - 1]) if place else session_page,
        "at": {name: address(request, asked, one) for name, one in _NAMED.items()},
        "again": is_again(request),
        "session_page": session_page,
        "typed": posted or asked.kept or asked.carried,
        "held": asked.own if live and not asked.form.tried else None,
        "may_queue": _may_queue(request, asked),
    }
    page = request.app[SITE].page(request, step.template, context, status=status)
    if posted or asked.hold != request.app[DRAFTS].hold(request):
        keep(request, page, asked)
    return page


class Told(NamedTuple):
    """What the library asked, and where one changes what was answered."""

    question: Question
    address: str


def _one_time(request: web.Request, asked: Asked) -> bool:
    """Whether all dates are at the same time of day: one of a series may have been moved."""
    zone = request.app[SITE].zone
    moments = ((date.session.starts_at, date.session.ends_at) for date in asked.dates)
    return len({tuple(moment.astimezone(zone).time() for moment in one) for one in moments}) <= 1


def _told(request: web.Request, asked: Asked) -> list[Told]:
    """All that it asked, in order."""
    return [Told(one, address(request, asked, step)) for step in asked.steps for one in step.questions]


def _explains(asked: Asked, step: Step) -> bool:
    """Whether the page tells what there is help with: the first, and that of what the library asks first."""
    return step in (asked.steps[0], next((one for one in asked.steps if one.questions), None))


def _may_queue(request: web.Request, asked: Asked) -> bool:
    """Whether a party larger than what is left has the queue to go to."""
    return asked.session is not None and when_full(asked.session, request.app[SITE].now()) is Offer.QUEUE


async def _kind(request: web.Request, asked: Asked) -> Kind | None:
    """How the kind of activity is explained, when that can be had."""
    try:
        return await request.app[CATALOG].kind(asked.session.kind) if asked.session else None
    except Problem:
        return None
