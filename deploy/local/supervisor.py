"""Watches what was started: whatever ends is started again, sooner at first, later when it keeps ending."""

import asyncio
import time
from collections.abc import Mapping
from typing import Protocol

from deploy.local.processes import Daemon, Running, start
from deploy.local.trouble import Trouble

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 10.0
_UNREADY_POLL = 0.2
_READY_POLL = 2.0
_WELL_AFTER = 30.0
"""Seconds after which an end is a new one and not the old one again."""

_UNDERNEATH = (frozenset({"postgres", "rabbitmq"}), frozenset({"epmd"}))
"""What the services stand on: stopped after them, in this order."""


class Changed(Protocol):
    """Told of each new process id, and whether everything works."""

    def __call__(self, pids: Mapping[str, int], *, ready: bool) -> None:
        """Note it."""


class Supervisor:
    """Keeps daemons running; stops them the other way round.

    The first start waits until a daemon works. Started again, it only has to be alive: a service whose broker is
    away for an hour must not be killed each minute for that. Whether it is ready is then asked and told.
    """

    def __init__(self, changed: Changed, claim: int) -> None:
        self._changed = changed
        self._claim = claim
        self._running: dict[str, Running] = {}
        self._watches: list[asyncio.Task[None]] = []
        self._unwell: set[str] = set()
        self._started = False

    async def add(self, name: str, daemon: Daemon) -> None:
        """Start a daemon, wait until it works, and watch it from then on.

        Raises:
            Trouble: it does not start.
        """
        started = await self._start(name, daemon)
        await started.wait_ready()
        self._watches.append(asyncio.create_task(self._watch(name)))

    async def _start(self, name: str, daemon: Daemon) -> Running:
        self._running[name] = started = await start(daemon, self._claim)
        self._tell()
        return started

    def all_ready(self) -> None:
        """Everything that was to be started works."""
        self._started = True
        self._tell()

    def _tell(self) -> None:
        pids = {name: running.pid for name, running in self._running.items()}
        try:
            self._changed(pids, ready=self._started and not self._unwell)
        except OSError as error:  # a full disk, say: what runs goes on running
            print(f"  run.json cannot be written: {error.strerror}", flush=True)

    async def _watch(self, name: str) -> None:
        """Start a daemon again whenever it ends; the one boundary of its watch.

        What is unforeseen is no reason to end a daemon that runs: it counts as unwell and is asked again.
        """
        pause = _FIRST_PAUSE
        while True:
            began = time.monotonic()
            running = self._running[name]
            try:
                code = await self._ended(name, running)
                await running.reap()
                pause = _FIRST_PAUSE if time.monotonic() - began > _WELL_AFTER else min(pause * 2, _LONGEST_PAUSE)
                print(f"  {name} ended ({code}); starting it again. Log: {running.daemon.log}", flush=True)
                self._found(name, well=False)
                await asyncio.sleep(pause)
                await self._start_again(name, running.daemon)
            except asyncio.CancelledError:
                if (task := asyncio.current_task()) and task.cancelling():
                    raise
                await self._failed(name, "CancelledError")  # a library's, that nobody asked this task for
            except Exception as error:  # noqa: BLE001 - the boundary: a watch that ends unnoticed is worse than any error
                await self._failed(name, repr(error))

    async def _start_again(self, name: str, daemon: Daemon) -> None:
        try:
            started = await self._start(name, daemon)
            await started.wait_alive()
        except Trouble as trouble:
            print(f"  {trouble}", flush=True)
            await self._running[name].stop()

    async def _failed(self, name: str, reason: str) -> None:
        print(f"  The watch over {name} failed and goes on: {reason}", flush=True)
        self._found(name, well=False)
        await asyncio.sleep(_READY_POLL)

    async def _ended(self, name: str, running: Running) -> int:
        """Wait for a daemon's end, and keep asking whether it is ready."""
        end = asyncio.ensure_future(running.process.wait())
        try:
            while not end.done():
                if self._asks(name, running.daemon):
                    self._found(name, well=await running.daemon.ready())
                await asyncio.wait({end}, timeout=_UNREADY_POLL if name in self._unwell else _READY_POLL)
            return end.result()
        finally:
            end.cancel()

    def _asks(self, name: str, daemon: Daemon) -> bool:
        """Servers are asked after a restart only: each question is a login in their logs."""
        return daemon.alive is not None or name in self._unwell

    def _found(self, name: str, *, well: bool) -> None:
        """Note how a daemon is, and tell when that is news."""
        if well == (name not in self._unwell):
            return
        if well:
            self._unwell.discard(name)
        else:
            self._unwell.add(name)
        self._tell()

    async def stop(self) -> None:
        """Stop everything: services together first, then what they stand on."""
        for watch in self._watches:
            watch.cancel()
        await asyncio.gather(*self._watches, return_exceptions=True)
        services = self._running.keys() - frozenset().union(*_UNDERNEATH)
        for layer in (services, *_UNDERNEATH):
            await asyncio.gather(*(self._running[name].stop() for name in layer & self._running.keys()))

    def kill(self) -> None:
        """End everything at once, as a power cut would."""
        for running in self._running.values():
            running.kill()
