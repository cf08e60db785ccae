"""Handing over what somebody said yes to: to a colleague of theirs, or to whoever is asked next."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from aiohttp import web

from services.web.faults import Fault
from services.web.helping.staff.assigned import AssignedList
from services.web.helping.staff.people import OTHER, ListedVolunteers
from services.web.helping.staff.staffing import REFUSALS, HandedOver
from services.web.keys import SITE
from services.web.pages.staff.volunteer import found_volunteer
from services.web.pages.staff.volunteers import WORDS
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import notice, page, posted, services, to

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.web.helping.staff.people import Volunteer

_LIVE = frozenset({"on_duty", "accepted"})
_NOTHING = msgid("Välj minst ett uppdrag.")
_NOBODY = msgid("Välj vem som tar över.")
_LEFT = msgid("Det som inte gick att lämna över är kvar: %(number)s.")
_DONE = msgid("%(name)s har lämnat över. Alla som det gäller har fått veta det.")


def routes(home: str) -> list[web.RouteDef]:
    """Where this page is."""
    at = f"{home}/volunteers/hand-over/{{volunteer}}"
    return [web.get(at, show), web.post(at, hand_over)]


async def show(request: web.Request) -> web.Response:
    """``GET .../volunteers/hand-over/{volunteer}``: what they said yes to, and to whom it could go."""
    return await _form(request, await found_volunteer(request))


async def hand_over(request: web.Request) -> web.Response:
    """``POST .../volunteers/hand-over/{volunteer}``: hand over what was ticked."""
    found = await found_volunteer(request)
    form = await posted(request)
    chosen, receiver = form.getall("chosen", []), form.get("to", "")
    if not chosen:
        return await _form(request, found, chosen, receiver, [Fault("chosen", _NOTHING)])
    if not receiver:
        return await _form(request, found, chosen, receiver, [Fault("to", _NOBODY)])
    body = {
        "from": str(found.id),
        "to": None if receiver == "next" else str(_uuid(receiver)),
        "assignments": _ids("visitor", chosen),
        "shifts": _ids("shift", chosen),
    }
    done = await services(request).volunteers.send(HandedOver, "POST", "/v1/hand-over", json=body)
    if not done.moved and done.refused:
        why = REFUSALS.get(done.refused[0].type, OTHER)
        return await _form(request, found, chosen, receiver, [Fault("to", why)])
    words = request[LANGUAGE]
    said = words.gettext(_DONE) % {"name": found.name}
    if done.refused:
        left = words.gettext(_LEFT) % {"number": len(done.refused)}
        said = f"{said} {left}"
    return to(request, f"/volunteers/people/{found.id}", notice=notice(said))


async def _form(
    request: web.Request,
    found: Volunteer,
    chosen: Sequence[str] | None = None,
    receiver: str = "",
    faults: Sequence[Fault] = (),
) -> web.Response:
    """The form; at first everything is ticked."""
    volunteers = services(request).volunteers
    assigned = await volunteers.get(AssignedList, f"/v1/volunteers/{found.id}/assignments")
    now = request.app[SITE].now()
    live = [one for one in assigned.in_order if one.state in _LIVE and one.session.starts_at > now]
    others = await volunteers.get(ListedVolunteers, "/v1/volunteers", params={"state": "active"})
    context = {
        **WORDS,
        "volunteer": found,
        "live": live,
        "others": [one for one in others.items if one.id != found.id],
        "chosen": [one.chosen for one in live] if chosen is None else chosen,
        "receiver": receiver,
        "faults": faults,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/hand_over.html", context, status=status)


def _ids(kind: str, chosen: Sequence[str]) -> list[str]:
    """The ids of what was ticked of a kind.

    Raises:
        web.HTTPBadRequest: our pages send nothing like it.
    """
    ticked = [one.partition(":")[2] for one in chosen if one.startswith(f"{kind}:")]
    return [str(_uuid(id_)) for ids in ticked for id_ in ids.split(",")]


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise web.HTTPBadRequest from error
