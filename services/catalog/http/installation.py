"""When people are written to and how much is let through, for administrators."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aiohttp import web

from services.catalog import usecases
from services.catalog.domain.installation import BOUNDS, SHORTEST_HOURS, Decision, consequences
from services.catalog.http.api import IDENTITY, SETTINGS, api
from services.catalog.inputs import InstallationPatch
from services.catalog.views import BoundsView, ConsequenceView, DifferenceView, InstallationPreview, InstallationView
from shared.hours import Window
from shared.keys import DATABASE

if TYPE_CHECKING:
    from shared.db import Connection
    from shared.installation import Decided, Rules

_OTHERWISE = "only administrators decide for the whole installation"


@api.get("/v1/installation", problems=("unauthorized", "forbidden"))
async def installation(request: web.Request) -> InstallationView:
    """Tell what counts for the whole installation (administrators)."""
    await request.app[IDENTITY].administrator(request, _OTHERWISE)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return _view(await usecases.present(conn, request.app[SETTINGS].rules))


@api.patch("/v1/installation", problems=("unauthorized", "forbidden", "stale-revision", "invalid"))
async def change_installation(request: web.Request, body: InstallationPatch) -> InstallationView:
    """Decide when people are written to and how much is let through (administrators).

    Every service follows within seconds. What waits for the hours of before is looked at again at once.
    """
    staff = await request.app[IDENTITY].administrator(request, _OTHERWISE)
    usual = request.app[SETTINGS].rules

    async def work(conn: Connection) -> InstallationView:
        return _view(await usecases.decide(conn, staff, _wanted(body), usual, body.revision))

    return await request.app[DATABASE].transact(work)


@api.post("/v1/installation/preview", problems=("unauthorized", "forbidden", "invalid"))
async def preview_installation(request: web.Request, body: InstallationPatch) -> InstallationPreview:
    """Tell what a decision would make different and what follows; nothing is changed (administrators)."""
    await request.app[IDENTITY].administrator(request, _OTHERWISE)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        present = await usecases.present(conn, request.app[SETTINGS].rules)
    after = replace(present.rules, **_wanted(body))
    return InstallationPreview(
        revision=present.revision,
        changes=tuple(
            DifferenceView(field=one.field, was=one.was, is_=one.is_)
            for one in usecases.differences(present.rules, after)
        ),
        consequences=tuple(
            ConsequenceView(field=one.field, id=one.id)
            for one in consequences(_decision(present.rules), _decision(after))
        ),
    )


def _wanted(body: InstallationPatch) -> dict[str, Any]:
    """What shall be different, by the names of the rules."""
    given = {name: value for name, value in body if value is not None and name != "revision"}
    if body.permitted_hours is not None:
        given["permitted_hours"] = Window.parse(body.permitted_hours)
    return given


def _decision(rules: Rules) -> Decision:
    window = rules.permitted_hours
    return Decision(
        opens=window.opens.hour,
        closes=window.closes.hour if window.closes else 24,
        bookings_of_number=rules.bookings_of_number,
        messages_to_number=rules.messages_to_number,
        bookings_from_network=rules.bookings_from_network,
        sms_parts_a_day=rules.sms_parts_a_day,
    )


def _view(decided: Decided) -> InstallationView:
    told = decided.rules.told(decided.revision)
    return InstallationView(
        **told.model_dump(),
        decided_at=decided.at,
        bounds={name: BoundsView(**bounds._asdict()) for name, bounds in BOUNDS.items()},
        shortest_hours=SHORTEST_HOURS,
    )
