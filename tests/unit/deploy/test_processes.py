import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from deploy.local.processes import Daemon, alone, command, running, start
from deploy.local.trouble import Trouble
from tests.support.servers import eventually

PARENT = 'sleep 60 & echo $! >"$0.new" && mv "$0.new" "$0"; wait'
"""Shell: a wrapper whose child would outlive it; the file tells that child's process id."""


async def ready() -> bool:
    return True


def daemon(folder: Path, *argv: str) -> Daemon:
    return Daemon(name="it", argv=argv, env=dict(os.environ), log=folder / "it.log", ready=ready)


async def gone(child: Path) -> None:
    """Until the process is: one that only waits to be cleared away has no command line."""
    command_line = Path("/proc") / child.read_text().strip() / "cmdline"

    async def ended() -> bool:
        try:
            return not command_line.read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return True

    await eventually(ended)


async def test_a_start_that_is_cancelled_at_birth_leaves_nobody(tmp_path: Path) -> None:
    child = tmp_path / "child"
    starting = asyncio.create_task(start(daemon(tmp_path, "sh", "-c", PARENT, str(child))))
    for _ in range(2):
        await asyncio.sleep(0)
    deadline = time.monotonic() + 10
    while not child.exists():  # without giving way, so that the start cannot come to its end
        assert time.monotonic() < deadline
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    await gone(child)


async def test_a_wrapper_that_was_killed_takes_its_children_along(tmp_path: Path) -> None:
    child = tmp_path / "child"
    async with running(daemon(tmp_path, "sh", "-c", PARENT, str(child))) as started:
        await eventually(lambda: asyncio.sleep(0, child.exists()))
        os.kill(started.pid, signal.SIGKILL)
    await gone(child)


async def test_a_cancelled_command_ends_with_its_children(tmp_path: Path) -> None:
    child = tmp_path / "child"
    argv = ("sh", "-c", PARENT, str(child))
    work = asyncio.create_task(command(*argv, env=dict(os.environ), log=tmp_path / "log", what="Waiting"))
    await eventually(lambda: asyncio.sleep(0, child.exists()))
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    await gone(child)


async def test_a_command_that_fails_shows_the_end_of_its_log(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"Counting failed\.\n(?s:.*)    29\n    30\n.*whole log: .*log"):
        await command("sh", "-c", "seq 30; exit 3", env=dict(os.environ), log=tmp_path / "log", what="Counting")


async def test_a_daemon_that_ends_while_starting_shows_the_end_of_its_log(tmp_path: Path) -> None:
    never = asyncio.Event()

    async def is_ready() -> bool:
        return never.is_set()

    broken = Daemon(
        name="it",
        argv=("sh", "-c", "echo no such luck; exit 1"),
        env=dict(os.environ),
        log=tmp_path / "it.log",
        ready=is_ready,
    )
    with pytest.raises(Trouble, match=r"(?s)it ended while starting.*no such luck"):
        async with running(broken):
            pass


async def test_a_claim_lasts_as_long_as_whoever_inherited_it(tmp_path: Path) -> None:
    async with alone(tmp_path / "lock") as claim:
        heir = await start(daemon(tmp_path, "sleep", "60"), claim)

    async def turn() -> None:
        async with alone(tmp_path / "lock"):
            pass

    waiting = asyncio.create_task(turn())
    done, _ = await asyncio.wait({waiting}, timeout=0.2)
    assert not done
    await heir.stop()
    await asyncio.wait_for(waiting, 5)
