"""`plats dead`: what no service could handle, for the person who has to look at it."""

import argparse
import asyncio
import getpass
import os
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import asyncpg

from deploy.local import installation
from deploy.local.trouble import Trouble, told_as
from shared import dead
from shared.db import AWAY, Connection
from shared.dead import Letter, Warrant
from shared.events import KEPT_DAYS, PREFIX

_POLL = 0.2
_NOBODY = "plats"
"""The name of every login in a container of ours."""

Arguments = argparse.Namespace


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A message and the service that could not handle it."""

    service: str
    letter: Letter


class Site:
    """The databases of the services asked about, open."""

    def __init__(self, open_: Mapping[str, Connection]) -> None:
        self._open = open_

    @classmethod
    @asynccontextmanager
    async def of(cls, dsns: Mapping[str, str]) -> "AsyncIterator[Site]":
        """Open them.

        Raises:
            Trouble: one does not answer, or gives up on the way.
        """
        opened: dict[str, Connection] = {}
        with told_as("A database does not do as it is asked", *AWAY, asyncpg.PostgresError):
            try:
                for service, dsn in dsns.items():
                    opened[service] = await asyncpg.connect(dsn, timeout=10, command_timeout=30)
                yield cls(opened)
            finally:
                for conn in opened.values():
                    await conn.close(timeout=2)

    async def letters(self, *, dropped: bool = False, kind: str | None, since: datetime | None) -> list[Found]:
        """What is dead or was dropped, the newest last."""
        found = [
            Found(service=service, letter=letter)
            for service, conn in self._open.items()
            for letter in await dead.letters(conn, dropped=dropped, kind=kind, since=since)
        ]
        return sorted(found, key=lambda each: each.letter.created_at)

    async def find(self, ids: Sequence[UUID]) -> list[Found]:
        """The messages with these ids, each of which is known.

        Raises:
            Trouble: one is not.
        """
        found = await self.left(ids)
        known = {id_ for each in found for id_ in (each.letter.id, each.letter.event_id)}
        if missing := [str(id_) for id_ in ids if id_ not in known]:
            raise Trouble(f"No dead message has the id {', '.join(missing)}. `plats dead list` shows them.")
        return found

    async def left(self, ids: Sequence[UUID]) -> list[Found]:
        """Those of these messages that are still there."""
        return [
            Found(service=service, letter=letter)
            for service, conn in self._open.items()
            for letter in await dead.find(conn, ids)
        ]

    async def history(self, found: Found) -> list[dead.Action]:
        """What was done about a message."""
        return await dead.history(self._open[found.service], found.letter.id)

    async def replay(self, chosen: Iterable[Found], warrant: Warrant) -> list[UUID]:
        """Let the services try them again; gives those it is true of."""
        by_service = _by_service(chosen)
        return [id_ for service, ids in by_service for id_ in await dead.replay(self._open[service], ids, warrant)]

    async def drop(self, chosen: Iterable[Found], warrant: Warrant) -> list[UUID]:
        """Drop them; gives those it is true of."""
        by_service = _by_service(chosen)
        return [id_ for service, ids in by_service for id_ in await dead.drop(self._open[service], ids, warrant)]


def _by_service(chosen: Iterable[Found]) -> list[tuple[str, list[UUID]]]:
    sorted_: dict[str, list[UUID]] = {}
    for each in chosen:
        sorted_.setdefault(each.service, []).append(each.letter.id)
    return list(sorted_.items())


async def _list(site: Site, arguments: Arguments) -> int:
    found = await site.letters(dropped=arguments.dropped, kind=arguments.type, since=arguments.since)
    if found:
        print(table(found))
    else:
        print("Nothing was dropped." if arguments.dropped else "No message is dead. All is well.")
    return 0


async def _show(site: Site, arguments: Arguments) -> int:
    for found in await site.find(arguments.ids):
        print(described(found))
        for action in await site.history(found):
            print(f"{_time(action.at)}  {action.action} by {action.who}: {action.why}")
    return 0


async def _replay(site: Site, arguments: Arguments) -> int:
    if bool(arguments.ids) == bool(arguments.all or arguments.type):
        raise Trouble("Say which: ids, or --type, or --all.")
    chosen = (
        await site.find(arguments.ids) if arguments.ids
        else await site.letters(kind=arguments.type, since=arguments.since)
    )  # fmt: skip
    replayed = set(await site.replay(chosen, _warrant(arguments)))
    for found in chosen:
        if found.letter.id not in replayed:
            print(f"{found.letter.id} is tried again by itself")
    print(f"{len(replayed)} replayed")
    ids = [found.letter.id for found in chosen if found.letter.id in replayed]
    left = {found.letter.id: found.letter for found in await _settled(site, ids, arguments.wait)}
    for id_ in ids:
        print(f"{id_} {_became(left.get(id_))}")
    return int(any(letter.state == "dead" for letter in left.values()))


async def _settled(site: Site, ids: Sequence[UUID], within: float) -> list[Found]:
    """What is left of replayed messages once each was tried, or after so many seconds."""
    deadline = time.monotonic() + within
    while True:
        left = await site.left(ids)
        if all(found.letter.state == "dead" for found in left) or time.monotonic() > deadline:
            return left
        await asyncio.sleep(_POLL)


def _became(letter: Letter | None) -> str:
    if letter is None:
        return "has its effect"
    if letter.state == "dead":
        return f"is dead again: {letter.error}"
    if letter.state == "waiting":
        return f"waits for something else: {letter.error}"
    return "was not taken up yet; its service tries it when it runs"


async def _drop(site: Site, arguments: Arguments) -> int:
    chosen = await site.find(arguments.ids)
    if alive := [str(found.letter.id) for found in chosen if found.letter.state != "dead"]:
        raise Trouble(f"Not dead, and so not dropped: {', '.join(alive)}.")
    dropped = await site.drop(chosen, _warrant(arguments))
    print(f"{len(dropped)} dropped. For {KEPT_DAYS} days `plats dead replay` with the same id brings it back.")
    return 0


def person(named: str | None) -> str:
    """Who does it: the name that was given, else that of the login.

    Raises:
        Trouble: neither names anybody.
    """
    try:
        who = named or getpass.getuser()
    except (KeyError, OSError):
        raise Trouble("Say who you are with --who: this login has no name.") from None
    if who == _NOBODY:
        raise Trouble("Say who you are with --who: here everybody is plats.")
    return who


def _warrant(arguments: Arguments) -> Warrant:
    who = person(arguments.who)
    if not arguments.why.strip():
        raise Trouble("Say why with --why: whoever looks at this later has to understand it.")
    return Warrant(who=who, why=arguments.why)


def table(found: Sequence[Found]) -> str:
    """Messages as aligned text, one a line."""
    rows = [("ID", "SERVICE", "TYPE", "SINCE", "TRIES", "REASON")] + [
        (
            str(each.letter.id),
            each.service,
            (each.letter.type or "unreadable").removeprefix(PREFIX),
            _time(each.letter.created_at),
            str(each.letter.attempts),
            each.letter.error,
        )
        for each in found
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row[:5], widths, strict=True)), row[5]]) for row in rows
    )


def described(found: Found) -> str:
    """A message in full."""
    letter = found.letter
    return "\n".join(
        (
            f"{letter.id}: {letter.state} at {found.service}",
            f"event    {letter.event_id or 'unknown'}",
            f"type     {letter.type or 'unreadable'}",
            f"since    {_time(letter.created_at)}",
            f"tries    {letter.attempts}, the last {_time(letter.updated_at)}",
            f"reason   {letter.error}",
            "",
            dead.readable(letter.body),
            "",
        )
    )


def _time(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M%z}"


def _dsns(arguments: Arguments) -> dict[str, str]:
    """The databases asked about: as the environment tells on a server, else those of a running installation."""
    service: str | None = arguments.service
    if service and (own := os.environ.get("PLATS_DATABASE")):
        return {service: own}
    wanted = [service] if service else installation.WITH_EVENTS
    told = {name: os.environ.get(f"PLATS_DATABASE_{name.upper()}", "") for name in wanted}
    if all(told.values()):
        return told
    running = installation.databases(Path(arguments.data).absolute())
    return {name: running[name] for name in wanted}


def run(arguments: Arguments) -> int:
    """Do what was asked."""

    async def work() -> int:
        async with Site.of(_dsns(arguments)) as site:
            result: int = await arguments.do(site, arguments)
            return result

    return asyncio.run(work())


def kind(text: str) -> str:
    """An event's type, with or without the prefix all have."""
    return text if text.startswith(PREFIX) else f"{PREFIX}{text}"


def moment(text: str) -> datetime:
    """A day or a time; local unless it says otherwise.

    Raises:
        argparse.ArgumentTypeError: it is neither.
    """
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        raise argparse.ArgumentTypeError("write a day like 2026-11-22, or 2026-11-22T07:30") from None


def identity(text: str) -> UUID:
    """An id as `plats dead list` shows it.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    try:
        return UUID(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no id; `plats dead list` shows them") from None


def _where() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--data", metavar="DIR", default=str(installation.USUAL), help="folder of the installation")
    parser.add_argument(
        "--service", choices=installation.WITH_EVENTS, help="only there; with PLATS_DATABASE set, in that database"
    )
    return parser


def _which() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--type", type=kind, metavar="session.published.v1", help="only events of this type")
    parser.add_argument("--since", type=moment, metavar="2026-11-22", help="only what came then or later")
    return parser


def _whose() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--why", required=True, help="kept with the message")
    parser.add_argument("--who", help="kept with the message; else your login name, where that is not plats")
    return parser


def options(parser: argparse.ArgumentParser) -> None:
    """What the command takes; without anything it lists."""
    parser.set_defaults(do=_list, dropped=False, type=None, since=None, service=None, data=str(installation.USUAL))
    actions = parser.add_subparsers(metavar="ACTION", title="actions")
    listing = actions.add_parser("list", parents=[_where(), _which()], help="every dead message, the newest last")
    listing.add_argument("--dropped", action="store_true", help="what was dropped lately instead")
    show = actions.add_parser("show", parents=[_where()], help="one in full, with what was done about it")
    replay = actions.add_parser(
        "replay", parents=[_where(), _which(), _whose()], help="let its service try it once more"
    )
    replay.add_argument("--all", action="store_true", help="every dead message")
    replay.add_argument("--wait", type=float, default=10, metavar="10", help="seconds to wait for what becomes of it")
    drop = actions.add_parser("drop", parents=[_where(), _whose()], help="take it out of sight")
    for action, do, ids in ((show, _show, "+"), (replay, _replay, "*"), (drop, _drop, "+")):
        action.add_argument("ids", nargs=ids, type=identity, metavar="ID")
        action.set_defaults(do=do)
