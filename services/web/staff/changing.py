"""Changing a session: what somebody typed against what is so, what became of it, what somebody else did meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime

from services.web.faults import OTHER, Fault
from services.web.rendering import msgid
from services.web.staff.differences import Difference, label
from services.web.staff.frame import services
from services.web.staff.sessions import Planned
from shared.models import Model
from shared.problems import Problem

if TYPE_CHECKING:
    from aiohttp import web

Scope: TypeAlias = Literal["one", "sitting", "following", "all"]
Value: TypeAlias = str | int | datetime | None
Wanted: TypeAlias = Mapping[str, Value]
"""What shall be different, by the field's name in catalog's API: ``capacity.seats``, ``room``."""

_FAULTS: Mapping[str, str] = {
    "seats": msgid("Skriv antalet platser med siffror, till exempel 15."),
    "walk_in": msgid("Platserna för drop-in kan inte vara fler än alla platser."),
    "queue": msgid("Skriv hur många som får stå i kö, till exempel 8."),
    "helpers": msgid("Skriv antalet hjälpare med siffror, eller lämna tomt."),
    "helpers_needed": msgid("Skriv hur många volontärer som behövs, med siffror, högst 50. 0 är inga."),
    "starts_at": msgid("Välj en tid som inte har varit, och högst två år fram."),
    "ends_at": msgid("Sluttiden behöver vara efter starttiden, samma dygn."),
    "room": msgid("Skriv rummet på en rad, högst 60 tecken."),
    "branch_id": msgid("Välj ett av biblioteken."),
    "opens_at": msgid("Bokningen behöver öppna innan tiden börjar."),
    "closes_at": msgid("Bokningen behöver stänga efter att den öppnar, och senast när tiden börjar."),
}
"""What is wrong with a field, when catalog says that something is."""

_OVER = msgid("Det går inte att ändra längre: tiden är slut, inställd eller avslutad.")


class LeftOut(Model):
    """A session of the group for which a change comes too late."""

    id: UUID
    why: Literal["begun", "cancelled", "closed"]


class Changed(Planned):
    """A session after a change, and what else changed with it."""

    also_changed: tuple[UUID, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


class _Difference(Difference):
    at: AwareDatetime
    by: Literal["staff", "admin", "coordinator"]


class _Stale(Model):
    revision: int
    changes: tuple[_Difference, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One field, as it was when somebody opened the page, as it is now, and as they want it."""

    field: str
    label: str
    was: object
    now: object
    wanted: object
    changed: bool = False
    """Whether somebody else changed it."""
    wants: bool = True
    """Whether it was meant to be different from what it was."""
    at: datetime | None = None
    by: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Collision:
    """What somebody else changed after the page was opened, beside what was meant to change."""

    revision: int
    """The present one: who still wants theirs sends it again from there."""
    rows: Sequence[Row]

    @property
    def leave(self) -> Sequence[str]:
        """Fields that only the other one changed: they stay as they are now, also when the form is sent again."""
        return [row.field for row in self.rows if row.changed and not row.wants]

    def and_wants(self, field: str, so: object, wanted: object) -> Collision:
        """With one more field that was meant to change, which the other one left alone."""
        return replace(self, rows=[*self.rows, Row(field=field, label=label(field), was=so, now=so, wanted=wanted)])

    @property
    def is_done(self) -> bool:
        """Whether all is so by now: somebody wanted the same, or we did, and never heard that it was done."""
        return all(row.wanted == row.now for row in self.rows if row.wants)


def different(typed: Wanted, plan: Planned, leave: Sequence[str] = ()) -> Wanted:
    """What of it is not so already, without what shall stay."""
    so = standing(plan)
    return {field: value for field, value in typed.items() if field not in leave and so[field] != value}


def standing(plan: Planned) -> Wanted:
    """How the fields that these pages change are now."""
    return {
        "capacity.seats": plan.seats.capacity,
        "capacity.walk_in": plan.seats.walk_in,
        "capacity.queue": plan.queue.capacity,
        "helpers": plan.helpers,
        "helpers_needed": plan.helpers_needed,
        "starts_at": plan.starts_at,
        "ends_at": plan.ends_at,
        "branch_id": plan.branch.id,
        "room": plan.room,
        "opens_at": plan.opens_at,
        "closes_at": plan.closes_at,
        "status": plan.status,
    }


async def change(
    request: web.Request,
    plan: Planned,
    typed: Wanted,
    *,
    revision: int,
    scope: Scope = "one",
    leave: Sequence[str] = (),
) -> Changed | Collision | Fault:
    """Change a session to what was typed, and others as far as the scope goes; or tell why not.

    Only what differs is sent: what was not meant to change stays as it is in those others too.

    Raises:
        Problem: what is no answer to a form: 401, 403, 404, 503.
    """
    typed = {field: value for field, value in typed.items() if field not in leave}
    body = _body(different(typed, plan)) | {"revision": revision, "scope": scope}
    try:
        return await services(request).catalog.send(Changed, "PATCH", f"/v1/sessions/{plan.id}", json=body)
    except Problem as problem:
        if problem.document.type == "stale-revision":
            stale = _Stale.model_validate(problem.document.model_dump())
            return _collision(stale, typed, standing(plan))
        return fault(problem)


def fault(problem: Problem) -> Fault:
    """What a refusal means to who sent a form.

    Raises:
        Problem: the same, where it is no answer to a form.
    """
    document = problem.document
    if document.type == "closed":
        return Fault(field=None, text=_OVER)
    if document.status == HTTPStatus.UNPROCESSABLE_ENTITY:
        field = (document.field or "").removeprefix("capacity.")
        return Fault(field=field, text=_FAULTS[field]) if field in _FAULTS else Fault(field=None, text=OTHER)
    raise problem


def _body(wanted: Wanted) -> dict[str, object]:
    body: dict[str, object] = {}
    capacity: dict[str, object] = {}
    for field, value in wanted.items():
        own = field.removeprefix("capacity.")
        (body if own == field else capacity)[own] = value.isoformat() if isinstance(value, datetime) else value
    return body | ({"capacity": capacity} if capacity else {})


def _collision(stale: _Stale, typed: Wanted, so: Wanted) -> Collision:
    told = {one.field: one for one in stale.changes}
    rows = [_row(field, told.get(field), typed, so) for field in dict.fromkeys((*told, *typed))]
    return Collision(revision=stale.revision, rows=[row for row in rows if row.changed or row.wants])


def _row(field: str, told: _Difference | None, typed: Wanted, so: Wanted) -> Row:
    was, now = (told.before, told.after) if told else (so[field], so[field])
    wanted = typed.get(field, was)
    return Row(
        field=field,
        label=label(field),
        was=was,
        now=now,
        wanted=wanted,
        changed=told is not None,
        wants=wanted != was,
        at=told.at if told else None,
        by=told.by if told else None,
    )
