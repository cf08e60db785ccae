"""What is known of somebody who helps, and what they change of it themselves: a page for each thing."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aiohttp import web

from services.web.helping.forms import AwayForm, LanguagesForm, ReachedForm, WeekForm
from services.web.helping.frame import asks, helpers_only, notice, page, posted, to, volunteers
from services.web.helping.views import Me
from services.web.helping.words import LANGUAGES, LEVELS, REACH, REACHED, STATES, TASKS, TOPICS
from services.web.keys import CATALOG, SITE
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import Undo
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from services.web.faults import Fault
    from services.web.helping.views import Except, Profile, Weekly

WEEKDAYS = (
    msgid("måndag"),
    msgid("tisdag"),
    msgid("onsdag"),
    msgid("torsdag"),
    msgid("fredag"),
    msgid("lördag"),
    msgid("söndag"),
)


def routes(home: str) -> list[web.RouteDef]:
    """Where these are."""
    at = f"{home}/profile"
    return [
        web.get(at, helpers_only(profile)),
        *_both(f"{at}/reach", reach, change_reach),
        *_both(f"{at}/week", week, change_week),
        *_both(f"{at}/away", away, add_away),
        web.post(f"{at}/away/remove", helpers_only(remove_away)),
        *_both(f"{at}/languages", languages, change_languages),
        *_both(f"{at}/branches", branches, change_branches),
    ]


def _both(at: str, look: Any, change: Any) -> tuple[web.RouteDef, web.RouteDef]:  # noqa: ANN401 - aiohttp's handlers
    return web.get(at, helpers_only(look)), web.post(at, helpers_only(change))


async def profile(request: web.Request) -> web.Response:
    """``GET .../profile``: all of it, each part with a way to change it."""
    known = _known(request)
    context = {
        "known": known,
        "away": _to_come(known, _today(request)),
        "week": [one for one in WeekForm.of(known.availability).parts if one.starts],
        "weekdays": WEEKDAYS,
        "tasks": TASKS,
        "topics": TOPICS,
        "levels": LEVELS,
        "states": STATES,
        "ways": REACHED,
        "names": await _libraries(request),
    }
    return page(request, "volunteer/profile.html", context)


async def reach(request: web.Request) -> web.Response:
    """``GET .../profile/reach``: how they are written to, and in which language."""
    return _reach_page(request, ReachedForm.of(asks(request)), [])


async def change_reach(request: web.Request) -> web.Response:
    """``POST .../profile/reach``."""
    form, before = ReachedForm.sent(await posted(request)), ReachedForm.of(asks(request))
    if faults := form.faults(asks(request), tuple(request.app[SITE].catalogs.tags)):
        return _reach_page(request, form, faults)
    await _change(request, {"reach": form.by, "language": form.language})
    return _done(request, "/profile/reach", before._asdict())


async def week(request: web.Request) -> web.Response:
    """``GET .../profile/week``: when they usually can."""
    return _week_page(request, WeekForm.of(_known(request).availability), [])


async def change_week(request: web.Request) -> web.Response:
    """``POST .../profile/week``."""
    form, known = WeekForm.sent(await posted(request)), _known(request)
    if faults := form.faults():
        return _week_page(request, form, faults)
    await _be_available(request, form.weekly(), known.availability.exceptions)
    return _done(request, "/profile/week", WeekForm.of(known.availability).fields)


async def away(request: web.Request) -> web.Response:
    """``GET .../profile/away``: days on which they cannot."""
    return _away_page(request, AwayForm(), [])


async def add_away(request: web.Request) -> web.Response:
    """``POST .../profile/away``: more of them."""
    form, known = AwayForm.sent(await posted(request)), _known(request)
    today = _today(request)
    faults, days = form.faults(today), form.away()
    if faults or days is None:
        return _away_page(request, form, faults)
    kept = [one for one in _to_come(known, today) if one != days]
    await _be_available(request, known.availability.weekly, (*kept, days))
    fields = {"first": days.first_day.isoformat(), "last": days.last_day.isoformat()}
    return _done(request, "/profile/away/remove", fields)


async def remove_away(request: web.Request) -> web.Response:
    """``POST .../profile/away/remove``: they can then after all."""
    form, known = AwayForm.sent(await posted(request)), _known(request)
    gone, exceptions = form.away(), _to_come(known, _today(request))
    await _be_available(request, known.availability.weekly, [one for one in exceptions if one != gone])
    return _done(request, "/profile/away", form._asdict())


async def languages(request: web.Request) -> web.Response:
    """``GET .../profile/languages``: which they speak, and how well."""
    return _languages_page(request, LanguagesForm.of(_known(request).languages), [])


async def change_languages(request: web.Request) -> web.Response:
    """``POST .../profile/languages``."""
    form, known = LanguagesForm.sent(await posted(request)), _known(request)
    if faults := form.faults():
        return _languages_page(request, form, faults)
    await _change(request, {"languages": form.body(known.languages)})
    return _done(request, "/profile/languages", LanguagesForm.of(known.languages).fields)


async def branches(request: web.Request) -> web.Response:
    """``GET .../profile/branches``: where they help."""
    names = await _libraries(request)
    context = {"names": names, "chosen": _known(request).branches, "faults": []}
    return page(request, "volunteer/profile_branches.html", context)


async def change_branches(request: web.Request) -> web.Response:
    """``POST .../profile/branches``: none is anywhere; a library that is not shown stays as it was."""
    names, known = await _libraries(request), _known(request)
    sent = (await posted(request)).getall("branches", [])
    wanted = {one for several in sent for one in several.split(",")} & names.keys()
    await _change(request, {"branches": sorted(wanted | (set(known.branches) - names.keys()))})
    return _done(request, "/profile/branches", {"branches": ",".join(known.branches)})


async def _be_available(request: web.Request, weekly: tuple[Weekly, ...], exceptions: Any) -> None:  # noqa: ANN401
    body = {
        "weekly": [one.model_dump(mode="json") for one in weekly],
        "exceptions": [one.model_dump(mode="json") for one in exceptions],
    }
    await _change(request, {"availability": body})


async def _change(request: web.Request, body: Mapping[str, object]) -> None:
    await volunteers(request).send(Me, "PATCH", "/v1/me", json=body)


def _done(request: web.Request, path: str, before: Mapping[str, str]) -> web.Response:
    """Back to all of it, which says that it is saved; what is sent to ``path`` takes it back."""
    said = notice(request[LANGUAGE].gettext(_SAVED), Undo(path=path, fields=dict(before)))
    return to(request, "/profile", notice=said)


def _known(request: web.Request) -> Profile:
    known = asks(request).profile
    if known is None:
        raise web.HTTPNotFound
    return known


def _today(request: web.Request) -> date:
    return request.app[SITE].now().date()


def _to_come(known: Profile, today: date) -> list[Except]:
    """The days that differ from the week and are not over."""
    return sorted(
        (one for one in known.availability.exceptions if one.last_day >= today), key=lambda one: one.first_day
    )


async def _libraries(request: web.Request) -> dict[str, str]:
    """The names of all libraries, by id; none while catalog is away."""
    try:
        return {one.id: one.name for one in (await request.app[CATALOG].branches()).items}
    except Problem:
        return {}


def _reach_page(request: web.Request, form: ReachedForm, faults: list[Fault]) -> web.Response:
    catalogs = request.app[SITE].catalogs
    tags = {tag: catalogs[tag].name for tag in catalogs.tags}
    return _form(request, "volunteer/profile_reach.html", {"form": form, "ways": REACH, "tags": tags}, faults)


def _week_page(request: web.Request, form: WeekForm, faults: list[Fault]) -> web.Response:
    return _form(request, "volunteer/profile_week.html", {"form": form, "weekdays": WEEKDAYS}, faults)


def _away_page(request: web.Request, form: AwayForm, faults: list[Fault]) -> web.Response:
    today = _today(request)
    context = {"form": form, "away": _to_come(_known(request), today), "today": today}
    return _form(request, "volunteer/profile_away.html", context, faults)


def _languages_page(request: web.Request, form: LanguagesForm, faults: list[Fault]) -> web.Response:
    known = [one.language for one in _known(request).languages]
    offered = ["", *LANGUAGES, *(tag for tag in known if tag not in LANGUAGES)]
    context = {"form": form, "offered": offered, "levels": LEVELS}
    return _form(request, "volunteer/profile_languages.html", context, faults)


def _form(request: web.Request, template: str, context: Mapping[str, object], faults: list[Fault]) -> web.Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, template, dict(context) | {"faults": faults}, status=status)


_SAVED = msgid("Sparat.")
