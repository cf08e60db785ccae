"""What can happen to the parts of an installation, and a storm of it at moments that a seed decides."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random
from typing import LiteralString, NamedTuple

import aiohttp
import asyncpg

from deploy.local import rabbitmq
from deploy.local.phonebox.faults import SMS_SCRIPTS, SMTP_SCRIPTS
from shared.broker import wait
from shared.db import AWAY
from tests.support.brokers import control
from tests.support.parts import AT_ONCE, BACK_WITHIN, Part, World
from tests.support.servers import eventually

_AT_WORK_WITHIN = 3
"""Seconds that a kill waits for the moment it is meant for."""
_AWAY = (*AWAY, asyncpg.PostgresError)
"""The database ends or does not answer, as it may here at any moment; so does what waits for it too long."""


Strike = Callable[[World, Part, Random], Awaitable[None]]


class Fault(NamedTuple):
    """Something that can happen; over when it returns."""

    name: str
    strike: Strike


def told(number: signal.Signals) -> Strike:
    """A signal to the process; somebody starts it again when it has ended."""

    async def strike(_world: World, part: Part, _random: Random) -> None:
        was = part.pid
        if was is not None:
            _signal(was, number)
        await part.back(was)

    return strike


async def killed(_world: World, part: Part, _random: Random) -> None:
    """The process and all of its group are gone at once; somebody starts it again."""
    was = part.pid
    part.send(signal.SIGKILL, was)
    await part.back(was)


def frozen(shortest: float, longest: float) -> Strike:
    """It stands still for so many seconds, and everybody who waits for it with it."""

    async def strike(world: World, part: Part, random: Random) -> None:
        await _freeze(world, part, random.uniform(shortest, longest))

    return strike


async def _freeze(world: World, part: Part, seconds: float) -> None:
    was = part.pid
    part.send(signal.SIGSTOP, was)
    try:
        await world.lasts(seconds)
    finally:
        part.send(signal.SIGCONT, was)


async def frozen_then_killed(world: World, part: Part, random: Random) -> None:
    """A machine that hangs, and is switched off and on: what it was sent meanwhile is gone."""
    was = part.pid
    part.send(signal.SIGSTOP, was)
    await world.lasts(random.uniform(2, 15))
    part.send(signal.SIGKILL, was)
    await part.back(was)


async def database_frozen(world: World, part: Part, random: Random) -> None:
    """PostgreSQL stands still in the middle of everybody's transactions."""
    server = part.pid
    pids = [server, *_children(server)] if server else []
    for pid in pids:
        _signal(pid, signal.SIGSTOP)
    try:
        await world.lasts(random.uniform(2, 6))
    finally:
        for pid in pids:
            _signal(pid, signal.SIGCONT)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def leader_frozen(service: str) -> Strike:
    """The process whose relay leads stands still until it has lost the lead."""

    async def strike(world: World, _part: Part, random: Random) -> None:
        while True:
            part = await eventually(partial(leader, world, service), within=BACK_WITHIN)
            async with part.turn:
                if part is await leader(world, service):
                    await _freeze(world, part, random.uniform(22, 26))
                    return

    return strike


async def leader(world: World, service: str) -> Part | None:
    """The part whose relay leads in a service; None while none does, or the database is away."""
    try:
        async with world.plats.database(service) as conn:
            port = await conn.fetchval(
                """
                SELECT client_port FROM pg_stat_activity a JOIN pg_locks l USING (pid)
                WHERE l.locktype = 'advisory' AND l.granted AND a.application_name = $1
                """,
                f"plats-{service}-relay",
            )
    except _AWAY:
        return None
    mine = (world.parts[name] for name in (service, f"{service}-2") if name in world.parts)
    return next((part for part in mine if port and part.pid and _holds(part.pid, port)), None)


def _holds(pid: int, port: int) -> bool:
    """Whether a process has a connection from this port of ours."""
    return port in _ports(pid)


def _ports(pid: int) -> set[int]:
    """The ports of a process's connections and listeners."""
    held = set[str]()
    with suppress(OSError):
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                held.add(str(descriptor.readlink()))
    rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return {int(row[1].partition(":")[2], 16) for row in rows if f"socket:[{row[9]}]" in held}


def killed_when(rises: LiteralString) -> Strike:
    """Gone at the moment at which something is seen to rise in its database, if that is soon.

    Args:
        rises: Asks for a number; $1 are the ports of the process.
    """

    async def strike(world: World, part: Part, _random: Random) -> None:
        was = part.pid
        with suppress(*_AWAY):
            async with asyncio.timeout(_AT_WORK_WITHIN), world.plats.database(part.name.removesuffix("-2")) as conn:
                ports = _ports(was) if was else set()
                asked = await conn.prepare(rises)
                number = await asked.fetchval(ports)
                while await asked.fetchval(ports) <= number:
                    pass
                part.send(signal.SIGKILL, was)  # at once: leaving the database takes longer than what is to be met
                world.note(f"{part.name}: met at work")
        part.send(signal.SIGKILL, was)
        await part.back(was)

    return strike


_WRITES: LiteralString = """
    SELECT count(*) FROM pg_stat_activity
    WHERE client_port = ANY($1) AND state <> 'idle' AND query LIKE '%INSERT INTO '
"""
IN_A_HANDLER: LiteralString = _WRITES + "|| 'inbox (%'"
BEFORE_A_COMMIT: LiteralString = _WRITES + "|| 'outbox (%'"
BEFORE_THE_ACKNOWLEDGEMENT: LiteralString = "SELECT count(*) FROM inbox WHERE $1::int[] IS NOT NULL"
AS_THE_RELAY_SETTLES: LiteralString = "SELECT count(*) FROM published WHERE $1::int[] IS NOT NULL"


async def sessions_terminated(world: World, _part: Part, random: Random) -> None:
    """Connections of the services to their databases break, some or all, also in the middle of a transaction."""
    with suppress(*_AWAY):
        async with world.plats.database("booking") as conn:
            for _ in range(random.choice((1, 10))):
                await conn.execute(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE application_name LIKE 'plats-%' AND random() < $1
                    """,
                    random.choice((0.3, 1.0)),
                )
                await world.lasts(random.uniform(0, 0.5))


async def connections_closed(world: World, _part: Part, _random: Random) -> None:
    """An operator closes every connection at the broker."""
    api = f"{world.plats.info['management']}/api/connections"
    with suppress(aiohttp.ClientError, TimeoutError):
        async with world.http.get(api) as answer:
            names = [found["name"] for found in await answer.json()]
        for name in names:
            async with world.http.delete(f"{api}/{name}"):
                pass


async def memory_alarm(world: World, part: Part, random: Random) -> None:
    """The broker has no memory left and takes nothing from publishers."""
    info = world.plats.info
    server = rabbitmq.Server(url=info["rabbitmq"], management=info["management"], pid=part.pid or 0)
    try:
        await control(server, "set_vm_memory_high_watermark", "0")
        await world.lasts(random.uniform(5, 20))
    finally:
        await control(server, "set_vm_memory_high_watermark", "absolute", "1GB")


_LATE = {"late-accept"}
"""Where the provider accepts after it was asked whether it had: the one case in which somebody is told twice."""
_COSTLY = {"endless"}
"""Nothing else than a long answer, and much work for a shared machine."""


def provider_fault(kind: str, behaviour: str) -> Strike:
    """What the SMS provider or the mail server does to the next few messages."""

    async def strike(world: World, _part: Part, random: Random) -> None:
        fault = {"kind": kind, "behaviour": behaviour, "times": random.randint(1, 4), "seconds": random.choice((1, 4))}
        with suppress(aiohttp.ClientError, TimeoutError):
            async with world.http.post(f"{world.plats.url('phonebox')}/api/faults", json=fault, timeout=AT_ONCE):
                pass

    return strike


KILL, TERM = Fault("kill -9", killed), Fault("SIGTERM", told(signal.SIGTERM))
_PROCESS = (KILL, TERM)
_STORE = (
    *_PROCESS,
    Fault("kill -9 in a handler", killed_when(IN_A_HANDLER)),
    Fault("kill -9 after a handler's commit", killed_when(BEFORE_THE_ACKNOWLEDGEMENT)),
    Fault("kill -9 before a commit", killed_when(BEFORE_A_COMMIT)),
    Fault("kill -9 as a relay settles", killed_when(AS_THE_RELAY_SETTLES)),
)
_BROKER = (
    KILL,
    TERM,
    Fault("SIGSTOP up to 60 s", frozen(5, 60)),
    Fault("SIGSTOP, then kill -9", frozen_then_killed),
    Fault("connections closed", connections_closed),
    Fault("memory alarm", memory_alarm),
)
_DATABASE = (  # its backends have groups of their own
    Fault("kill -9", told(signal.SIGKILL)),
    Fault("fast stop", told(signal.SIGINT)),
    Fault("immediate stop", told(signal.SIGQUIT)),
    Fault("SIGSTOP", database_frozen),
    Fault("connections terminated", sessions_terminated),
)
_SMS = tuple(Fault(f"SMS {name}", provider_fault("sms", name)) for name in SMS_SCRIPTS if name not in _LATE | _COSTLY)
_MAIL = tuple(Fault(f"mail {name}", provider_fault("smtp", name)) for name in SMTP_SCRIPTS)


class Lane(NamedTuple):
    """What happens to a part, one thing after the other."""

    part: str
    pause: float
    """Seconds between two of them, on average."""
    faults: Sequence[Fault]
    own_turn: bool = True
    """Whether each holds the part's turn; else it takes the turns it needs, or needs none."""


LANES = (
    Lane("web", 30, (*_PROCESS, Fault("SIGSTOP", frozen(1, 10)))),
    *(
        Lane(part, 20, (*_STORE, Fault("SIGSTOP", frozen(1, 15))))
        for part in ("booking", "booking-2", "catalog", "catalog-2", "notify", "notify-2")
    ),
    *(
        Lane(part, 90, (Fault("relay leader frozen", leader_frozen(part)),), own_turn=False)
        for part in ("booking", "catalog")
    ),
    Lane("postgres", 20, _DATABASE),
    Lane("rabbitmq", 20, _BROKER),
    Lane("phonebox", 120, (KILL,)),
    Lane("phonebox", 5, _SMS, own_turn=False),
    Lane("phonebox", 8, _MAIL, own_turn=False),
)
"""Another fault is another line. No part suffers two at once; different parts do."""


async def storm(world: World, seed: int, seconds: float, lanes: Iterable[Lane] = LANES) -> None:
    """Let it rage for so long, then heal everything.

    The seed decides what happens to each part, in which order and after which pauses; how long a part takes to
    come back is the machine's.
    """
    async with asyncio.TaskGroup() as group:
        for number, lane in enumerate(lanes):
            if lane.part in world.parts:
                pause = min(lane.pause, seconds / 6)
                group.create_task(_rage(world, lane, pause, Random(f"{seed}/{number}")))  # noqa: S311 - a storm needs no secrets
        await wait(world.over, seconds)
        world.over.set()
    await _clear_script(world)


async def _rage(world: World, lane: Lane, pause: float, random: Random) -> None:
    part = world.parts[lane.part]
    while True:
        await world.lasts(random.uniform(0, 2 * pause))
        fault = random.choice(lane.faults)
        if world.over.is_set():
            return
        world.note(f"{part.name}: {fault.name}")
        try:
            if lane.own_turn:
                async with part.turn:
                    await fault.strike(world, part, random)
            else:
                await fault.strike(world, part, random)
        except TimeoutError:
            world.troubles.append(f"{part.name} did not come back within {BACK_WITHIN} s after: {fault.name}")
            world.note(f"{part.name}: not back")
            return
        world.struck[part.name, fault.name] += 1
        world.note(f"{part.name}: healed")


async def _clear_script(world: World) -> None:
    """The outside world does as it should again."""

    async def cleared() -> bool:
        try:
            async with world.http.delete(f"{world.plats.url('phonebox')}/api/faults", timeout=AT_ONCE) as answer:
                return answer.ok
        except (aiohttp.ClientError, TimeoutError):
            return False

    await eventually(cleared, within=BACK_WITHIN)
