"""Watches what was started: whatever ends is started again, sooner at first, later when it keeps ending."""

import asyncio
import time
from collections.abc import Mapping
from typing import Protocol

from deploy.local.processes import Daemon, Running, start
from deploy.local.trouble import Trouble

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 10.0
_WELL_AFTER = 30.0
"""Seconds after which an end is a new one and not the old one again."""


class Changed(Protocol):
    """Told of each new process id, and whether everything works."""

    def __call__(self, pids: Mapping[str, int], *, ready: bool) -> None:
        """Note it."""


class Supervisor:
    """Keeps daemons running, in the order in which they were added; stops them the other way round."""

    def __init__(self, changed: Changed) -> None:
        self._changed = changed
        self._running: dict[str, Running] = {}
        self._watches: list[asyncio.Task[None]] = []
        self._unwell: set[str] = set()
        self._started = False

    async def add(self, name: str, daemon: Daemon) -> None:
        """Start a daemon, wait until it works, and watch it from then on.

        Raises:
            Trouble: it does not start.
        """
        self._running[name] = started = await start(daemon)
        self._tell()
        await started.wait_ready()
        self._watches.append(asyncio.create_task(self._watch(name)))

    def all_ready(self) -> None:
        """Everything that was to be started works."""
        self._started = True
        self._tell()

    def _tell(self) -> None:
        pids = {name: running.pid for name, running in self._running.items()}
        self._changed(pids, ready=self._started and not self._unwell)

    async def _watch(self, name: str) -> None:
        pause = _FIRST_PAUSE
        while True:
            began = time.monotonic()
            running = self._running[name]
            code = await running.process.wait()
            await running.reap()
            pause = _FIRST_PAUSE if time.monotonic() - began > _WELL_AFTER else min(pause * 2, _LONGEST_PAUSE)
            print(f"  {name} ended ({code}); starting it again. Log: {running.daemon.log}", flush=True)
            self._unwell.add(name)
            self._tell()
            await asyncio.sleep(pause)
            self._running[name] = again = await start(running.daemon)
            self._tell()
            try:
                await again.wait_ready()
            except Trouble as trouble:
                print(f"  {trouble}", flush=True)
                await again.stop()
                continue
            self._unwell.discard(name)
            self._tell()

    async def stop(self) -> None:
        """Stop everything: services together first, then what they stand on."""
        for watch in self._watches:
            watch.cancel()
        await asyncio.gather(*self._watches, return_exceptions=True)
        servers = [name for name in self._running if name in {"postgres", "rabbitmq", "epmd"}]
        services = [name for name in self._running if name not in servers]
        await asyncio.gather(*(self._running[name].stop() for name in services))
        await asyncio.gather(*(self._running[name].stop() for name in servers if name != "epmd"))
        await asyncio.gather(*(self._running[name].stop() for name in servers if name == "epmd"))
