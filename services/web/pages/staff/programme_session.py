"""A single session: a form, a warning where a room or a colleague is taken, and it is planned."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import web

from services.web.keys import SITE
from services.web.pages.staff.programme_series import choose_activity
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import Undo, notice, page, posted, services, to
from services.web.staff.planning import asking, half_year_of
from services.web.staff.planning.answers import Made
from services.web.staff.planning.place import choose_library, library_of, library_said
from services.web.staff.planning.sessions import SessionForm, refused
from services.web.staff.planning.words import AROUND
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.web.faults import Fault
    from services.web.staff.planning.answers import Activity, PlannedTime

_PLANNED = {
    "published": msgid("Tillfället är planerat och ligger på programmet."),
    "draft": msgid("Tillfället är sparat som utkast. Publicera det när du är klar."),
}


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    new = f"{home}/programme/sessions/new"
    return [web.get(new, ask), web.post(new, answer)]


async def ask(request: web.Request) -> web.Response:
    """``GET programme/sessions/new?activity=``: which activity, and then the form."""
    branch = library_of(request)
    if branch is None:
        return choose_library(request)
    if not request.query.get("activity"):
        return await choose_activity(request, "sessions")
    activity = await asking.activity(services(request).catalog, request.query["activity"])
    return _form(request, branch, activity, SessionForm.new(activity), [])


async def answer(request: web.Request) -> web.Response:
    """``POST programme/sessions/new``: planned, once whoever does it knows what is in the way."""
    typed = await posted(request)
    branch = library_said(request, typed.get("branch", ""))
    form = SessionForm.sent(typed)
    catalog = services(request).catalog
    activity = await asking.activity(catalog, form.activity)
    faults = form.faults()
    if faults:
        return _form(request, branch, activity, form, faults)
    wish = form.body(branch, request.app[SITE].zone)
    try:
        if not form.known:
            asked = await asking.in_the_way(catalog, wish)
            if asked.conflicts:
                return _form(request, branch, activity, form, [], asked)
        made = await catalog.send(Made, "POST", "/v1/sessions", json=wish, idempotency_key=asking.once(form.key, wish))
    except Problem as problem:
        return _form(request, branch, activity, form, refused(problem))
    starts_at, _ = form.times(request.app[SITE].zone)
    half = half_year_of(starts_at.date()).id
    fields = {"status": "withdrawn", "half": half}
    undo = Undo(path=f"/programme/sessions/{made.id}/status", fields=fields) if form.status == "published" else None
    said = notice(request[LANGUAGE].gettext(_PLANNED[form.status]), undo=undo)
    return to(request, f"/programme?branch={branch}&half={half}", notice=said)


def _form(
    request: web.Request,
    branch: str,
    activity: Activity,
    form: SessionForm,
    faults: Sequence[Fault],
    asked: PlannedTime | None = None,
) -> web.Response:
    context = {"branch": branch, "activity": activity, "form": form, "faults": faults, "asked": asked, **AROUND}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/programme_session_new.html", context, status=status)
