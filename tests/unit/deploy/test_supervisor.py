import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from deploy.local.processes import Daemon, alone
from deploy.local.supervisor import Supervisor
from tests.support.servers import eventually

RUNS = 'trap "exit 0" TERM; sleep 60 & wait'
"""Shell: a service that ends when it is asked to."""


class Site:
    """A daemon whose health is as the test wishes, and what the supervisor tells of it."""

    def __init__(self, folder: Path) -> None:
        self.alive = True
        self.ready = True
        self.fault: BaseException | None = None
        """What a question about its readiness raises."""
        self.told: list[tuple[int, bool]] = []
        self._questions = 0
        self._folder = folder

    def daemon(self, *, ready_within: float = 30) -> Daemon:
        """Something that runs until it is ended."""
        return Daemon(
            name="it",
            argv=("sh", "-c", RUNS),
            env=dict(os.environ),
            log=self._folder / "it.log",
            ready=self._is_ready,
            ready_within=ready_within,
            alive=self._is_alive,
        )

    def changed(self, pids: Mapping[str, int], *, ready: bool) -> None:
        """What run.json would say."""
        self.told.append((pids["it"], ready))

    async def says(self, *, ready: bool, other_than: int = 0) -> int:
        """Until the newest word is this, of another process; gives its id."""

        async def right() -> int | None:
            pid, now = self.told[-1]
            return pid if now is ready and pid != other_than else None

        return await eventually(right, within=20)

    async def asked(self, times: int) -> None:
        """Until readiness was asked for this often from now on."""
        wanted = self._questions + times

        async def often() -> bool:
            return self._questions >= wanted

        await eventually(often, within=30)

    async def _is_alive(self) -> bool:
        return self.alive

    async def _is_ready(self) -> bool:
        self._questions += 1
        if self.fault:
            raise self.fault
        return self.alive and self.ready


@pytest.fixture
async def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
async def supervisor(site: Site, tmp_path: Path) -> AsyncIterator[Supervisor]:
    async with alone(tmp_path / "lock") as claim:
        made = Supervisor(site.changed, claim)
        yield made
        await made.stop()


async def test_a_service_started_again_is_left_alone_while_what_it_stands_on_is_away(
    site: Site, supervisor: Supervisor
) -> None:
    """Fails when a restart waits for readiness: the service would be killed, again and again, for its broker."""
    await supervisor.add("it", site.daemon(ready_within=0.3))
    supervisor.all_ready()
    first = await site.says(ready=True)
    site.ready = False
    os.kill(first, signal.SIGKILL)
    second = await site.says(ready=False, other_than=first)
    await site.asked(10)
    site.ready = True
    assert await site.says(ready=True) == second


async def test_run_json_tells_when_a_running_service_is_no_longer_ready(site: Site, supervisor: Supervisor) -> None:
    """Fails when only starts and ends are told: `ready` would be true without a broker."""
    await supervisor.add("it", site.daemon())
    supervisor.all_ready()
    pid = await site.says(ready=True)
    site.ready = False
    assert await site.says(ready=False) == pid
    site.ready = True
    assert await site.says(ready=True) == pid


async def test_a_service_started_again_that_never_lives_is_ended_and_started_anew(
    site: Site, supervisor: Supervisor
) -> None:
    """Fails when a restarted process is not asked for any sign of life."""
    await supervisor.add("it", site.daemon(ready_within=0.3))
    supervisor.all_ready()
    first = await site.says(ready=True)
    site.alive = False
    os.kill(first, signal.SIGKILL)
    second = await site.says(ready=False, other_than=first)
    await site.says(ready=False, other_than=second)
    site.alive = True
    await site.says(ready=True, other_than=second)


@pytest.mark.parametrize("fault", [RuntimeError("unforeseen"), asyncio.CancelledError()], ids=["error", "cancelled"])
async def test_a_question_that_fails_ends_no_watch(site: Site, supervisor: Supervisor, fault: BaseException) -> None:
    """Fails when the watch catches trouble only: it would end unnoticed, and nothing be started again any more."""
    await supervisor.add("it", site.daemon())
    supervisor.all_ready()
    first = await site.says(ready=True)
    site.fault = fault
    assert await site.says(ready=False) == first
    site.fault = None
    assert await site.says(ready=True) == first
    os.kill(first, signal.SIGKILL)
    await site.says(ready=True, other_than=first)
