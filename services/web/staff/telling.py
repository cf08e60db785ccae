"""Who would be told of a change, how and in which words: asked of booking and notify before it is made."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias
from uuid import UUID

from babel.numbers import format_decimal
from pydantic import AwareDatetime

from services.web.keys import SITE
from services.web.rendering import LANGUAGE
from services.web.staff.frame import services
from services.web.staff.sessions import Planned
from shared.models import Model
from shared.problems import Problem

if TYPE_CHECKING:
    from aiohttp import web

Channel: TypeAlias = Literal["sms", "email", "call", "door"]
Stands: TypeAlias = Literal["confirmed", "queued", "offered"]

_QUESTIONS = 8
"""To booking at a time."""
_SOON = timedelta(minutes=2)
"""What leaves within this leaves at once, whichever clock says so."""


class _Reached(Model):
    state: Stands
    channel: Channel
    language: str
    bookings: int


class _Reach(Model):
    people: tuple[_Reached, ...]


class Text(Model):
    """What some of them would get."""

    language: str
    text_language: str
    channel: Channel
    state: Stands
    people: int
    subject: str | None
    text: str
    parts_each: int


class _Preview(Model):
    sends_at: AwareDatetime
    texts: tuple[Text, ...]
    parts: int
    cost: Decimal


class _Group(NamedTuple):
    state: Stands
    channel: Channel
    language: str


class People:
    """How many bookings of some sessions are told in which way. Nobody's name."""

    def __init__(self, counts: Mapping[_Group, int]) -> None:
        self._counts = {group: count for group, count in counts.items() if count}

    def __bool__(self) -> bool:
        return bool(self._counts)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self._counts.values())

    def by(self, channel: Channel) -> int:
        """Those who are told in this way."""
        return sum(count for group, count in self._counts.items() if group.channel == channel)

    def only(self, *states: Stands) -> People:
        """Those of them whose booking is so."""
        return People({group: count for group, count in self._counts.items() if group.state in states})

    def asked(self) -> list[dict[str, object]]:
        """As notify asks for them."""
        return [group._asdict() | {"count": count} for group, count in self._counts.items()]


class Told(NamedTuple):
    """What a change would tell."""

    people: People
    texts: Sequence[Text]
    """Examples, of the session that was chosen; none where nobody is told."""
    sends_at: AwareDatetime | None
    later: bool
    """Whether they wait for permitted hours."""
    cost: str
    """Of the SMS, in kronor, as the page's language writes it; empty where nothing costs."""


async def people_of(request: web.Request, plans: Collection[Planned]) -> People:
    """How many have a seat in these sessions or wait for one, by how they are told; nobody in what nobody has heard of.

    Raises:
        Problem: 403 where one is another library's, 503 while booking is away.
    """
    booking = services(request).booking
    gate = asyncio.Semaphore(_QUESTIONS)

    async def of(plan: Planned) -> _Reach:
        async with gate:
            try:
                return await booking.get(_Reach, f"/v1/sessions/{plan.id}/reach")
            except Problem as problem:
                if problem.document.type != "unknown-session":
                    raise
                return _Reach(people=())

    counts: Counter[_Group] = Counter()
    for reach in await asyncio.gather(*(of(plan) for plan in plans)):
        for some in reach.people:
            counts[_Group(some.state, some.channel, some.language)] += some.bookings
    return People(counts)


async def told(
    request: web.Request,
    template: Literal["rescheduled", "session_cancelled"],
    session_id: UUID,
    people: People,
    changes: Mapping[str, object],
) -> Told:
    """What these people would be told if a session changed so.

    Raises:
        Problem: as notify says; 503 while it is away.
    """
    if not people:
        return Told(people, (), None, later=False, cost="")
    body = {
        "template": template,
        "session_id": str(session_id),
        "changes": dict(changes),
        "people": people.asked(),
    }
    found = await services(request).notify.send(_Preview, "POST", "/v1/previews", json=body)
    later = found.sends_at > request.app[SITE].now() + _SOON
    cost = format_decimal(found.cost, "0.00", locale=request[LANGUAGE].locale) if found.cost else ""
    return Told(people, found.texts, found.sends_at, later=later, cost=cost)
