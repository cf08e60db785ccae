"""Further processes of a service, beside those of an installation that runs."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import aiohttp

from deploy.local.processes import Daemon, Running, start, tail
from tests.support.installation import Installation
from tests.support.servers import eventually, free_port

_AT_ONCE = aiohttp.ClientTimeout(total=3)


class Health(NamedTuple):
    """What a service says of itself."""

    live: bool
    ready: bool
    lacking: frozenset[str]
    """The checks that fail."""


SILENT = Health(live=False, ready=False, lacking=frozenset())
"""Nobody answers."""


class Replica:
    """A process of a service that nobody but the test watches."""

    def __init__(self, running: Running, url: str) -> None:
        self.url = url
        self._running = running

    @property
    def pid(self) -> int:
        """Its process, which leads a group of its own."""
        return self._running.pid

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self._running.process.returncode is None

    @property
    def log(self) -> str:
        """What it wrote."""
        return self._running.daemon.log.read_text()

    async def health(self) -> Health:
        """Ask it."""
        try:
            async with aiohttp.ClientSession(timeout=_AT_ONCE) as http:
                async with http.get(f"{self.url}/health/live") as live:
                    pass
                async with http.get(f"{self.url}/health/ready") as ready:
                    checks: dict[str, bool] = (await ready.json())["checks"]
        except (aiohttp.ClientError, TimeoutError):
            return SILENT
        return Health(live.ok, ready.ok, frozenset(name for name, well in checks.items() if not well))

    async def ready(self, *, within: float = 30) -> None:
        """Until it calls itself ready."""

        async def is_ready() -> bool:
            assert self.runs, tail(self._running.daemon.log)
            return (await self.health()).ready

        await eventually(is_ready, within=within)

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._running.process.send_signal(number)

    async def ended(self, *, within: float = 45) -> int:
        """Wait for its end; gives its exit code, the negative number of a signal that it did not catch."""
        return await asyncio.wait_for(self._running.process.wait(), within)

    async def stop(self) -> None:
        """Ask it to finish, also when it is frozen, and wait; then end what is left."""
        with suppress(ProcessLookupError):
            self.send(signal.SIGCONT)
        await self._running.stop()

    async def kill(self) -> None:
        """End it as the power would, however it is."""
        await self._running.reap()


async def start_replica(
    service: str, environment: Mapping[str, str], folder: Path, *, port: int | None = None
) -> Replica:
    """Start a service, on a free port unless one is named; whether it becomes ready is for the caller."""
    port = port or free_port()
    daemon = Daemon(
        name=service,
        argv=(sys.executable, "-m", f"services.{service}"),
        env={**environment, "PLATS_PORT": str(port)},
        log=folder / f"{service}-{port}.log",
        ready=_at_once,
    )
    return Replica(await start(daemon), f"http://127.0.0.1:{port}")


async def _at_once() -> bool:
    return True


@asynccontextmanager
async def replica(plats: Installation, service: str) -> AsyncIterator[Replica]:
    """One more process of a service of a running installation, ready."""
    made = await start_replica(service, environment_of(plats, service), plats.data / "logs")
    try:
        await made.ready()
        yield made
    finally:
        await made.kill()


def environment_of(plats: Installation, service: str) -> dict[str, str]:
    """What a running service was told."""
    environ = Path(f"/proc/{plats.info['pids'][service]}/environ").read_bytes().decode().rstrip("\0")
    return dict(line.split("=", 1) for line in environ.split("\0"))
