"""A partner's coordinator hands over what one of their people said yes to: to another of them, or to the queue."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from aiohttp import web

from services.web.faults import Fault
from services.web.helping.frame import coordinators_only, page, posted, volunteers
from services.web.helping.staff.assigned import AssignedList
from services.web.helping.staff.staffing import HandedOver
from services.web.pages.volunteer.coordinator import Person, own_people
from services.web.rendering import msgid
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from services.web.helping.staff.assigned import Assigned

_QUEUE = "next"

_NOTHING = msgid("Välj minst ett uppdrag.")
_NOBODY = msgid("Välj vem som tar över.")
_CHANGED = msgid("Det du valde har redan ändrats. Här står läget som det är nu.")
_GONE = msgid("Personen hjälper inte till hos er längre. Välj någon annan.")
_NOT_SO = msgid("Personen kan inte ta just det här. Hör av dig till biblioteket om du vill veta mer.")
_WHY_NOT = {
    "already-busy": msgid("Personen har redan något annat då."),
    "over-budget": msgid("Personens timmar för året räcker inte."),
    "not-active": msgid("Personen hjälper inte till just nu."),
}
"""Why something was not handed over, by what volunteers calls it; of the register nothing is said here."""


class Became(NamedTuple):
    """What became of one thing that was to be handed over."""

    what: Assigned
    why_not: str
    """Empty where it was handed over."""


class Giving(NamedTuple):
    """Somebody who hands over."""

    giver: Person
    others: list[Person]
    """Of the same organisation."""
    live: list[Assigned]
    """What they said yes to and have before them, the earliest first."""


def routes(home: str) -> list[web.RouteDef]:
    """Where this page is."""
    at = f"{home}/hand-over"
    return [web.get(at, coordinators_only(show)), web.post(at, coordinators_only(hand_over))]


async def show(request: web.Request) -> web.Response:
    """``GET .../hand-over``: whose it is, and with ``?from=`` what that is and to whom it could go."""
    people = await own_people(request)
    wanted = request.query.get("from", "")
    if not wanted:
        return page(request, "volunteer/hand_over_from.html", {"people": people})
    giving = await _giving(request, people, wanted)
    return _form(request, giving, chosen=[one.chosen for one in giving.live])


async def hand_over(request: web.Request) -> web.Response:
    """``POST .../hand-over``: hand over what was ticked, and say of each what became of it."""
    people = await own_people(request)
    form = await posted(request)
    giving = await _giving(request, people, form.get("from", ""))
    giver, live = giving.giver, giving.live
    chosen, receiver = form.getall("chosen", []), form.get("to", "")
    given = [one for one in live if one.chosen in chosen]
    fault: Fault | None = None
    if not given:
        fault = Fault("chosen" if live else None, _CHANGED if chosen else _NOTHING)
    elif not receiver:
        fault = Fault("to", _NOBODY)
    if fault:
        return _form(request, giving, chosen=chosen, receiver=receiver, fault=fault)
    taker = None if receiver == _QUEUE else _among(people, receiver)
    body = {
        "from": str(giver.id),
        "to": str(taker.id) if taker else None,
        "assignments": _ids("visitor", given),
        "shifts": _ids("shift", given),
    }
    try:
        done = await volunteers(request).send(HandedOver, "POST", "/v1/me/hand-over", json=body)
    except Problem as problem:
        if problem.document.type != "unknown-volunteer":
            raise
        fault = Fault("to", _GONE)
        return _form(request, giving, chosen=chosen, receiver=receiver, fault=fault)
    context = {"giver": giver, "taker": taker, "became": _became(given, done)}
    return page(request, "volunteer/handed_over.html", context)


def _became(given: Sequence[Assigned], done: HandedOver) -> list[Became]:
    """What became of each.

    The service tells of a session by one id of what somebody has in it: its shift and its visitors go together.
    """
    sessions = {id_: session for one in given for id_, session in one.sessions.items()}
    kept = {sessions[one.id]: _WHY_NOT.get(one.type, _NOT_SO) for one in done.refused if one.id in sessions}
    return [
        Became(one, next((kept[session] for session in one.sessions.values() if session in kept), "")) for one in given
    ]


def _form(
    request: web.Request, giving: Giving, *, chosen: Collection[str], receiver: str = "", fault: Fault | None = None
) -> web.Response:
    context = {
        "giver": giving.giver,
        "live": giving.live,
        "others": giving.others,
        "chosen": chosen,
        "receiver": receiver,
        "queue": _QUEUE,
        "faults": [fault] if fault else [],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
    return page(request, "volunteer/hand_over.html", context, status=status)


async def _giving(request: web.Request, people: Sequence[Person], wanted: str) -> Giving:
    """Whom a form names as who hands over, with what they have."""
    giver = _among(people, wanted)
    found = await volunteers(request).get(AssignedList, f"/v1/me/people/{giver.id}/assignments")
    others = [one for one in people if one.id != giver.id and one.state == "active"]
    return Giving(giver, others, found.in_order)


def _ids(kind: str, given: Sequence[Assigned]) -> list[str]:
    return [str(id_) for one in given if one.kind == kind for id_ in one.sessions]


def _among(people: Sequence[Person], wanted: str) -> Person:
    """Whom a form names, of one's own people.

    Raises:
        web.HTTPBadRequest: it is no id.
        web.HTTPNotFound: it is nobody of theirs.
    """
    try:
        id_ = UUID(wanted)
    except ValueError as error:
        raise web.HTTPBadRequest from error
    for one in people:
        if one.id == id_:
            return one
    raise web.HTTPNotFound
