"""Which sessions a change means beside the one that was chosen: the slots of its sitting, dates of its series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from services.web.keys import SITE
from services.web.rendering import msgid
from services.web.staff.changing import Scope
from services.web.staff.frame import services
from services.web.staff.sessions import Planned, planned

if TYPE_CHECKING:
    from aiohttp import web

_AHEAD = timedelta(days=730)
"""Nothing is planned further ahead."""

LABELS: Mapping[Scope, str] = {
    "one": msgid("Bara den här tiden"),
    "sitting": msgid("Alla tider i samma pass"),
    "following": msgid("Den här och alla senare i serien"),
    "all": msgid("Alla kommande i serien"),
}


def scopes(plan: Planned) -> Sequence[Scope]:
    """How far a change of a session can go."""
    found: list[Scope] = ["one"]
    if plan.sitting_id:
        found.append("sitting")
    if plan.series_id:
        found += ["following", "all"]
    return found


def scope_of(plan: Planned, chosen: str) -> Scope:
    """How far somebody wants to go; what their session is no part of is the session alone."""
    return next((scope for scope in scopes(plan) if scope == chosen), "one")


async def meant(request: web.Request, plan: Planned, scope: Scope) -> Sequence[Planned]:
    """The sessions that would change, the chosen one among them. What has begun or is cancelled stays as it is.

    Raises:
        Problem: 503 while catalog is away.
    """
    if scope == "one":
        return [plan]
    zone, now = request.app[SITE].zone, request.app[SITE].now()
    day = plan.starts_at.astimezone(zone).date()
    catalog = services(request).catalog
    if scope == "sitting":
        found = await planned(catalog, {"from": day.isoformat(), "to": day.isoformat(), "branch": plan.branch.id})
        group = [one for one in found if one.sitting_id == plan.sitting_id]
    else:
        first = day if scope == "following" else now.date()
        days = {"from": first.isoformat(), "to": (now.date() + _AHEAD).isoformat()}
        group = list(await planned(catalog, days | {"series": str(plan.series_id)}))
    others = [one for one in group if one.starts_at > now and one.status != "cancelled" and not one.closed]
    return others if any(one.id == plan.id for one in others) else [plan, *others]
