"""Programs that run beside us: started in a group of their own, waited for, ended, and never left behind."""

import asyncio
import fcntl
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from deploy.local.trouble import Trouble

ROOT = Path(__file__).parents[2]
_POLL = 0.05
_TAIL = 15
_GONE_WITHIN = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Daemon:
    """A program, and how one knows that it works."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    """The whole environment."""
    log: Path
    folder: Path = ROOT
    """Where it runs, and where it leaves what it writes when it crashes."""
    ready: Callable[[], Awaitable[bool]]
    ready_within: float = 60
    """Seconds."""
    alive: Callable[[], Awaitable[bool]] | None = None
    """Whether it runs, ready or not, where these differ: what it stands on may be away for long."""
    end: signal.Signals = signal.SIGTERM
    """What asks it to finish; it gets the same when we die without having asked."""
    end_within: float = 30


class Running:
    """A daemon that was started."""

    def __init__(self, daemon: Daemon, process: asyncio.subprocess.Process) -> None:
        self.daemon = daemon
        self.process = process

    @property
    def pid(self) -> int:
        """Its process id, which is also that of its group."""
        return self.process.pid

    async def wait_ready(self) -> None:
        """Until it works.

        Raises:
            Trouble: it ended, or took too long; with the end of its log.
        """
        await self._wait(self.daemon.ready)

    async def wait_alive(self) -> None:
        """Until it runs, though what it stands on may be away.

        Raises:
            Trouble: it ended, or took too long; with the end of its log.
        """
        await self._wait(self.daemon.alive or self.daemon.ready)

    async def _wait(self, check: Callable[[], Awaitable[bool]]) -> None:
        deadline = time.monotonic() + self.daemon.ready_within
        while not await check():
            if self.process.returncode is not None:
                raise Trouble(f"{self.daemon.name} ended while starting.\n{tail(self.daemon.log)}")
            if time.monotonic() > deadline:
                within = f"{self.daemon.ready_within:.0f} s"
                raise Trouble(f"{self.daemon.name} did not start within {within}.\n{tail(self.daemon.log)}")
            await asyncio.sleep(_POLL)

    async def stop(self) -> None:
        """Ask it to finish, wait, and end whatever is left of its group."""
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                self.process.send_signal(self.daemon.end)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.process.wait(), self.daemon.end_within)
        await self.reap()

    async def reap(self) -> None:
        """End the whole group at once, and wait until it is gone: a killed wrapper leaves its children."""
        deadline = time.monotonic() + _GONE_WITHIN
        self.kill()
        await self.process.wait()
        while _lives(self.pid) and time.monotonic() < deadline:  # noqa: ASYNC110 - nobody tells of grandchildren
            await asyncio.sleep(_POLL)

    def kill(self) -> None:
        """Kill what is left of its group, without waiting."""
        _kill_group(self.pid)


def _kill_group(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def _lives(group: int) -> bool:
    """Whether any process of a group runs; one that is dead and waits to be cleared away by init does not."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, its_group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state != "Z":
                return True
    return False


async def _spawn(
    argv: Sequence[str | Path], *, env: Mapping[str, str], folder: Path, log: IO[bytes], pass_fds: Sequence[int] = ()
) -> asyncio.subprocess.Process:
    """Start a program in a group of its own; when we are cancelled just then, it ends with the children it has."""
    spawning = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            *argv,
            env=env,
            cwd=folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=pass_fds,
        )
    )
    try:
        return await asyncio.shield(spawning)
    except asyncio.CancelledError:
        process = await spawning
        _kill_group(process.pid)
        await process.wait()
        raise


async def start(daemon: Daemon, claim: int | None = None) -> Running:
    """Start a daemon; its output goes to its log file.

    Args:
        daemon: What to start.
        claim: A file descriptor that it and its children hold for as long as they live, as ``alone`` gives it.

    Raises:
        Trouble: there is no such program, or no place for its log.
    """
    try:
        daemon.log.parent.mkdir(parents=True, exist_ok=True)
        with daemon.log.open("ab") as log:
            process = await _spawn(
                ("setpriv", "--pdeathsig", daemon.end.name.removeprefix("SIG"), "--", *daemon.argv),
                env=daemon.env,
                folder=daemon.folder,
                log=log,
                pass_fds=() if claim is None else (claim,),
            )
    except OSError as error:
        raise Trouble(f"{daemon.name} cannot be started: {error}") from error
    return Running(daemon, process)


@asynccontextmanager
async def running(daemon: Daemon) -> AsyncIterator[Running]:
    """Run a daemon for as long as the block lasts.

    Raises:
        Trouble: it does not start.
    """
    started = await start(daemon)
    try:
        await started.wait_ready()
        yield started
    finally:
        await started.stop()


async def command(*argv: str | Path, env: Mapping[str, str], log: Path, what: str) -> None:
    """Run a program to its end, with its output in a log file; when we are cancelled, it and its children end.

    Raises:
        Trouble: it failed; with the end of the log.
    """
    with log.open("ab") as output:
        process = await _spawn(argv, env=env, folder=ROOT, log=output)
    try:
        failed = await process.wait()
    except asyncio.CancelledError:
        _kill_group(process.pid)
        await process.wait()
        raise
    if failed:
        raise Trouble(f"{what} failed.\n{tail(log)}")


@asynccontextmanager
async def alone(lock: Path) -> AsyncIterator[int]:
    """One process at a time; others wait for their turn. Gives the claim, which whoever inherits it holds as well."""
    with lock.open("a") as file:
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            await asyncio.sleep(_POLL)
        yield file.fileno()


def tail(log: Path) -> str:
    """The last lines of a log, and where the rest is."""
    try:
        lines = log.read_text(errors="replace").splitlines()[-_TAIL:]
    except OSError:
        lines = []
    return "\n".join([*(f"    {line}" for line in lines), f"  The whole log: {log}"])
