"""A new series: a plain form, a look at its dates and what falls away, and only then it is planned."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import web

from services.web.keys import SITE
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import Undo, notice, page, posted, services, to
from services.web.staff.planning import asking, half_year_of
from services.web.staff.planning.answers import Made, SeriesPlan
from services.web.staff.planning.place import choose_library, library_of, library_said
from services.web.staff.planning.series import BYDAY, SeriesForm, refused
from services.web.staff.planning.typing_in import day
from services.web.staff.planning.words import AROUND
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.web.faults import Fault
    from services.web.staff.planning.answers import Activity

_PLANNED = {
    "published": msgid("Serien är planerad och ligger på programmet."),
    "draft": msgid("Serien är sparad som utkast. Publicera den när du är klar."),
}


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    new = f"{home}/programme/series/new"
    return [web.get(new, ask), web.post(new, answer)]


async def ask(request: web.Request) -> web.Response:
    """``GET programme/series/new?activity=``: which activity, and then the form."""
    branch = library_of(request)
    if branch is None:
        return choose_library(request)
    catalog = services(request).catalog
    if not request.query.get("activity"):
        return await choose_activity(request, "series")
    activity = await asking.activity(catalog, request.query["activity"])
    return _form(request, branch, activity, SeriesForm.new(activity, request.app[SITE].now().date()), [])


async def choose_activity(request: web.Request, what: str) -> web.Response:
    """The page on which an activity is chosen first."""
    found = [one for one in await asking.activities(services(request).catalog) if not one.archived]
    return page(request, "staff/programme_activity_choice.html", {"activities": found, "what": what})


async def answer(request: web.Request) -> web.Response:
    """``POST programme/series/new``: the dates to look at (``do=preview``), the form again (``edit``), or the plan."""
    typed = await posted(request)
    branch = library_said(request, typed.get("branch", ""))
    form = SeriesForm.sent(typed)
    activity = await asking.activity(services(request).catalog, form.activity)
    faults = form.faults()
    do = typed.get("do", "preview")
    if faults or do == "edit":
        return _form(request, branch, activity, form, faults)
    try:
        if do == "save":
            return await _plan(request, branch, form)
        return await _preview(request, branch, activity, form)
    except Problem as problem:
        return _form(request, branch, activity, form, refused(problem))


async def _preview(request: web.Request, branch: str, activity: Activity, form: SeriesForm) -> web.Response:
    path = f"/v1/activities/{activity.id}/series/preview"
    plan = await services(request).catalog.send(SeriesPlan, "POST", path, json=form.body(branch))
    context = {"branch": branch, "activity": activity, "form": form, "plan": plan, **AROUND}
    return page(request, "staff/programme_series_plan.html", context)


async def _plan(request: web.Request, branch: str, form: SeriesForm) -> web.Response:
    path = f"/v1/activities/{asking.known_id(form.activity)}/series"
    body = form.body(branch)
    made = await services(request).catalog.send(
        Made, "POST", path, json=body, idempotency_key=asking.once(form.key, body)
    )
    half = half_year_of(day(form.first) or request.app[SITE].now().date())
    found = await asking.series(services(request).catalog, branch, half.first, half.following.last)
    coming = next((one.coming for one in found if one.id == made.id), None)
    undo = None
    if form.status == "published" and coming:
        fields = {"status": "withdrawn", "session": str(coming), "half": half.id}
        undo = Undo(path=f"/programme/series/{made.id}/status", fields=fields)
    said = notice(request[LANGUAGE].gettext(_PLANNED[form.status]), undo=undo)
    return to(request, f"/programme?branch={branch}&half={half.id}", notice=said)


def _form(
    request: web.Request, branch: str, activity: Activity, form: SeriesForm, faults: Sequence[Fault]
) -> web.Response:
    context = {"branch": branch, "activity": activity, "form": form, "faults": faults, "bydays": BYDAY, **AROUND}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/programme_series_new.html", context, status=status)
