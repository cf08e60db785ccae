"""What happens at sessions: activities with their texts in each language side by side, and how they are booked."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aiohttp import web

from services.web.keys import SITE
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import Undo, notice, page, posted, services, to
from services.web.staff.planning import asking
from services.web.staff.planning.activities import SPOKEN, ActivityForm, refused
from services.web.staff.planning.answers import Activity
from services.web.staff.planning.words import AROUND, FIELDS
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.web.faults import Fault

_ADDED = msgid("Aktiviteten finns nu. Planera den som serie eller enstaka tillfälle.")
_SAVED = msgid("Sparat. Nya namn syns på alla kommande tillfällen.")
_AWAY = msgid("Aktiviteten är undanlagd. Det som redan är planerat blir kvar.")
_BACK = msgid("Aktiviteten är framtagen igen.")


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    all_ = f"{home}/programme/activities"
    one = all_ + "/{activity:[0-9a-f-]{36}}"
    return [
        web.get(all_, activities),
        web.get(f"{all_}/new", new),
        web.post(f"{all_}/new", create),
        web.get(one, edit),
        web.post(one, change),
        web.post(f"{one}/archived", put_away),
    ]


async def activities(request: web.Request) -> web.Response:
    """``GET programme/activities``: all there are; with ``?away`` those that were put away too."""
    found = await asking.activities(services(request).catalog)
    away = "away" in request.query
    context = {
        "activities": [one for one in found if away or not one.archived],
        "away": away,
        "put_away": sum(one.archived for one in found),
        **AROUND,
    }
    return page(request, "staff/programme_activities.html", context)


async def new(request: web.Request) -> web.Response:
    """``GET programme/activities/new?kind=``: which kind, and then the form with what is usual for it."""
    kinds = await asking.kinds(services(request).catalog)
    kind = next((one for one in kinds if one.id == request.query.get("kind")), None)
    if kind is None:
        return page(request, "staff/programme_kind_choice.html", {"kinds": kinds})
    form = ActivityForm.new(kind, request.app[SITE].catalogs.tags)
    return _form(request, form, {"heading": kind.labels, "activity": None})


async def create(request: web.Request) -> web.Response:
    """``POST programme/activities/new``: a new activity."""
    typed = await posted(request)
    form = ActivityForm.sent(typed, request.app[SITE].catalogs.tags)
    catalog = services(request).catalog
    kind = next((one for one in await asking.kinds(catalog) if one.id == form.kind), None)
    around: dict[str, Any] = {"heading": kind.labels if kind else {"sv": form.kind}, "activity": None}
    faults = form.faults()
    if typed.get("more") or faults:
        return _form(request, form, around, [] if typed.get("more") else faults)
    body = form.body(whole=False) | {"kind": form.kind}
    try:
        made = await catalog.send(
            Activity, "POST", "/v1/activities", json=body, idempotency_key=asking.once(form.key, body)
        )
    except Problem as problem:
        return _form(request, form, around, refused(problem))
    said = notice(request[LANGUAGE].gettext(_ADDED))
    return to(request, f"/programme/activities/{made.id}", notice=said)


async def edit(request: web.Request) -> web.Response:
    """``GET programme/activities/{id}``: an activity as it is."""
    activity = await asking.activity(services(request).catalog, request.match_info["activity"])
    return _form(request, ActivityForm.of(activity, request.app[SITE].catalogs.tags), _around(activity))


async def change(request: web.Request) -> web.Response:
    """``POST programme/activities/{id}``: an activity as it shall be; who comes second sees what the first changed."""
    typed = await posted(request)
    form = ActivityForm.sent(typed, request.app[SITE].catalogs.tags)
    catalog = services(request).catalog
    activity = await asking.activity(catalog, request.match_info["activity"])
    faults = form.faults()
    if typed.get("more") or faults:
        return _form(request, form, _around(activity), [] if typed.get("more") else faults)
    body = form.body(whole=True) | {"revision": form.revision}
    try:
        await catalog.send(None, "PATCH", f"/v1/activities/{activity.id}", json=body)
    except Problem as problem:
        if problem.document.type == "stale-revision":
            return _second(request, form, activity, problem)
        return _form(request, form, _around(activity), refused(problem))
    return to(request, f"/programme/activities/{activity.id}", notice=notice(request[LANGUAGE].gettext(_SAVED)))


async def put_away(request: web.Request) -> web.Response:
    """``POST programme/activities/{id}/archived``: nothing new is planned of it, or again."""
    typed = await posted(request)
    id_ = asking.known_id(request.match_info["activity"])
    away = typed.get("archived") == "1"
    await services(request).catalog.send(None, "PATCH", f"/v1/activities/{id_}", json={"archived": away})
    undo = Undo(path=f"/programme/activities/{id_}/archived", fields={"archived": "0" if away else "1"})
    said = notice(request[LANGUAGE].gettext(_AWAY if away else _BACK), undo=undo)
    return to(request, "/programme/activities", notice=said)


def _around(activity: Activity) -> dict[str, Any]:
    return {"heading": activity.titles, "activity": activity}


def _second(request: web.Request, form: ActivityForm, activity: Activity, problem: Problem) -> web.Response:
    """What somebody else changed meanwhile, and what was typed on top of it, to be looked at and sent again."""
    members = problem.document.model_extra or {}
    changes = [one for one in members.get("changes", []) if isinstance(one, dict)]
    now = form.merged(activity, changes)
    context = _around(activity) | {"changes": changes, "fields": FIELDS}
    return _form(request, now, context, status=HTTPStatus.CONFLICT)


def _form(
    request: web.Request,
    form: ActivityForm,
    around: dict[str, Any],
    faults: Sequence[Fault] = (),
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> web.Response:
    more = [tag for tag in SPOKEN if tag not in form.tags]
    spoken = dict.fromkeys((*SPOKEN, *form.languages))
    context = {"changes": [], "fields": FIELDS, **around, "form": form, "faults": faults, "more": more}
    context |= {"spoken": spoken, **AROUND}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else status
    return page(request, "staff/programme_activity.html", context, status=status)
