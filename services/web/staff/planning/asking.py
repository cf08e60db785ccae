"""What planning asks catalog."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.web.staff.planning.answers import (
    Activities,
    Activity,
    AllSeries,
    PlannedKinds,
    PlannedSessions,
    PlannedTimes,
)
from shared.i18n import swedish_order
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from services.web.staff.planning.answers import PlannedKind, PlannedSession, PlannedTime, Series
    from services.web.staff.services import StaffService

_AT_ONCE = "100"
_LONGEST_KEY = 36
_SESSIONS_AT_ONCE = "500"


async def activities(catalog: StaffService) -> list[Activity]:
    """All activities, in Swedish alphabetical order."""
    found: list[Activity] = []
    asked = {"limit": _AT_ONCE}
    while True:
        page = await catalog.get(Activities, "/v1/activities", params=asked)
        found += page.items
        if page.next is None:
            return sorted(found, key=lambda one: swedish_order(one.titles["sv"]))
        asked["cursor"] = page.next


async def activity(catalog: StaffService, id_: str) -> Activity:
    """One activity.

    Raises:
        Problem: 404 ``unknown-activity``.
    """
    return await catalog.get(Activity, f"/v1/activities/{known_id(id_)}")


async def kinds(catalog: StaffService) -> tuple[PlannedKind, ...]:
    """All kinds of activity."""
    return (await catalog.get(PlannedKinds, "/v1/kinds")).items


async def series(catalog: StaffService, branch: str, first: date, last: date) -> tuple[Series, ...]:
    """The series of a library that have a date between two days."""
    return (await catalog.get(AllSeries, "/v1/planning/series", params=_span(branch, first, last))).items


async def sessions(catalog: StaffService, branch: str, first: date, last: date, **wanted: str) -> list[PlannedSession]:
    """The sessions of a library between two days, whatever became of them."""
    found: list[PlannedSession] = []
    asked = _span(branch, first, last) | wanted | {"limit": _SESSIONS_AT_ONCE}
    while True:
        page = await catalog.get(PlannedSessions, "/v1/planning/sessions", params=asked)
        found += page.items
        if page.next is None:
            return found
        asked["cursor"] = page.next


async def in_the_way(catalog: StaffService, wish: Mapping[str, Any], *, besides: Collection[UUID] = ()) -> PlannedTime:
    """What is in the way of a single session that somebody thinks of, ``besides`` those that would change with it."""
    body = {
        **{name: wish[name] for name in ("branch_id", "place", "room", "host")},
        "times": [{name: wish[name] for name in ("starts_at", "ends_at")}],
        "besides": [str(id_) for id_ in besides],
    }
    (asked,) = (await catalog.send(PlannedTimes, "POST", "/v1/planning/conflicts", json=body)).items
    return asked


def once(key: str, body: Mapping[str, Any]) -> str:
    """The ``Idempotency-Key`` of a form: sent twice it is one, and sent again with something put right another one."""
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    return f"{key[:_LONGEST_KEY]}-{digest}"


def known_id(id_: str) -> UUID:
    """An id of an address.

    Raises:
        Problem: 404; what is no id could lead elsewhere.
    """
    try:
        return UUID(id_)
    except ValueError as error:
        raise Problem("unknown", 404, "There is no such thing") from error


def _span(branch: str, first: date, last: date) -> dict[str, str]:
    return {"branch": branch, "from": first.isoformat(), "to": last.isoformat()}
