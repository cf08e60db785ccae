"""Several dates of a series in one booking: which of them, and the last button."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from services.web.faults import OTHER, Fault, typed
from services.web.forms import Way, tail
from services.web.keys import BOOKING, DRAFTS, RECEIPTS
from services.web.pages.asking import asked_of, only_while_open, onward, question
from services.web.receipts import Receipt
from services.web.rendering import LANGUAGE, msgid
from services.web.steps import DATES

if TYPE_CHECKING:
    from services.web.steps import Asked
    from shared.problems import Problem


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    dates = f"{home}/sessions/{{session}}/{{way:{Way.SERIES}}}{DATES.path}"
    return [web.get(dates, ask_dates), web.post(dates, answer_dates)]


async def ask_dates(request: web.Request) -> web.Response:
    """``GET .../series/dates``: the coming dates, all that have a free place ticked."""
    asked = await asked_of(request)
    only_while_open(request, asked)
    return await question(request, asked, DATES, [])


async def answer_dates(request: web.Request) -> web.Response:
    """``POST .../series/dates``: keep which of them."""
    values = await typed(request)
    asked = await asked_of(request)
    wanted = [date.session for date in asked.dates if f"date-{tail(date.session)}" in values]
    asked = replace(asked, form=asked.form.choosing(wanted))
    if not wanted:
        faults = [Fault(field="dates", text=_NONE)]
        return await question(request, asked, DATES, faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return onward(request, asked, asked.after(DATES))


async def book_dates(request: web.Request, asked: Asked) -> web.Response:
    """Book all dates that are wanted, as far as there are seats; on to the receipt, which tells of each.

    Raises:
        Problem: none of them could be booked, or nobody knows.
    """
    language = request[LANGUAGE].tag
    body = asked.form.series_request(asked.chosen, language)
    booked = await request.app[BOOKING].book_series(request, body, str(asked.form.idempotency_key))
    response = web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: f"/{language}/booked"})
    request.app[RECEIPTS].keep(request, response, Receipt.of_dates(booked, asked.session_id))
    request.app[DRAFTS].forget(response)
    return response


def not_booked(problem: Problem) -> list[Fault] | None:
    """What keeps all dates from being booked, beside them; None where it is something else that was typed."""
    text = _WHY.get(problem.document.type)
    if text is None and problem.document.status != HTTPStatus.CONFLICT:
        return None
    return [Fault(field="dates", text=text or OTHER)]


_NONE = msgid("Välj minst ett datum.")
_WHY = {
    "sold-out": msgid("Platserna tog slut på alla datum som du valde. Välj andra datum."),
    "already-booked": msgid("Du har redan bokat de datum som du valde. Välj andra datum."),
    "not-open": msgid("Datumen som du valde går inte att boka nu. Välj andra datum."),
    "dates-refused": msgid("Inget av datumen som du valde går att boka. Välj andra datum."),
    "closed": msgid("Datumen som du valde går inte att boka nu. Välj andra datum."),
}
