"""Moving a session to another time, room or library: first who would be told and how, then it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from aiohttp import web

from services.web.faults import Fault, typed
from services.web.keys import SITE
from services.web.pages.staff.colliding import collided
from services.web.pages.staff.sessions import revision_of, said, session_id
from services.web.rendering import msgid
from services.web.staff.changing import Changed, Collision, Value, Wanted, change, different, standing
from services.web.staff.differences import label
from services.web.staff.frame import libraries, notice, page, services, to
from services.web.staff.groups import LABELS, meant, scope_of, scopes
from services.web.staff.planning.asking import in_the_way
from services.web.staff.planning.typing_in import ENDS_BEFORE, length
from services.web.staff.sessions import Planned, Seen, seen
from services.web.staff.telling import People, people_of, told
from shared.problems import Problem

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_DAY = msgid("Välj en dag.")
_CLOCK = msgid("Skriv klockslaget som 17:30.")
_NO_SUCH_TIME = msgid("Det klockslaget finns inte den dagen: klockan ställs om.")
_NOTHING = msgid("Ändra dag, tid, rum eller bibliotek först. Nu är allt som det var.")
_PAST = msgid("Välj en tid som inte har varit.")


def routes(home: str) -> list[web.RouteDef]:
    """Where this page is."""
    path = f"{home}/sessions/{{session}}/move"
    return [web.get(path, ask), web.post(path, move)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Where:
    """When and where somebody wants it."""

    starts_at: datetime
    ends_at: datetime
    branch_id: str
    room: str

    @property
    def typed(self) -> Wanted:
        """The same by the names of catalog's fields."""
        return {
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "branch_id": self.branch_id,
            "room": self.room,
        }

    def wish(self, plan: Planned) -> Mapping[str, str]:
        """The same as what else there is at that time is asked for."""
        times = {"starts_at": self.starts_at.isoformat(), "ends_at": self.ends_at.isoformat()}
        return {"branch_id": self.branch_id, "place": plan.place, "room": self.room, "host": plan.host} | times


class Becomes(NamedTuple):
    """One field, as it is and as it would be."""

    field: str
    label: str
    now: Value
    wanted: Value


async def ask(request: web.Request) -> web.Response:
    """``GET /{language}/staff/sessions/{id}/move``: when and where instead."""
    one = await seen(request, session_id(request))
    return _form(request, one, _as_it_is(one.plan, request.app[SITE].zone), ())


def _as_it_is(plan: Planned, zone: ZoneInfo) -> dict[str, str]:
    starts_at, ends_at = plan.starts_at.astimezone(zone), plan.ends_at.astimezone(zone)
    return {
        "day": starts_at.date().isoformat(),
        "starts": f"{starts_at:%H:%M}",
        "ends": f"{ends_at:%H:%M}",
        "branch_id": plan.branch.id,
        "room": plan.room,
        "scope": "one",
        "revision": str(plan.revision),
        "leave": "",
    }


def _form(request: web.Request, one: Seen, form: Mapping[str, str], faults: Sequence[Fault]) -> web.Response:
    names = dict(libraries(request))
    context = {
        "seen": one,
        "form": form,
        "faults": faults,
        "hosts": names | {one.plan.branch.id: one.plan.branch.name},
        "scopes": [(scope, LABELS[scope]) for scope in scopes(one.plan)],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/session_move.html", context, status=status)


async def move(request: web.Request) -> web.Response:
    """``POST /{language}/staff/sessions/{id}/move``: who would be told; ``step=save`` does it, ``edit`` goes back.

    Raises:
        web.HTTPBadRequest: it is no form of ours.
    """
    form = await typed(request)
    one = await seen(request, session_id(request))
    form = _as_it_is(one.plan, request.app[SITE].zone) | form
    where = _where(form, request.app[SITE].zone)
    if isinstance(where, list):
        return _form(request, one, form, where)
    if form.get("step") == "edit":
        return _form(request, one, form, ())
    leave = form.get("leave", "").split()
    if revision_of(form) != one.plan.revision:  # refused, which tells what is different
        return await _saved(request, one, where.typed, form)
    wanted = different(where.typed, one.plan, leave)
    if not wanted:
        return _form(request, one, form, [Fault(field="day", text=_NOTHING)])
    if form.get("step") == "save":
        return await _saved(request, one, where.typed, form)
    return await _previewed(request, one, where, form)


def _where(form: Mapping[str, str], zone: ZoneInfo) -> Where | list[Fault]:
    """When and where, or what is wrong with what was typed."""
    day = _day(form["day"])
    starts, ends = _clock(form["starts"]), _clock(form["ends"])
    missing = [
        *([Fault(field="day", text=_DAY)] if day is None else []),
        *([Fault(field="starts", text=_CLOCK)] if starts is None else []),
        *([Fault(field="ends", text=_CLOCK)] if ends is None else []),
    ]
    if day is None or starts is None or ends is None:
        return missing
    over_night = timedelta(days=1) if ends <= starts else timedelta()
    starts_at, ends_at = datetime.combine(day, starts, zone), datetime.combine(day + over_night, ends, zone)
    if length(starts, ends) is None:
        return [Fault(field="ends", text=ENDS_BEFORE)]
    for field, at in (("starts", starts_at), ("ends", ends_at)):
        if at.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != at.replace(tzinfo=None):
            return [Fault(field=field, text=_NO_SUCH_TIME)]
    return Where(starts_at=starts_at, ends_at=ends_at, branch_id=form["branch_id"], room=form["room"])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _clock(text: str) -> time | None:
    try:
        hours, _, minutes = text.replace(".", ":").partition(":")
        return time(int(hours), int(minutes or 0))
    except ValueError:
        return None


async def _previewed(request: web.Request, one: Seen, where: Where, form: Mapping[str, str]) -> web.Response:
    """Who would be told, how and in which words; how many sessions are meant, and what is in the way of the one."""
    wanted = different(where.typed, one.plan, form.get("leave", "").split())
    if "starts_at" in wanted and where.starts_at <= request.app[SITE].now():
        return _form(request, one, form, [Fault(field="day", text=_PAST)])
    scope = scope_of(one.plan, form["scope"])
    group = await meant(request, one.plan, scope)
    people = await people_of(request, group)
    so = standing(one.plan)
    changes = {name: at.isoformat() if isinstance(at, datetime) else at for name, at in wanted.items()}
    context = {
        "seen": one,
        "form": form,
        "rows": [Becomes(field, label(field), so[field], value) for field, value in wanted.items()],
        "told": await told(request, "rescheduled", one.plan.id, people, changes),
        "many": len(group),
        "scope": LABELS[scope],
        "hosts": dict(libraries(request)) | {one.plan.branch.id: one.plan.branch.name},
        "branch": where.branch_id,
        "in_the_way": await in_the_way(services(request).catalog, where.wish(one.plan), besides=[p.id for p in group]),
    }
    return page(request, "staff/session_move_preview.html", context)


async def _saved(request: web.Request, one: Seen, wanted: Wanted, form: Mapping[str, str]) -> web.Response:
    scope = scope_of(one.plan, form["scope"])
    people = await _people(request, await meant(request, one.plan, scope))
    leave = form.get("leave", "").split()
    done = await change(request, one.plan, wanted, revision=revision_of(form), scope=scope, leave=leave)
    match done:
        case Fault():
            return _form(request, one, form, [_on_the_form(done)])
        case Collision() if not done.is_done:
            return collided(request, one, done, form)
        case Changed():
            return to(request, f"/sessions/{one.plan.id}", notice=notice(said(request, "moved", done, people)))
        case _:
            return to(request, f"/sessions/{one.plan.id}")


async def _people(request: web.Request, group: Sequence[Planned]) -> People:
    """Who is told, to say so afterwards: not worth failing for."""
    try:
        return await people_of(request, group)
    except Problem:
        return People({})


def _on_the_form(fault: Fault) -> Fault:
    """Beside the field that asks for it here."""
    return fault._replace(field={"starts_at": "starts", "ends_at": "ends"}.get(fault.field or "", fault.field))
