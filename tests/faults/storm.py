"""A storm over a whole Plats: whatever runs is killed, frozen and cut off at random, while people use it.

``python -m tests.faults.storm --minutes 10 --seed 7`` starts an installation of its own with two replicas of each
service that keeps data, lets it happen, heals everything, waits until all is at rest, and has the checker judge.
It ends with 1 when anything is wrong, and leaves the installation's folder to be looked at.
"""

import argparse
import asyncio
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import aiohttp

from deploy.doctor import Report, Restless, Site, examine, settled
from deploy.local.installation import WITH_DATABASE, WITH_EVENTS
from tests.support.chaos import storm
from tests.support.crowd import Programme, Staff, Visitors
from tests.support.installation import Installation, installation
from tests.support.parts import BACK_WITHIN, Kept, World
from tests.support.servers import eventually

SETTLED_WITHIN = 180
"""Seconds after which nothing may be on its way any more."""

VISITORS, PAUSE, STAFF_PAUSE = 36, 6.0, 2.5
"""Six visits a second at most, also while many wait for an answer."""

_PATIENCE = aiohttp.ClientTimeout(total=6, connect=3)
_ENDED = re.compile(r"^ {2}(\w+) ended \(", re.MULTILINE)


@dataclass(kw_only=True)
class Outcome:
    """What a storm came to."""

    seed: int
    minutes: float
    struck: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often what happened to which part."""
    totals: dict[str, int] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    """What is wrong beside what the checker found."""
    report: Report | None = None
    seconds: float = 0.0

    @property
    def names(self) -> set[str]:
        """The checker's words for what is wrong."""
        return self.report.names if self.report else set()

    @property
    def healthy(self) -> bool:
        """Whether every promise was kept."""
        return self.report is not None and not self.report.findings and not self.findings

    def __str__(self) -> str:
        faults = [(f"{part}: {fault}", times) for (part, fault), times in sorted(self.struck.items())]
        return "\n".join(
            [
                f"Storm with seed {self.seed}: {self.minutes:g} minutes, {self.seconds:.0f} s with start and rest",
                "",
                *_table("What happened", "times", [*faults, ("all", self.struck.total())]),
                "",
                *_table("Totals", "", self.totals.items()),
                "",
                "Verdict of the checker",
                str(self.report),
                "",
                *(f"Beside it: {finding}." for finding in self.findings),
                "Nothing is wrong." if self.healthy else "Something is wrong.",
                f"The same again: python -m tests.faults.storm --minutes {self.minutes:g} --seed {self.seed}",
            ]
        )


def _table(left: str, right: str, rows: Iterable[tuple[str, int]]) -> list[str]:
    return [f"{left:<44} {right:>7}", *(f"  {name:<42} {number:>7}" for name, number in rows)]


async def rage(data: Path, *, seed: int, minutes: float) -> Outcome:
    """Start an installation in this folder, let the storm rage over it, and have it judged."""
    outcome = Outcome(seed=seed, minutes=minutes)
    began = time.monotonic()
    async with AsyncExitStack() as stack:
        plats = await stack.enter_async_context(installation(data))
        http = await stack.enter_async_context(_browser())
        replicas = await stack.enter_async_context(_replicas(plats))
        log = stack.enter_context((data / "storm.log").open("w"))
        world = World(plats=plats, replicas=replicas, http=http, log=log)
        visitors, staff = await _people(world, seed)
        async with visitors.going(VISITORS), staff.working():
            await storm(world, seed, minutes * 60)
            await _all_ready(world)
        await staff.looks_again()
        await _judge(Site.of(data), visitors, outcome)
        outcome.struck = world.struck
        outcome.findings += [*world.troubles, *visitors.troubles, *staff.troubles]
        outcome.totals = await _totals(world, visitors, staff)
    outcome.seconds = time.monotonic() - began
    return outcome


@asynccontextmanager
async def _browser() -> AsyncIterator[aiohttp.ClientSession]:
    """A client without kept connections, so that one that broke was in use."""
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(
        connector=connector, timeout=_PATIENCE, cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        yield session


@asynccontextmanager
async def _replicas(plats: Installation) -> AsyncIterator[Mapping[str, Kept]]:
    """A second process of each service that keeps data, kept running until the block ends."""
    made = {service: Kept(plats, service) for service in WITH_DATABASE}
    keepers = [asyncio.create_task(kept.keep()) for kept in made.values()]
    try:
        for kept in made.values():
            await eventually(kept.serves, within=BACK_WITHIN)
        yield made
    finally:
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)


async def _people(world: World, seed: int) -> tuple[Visitors, Staff]:
    """Those who use it. Each request goes to one of a service's replicas, as behind a balancer that knows nothing."""
    programme = Programme()
    draws = Random(f"{seed}/balancer")  # noqa: S311 - a storm needs no secrets
    headers = await world.plats.token("--role", "admin")

    def somewhere(service: str) -> str:
        return draws.choice(world.urls(service))

    staff = Staff(
        world.http,
        lambda: somewhere("catalog"),
        headers,
        programme,
        Random(f"{seed}/staff"),  # noqa: S311 - the same
        pause=STAFF_PAUSE,
    )
    await staff.opens_the_house()
    visitors = Visitors(
        world.http,
        lambda: somewhere("booking"),
        lambda: somewhere("web"),
        programme,
        Random(f"{seed}/visitors"),  # noqa: S311 - the same
        pause=PAUSE,
    )
    return visitors, staff


async def _all_ready(world: World) -> None:
    """Until every part says that it is; otherwise that is a trouble."""

    async def ready() -> bool:
        return await world.plats.ready() and all([await kept.ready() for kept in world.replicas.values()])

    try:
        await eventually(ready, within=BACK_WITHIN)
    except TimeoutError:
        world.troubles.append(f"not everything was ready again within {BACK_WITHIN} s")


async def _judge(site: Site, visitors: Visitors, outcome: Outcome) -> None:
    """Wait for rest, and examine."""
    try:
        await settled(site, within=SETTLED_WITHIN)
    except Restless as restless:
        outcome.findings.append(f"not at rest after {SETTLED_WITHIN} s: {restless}")
    outcome.report = await examine(site, answers=visitors.final(), at_rest=True)


async def _totals(world: World, visitors: Visitors, staff: Staff) -> dict[str, int]:
    """What was done, told and sent."""
    told = visitors.counted
    events = 0
    for service in WITH_EVENTS:
        async with world.plats.database(service) as conn:
            events += await conn.fetchval("SELECT count(*) FROM published")
    async with world.http.get(f"{world.plats.url('phonebox')}/api/messages") as answer:
        sent: list[dict[str, Any]] = (await answer.json())["items"]
    restarts = Counter(_ENDED.findall((world.plats.data / "up.log").read_text()))
    refused = {name: number for name, number in sorted(told.items()) if name.startswith("refused")}
    mails = [message["message_id"] for message in sent if message["kind"] == "email"]
    return {
        "bookings": told["booked"],
        "of these on web's pages": told["booked on a page"],
        "asked twice under one key": told["asked twice"],
        "parties that shrank": told["shrunk"],
        "cancellations": told["cancelled"],
        **refused,
        "answers lost on the way, had by asking again": told["cut"],
        "turned away by a closed door, asked again": told["turned away"],
        "told to try again (503, still running)": told["later"],
        "sessions opened": len(staff.terms),
        "changed, moved or called off by staff": sum(
            staff.counted[what] for what in ("seats", "move", "room", "call off")
        ),
        "staff had to ask again": staff.counted["asked again"],
        "events": events,
        "SMS": sum(message["kind"] == "sms" for message in sent),
        "mails": len(mails),
        "mails that came again, as they may": len(mails) - len(set(mails)),
        "restarts by the supervisor": restarts.total(),
        "restarts of second replicas": sum(kept.starts - 1 for kept in world.replicas.values()),
    }


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.storm", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--data", type=Path, help="a folder of its own; left out, one that goes when all is well")
    asked = parser.parse_args()
    data = asked.data or Path(tempfile.mkdtemp(prefix="plats-storm-"))
    outcome = asyncio.run(rage(data, seed=asked.seed, minutes=asked.minutes))
    sys.stdout.write(f"{outcome}\n")
    if not outcome.healthy:
        sys.stdout.write(f"What it left: {data}\n")
    elif asked.data is None:
        shutil.rmtree(data)
    return int(not outcome.healthy)


if __name__ == "__main__":
    sys.exit(main())
