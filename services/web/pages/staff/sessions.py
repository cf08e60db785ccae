"""A session's own page: its seats as they are now, and raising, lowering, closing and opening them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from aiohttp import web

from services.web.faults import MAX_NUMBER, NUMBER, Fault, is_number, number, typed
from services.web.keys import SITE
from services.web.pages.staff.colliding import collided
from services.web.staff.changing import Changed, Collision, Scope, Value, Wanted, change, different
from services.web.staff.differences import history
from services.web.staff.frame import Notice, Undo, notice, page, to
from services.web.staff.groups import LABELS, meant, scope_of, scopes
from services.web.staff.sessions import Planned, Seen, seen
from services.web.staff.telling import people_of

if TYPE_CHECKING:
    from services.web.staff.telling import People

_NUMBERS = {
    "seats": "capacity.seats",
    "walk_in": "capacity.walk_in",
    "queue": "capacity.queue",
    "helpers": "helpers",
    "helpers_needed": "helpers_needed",
}
"""The fields of the form, and what catalog calls them."""
_BACK: Mapping[str, str] = {"today": "/today", "session": "/sessions/{id}"}
"""Where one comes back to: pages from which seats are changed."""


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    one = f"{home}/sessions/{{session}}"
    return [
        web.get(one, session),
        web.post(f"{one}/capacity", capacity),
        web.post(f"{one}/booking", open_or_close),
    ]


def session_id(request: web.Request) -> UUID:
    """The session a path names.

    Raises:
        web.HTTPNotFound: it names none.
    """
    try:
        return UUID(request.match_info["session"])
    except ValueError as error:
        raise web.HTTPNotFound from error


def revision_of(form: Mapping[str, str]) -> int:
    """The revision that a form was made from.

    Raises:
        web.HTTPBadRequest: no form of ours says that.
    """
    if not is_number(form.get("revision", "")):
        raise web.HTTPBadRequest
    return number(form["revision"])


async def session(request: web.Request) -> web.Response:
    """``GET /{language}/staff/sessions/{id}``: its seats, live, and what one can do about them."""
    return await _shown(request, await seen(request, session_id(request)))


async def _shown(
    request: web.Request, one: Seen, form: Mapping[str, str] | None = None, faults: Sequence[Fault] = ()
) -> web.Response:
    plan = one.plan
    typed_or_so = form or {
        "seats": str(plan.seats.capacity),
        "walk_in": str(plan.seats.walk_in),
        "queue": str(plan.queue.capacity),
        "helpers": "" if plan.helpers is None else str(plan.helpers),
        "helpers_needed": str(plan.helpers_needed),
        "scope": "one",
        "revision": str(plan.revision),
        "leave": "",
    }
    context = {
        "seen": one,
        "form": typed_or_so,
        "faults": faults,
        "scopes": [(scope, LABELS[scope]) for scope in scopes(plan)],
        "history": await history(request, plan.id),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/session.html", context, status=status)


async def capacity(request: web.Request) -> web.Response:
    """``POST /{language}/staff/sessions/{id}/capacity``: so many seats, with one tap or by number.

    Fewer than are taken throws nobody out. More while somebody waits makes offers, which cannot be taken back: first
    it is shown who would be told.

    Raises:
        web.HTTPBadRequest: it is no form of ours.
    """
    form = await typed(request)
    one = await seen(request, session_id(request))
    if faults := _faults(form):
        return await _shown(request, one, _whole(form, one.plan), faults)
    scope = scope_of(one.plan, form.get("scope", ""))
    numbers, leave = _numbers(form), form.get("leave", "").split()
    stale = revision_of(form) != one.plan.revision  # refused, which tells what is different
    if "confirmed" not in form and not stale and _offers(one, different(numbers, one.plan, leave)):
        waiting = (await people_of(request, await meant(request, one.plan, scope))).only("queued")
        if waiting:
            return _asked_first(request, one, _whole(form, one.plan), waiting)
    done = await change(request, one.plan, numbers, revision=revision_of(form), scope=scope, leave=leave)
    match done:
        case Fault():
            return await _shown(request, one, _whole(form, one.plan), [done])
        case Collision() if not done.is_done:
            return collided(request, one, done, form)
        case _:
            said = _said(request, one.plan, done, form, scope) if isinstance(done, Changed) else None
            return to(request, _back(form, one.plan.id), notice=said)


def _faults(form: Mapping[str, str]) -> list[Fault]:
    empty = {"helpers"}
    return [
        Fault(field=name, text=NUMBER)
        for name in _NUMBERS
        if name in form
        and not (name in empty and not form[name])
        and not (is_number(form[name]) and len(form[name]) <= MAX_NUMBER and number(form[name]) >= 0)
    ]


def _whole(form: Mapping[str, str], plan: Planned) -> dict[str, str]:
    """What was sent, with what the form asks for beside it as it is."""
    so = {"walk_in": str(plan.seats.walk_in), "queue": str(plan.queue.capacity), "scope": "one", "leave": ""}
    helpers = {
        "helpers": "" if plan.helpers is None else str(plan.helpers),
        "helpers_needed": str(plan.helpers_needed),
    }
    sent = {name: value for name, value in form.items() if name not in {"csrf", "by"}}
    return so | helpers | sent | ({"seats": str(_seats(form))} if "by" in form else {})


def _seats(form: Mapping[str, str]) -> int:
    """How many seats are meant: the number, or one more or fewer than there were."""
    by = form.get("by", "0")
    if by not in {"0", "1", "-1"}:
        raise web.HTTPBadRequest
    return max(0, number(form["seats"]) + int(by))


def _numbers(form: Mapping[str, str]) -> Wanted:
    if not is_number(form.get("seats", "")):
        raise web.HTTPBadRequest
    wanted: dict[str, Value] = {
        field: number(form[name]) if form[name] else None for name, field in _NUMBERS.items() if name in form
    }
    return wanted | {"capacity.seats": _seats(form)}


def _offers(one: Seen, wanted: Wanted) -> bool:
    """Whether seats would come free that there were not, so that whoever waits is offered one."""
    plan, taken = one.plan, one.seats.taken if one.seats else 0
    seats, walk_in = wanted.get("capacity.seats"), wanted.get("capacity.walk_in")
    more = (seats if isinstance(seats, int) else plan.seats.capacity) - (
        walk_in if isinstance(walk_in, int) else plan.seats.walk_in
    )
    return more > max(plan.seats.bookable, taken) or "helpers" in wanted


def _asked_first(request: web.Request, one: Seen, form: Mapping[str, str], waiting: People) -> web.Response:
    context = {"seen": one, "form": form, "waiting": waiting}
    return page(request, "staff/session_raise.html", context)


def _said(
    request: web.Request, before: Planned, after: Changed, form: Mapping[str, str], scope: Scope
) -> Notice | None:
    """What was done, and how it is taken back where only this session was changed."""
    if after.revision == before.revision and not after.also_changed:
        return None
    text = said(request, "seats", after)
    if scope != "one":
        return notice(text)
    undo = {
        "seats": str(before.seats.capacity),
        "walk_in": str(before.seats.walk_in),
        "queue": str(before.queue.capacity),
        "revision": str(after.revision),
        "back": form.get("back", "session"),
    }
    if before.helpers != after.helpers:
        undo["helpers"] = "" if before.helpers is None else str(before.helpers)
    if before.helpers_needed != after.helpers_needed:
        undo["helpers_needed"] = str(before.helpers_needed)
    return notice(text, Undo(path=f"/sessions/{after.id}/capacity", fields=undo))


def said(request: web.Request, what: str, *values: object) -> str:
    """What was done, in words."""
    return request.app[SITE].said(request, "staff/session_said.html", what, *values)


def _back(form: Mapping[str, str], id_: UUID) -> str:
    return _BACK.get(form.get("back", ""), _BACK["session"]).format(id=id_)


async def open_or_close(request: web.Request) -> web.Response:
    """``POST /{language}/staff/sessions/{id}/booking``: stop newcomers, or let them in. Who has a seat keeps it.

    ``do`` is ``close`` or ``open``; ``restore`` takes either back, to the times that are sent along.

    Raises:
        web.HTTPBadRequest: it is no form of ours.
    """
    form = await typed(request)
    one = await seen(request, session_id(request))
    plan = one.plan
    wanted = _booking_times(form, one, request.app[SITE].now())
    done = await change(request, plan, wanted, revision=revision_of(form))
    match done:
        case Fault():
            return await _shown(request, one, None, [done])
        case Collision() if not done.is_done:
            return collided(request, one, done, form)
        case Changed() if done.revision != plan.revision and form["do"] != "restore":
            before = {"opens_at": _iso(plan.opens_at), "closes_at": _iso(plan.closes_at)}
            fields = {"do": "restore", "revision": str(done.revision)} | before
            undo = Undo(path=f"/sessions/{plan.id}/booking", fields=fields)
            text = said(request, "shut" if form["do"] == "close" else "opened", plan)
            return to(request, f"/sessions/{plan.id}", notice=notice(text, undo))
        case _:
            return to(request, f"/sessions/{plan.id}")


def _booking_times(form: Mapping[str, str], one: Seen, now: datetime) -> Wanted:
    match form.get("do"):
        case "close":
            return {"closes_at": now.replace(microsecond=0)}
        case "open":
            later = one.plan.opens_at is not None and one.plan.opens_at > now
            return ({"opens_at": None} if later else {}) | {"closes_at": None}
        case "restore":
            try:
                return {name: _moment(form.get(name, "")) for name in ("opens_at", "closes_at")}
            except ValueError as error:
                raise web.HTTPBadRequest from error
        case _:
            raise web.HTTPBadRequest


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
