"""`plats dead`, as the person who looks after an installation uses it."""

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from uuid import UUID

import pytest
import structlog

from deploy import dead
from deploy.local.trouble import Trouble
from shared import inbox
from shared.db import Database
from shared.dead import Warrant, drop, find
from shared.events import KEPT_DAYS, AnyEvent, encode
from shared.failures import Failures
from shared.inbox import Consumer
from shared.incoming import Head
from tests.support.backbone import Seen, availability, consumer, count, reaches, running
from tests.support.brokers import VirtualHost
from tests.support.databases import Databases
from tests.support.servers import ROOT, eventually

NOWHERE = "amqp://nobody@127.0.0.1:9/"
"""No broker: what is dead is in the database."""


@pytest.fixture(autouse=True, scope="module")
def _logs_elsewhere() -> Iterator[None]:
    """What these tests read is what the command says, not what services log meanwhile."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    yield
    structlog.reset_defaults()


@dataclass(frozen=True, kw_only=True)
class Said:
    code: int
    out: str
    err: str


class Operator:
    """Somebody at a terminal of the server that has catalog's database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.failures = Failures(database)
        self.environment = {"PLATS_DATABASE": database.dsn, "LOGNAME": "anna"}

    async def plats(self, *arguments: str) -> Said:
        """Give the arguments of `plats dead` to the command, in this process: starting one takes a second."""
        parser = argparse.ArgumentParser()
        dead.options(parser)

        def command() -> Said:
            with redirect_stdout(StringIO()) as out, pytest.MonkeyPatch.context() as patch:
                for name, value in self.environment.items():
                    patch.setenv(name, value)
                try:
                    code = dead.run(parser.parse_args([*arguments, "--service", "catalog"]))
                except Trouble as trouble:
                    return Said(code=1, out=out.getvalue(), err=str(trouble))
                except SystemExit as refused:
                    return Said(code=int(refused.code or 0), out=out.getvalue(), err="")
            return Said(code=code, out=out.getvalue(), err="")

        return await asyncio.to_thread(command)

    async def process(self, *arguments: str) -> Said:
        """Run `plats dead` as it is run."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "deploy", "dead", *arguments, "--service", "catalog",
            cwd=ROOT, env=os.environ | self.environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, err = await process.communicate()
        return Said(code=process.returncode or 0, out=out.decode(), err=err.decode())

    async def buried(self, event: AnyEvent) -> UUID:
        """An event that is dead; gives the message's id."""
        await self.failures.keep(event, encode(event), "dead", "ValueError")
        row = await self.database.pool.fetchrow("SELECT id FROM inbox_failure WHERE event_id = $1", event.id)
        assert row is not None
        return UUID(int=row["id"].int)

    async def effects(self) -> list[UUID]:
        """The events that had their effect."""
        return [row["event_id"] for row in await self.database.pool.fetch("SELECT event_id FROM seen")]

    async def actions(self) -> list[tuple[str, str, str]]:
        """Who did what, and why."""
        rows = await self.database.pool.fetch("SELECT action, who, why FROM dead_action ORDER BY at, id")
        return [tuple(row) for row in rows]


@pytest.fixture
async def operator(databases: Databases) -> AsyncIterator[Operator]:
    async with Database(await databases.create("catalog"), name="catalog") as database:
        yield Operator(database)


@pytest.fixture
async def seen(operator: Operator) -> Seen:
    made = Seen()
    await made.prepare(operator.database)
    return made


async def test_what_is_dead_is_listed_and_shown(operator: Operator) -> None:
    """Fails when a message shows itself to the terminal as it came: this one would clear the screen."""
    nothing = await operator.process("list")
    assert (nothing.code, nothing.out) == (0, "No message is dead. All is well.\n")
    first, second = availability(), availability()
    ids = [str(await operator.buried(first)), str(await operator.buried(second))]
    await operator.failures.bury(b"\x1b[2J not json", "Invalid JSON", Head())
    listed = await operator.plats("list")
    typed = await operator.plats("list", "--type", "availability.changed.v1")
    later = await operator.plats("list", "--since", "2999-12-31")
    shown = await operator.plats("show", str(first.id))
    head, *rows = listed.out.splitlines()
    assert head.split() == ["ID", "SERVICE", "TYPE", "SINCE", "TRIES", "REASON"]
    assert [row.split()[:3] for row in rows[:2]] == [[id_, "catalog", "availability.changed.v1"] for id_ in ids]
    assert rows[2].split()[1:3] == ["catalog", "unreadable"]
    assert len({row.index("catalog") for row in rows}) == 1, "columns are aligned"
    assert typed.out.splitlines() == [head, *rows[:2]]
    assert later.out == nothing.out
    assert str(first.data.session_id) in shown.out
    assert "reason   ValueError" in shown.out
    odd = await operator.plats("show", rows[2].split()[0])
    assert "?[2J not json" in odd.out
    assert "\x1b" not in odd.out


async def test_a_replay_has_the_effect_once_and_says_who_and_why(
    operator: Operator, seen: Seen, broker: VirtualHost
) -> None:
    """Twice at once, with the original arriving again meanwhile.

    Fails when a replay is a new event with a new id, and when the inbox' mark is left out.
    """
    event = availability()
    letter = str(await operator.buried(event))
    taking = consumer(operator.database, broker.url, seen)
    async with running(taking.session, taking.retries):
        replays = await asyncio.gather(
            *(operator.process("replay", letter, "--why", "repaired the chair", "--who", "Åsa") for _ in range(2)),
            taking.handle(event),
        )
        await reaches(operator.database, "inbox_failure", 0)
    assert await operator.effects() == [event.id]
    assert {said.code for said in replays[:2] if said} <= {0, 1}
    assert await count(operator.database, "inbox") == 1


async def test_a_replay_that_works_is_told_and_recorded(operator: Operator, seen: Seen) -> None:
    """Fails when the record is left out, or the command does not wait for what became of it."""
    event = availability()
    letter = str(await operator.buried(event))
    async with running(consumer(operator.database, NOWHERE, seen).retries):
        said = await operator.plats("replay", letter, "--why", "repaired the chair", "--who", "Åsa")
    assert (said.code, said.out.splitlines()) == (0, ["1 replayed", f"{letter} has its effect"])
    assert await operator.effects() == [event.id]
    assert await operator.actions() == [("replay", "Åsa", "repaired the chair")]
    again = await operator.plats("replay", letter, "--why", "once more")
    assert (again.code, again.out) == (1, "")
    assert f"No dead message has the id {letter}" in again.err


async def test_a_replay_that_fails_again_is_dead_at_once(operator: Operator, seen: Seen) -> None:
    """Fails when it starts the whole row of retries anew."""
    event = availability()
    letter = str(await operator.buried(event))
    seen.fail.add(event.id)
    async with running(consumer(operator.database, NOWHERE, seen).retries):
        said = await operator.plats("replay", "--type", event.type, "--why", "hope")
        assert (said.code, said.out.splitlines()) == (1, ["1 replayed", f"{letter} is dead again: ValueError"])
        seen.fail.clear()
        said = await operator.plats("replay", "--all", "--why", "now it works")
        assert said.out.splitlines() == ["1 replayed", f"{letter} has its effect"]
    assert [(action, who) for action, who, _ in await operator.actions()] == [("replay", "anna")] * 2
    assert await count(operator.database, "seen") == 1


async def test_a_replay_waits_for_a_service_that_does_not_run_and_for_one_that_understands(
    operator: Operator, seen: Seen
) -> None:
    """A newer version may know what this one could not read. Fails when unreadable bytes cannot be tried again."""
    event = availability()
    await operator.failures.bury(encode(event), f"unknown type {event.type}: a newer version may know it", Head())
    said = await operator.plats("replay", "--all", "--why", "upgrade", "--wait", "0")
    assert said.code == 0
    assert "was not taken up yet; its service tries it when it runs" in said.out

    async def dead() -> bool:
        return bool(await operator.database.pool.fetchval("SELECT state = 'dead' FROM inbox_failure"))

    async with running(Consumer(operator.database, NOWHERE, "catalog", {}).retries):
        await eventually(dead)
    await operator.database.pool.execute("UPDATE inbox_failure SET state = 'retry', next_at = now()")
    async with running(consumer(operator.database, NOWHERE, seen).retries):
        await reaches(operator.database, "inbox_failure", 0)
    assert await operator.effects() == [event.id]


async def test_what_was_dropped_is_kept_for_a_while_and_can_come_back(operator: Operator, seen: Seen) -> None:
    """Fails when dropping deletes the bytes, and when the record is left out."""
    event = availability()
    letter = str(await operator.buried(event))
    dropped = await operator.plats("drop", letter, "--why", "a test message")
    assert (dropped.code, dropped.out.split(".")[0]) == (0, "1 dropped")
    kept = await operator.plats("list", "--dropped")
    shown = await operator.plats("show", letter)
    assert (await operator.plats("list")).out == "No message is dead. All is well.\n"
    assert letter in kept.out
    assert "drop by anna: a test message" in shown.out
    async with running(consumer(operator.database, NOWHERE, seen).retries):
        await operator.database.transact(inbox.forget)
        said = await operator.plats("replay", letter, "--why", "it was none")
    assert said.out.splitlines() == ["1 replayed", f"{letter} has its effect"]
    assert [action for action, _, _ in await operator.actions()] == ["drop", "restore", "replay"]
    assert await operator.effects() == [event.id]


async def test_what_was_dropped_long_ago_is_forgotten_but_not_who_did_it(operator: Operator) -> None:
    """Fails when dropped messages are kept for ever."""
    letter = await operator.buried(availability())
    await operator.plats("drop", str(letter), "--why", "a test message")
    await operator.database.pool.execute(
        "UPDATE inbox_dropped SET dropped_at = dropped_at - make_interval(days => $1)", KEPT_DAYS + 1
    )
    await operator.database.transact(inbox.forget)
    assert await count(operator.database, "inbox_dropped") == 0
    assert await operator.actions() == [("drop", "anna", "a test message")]


async def test_mistakes_are_told_and_change_nothing(operator: Operator) -> None:
    """Fails when a known id beside an unknown one is dealt with all the same."""
    event = availability()
    known, unknown = str(await operator.buried(event)), str(availability().id)
    said = [
        await operator.process("drop", known, unknown, "--why", "x"),
        await operator.plats("replay", "--why", "x"),
        await operator.plats("replay", known, "--why", " "),
        await operator.plats("replay", known),
        await operator.plats("show", "x"),
    ]
    assert [each.code for each in said] == [1, 1, 1, 2, 2]
    assert f"No dead message has the id {unknown}" in said[0].err
    assert "Say which" in said[1].err
    assert "Say why" in said[2].err
    assert await operator.actions() == []
    assert await operator.database.pool.fetchval("SELECT state FROM inbox_failure") == "dead"


async def test_a_message_on_its_way_is_neither_replayed_nor_dropped(operator: Operator) -> None:
    """Also when it came to life between the look and the deed. Fails when the state is not looked at."""
    event = availability()
    await operator.failures.keep(event, encode(event), "waiting", "another event")
    dropped = await operator.plats("drop", str(event.id), "--why", "x")
    replayed = await operator.plats("replay", str(event.id), "--why", "x")
    assert (dropped.code, replayed.code) == (1, 0)
    assert "Not dead, and so not dropped" in dropped.err
    assert "is tried again by itself" in replayed.out
    async with operator.database.transaction() as conn:
        [letter] = await find(conn, [event.id])
        assert await drop(conn, [letter.id], Warrant(who="anna", why="x")) == []
    assert await operator.actions() == []


async def test_a_database_that_does_not_answer_is_told(operator: Operator) -> None:
    operator.environment["PLATS_DATABASE"] = operator.database.dsn.rpartition("/")[0] + "/nowhere"
    said = await operator.process("list")
    assert said.code == 1
    assert "A database does not do as it is asked" in said.err
    assert "Traceback" not in said.err
