"""Booking, or joining the queue, one question on each page. The answers wait in the visitor's browser."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from services.web import questions
from services.web.cookies import CLEARED
from services.web.faults import Fault, typed
from services.web.forms import BookingForm, Way
from services.web.keys import BOOKING, DRAFTS, RECEIPTS
from services.web.pages.asking import (
    about,
    address,
    asked_of,
    is_again,
    keep,
    only_if_not_booked,
    only_in_turn,
    only_while_open,
    onward,
    page_of,
    question,
)
from services.web.pages.holding import on_answer, on_arrival, release
from services.web.pages.sessions import session_id
from services.web.pages.several import book_dates, not_booked
from services.web.pages.taken import too_few, turned_away, turns_away
from services.web.parties import Fields
from services.web.receipts import Receipt
from services.web.refusals import refused
from services.web.rendering import LANGUAGE
from services.web.steps import ANSWERS, DATES, NAME, PARTY, REACH, Asked, Step
from services.web.upstream import unavailable
from shared.problems import Problem

if TYPE_CHECKING:
    from services.web.upstream import Booking

_OUTCOME_UNKNOWN = frozenset({"unavailable", "still-running"})


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    session = home + "/sessions/{session}/"
    way = session + "{way:" + "|".join(Way) + "}"
    return [
        web.get(way + PARTY.path, ask_party),
        web.post(way + PARTY.path, answer_party),
        web.get(way + ANSWERS + "{question}", ask_answers),
        web.post(way + ANSWERS + "{question}", answer_answers),
        web.get(way + NAME.path, ask_name),
        web.post(way + NAME.path, answer_name),
        web.get(way + REACH.path, ask_reach),
        web.post(way + REACH.path, book),
        web.post(session + "book/forget", forget),
    ]


async def ask_party(request: web.Request) -> web.Response:
    """``GET .../book``: how many come, where that is a question; else on to the first that is."""
    asked = await asked_of(request)
    only_while_open(request, asked)
    if asked.steps[0] is not PARTY and not asked.fields.adults:
        raise web.HTTPSeeOther(address(request, _where_seats_are(asked), asked.steps[0], again=is_again(request)))
    return await question(request, asked, PARTY, _known_faults(asked))


def _where_seats_are(asked: Asked) -> Asked:
    """Nobody queues for what is free."""
    return replace(asked, way=Way.BOOK) if asked.way is Way.QUEUE and asked.fits else asked


def _known_faults(asked: Asked) -> list[Fault]:
    """What is wrong with the party that was answered before, were it for this session."""
    if not asked.form.fields.asked:
        return []
    return asked.form.party_faults(asked.fields) if asked.way is Way.BOOK else asked.party_faults()


async def answer_party(request: web.Request) -> web.Response:
    """``POST .../book``: keep who comes, and seats for them; on to the name, or past it when it is known already."""
    values = await typed(request)
    asked = await asked_of(request)
    if asked.session:
        only_while_open(request, asked, full=asked.way is Way.BOOK)
    else:
        asked = replace(asked, fields=Fields.seen_in(values))
    asked = replace(asked, form=asked.form.answered(values, asked.fields.asked))
    if faults := asked.party_faults():
        return await question(request, asked, PARTY, faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return await _with_seats(request, _where_seats_are(asked), asked.after(PARTY))


async def ask_answers(request: web.Request) -> web.Response:
    """``GET .../book/answers/{question}``: what the library asks, one question or some short lines on each page."""
    asked = await asked_of(request)
    only_while_open(request, asked)
    step = _asked_there(request, asked)
    only_in_turn(request, asked, step)
    given = [one for one in step.questions if one.id in asked.form.answers]
    return await _opened(request, asked, step, questions.faults(given, asked.form.answers))


async def answer_answers(request: web.Request) -> web.Response:
    """``POST .../book/answers/{question}``: keep what was answered."""
    values = await typed(request)
    asked = await asked_of(request)
    step = _asked_there(request, asked)
    asked = replace(asked, form=asked.form.told(step.questions, values))
    if faults := questions.faults(step.questions, asked.form.answers):
        return await question(request, asked, step, faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return await _with_seats(request, asked, asked.after(step))


def _asked_there(request: web.Request, asked: Asked) -> Step:
    """The page whose address this is.

    Raises:
        Problem: 503 while it is unknown what the library asks.
        web.HTTPSeeOther: It does not ask that any more, or only further on; to the first question.
    """
    if asked.session is None:
        raise unavailable()
    path = ANSWERS + request.match_info["question"]
    found = next((step for step in asked.steps if step.path == path), None)
    if found is None:
        raise web.HTTPSeeOther(address(request, asked, asked.steps[0]))
    return found


async def ask_name(request: web.Request) -> web.Response:
    """``GET .../book/name``: the visitor's name."""
    asked = await asked_of(request)
    only_while_open(request, asked)
    only_in_turn(request, asked, NAME)
    return await _opened(request, asked, NAME, asked.form.name_faults() if asked.form.name else [])


async def answer_name(request: web.Request) -> web.Response:
    """``POST .../book/name``: keep the name."""
    values = await typed(request)
    asked = await asked_of(request)
    asked = replace(asked, form=asked.form.answered(values, NAME.asks))
    if faults := asked.form.name_faults():
        return await question(request, asked, NAME, faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return await _with_seats(request, asked, asked.after(NAME))


async def ask_reach(request: web.Request) -> web.Response:
    """``GET .../book/reach``: how to reach the visitor, and the button that books.

    Who answered the rest for another session, which was full, continues here. Somebody on their way to this session
    is not turned away by what catalog knows: they may have its last seat without having got the answer.
    """
    asked = await asked_of(request)
    only_in_turn(request, asked, REACH)
    if not asked.kept:
        only_while_open(request, asked)
    return await _opened(request, asked, REACH, [])


async def _opened(request: web.Request, asked: Asked, step: Step, faults: list[Fault]) -> web.Response:
    """A question, with the seats of the party kept from here on where it is known only now who comes."""
    try:
        asked = await on_arrival(request, asked)
    except Problem as problem:
        if not asked.kept:
            return await _turned_back(request, asked, problem)
    page = await question(request, asked, step, faults)
    if step is REACH and not asked.kept:
        keep(request, page, asked)
    return page


async def _with_seats(request: web.Request, asked: Asked, step: Step) -> web.Response:
    """On to a question, with the seats of the party kept; or the page that says why they cannot be had."""
    try:
        asked = await on_answer(request, asked)
    except Problem as problem:
        return await _turned_back(request, asked, problem)
    if asked.lacks_seats:
        return await _turned_back(request, asked, too_few())
    return onward(request, asked, step)


async def book(request: web.Request) -> web.Response:
    """``POST .../book/reach``: book, and show the receipt; or the page again that asks for what is wrong."""
    wanted = session_id(request)
    values = await typed(request)
    kept, hold = request.app[DRAFTS].of(request, wanted), request.app[DRAFTS].hold(request)
    if kept is None:
        only_if_not_booked(request, wanted)
        begun = await about(request, wanted, BookingForm().answered(values, REACH.asks), hold)
        return onward(request, begun, PARTY, again=True)
    asked = await about(request, wanted, kept.answered(values, REACH.asks), hold)
    if faults := asked.faults():
        return await question(request, asked, asked.at_fault(faults), faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if asked.way is Way.SERIES:
        return await _book_dates(request, asked)
    asked = replace(asked, form=asked.form.sent(asked.here.hold if asked.here else None))
    body = asked.form.request(wanted, request[LANGUAGE].tag, asked.way)
    try:
        booking = await request.app[BOOKING].book(request, body, str(asked.form.idempotency_key))
    except Problem as problem:
        if problem.document.status == HTTPStatus.NOT_FOUND:
            raise
        return await _not_booked(request, asked, problem)
    return await _booked(request, asked, booking)


async def _book_dates(request: web.Request, asked: Asked) -> web.Response:
    """The same for several dates; where none can be had, on to the page that asks which."""
    try:
        return await book_dates(request, asked)
    except Problem as problem:
        if problem.document.type in _OUTCOME_UNKNOWN:
            return await _refused(request, asked, problem, HTTPStatus.SERVICE_UNAVAILABLE)
        renewed = replace(asked, form=asked.form.renewed())
        if faults := not_booked(problem):
            return await question(request, renewed, DATES, faults, status=problem.document.status)
        return await _refused(request, renewed, problem, problem.document.status)


async def _booked(request: web.Request, asked: Asked, booking: Booking) -> web.Response:
    """On to the receipt; nothing of what was typed stays, nor seats that were kept for something else."""
    response = web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: f"/{request[LANGUAGE].tag}/booked"})
    request.app[RECEIPTS].keep(request, response, Receipt.of(booking, asked.session_id))
    request.app[DRAFTS].forget(response)
    if asked.hold and asked.hold.hold != asked.form.hold:
        await release(request, asked.hold)
    return response


async def forget(request: web.Request) -> web.Response:
    """``POST .../book/forget``: leave nothing of what was typed for the next person at this computer."""
    response = web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: page_of(request, session_id(request))})
    await release(request, request.app[DRAFTS].hold(request))
    request.app[DRAFTS].forget(response)
    response.headers.update(CLEARED)
    return response


async def _not_booked(request: web.Request, asked: Asked, problem: Problem) -> web.Response:
    """The page that says why, with all answers kept: under the same key while it is unknown what became of them."""
    if problem.document.type not in _OUTCOME_UNKNOWN:
        return await _turned_back(request, replace(asked, form=asked.form.renewed()), problem)
    return await _refused(request, asked, problem, HTTPStatus.SERVICE_UNAVAILABLE)


async def _turned_back(request: web.Request, asked: Asked, problem: Problem) -> web.Response:
    """What there is instead, where nothing typed differently helps; else the page that asks for what is wrong."""
    if not turns_away(problem):
        return await _refused(request, asked, problem, problem.document.status)
    if asked.own:  # else they would have got them: what was kept has run out
        asked = await about(request, asked.session_id, asked.form, None)
    page = await turned_away(request, asked, problem)
    keep(request, page, asked)
    return page


async def _refused(request: web.Request, asked: Asked, problem: Problem, status: int) -> web.Response:
    faults = refused(problem, asked.fields, asked.ask)
    page = await question(request, asked, asked.at_fault(faults), faults, status=status)
    page.headers.update(problem.headers)
    return page
