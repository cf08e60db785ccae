"""Real processes for tests: started on free ports, waited for, ended."""

import asyncio
import os
import random
import signal
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import aiohttp

ROOT = Path(__file__).parents[2]
_POLL = 0.05

T = TypeVar("T")


def free_port() -> int:
    """A port that nobody listens on, below those that the system gives to outgoing connections."""
    while True:
        port = random.randint(20000, 32000)  # noqa: S311 - a port is no secret
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


async def eventually(attempt: Callable[[], Awaitable[T | None]], *, within: float = 10) -> T:
    """Ask again until there is an answer that is neither None nor empty.

    Raises:
        TimeoutError: There was none within that many seconds.
    """
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if found := await attempt():
            return found
        await asyncio.sleep(_POLL)
    raise TimeoutError(f"nothing within {within} s")


@asynccontextmanager
async def running(
    command: Sequence[str | Path],
    environment: Mapping[str, str],
    *,
    ready: str,
    tree: Path = ROOT,
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a server from the top of a tree until the block ends; `ready` is the address that says it is up."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=tree,
        env={**os.environ, **environment},
        start_new_session=True,
    )
    try:
        await eventually(lambda: _is_ready(process, ready), within=30)
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
            raise


async def _is_ready(process: asyncio.subprocess.Process, address: str) -> bool:
    assert process.returncode is None, f"the server ended with {process.returncode}"
    try:
        async with aiohttp.ClientSession() as session, session.get(address) as answer:
            return answer.ok
    except aiohttp.ClientConnectorError:
        return False
