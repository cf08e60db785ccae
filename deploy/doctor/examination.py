from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from deploy.doctor.answer import Answer
from deploy.doctor.checks.answers import answers as check_answers
from deploy.doctor.checks.backlog import backlog
from deploy.doctor.checks.broker import broker, broker_topology
from deploy.doctor.checks.databases import databases
from deploy.doctor.checks.erasure import erasure
from deploy.doctor.checks.figures import figures
from deploy.doctor.checks.heard import heard
from deploy.doctor.checks.messages import messages
from deploy.doctor.checks.processes import relays, services
from deploy.doctor.checks.projections import projections
from deploy.doctor.checks.revisions import revisions
from deploy.doctor.checks.seats import seats
from deploy.doctor.checks.sent import sent
from deploy.doctor.checks.waiting import waiting
from deploy.doctor.report import Finding, Note, Outcome, Report, Unseen
from deploy.doctor.site import Site
from deploy.doctor.visit import UNREADABLE, Visit, visit


class Check(NamedTuple):
    """A check: its name, what it shows when all is well, and how it looks."""

    name: str
    title: str
    look: Callable[[Visit], Awaitable[list[Finding | Note]]]


CHECKS = (
    Check("services", "Every service answers and is ready", services),
    Check("databases", "Every service's database can be read", databases),
    Check("seats", "Seats: what counts as taken is booked, offered or held, and no more than there is", seats),
    Check("waiting", "Waiting lists: what time changes is seen to, and free seats are offered", waiting),
    Check("figures", "Figures: every session that was closed is counted, once", figures),
    Check("revisions", "Events: every change was told, without gaps", revisions),
    Check("heard", "Events: what was told was heard, and nothing else", heard),
    Check("backlog", "Events: nothing waits for long, nothing was given up", backlog),
    Check("projections", "Events: what services keep of each other's records is right", projections),
    Check("relays", "Events: one relay leads in each service, nothing hangs in its database", relays),
    Check("broker", "Broker: queues are there, somebody takes from them, none lies among the dead", broker),
    Check("topology", "Broker: set up as the event contract asks for", broker_topology),
    Check("messages", "Messages: everybody who is to be told has one, none is stuck", messages),
    Check("erasure", "Privacy: nobody's details are kept longer than was decided", erasure),
    Check("sent", "Messages: sent is what arrived outside, once", sent),
)
"""Another check is another line."""

ANSWERS = Check("answers", "Answers: what clients were told is what is stored", check_answers)
"""For those who know what clients were told."""


async def examine(site: Site, *, answers: Sequence[Answer] | None = None, at_rest: bool = False) -> Report:
    """Look at a Plats, changing nothing; what cannot be seen is said in the report.

    Args:
        site: Where it is.
        answers: What clients were told last, all of them for the sessions concerned; None when nobody knows.
        at_rest: Whether everything has come to rest (see :func:`deploy.doctor.rest.settled`), so that nothing
            may be on its way any more. Otherwise it may be busy, and only what is late is wrong.
    """
    checks = CHECKS if answers is None else (*CHECKS, ANSWERS)
    async with visit(site, answers or (), at_rest=at_rest) as looking:
        return Report(outcomes=tuple([await _outcome(check, looking) for check in checks]))


async def _outcome(check: Check, looking: Visit) -> Outcome:
    try:
        seen = await check.look(looking)
    except Unseen as unseen:
        return Outcome(check=check.name, title=check.title, unseen=str(unseen))
    except UNREADABLE as error:
        todo = "See what PostgreSQL's log says, and examine again."
        lost = Finding(name="database-lost", what=f"A database broke off ({type(error).__name__})", todo=todo)
        return Outcome(check=check.name, title=check.title, findings=(lost,))
    return Outcome(
        check=check.name,
        title=check.title,
        findings=tuple(one for one in seen if isinstance(one, Finding)),
        notes=tuple(one for one in seen if isinstance(one, Note)),
    )
