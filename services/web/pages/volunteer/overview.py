"""What somebody who helps sees first: what they are asked, what is today, what comes and what was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from services.web.helping.frame import asks, helpers_only, home, page, to, volunteers
from services.web.helping.views import Mine
from services.web.helping.words import OUTCOMES, TOPICS
from services.web.keys import SITE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

    from services.web.helping.views import Doing

SHOWN_OF_THE_PAST = 10
WORDS: Mapping[str, object] = {"topics": TOPICS, "outcomes": OUTCOMES}
"""What pages that show somebody's doings have in common."""


def routes(home: str) -> list[web.RouteDef]:
    """Where this is."""
    return [web.get(home, overview), web.get(f"{home}/answer", answer)]


async def mine(request: web.Request) -> Mine:
    """Everything that is theirs."""
    return await volunteers(request).get(Mine, "/v1/me/assignments")


async def overview(request: web.Request) -> web.Response:
    """``GET /{language}/volunteer``: a coordinator who does not help themselves begins with their people."""
    if not asks(request).volunteer:
        return to(request, "/people")
    found = await mine(request)
    context = {
        "questions": found.questions,
        "today": found.shown(found.today),
        "next": found.shown(found.next),
        "past": found.shown(found.past)[:SHOWN_OF_THE_PAST],
        "waiting": [one for one in (*found.past, *found.today) if wants_outcome(one, request.app[SITE].now())],
    }
    return page(request, "volunteer/overview.html", dict(WORDS) | context)


@helpers_only
async def answer(request: web.Request) -> web.Response:
    """``GET .../answer``: what a message leads to; to the question, where there is just one."""
    questions = (await mine(request)).questions
    raise web.HTTPSeeOther(f"{home(request)}/assignments/{questions[0].id}" if len(questions) == 1 else home(request))


def wants_outcome(one: Doing, now: datetime) -> bool:
    """Whether it is over and nobody has told yet how it went."""
    return one.can_tell and one.outcome is None and one.session.ends_at <= now


def found(doings: Iterable[Doing], wanted: UUID) -> Doing | None:
    """One of somebody's doings."""
    return next((one for one in doings if one.id == wanted), None)
