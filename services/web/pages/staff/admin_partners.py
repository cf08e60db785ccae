"""Partners: organisations whose people help."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from aiohttp import web
from babel.numbers import format_decimal

from services.web.helping.reports import Wanted, report, sheet
from services.web.keys import SITE
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import Undo, admins_only, notice, page, posted, services, to
from services.web.staff.administration import differences
from services.web.staff.administration.differences import Changes
from services.web.staff.administration.partners import Partner, PartnerForm, Partners, refused
from shared.problems import Problem

if TYPE_CHECKING:
    from services.web.faults import Fault
    from services.web.staff.administration.differences import Row

_SAID = {"invalid", "name-taken"}
"""What a form may be refused for."""


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    at = f"{home}/admin/partners"
    return [
        web.get(at, admins_only(partners)),
        web.post(at, admins_only(add)),
        web.get(f"{at}/{{partner}}", admins_only(partner)),
        web.post(f"{at}/{{partner}}", admins_only(change)),
        web.get(f"{at}/{{partner}}/report", admins_only(hours)),
        web.get(f"{at}/{{partner}}/report.csv", admins_only(hours_sheet)),
    ]


async def partners(request: web.Request) -> web.Response:
    """``GET .../admin/partners``: all of them, and a form for another."""
    return await _all(request, PartnerForm())


async def add(request: web.Request) -> web.Response:
    """``POST .../admin/partners``: add one."""
    form = PartnerForm.sent(await posted(request))
    if faults := form.faults():
        return await _all(request, form, faults)
    volunteers = services(request).volunteers
    try:
        made = await volunteers.send(Partner, "POST", "/v1/partners", json=form.body(), idempotency_key=str(form.key))
    except Problem as problem:
        told = problem.document
        if told.type not in _SAID:
            raise
        return await _all(request, form, refused(told.type, [error.field for error in told.errors]))
    said = request[LANGUAGE].gettext(_ADDED) % {"name": made.name}
    return to(request, "/admin/partners", notice=notice(said))


async def partner(request: web.Request) -> web.Response:
    """``GET .../admin/partners/{id}``: one to change."""
    found = await _partner(request)
    return _form(request, PartnerForm.of(found), found)


async def change(request: web.Request) -> web.Response:
    """``POST .../admin/partners/{id}``: change it; nobody is told."""
    before = await _partner(request)
    form = PartnerForm.sent(await posted(request))
    if faults := form.faults():
        return _form(request, form, before, faults)
    volunteers = services(request).volunteers
    try:
        made = await volunteers.send(Partner, "PATCH", f"/v1/partners/{before.id}", json=form.change())
    except Problem as problem:
        return _refused(request, form, before, problem)
    words = request[LANGUAGE]
    if made.revision == before.revision:
        return to(request, "/admin/partners", notice=notice(words.gettext(_SAME)))
    was = PartnerForm.of(before).model_copy(update={"revision": str(made.revision)})
    undo = Undo(path=f"/admin/partners/{before.id}", fields=was.fields)
    return to(request, "/admin/partners", notice=notice(words.gettext(_CHANGED) % {"name": made.name}, undo=undo))


async def hours(request: web.Request) -> web.Response:
    """``GET .../admin/partners/{id}/report``: the hours that its people gave."""
    found = await _partner(request)
    wanted = Wanted.of(request.query, request.app[SITE].now().date())
    shown = await report(services(request).volunteers, f"/v1/partners/{found.id}/report", wanted)
    context = {
        "partner": found,
        "wanted": wanted,
        "report": shown.report,
        "faults": shown.faults,
        "decimal": partial(format_decimal, locale=request[LANGUAGE].locale),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if shown.faults else HTTPStatus.OK
    return page(request, "staff/admin_partner_report.html", context, status=status)


async def hours_sheet(request: web.Request) -> web.Response:
    """``GET .../admin/partners/{id}/report.csv``: the same for Excel."""
    found = await _partner(request)
    wanted = Wanted.of(request.query, request.app[SITE].now().date())
    return await sheet(services(request).volunteers, f"/v1/partners/{found.id}/report.csv", wanted)


async def _partner(request: web.Request) -> Partner:
    try:
        wanted = UUID(request.match_info["partner"])
    except ValueError as error:
        raise web.HTTPNotFound from error
    return await services(request).volunteers.get(Partner, f"/v1/partners/{wanted}")


def _refused(request: web.Request, form: PartnerForm, found: Partner, problem: Problem) -> web.Response:
    """The form again, with what volunteers said of it.

    Raises:
        Problem: it is about something else.
    """
    told = problem.document
    if told.type == "stale-revision":
        since = Changes.model_validate(told.model_dump())
        again = form.since(found, since.was, since.revision)
        return _form(request, again, found, rows=differences.of_partner(since.changes), status=HTTPStatus.CONFLICT)
    if told.type not in _SAID:
        raise problem
    return _form(request, form, found, refused(told.type, [error.field for error in told.errors]))


async def _all(request: web.Request, form: PartnerForm, faults: list[Fault] | None = None) -> web.Response:
    found = await services(request).volunteers.get(Partners, "/v1/partners")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    context = {"partners": found.items, "form": form, "faults": faults or []}
    return page(request, "staff/admin_partners.html", context, status=status)


def _form(
    request: web.Request,
    form: PartnerForm,
    found: Partner,
    faults: list[Fault] | None = None,
    *,
    rows: list[Row] | None = None,
    status: HTTPStatus | None = None,
) -> web.Response:
    context = {"form": form, "partner": found, "faults": faults or [], "rows": rows or []}
    usual = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/admin_partner.html", context, status=status or usual)


_ADDED = msgid("%(name)s är partner nu.")
_SAME = msgid("Ingenting är ändrat.")
_CHANGED = msgid("%(name)s är ändrat.")
