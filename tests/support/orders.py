"""Several connections to a database whose statements are let go one by one, in every order that there is.

As PostgreSQL's own isolation tester does it: a statement either ends or is seen to wait for a lock of somebody else's.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import asyncpg

if TYPE_CHECKING:
    Plain: TypeAlias = asyncpg.Connection[asyncpg.Record]
else:
    Plain = asyncpg.Connection  # its classes are generic to the type checker only

Work: TypeAlias = Callable[[Plain], Awaitable[object]]

_UNNOTICED = re.compile(r"\s*(BEGIN|INSERT INTO (outbox|contact|move)\b)")
"""A transaction sees what is there when it first asks: it does not matter when it begins. Nor does it when it writes
what nobody sees before it commits, and what collides with nothing."""

_NOTICED = re.compile(r"FOR UPDATE|SELECT clock_timestamp|UPDATE moved|COMMIT|ROLLBACK")
"""What somebody asks of others or of the clock, and when others see what they did. What comes in between is done by
whoever holds a session's row, and seen by nobody; where orders would become thousands, it is in one piece. Whatever is
read before that row is held is as old as it can be: all begin at once."""


def _nowhere(_: str) -> bool:
    return False


class Stepped(Plain):
    """A connection that waits to be let go before each statement."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as its parent's
        super().__init__(*args, **kwargs)
        self.stops_at: Callable[[str], bool] = _nowhere
        """Before which statements it waits."""
        self.at_gate = asyncio.Event()
        self.let_go = asyncio.Event()

    async def _pass(self, statement: str) -> None:
        if self.stops_at(statement):
            self.at_gate.set()
            await self.let_go.wait()
            self.let_go.clear()

    async def execute(self, query: str, *args: object, timeout: float | None = None) -> str:  # noqa: ASYNC109 - asyncpg's
        """Run a statement when its turn has come; so do the following."""
        await self._pass(query)
        return await super().execute(query, *args, timeout=timeout)

    async def executemany(self, command: str, args: Any, *, timeout: float | None = None) -> None:  # noqa: ANN401, ASYNC109
        await self._pass(command)
        await super().executemany(command, args, timeout=timeout)

    async def fetch(self, query: str, *args: object, **how: Any) -> Any:  # noqa: ANN401
        await self._pass(query)
        return await super().fetch(query, *args, **how)

    async def fetchval(self, query: str, *args: object, **how: Any) -> Any:  # noqa: ANN401
        await self._pass(query)
        return await super().fetchval(query, *args, **how)

    async def fetchrow(self, query: str, *args: object, **how: Any) -> Any:  # noqa: ANN401
        await self._pass(query)
        return await super().fetchrow(query, *args, **how)


@dataclass
class _Actor:
    """Somebody who does one thing in a transaction."""

    conn: Stepped
    task: asyncio.Task[object]

    @property
    def is_ready(self) -> bool:
        return self.conn.at_gate.is_set()


class Stage:
    """Connections for a few actors, and one to watch them."""

    def __init__(self, watch: Plain, conns: Sequence[Stepped]) -> None:
        self.watch = watch
        self._conns = conns
        self._stops_at = _everywhere

    def step_by(self, *, fine: bool) -> None:
        """Go on from one statement to the next; or to the next that matters to others."""
        self._stops_at = _everywhere if fine else _where_noticed

    @classmethod
    @asynccontextmanager
    async def on(cls, dsn: str, many: int = 3) -> AsyncIterator["Stage"]:
        """On a database; two who wait for each other are told so soon."""
        soon = {"deadlock_timeout": "50ms", "lock_timeout": "5s"}
        async with AsyncExitStack() as stack:
            watch = await asyncpg.connect(dsn)
            stack.push_async_callback(watch.close)
            conns = []
            for _ in range(many):
                conn = await asyncpg.connect(dsn, connection_class=Stepped, server_settings=soon)
                stack.push_async_callback(conn.close)
                conns.append(conn)
            for each in (watch, *conns):
                await each.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")
            yield cls(watch, conns)

    async def play(
        self, works: Mapping[str, Work], choices: Sequence[int]
    ) -> tuple[dict[str, object], list[tuple[int, int]]]:
        """Let all do their work, always the next of ``choices`` among those who can go on, and then the first.

        Gives what came of each, exceptions as they are, and who was chosen among how many each time. Of two who wait
        for the same lock either may get it, so another time there may be fewer to choose from.
        """
        actors = [
            _Actor(conn, asyncio.create_task(_act(conn, work, self._stops_at)))
            for conn, work in zip(self._conns, works.values(), strict=False)
        ]
        ways: list[tuple[int, int]] = []
        while True:
            await self._settled(actors)
            ready = [actor for actor in actors if actor.is_ready]
            if ready:
                chosen = min(choices[len(ways)], len(ready) - 1) if len(ways) < len(choices) else 0
                ways.append((chosen, len(ready)))
                ready[chosen].conn.at_gate.clear()
                ready[chosen].conn.let_go.set()
            elif all(actor.task.done() for actor in actors):
                return {name: actor.task.result() for name, actor in zip(works, actors, strict=True)}, ways

    async def _settled(self, actors: Sequence[_Actor]) -> None:
        """Until each stands before a statement, has ended, or waits for another's lock."""
        for actor in actors:
            while not (actor.is_ready or actor.task.done() or await self._waits(actor)):
                pass  # asking takes its time

    async def _waits(self, actor: _Actor) -> bool:
        pid = actor.conn.get_server_pid()
        return bool(
            await self.watch.fetchval(
                """
                SELECT wait_event_type = 'Lock' AND cardinality(pg_blocking_pids(pid)) > 0
                FROM pg_stat_activity WHERE pid = $1
                """,
                pid,
            )
        )


def _everywhere(statement: str) -> bool:
    return _UNNOTICED.match(statement) is None


def _where_noticed(statement: str) -> bool:
    return _NOTICED.search(statement) is not None


async def _act(conn: Stepped, work: Work, stops_at: Callable[[str], bool]) -> object:
    """Do something in a transaction; what goes wrong is an outcome."""
    conn.stops_at = stops_at
    try:
        async with conn.transaction():
            return await work(conn)
    except Exception as error:  # noqa: BLE001 - the boundary: what becomes of it is for the test to judge
        return error
    finally:
        conn.stops_at = _nowhere


async def every_order(
    stage: Stage,
    scene: Callable[[], Awaitable[Mapping[str, Work]]],
    judge: Callable[[Mapping[str, object]], Awaitable[None]],
) -> int:
    """Play a scene in every order that there is, each time set anew, and judge what came of it; tells how many."""
    choices: list[int] = []
    for played in range(1, 100_000):
        outcome, ways = await stage.play(await scene(), choices)
        await judge(outcome)
        while ways and ways[-1][0] + 1 == ways[-1][1]:
            ways.pop()
        if not ways:
            return played
        choices = [chosen for chosen, _ in ways]
        choices[-1] += 1
    raise AssertionError("there is no end to it")
