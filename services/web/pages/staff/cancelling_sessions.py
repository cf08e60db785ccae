"""Calling a session off, or several of its series: first who would be told and how, then it is done. It stays done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from aiohttp import web

from services.web.faults import Fault, typed
from services.web.pages.staff.colliding import collided
from services.web.pages.staff.sessions import revision_of, said, session_id
from services.web.rendering import msgid
from services.web.staff.changing import Changed, Collision, change, fault
from services.web.staff.frame import notice, page, services, to
from services.web.staff.groups import LABELS, meant, scope_of, scopes
from services.web.staff.sessions import Seen, seen
from services.web.staff.telling import Told, people_of, told
from services.web.upstream import Alternatives
from shared.problems import Problem

if TYPE_CHECKING:
    from uuid import UUID

    from services.web.staff.changing import Scope
    from services.web.staff.sessions import Planned

REASONS: Mapping[str, str] = {
    "illness": msgid("Sjukdom"),
    "staff": msgid("Brist på personal"),
    "premises": msgid("Lokalen går inte att använda"),
    "too_few": msgid("För få anmälda"),
    "other": msgid("Annat skäl"),
}
_REASON = msgid("Välj varför det ställs in.")


def routes(home: str) -> list[web.RouteDef]:
    """Where this page is."""
    path = f"{home}/sessions/{{session}}/cancel"
    return [web.get(path, ask), web.post(path, cancel)]


async def ask(request: web.Request) -> web.Response:
    """``GET /{language}/staff/sessions/{id}/cancel``: why, and how far."""
    one = await seen(request, session_id(request))
    return _form(request, one, {"reason": "", "scope": "one", "revision": str(one.plan.revision)}, ())


def _form(request: web.Request, one: Seen, form: Mapping[str, str], faults: Sequence[Fault]) -> web.Response:
    context = {
        "seen": one,
        "form": form,
        "faults": faults,
        "reasons": REASONS,
        "scopes": [(scope, LABELS[scope]) for scope in scopes(one.plan)],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/session_cancel.html", context, status=status)


async def cancel(request: web.Request) -> web.Response:
    """``POST /{language}/staff/sessions/{id}/cancel``: who would be told; with ``step=save`` it is done.

    Raises:
        web.HTTPBadRequest: it is no form of ours.
    """
    form = {"reason": "", "scope": "one"} | await typed(request)
    one = await seen(request, session_id(request))
    scope = scope_of(one.plan, form["scope"])
    if form["reason"] not in REASONS:
        return _form(request, one, form, [Fault(field="reason", text=_REASON)])
    if revision_of(form) != one.plan.revision:
        stale = await change(request, one.plan, {}, revision=revision_of(form))
        if isinstance(stale, Collision) and stale.rows:
            return collided(request, one, stale.and_wants("status", one.plan.status, "cancelled"), form)
    telling = await _telling(request, one, scope)
    if form.get("step") != "save":
        context = {"seen": one, "form": form, "told": telling.told, "many": telling.many, "scope": LABELS[scope]}
        return page(request, "staff/session_cancel_preview.html", context | {"reason": REASONS[form["reason"]]})
    try:
        done = await services(request).catalog.send(
            Changed, "POST", f"/v1/sessions/{one.plan.id}/cancel", json={"reason": form["reason"], "scope": scope}
        )
    except Problem as problem:
        return _form(request, one, form, [fault(problem)])
    return to(request, f"/sessions/{one.plan.id}", notice=notice(said(request, "cancelled", done, telling.told.people)))


class _Telling(NamedTuple):
    """What calling off would tell."""

    told: Told
    many: int
    """Sessions that would be called off."""


async def _telling(request: web.Request, one: Seen, scope: Scope) -> _Telling:
    group = await meant(request, one.plan, scope)
    people = await people_of(request, group)
    following = await _following(request, one.plan) if people and scope == "one" else None
    changes = {"next_session_id": str(following)} if following else {}
    return _Telling(await told(request, "session_cancelled", one.plan.id, people, changes), len(group))


async def _following(request: web.Request, plan: Planned) -> UUID | None:
    """Where people could come instead, for the example: booking names the time that each of them can have."""
    found = await services(request).catalog.get(Alternatives, f"/v1/sessions/{plan.id}/alternatives")
    same = (other for other in found.items if other.activity_id == plan.activity_id and other.seats.left)
    return next((other.id for other in same), None)
