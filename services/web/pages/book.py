"""Booking, one question on each page. The answers wait in the visitor's browser until the last one is given."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from services.web.cookies import CLEARED
from services.web.forms import BookingForm, Fault, Fields, refused, typed
from services.web.keys import BOOKING, CATALOG, DRAFTS, RECEIPTS, SITE
from services.web.offers import Offer, offer
from services.web.pages.sessions import session_id
from services.web.pages.taken import turned_away, turns_away
from services.web.receipts import Receipt
from services.web.rendering import LANGUAGE
from services.web.steps import NAME, PARTY, REACH, Asked, Step
from services.web.upstream import unavailable
from shared.problems import Problem

if TYPE_CHECKING:
    from uuid import UUID

    from services.web.upstream import Kind, Session

_OUTCOME_UNKNOWN = frozenset({"unavailable", "still-running"})


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    session = home + "/sessions/{session}/"
    return [
        web.get(session + PARTY.path, ask_party),
        web.post(session + PARTY.path, answer_party),
        web.get(session + NAME.path, ask_name),
        web.post(session + NAME.path, answer_name),
        web.get(session + REACH.path, ask_reach),
        web.post(session + REACH.path, book),
        web.post(session + "book/forget", forget),
    ]


async def ask_party(request: web.Request) -> web.Response:
    """``GET .../book``: how many come, where that is a question; else on to the first that is."""
    asked = await _asked(request)
    _only_while_open(request, asked)
    if not asked.fields.adults:
        raise web.HTTPSeeOther(_address(request, asked.session_id, NAME, again=_is_again(request)))
    faults = asked.form.party_faults(asked.fields) if asked.form.fields.asked else []
    return await _page(request, asked, PARTY, faults)


async def answer_party(request: web.Request) -> web.Response:
    """``POST .../book``: keep who comes; on to the name, or past it when it is known already."""
    values = await typed(request)
    asked = await _asked(request)
    if asked.session:
        _only_while_open(request, asked)
    else:
        asked = replace(asked, fields=Fields.seen_in(values))
    asked = replace(asked, form=asked.form.answered(values, asked.fields.asked))
    if faults := asked.form.party_faults(asked.fields):
        return await _page(request, asked, PARTY, faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _onward(request, asked, REACH if asked.kept and asked.form.name else NAME)


async def ask_name(request: web.Request) -> web.Response:
    """``GET .../book/name``: the visitor's name."""
    asked = await _asked(request)
    _only_while_open(request, asked)
    _only_in_turn(request, asked, NAME)
    return await _page(request, asked, NAME, asked.form.name_faults() if asked.form.name else [])


async def answer_name(request: web.Request) -> web.Response:
    """``POST .../book/name``: keep the name."""
    values = await typed(request)
    asked = await _asked(request)
    asked = replace(asked, form=asked.form.answered(values, NAME.asks))
    if faults := asked.form.name_faults():
        return await _page(request, asked, NAME, faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _onward(request, asked, REACH)


async def ask_reach(request: web.Request) -> web.Response:
    """``GET .../book/reach``: how to reach the visitor, and the button that books.

    Who answered the rest for another session, which was full, continues here. Somebody on their way to this session
    is not turned away by what catalog knows: they may have its last seat without having got the answer.
    """
    asked = await _asked(request)
    _only_in_turn(request, asked, REACH)
    if asked.kept:
        return await _page(request, asked, REACH, [])
    _only_while_open(request, asked)
    page = await _page(request, asked, REACH, [])
    request.app[DRAFTS].keep(request, page, asked.session_id, asked.form)
    return page


async def book(request: web.Request) -> web.Response:
    """``POST .../book/reach``: book, and show the receipt; or the page again that asks for what is wrong."""
    wanted = session_id(request)
    values = await typed(request)
    kept = request.app[DRAFTS].of(request, wanted)
    if kept is None:
        _only_if_not_booked(request, wanted)
        form = BookingForm().answered(values, REACH.asks)
        return _kept(request, wanted, form, _address(request, wanted, PARTY, again=True))
    form = kept.answered(values, REACH.asks)
    asked = await _about(request, wanted, form)
    if faults := asked.faults():
        return await _page(request, asked, asked.at_fault(faults), faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    language = request[LANGUAGE].tag
    try:
        booking = await request.app[BOOKING].book(request, form.request(wanted, language), str(form.idempotency_key))
    except Problem as problem:
        if problem.document.status == HTTPStatus.NOT_FOUND:
            raise
        return await _not_booked(request, asked, problem)
    response = web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: f"/{language}/booked"})
    receipt = Receipt(code=booking.code, proof=booking.proof, session_id=wanted)
    request.app[RECEIPTS].keep(request, response, receipt)
    request.app[DRAFTS].forget(response)
    return response


async def forget(request: web.Request) -> web.Response:
    """``POST .../book/forget``: leave nothing of what was typed for the next person at this computer."""
    response = web.Response(
        status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: _page_of(request, session_id(request))}
    )
    request.app[DRAFTS].forget(response)
    response.headers.update(CLEARED)
    return response


async def _not_booked(request: web.Request, asked: Asked, problem: Problem) -> web.Response:
    """The page that says why, with all answers kept: under the same key while it is unknown what became of them."""
    unknown = problem.document.type in _OUTCOME_UNKNOWN
    if not unknown:
        asked = replace(asked, form=asked.form.renewed())
    if turns_away(problem):
        page = await turned_away(request, asked, problem)
        request.app[DRAFTS].keep(request, page, asked.session_id, asked.form)
        return page
    faults = refused(problem, asked.fields)
    status = HTTPStatus.SERVICE_UNAVAILABLE if unknown else problem.document.status
    page = await _page(request, asked, asked.at_fault(faults), faults, status=status)
    page.headers.update(problem.headers)
    return page


async def _asked(request: web.Request) -> Asked:
    """What is known about the booking that an address is about."""
    wanted = session_id(request)
    drafts = request.app[DRAFTS]
    if form := drafts.of(request, wanted):
        return await _about(request, wanted, form)
    found = await _session(request, wanted)
    newest = drafts.newest(request)
    form = newest or BookingForm()
    fields = Fields.of(found) if found else form.fields
    return Asked(
        session_id=wanted,
        session=found,
        fields=fields,
        form=form.fitted(fields),
        kept=False,
        carried=newest is not None,
    )


async def _about(request: web.Request, wanted: UUID, form: BookingForm) -> Asked:
    """The same for answers that were given about this session."""
    found = await _session(request, wanted)
    fields = Fields.of(found) if found else form.fields
    return Asked(session_id=wanted, session=found, fields=fields, form=form, kept=True)


async def _session(request: web.Request, wanted: UUID) -> Session | None:
    """The session; None while catalog is away.

    Raises:
        Problem: 404 ``unknown-session``.
    """
    try:
        return await request.app[CATALOG].session(wanted)
    except Problem as problem:
        if problem.document.status != HTTPStatus.SERVICE_UNAVAILABLE:
            raise
        return None


def _only_while_open(request: web.Request, asked: Asked) -> None:
    """Let those pass who can book.

    Raises:
        web.HTTPSeeOther: Nobody can: the session's page says why, and what there is instead.
        Problem: 503 while it is unknown what to ask.
    """
    if asked.session and offer(asked.session, request.app[SITE].now()) is not Offer.BOOK:
        raise web.HTTPSeeOther(_page_of(request, asked.session_id))
    if not (asked.session or asked.kept):
        raise unavailable()


def _only_in_turn(request: web.Request, asked: Asked, step: Step) -> None:
    """Let those pass who have answered what comes before a page.

    Raises:
        web.HTTPSeeOther: To the question that is open. When the answers are gone that is told.
    """
    if missing := asked.missing(step):
        if not asked.kept:
            _only_if_not_booked(request, asked.session_id)
        raise web.HTTPSeeOther(_address(request, asked.session_id, missing, again=not (asked.kept or asked.carried)))


def _only_if_not_booked(request: web.Request, wanted: UUID) -> None:
    """Let those pass who do not come back to a form that is done.

    Raises:
        web.HTTPSeeOther: To the receipt.
    """
    receipt = request.app[RECEIPTS].read(request)
    if receipt and receipt.session_id == wanted:
        raise web.HTTPSeeOther(f"/{request[LANGUAGE].tag}/booked")


def _is_again(request: web.Request) -> bool:
    return "again" in request.query


def _address(request: web.Request, wanted: UUID, step: Step, *, again: bool = False) -> str:
    return f"{_page_of(request, wanted)}/{step.path}{'?again=1' if again else ''}"


def _page_of(request: web.Request, wanted: UUID) -> str:
    """Where the session itself is."""
    return f"/{request[LANGUAGE].tag}/sessions/{wanted}"


def _onward(request: web.Request, asked: Asked, step: Step) -> web.Response:
    return _kept(request, asked.session_id, asked.form, _address(request, asked.session_id, step))


def _kept(request: web.Request, wanted: UUID, form: BookingForm, address: str) -> web.Response:
    """Send the browser on, with the answers kept."""
    response = web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: address})
    request.app[DRAFTS].keep(request, response, wanted, form)
    return response


async def _page(
    request: web.Request, asked: Asked, step: Step, faults: list[Fault], *, status: int = HTTPStatus.OK
) -> web.Response:
    """A page with a question; what was typed is kept even where it is wrong."""
    place = asked.steps.index(step)
    session_page = _page_of(request, asked.session_id)
    posted = request.method == hdrs.METH_POST
    context = {
        "session": asked.session,
        "fields": asked.fields,
        "form": asked.form,
        "faults": [fault for fault in faults if fault.field is None or fault.field in step.asks],
        "kind": await _kind(request, asked) if place == 0 else None,
        "place": place + 1,
        "places": len(asked.steps),
        "here": _address(request, asked.session_id, step),
        "back": _address(request, asked.session_id, asked.steps[place - 1]) if place else session_page,
        "at": {"party": _address(request, asked.session_id, PARTY), "name": _address(request, asked.session_id, NAME)},
        "again": _is_again(request),
        "session_page": session_page,
        "typed": posted or asked.kept or asked.carried,
    }
    page = request.app[SITE].page(request, step.template, context, status=status)
    if posted:
        request.app[DRAFTS].keep(request, page, asked.session_id, asked.form)
    return page


async def _kind(request: web.Request, asked: Asked) -> Kind | None:
    """How the kind of activity is explained, when that can be had."""
    try:
        return await request.app[CATALOG].kind(asked.session.kind) if asked.session else None
    except Problem:
        return None
