"""A library's programme of this half-year and the next: its series and single sessions, and what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from services.web.keys import SITE
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import Undo, notice, page, posted, services, to
from services.web.staff.planning import HalfYear, asking, half_year_called, half_year_of
from services.web.staff.planning.place import choose_library, library_of
from services.web.staff.planning.words import AROUND
from shared.problems import Problem

if TYPE_CHECKING:
    from datetime import date

_DONE = {
    "published": msgid("Nu är det på programmet."),
    "withdrawn": msgid("Nu är det dolt för besökare. De som har plats behåller den."),
}
_TABLES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_NOT_SO = msgid("Det gick inte: något har redan börjat, ställts in eller ändrats av någon annan. Titta på det igen.")
_LONGEST_HOST = 40
_HOST_SAVED = msgid("Sparat. Bara kollegor ser vem som håller i det.")


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    one = home + "/programme/series/{series:[0-9a-f-]{36}}"
    return [
        web.get(f"{home}/programme", programme),
        web.get(home + "/programme/table.{form:csv|xlsx}", table),
        web.get(one, series),
        web.post(f"{one}/status", series_status),
        web.post(f"{one}/host", series_host),
        web.post(home + "/programme/sessions/{session:[0-9a-f-]{36}}/status", session_status),
    ]


def _today(request: web.Request) -> date:
    return request.app[SITE].now().date()


async def programme(request: web.Request) -> web.Response:
    """``GET programme?half=``: what is planned of a half-year."""
    branch = library_of(request)
    if branch is None:
        return choose_library(request)
    today = _today(request)
    now = half_year_of(today)
    half = half_year_called(request.query.get("half", ""), today)
    catalog = services(request).catalog
    found = await asking.series(catalog, branch, half.first, half.last)
    planned = await asking.sessions(catalog, branch, half.first, half.last)
    context = {
        "branch": branch,
        "half": half,
        "halves": _halves(now, half),
        "now": now,
        "series": found,
        "single": [one for one in planned if one.series_id is None],
        **AROUND,
    }
    return page(request, "staff/programme.html", context)


def _halves(now: HalfYear, chosen: HalfYear) -> list[HalfYear]:
    return sorted({now, now.following, chosen}, key=lambda half: half.first)


async def table(request: web.Request) -> web.Response:
    """``GET programme/table.csv?half=``: the half-year as a table for Excel."""
    branch = library_of(request)
    if branch is None:
        return choose_library(request)
    half = half_year_called(request.query.get("half", ""), _today(request))
    form = request.match_info["form"]
    path = f"/v1/branches/{branch}/programme.{form}"
    asked = {"from": half.first.isoformat(), "to": half.following.first.isoformat()}
    _, body, headers = await services(request).catalog.raw("GET", path, params=asked)
    kept = {hdrs.CONTENT_DISPOSITION: headers.get(hdrs.CONTENT_DISPOSITION, "attachment")}
    return web.Response(body=body, content_type=_TABLES[form], charset="utf-8" if form == "csv" else None, headers=kept)


async def series(request: web.Request) -> web.Response:
    """``GET programme/series/{id}?half=``: the dates of a series in a half-year, and those that fell away."""
    branch = library_of(request)
    if branch is None:
        return choose_library(request)
    half = half_year_called(request.query.get("half", ""), _today(request))
    catalog = services(request).catalog
    id_ = asking.known_id(request.match_info["series"])
    one = next((one for one in await asking.series(catalog, branch, half.first, half.last) if one.id == id_), None)
    if one is None:
        raise Problem("unknown-series", 404, "There is no such series in that half-year")
    dates = await asking.sessions(catalog, branch, half.first, half.last, series=str(id_))
    context = {
        "branch": branch,
        "half": half,
        "series": one,
        "dates": dates,
        "clock": request.app[SITE].now(),
        **AROUND,
    }
    return page(request, "staff/programme_series.html", context)


async def series_status(request: web.Request) -> web.Response:
    """``POST programme/series/{id}/status``: all dates to come on the programme, or off it."""
    form = await posted(request)
    half = form.get("half", "")
    id_ = asking.known_id(request.match_info["series"])
    return await _set_status(
        request, str(asking.known_id(form.get("session", ""))), f"/programme/series/{id_}/status", half, scope="all"
    )


async def session_status(request: web.Request) -> web.Response:
    """``POST programme/sessions/{id}/status``: one session on the programme, or off it."""
    form = await posted(request)
    id_ = str(asking.known_id(request.match_info["session"]))
    return await _set_status(request, id_, f"/programme/sessions/{id_}/status", form.get("half", ""), scope="one")


async def _set_status(request: web.Request, session: str, path: str, half: str, *, scope: str) -> web.Response:
    form = await posted(request)
    status = "withdrawn" if form.get("status") == "withdrawn" else "published"
    back = f"/programme?half={half_year_called(half, _today(request)).id}"
    wish = {"status": status, "scope": scope}
    try:
        await services(request).catalog.send(None, "PATCH", f"/v1/sessions/{session}", json=wish)
    except Problem as problem:
        if problem.document.type not in {"closed", "invalid"}:
            raise
        return to(request, back, notice=notice(request[LANGUAGE].gettext(_NOT_SO)))
    other = "published" if status == "withdrawn" else "withdrawn"
    undo = Undo(path=path, fields={"status": other, "session": session, "half": half})
    return to(request, back, notice=notice(request[LANGUAGE].gettext(_DONE[status]), undo=undo))


async def series_host(request: web.Request) -> web.Response:
    """``POST programme/series/{id}/host``: who of us holds all dates to come."""
    form = await posted(request)
    id_ = asking.known_id(request.match_info["series"])
    session = asking.known_id(form.get("session", ""))
    half = half_year_called(form.get("half", ""), _today(request))
    wish = {"host": form.get("host", "")[:_LONGEST_HOST], "scope": "all"}
    await services(request).catalog.send(None, "PATCH", f"/v1/sessions/{session}", json=wish)
    fields = {"host": form.get("before", ""), "session": str(session), "half": half.id, "before": wish["host"]}
    undo = Undo(path=f"/programme/series/{id_}/host", fields=fields)
    said = notice(request[LANGUAGE].gettext(_HOST_SAVED), undo=undo)
    return to(request, f"/programme/series/{id_}?half={half.id}", notice=said)
