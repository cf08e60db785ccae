"""The parts of an installation for whoever ends them: each is started again by somebody."""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TextIO

import aiohttp

from deploy.local import postgres, rabbitmq
from shared.broker import wait
from tests.support.installation import Installation
from tests.support.replica import Replica, environment_of, start_replica
from tests.support.servers import eventually

BACK_WITHIN = 120
"""Seconds until a part that was ended serves again, on a machine that is busy with ending others."""

AT_ONCE = aiohttp.ClientTimeout(total=3)
_FOR_EVER = 7 * 86400


class Part:
    """A process that somebody starts again whenever it ends."""

    def __init__(self, name: str, pid: Callable[[], int | None], serves: Callable[[], Awaitable[bool]]) -> None:
        self.name = name
        self.turn = asyncio.Lock()
        """Whoever does something to it holds this: one thing at a time."""
        self.serves = serves
        self._pid = pid

    @property
    def pid(self) -> int | None:
        """Its process, which leads a group of its own; None while there is none."""
        return self._pid()

    def send(self, number: signal.Signals, pid: int | None) -> None:
        """Send a signal to the group, or nothing when it is gone."""
        if pid is not None:
            with suppress(ProcessLookupError):
                os.killpg(pid, number)

    async def back(self, was: int | None) -> None:
        """Until it serves under another number.

        Raises:
            TimeoutError: it does not.
        """

        async def again() -> bool:
            return self.pid not in {None, was} and await self.serves()

        await eventually(again, within=BACK_WITHIN)


class Kept:
    """A replica that is started again whenever it ends, as an orchestrator would."""

    def __init__(self, plats: Installation, service: str) -> None:
        self.starts = 0
        self._environment = environment_of(plats, service)
        self._service = service
        self._logs = plats.data / "logs"
        self._replica: Replica | None = None

    @property
    def url(self) -> str:
        """Where it listens, or listened last."""
        return self._replica.url if self._replica else ""

    @property
    def pid(self) -> int | None:
        """Its process."""
        return self._replica.pid if self._replica else None

    async def serves(self) -> bool:
        """Whether it answers."""
        return self._replica is not None and (await self._replica.health()).live

    async def ready(self) -> bool:
        """Whether it calls itself ready."""
        return self._replica is not None and (await self._replica.health()).ready

    async def keep(self) -> None:
        """Start it again and again until cancelled, and end it then."""
        try:
            while True:
                self._replica = await start_replica(self._service, self._environment, self._logs)
                self.starts += 1
                await self._replica.ended(within=_FOR_EVER)
        finally:
            if self._replica:
                await self._replica.stop()


@dataclass(kw_only=True)
class World:
    """What a storm rages over."""

    plats: Installation
    replicas: Mapping[str, Kept]
    """One more process of each of these services."""
    http: aiohttp.ClientSession
    log: TextIO
    over: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when everything is to heal."""
    struck: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often what happened to which part."""
    troubles: list[str] = field(default_factory=list)
    """What did not heal."""
    parts: dict[str, Part] = field(init=False)
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        names = ("web", "catalog", "booking", "notify", "phonebox", "postgres", "rabbitmq")
        self.parts = {name: Part(name, partial(self._pid, name), self._serves(name)) for name in names}
        for service, kept in self.replicas.items():
            name = f"{service}-2"
            self.parts[name] = Part(name, partial(getattr, kept, "pid"), kept.serves)

    def note(self, text: str) -> None:
        """Write a line into the storm's log."""
        print(f"{time.monotonic() - self.began:7.1f} {text}", file=self.log, flush=True)

    async def lasts(self, seconds: float) -> None:
        """Let something last, at most until the storm is over."""
        await wait(self.over, seconds)

    def urls(self, service: str) -> list[str]:
        """Where a service listens, with all its replicas."""
        further = [self.replicas[service].url] if service in self.replicas else []
        return [self.plats.url(service), *further]

    def _pid(self, name: str) -> int | None:
        pid: int | None = self.plats.info.get("pids", {}).get(name)
        return pid

    def _serves(self, name: str) -> Callable[[], Awaitable[bool]]:
        match name:
            case "postgres":
                return lambda: postgres.answers(self.plats.info["postgres"])
            case "rabbitmq":
                return self._broker_serves
            case "phonebox":
                return lambda: self._live(self.plats.url(name), "/health/ready")
            case _:
                return lambda: self._live(self.plats.url(name))

    async def _broker_serves(self) -> bool:
        info = self.plats.info
        return await rabbitmq.manageable(info["management"]) and await rabbitmq.answers(info["rabbitmq"])

    async def _live(self, url: str, path: str = "/health/live") -> bool:
        try:
            async with self.http.get(f"{url}{path}", timeout=AT_ONCE) as answer:
                return answer.ok
        except (aiohttp.ClientError, TimeoutError):
            return False
