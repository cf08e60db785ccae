"""`plats person`: everything that is known about one person, shown or erased when they ask."""

import argparse
import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from deploy.dead import person as name_of
from deploy.local import installation
from deploy.local.trouble import Trouble
from services.booking.reach import InvalidEmail, InvalidPhone, Reach, reach
from services.booking.usecases import privacy
from services.notify import retention
from services.volunteers.reach import Reached
from services.volunteers.usecases import privacy as helpers
from shared import audit, codes
from shared.auth import Staff
from shared.db import Connection, Database

Arguments = argparse.Namespace


def _who(arguments: Arguments) -> tuple[Reach | None, str | None]:
    """By what somebody is found.

    Raises:
        Trouble: it is no number, address or code.
    """
    try:
        if arguments.phone:
            return reach("call", arguments.phone, None), None
        if arguments.email:
            return reach("email", None, arguments.email), None
    except (InvalidPhone, InvalidEmail) as error:
        raise Trouble(f"That finds nobody: {error}.") from error
    code = codes.read(arguments.code)
    if code is None:
        raise Trouble("That finds nobody: this is no booking code.")
    return None, code


def _by(arguments: Arguments) -> Staff:
    return Staff(subject=name_of(arguments.who), role="admin", branches=frozenset())


async def _note(conn: Connection, arguments: Arguments, action: str, refs: Sequence[UUID]) -> None:
    field = next(name for name in ("phone", "email", "code") if getattr(arguments, name))
    for ref in refs:
        await audit.note(conn, _by(arguments), action, "person", ref, branch=None, fields=(field,))


async def _find(conn: Connection, arguments: Arguments, action: str) -> list[UUID]:
    refs = await privacy.find(conn, *_who(arguments))
    await _note(conn, arguments, action, refs)
    return refs


async def _find_helpers(conn: Connection, arguments: Arguments, action: str) -> list[UUID]:
    """Those who help or coordinate; they have no code of a booking."""
    reach, _ = _who(arguments)
    if reach is None:
        return []
    refs = await helpers.find(conn, Reached("call" if reach.phone else "email", reach.phone, reach.email))
    await _note(conn, arguments, action, refs)
    return refs


async def _show(found: Mapping[str, str], arguments: Arguments) -> int:
    async with Database(found["booking"], name="plats-person", size=1) as booking:

        async def known(conn: Connection) -> list[dict[str, Any]]:
            return await privacy.show(conn, await _find(conn, arguments, "shown"))

        kept = await booking.transact(known)
    async with Database(found["volunteers"], name="plats-person", size=1) as volunteers:

        async def helping(conn: Connection) -> list[dict[str, Any]]:
            return await helpers.show(conn, await _find_helpers(conn, arguments, "shown"))

        helps = await volunteers.transact(helping)
    ids = [UUID(each[part]["id"]) for each in kept for part in ("booking", "series_booking") if part in each]
    ids += [
        UUID(one["id"]) for each in helps for part in ("assignments", "shifts", "notices") for one in each.get(part, ())
    ]
    async with Database(found["notify"], name="plats-person", size=1) as notify:
        told = await notify.transact(lambda conn: retention.known_of(conn, ids))
    print(json.dumps({"booking": kept, "volunteers": helps, "notify": told}, indent=2, ensure_ascii=False))
    return 0


async def _erase(found: Mapping[str, str], arguments: Arguments) -> int:
    async with Database(found["booking"], name="plats-person", size=1) as booking:
        refs = await booking.transact(lambda conn: _find(conn, arguments, "erased"))
        bookings = await privacy.erase(booking, refs)
    async with Database(found["volunteers"], name="plats-person", size=1) as volunteers:

        async def erase(conn: Connection) -> int:
            known = await _find_helpers(conn, arguments, "erased")
            await helpers.erase(conn, known)
            return len(known)

        helped = await volunteers.transact(erase)
    print(_said(bookings, helped))
    return 0


def _said(bookings: Sequence[UUID], helped: int) -> str:
    if not bookings and not helped:
        return "Nobody is known by that."
    said = []
    if bookings:
        said.append(
            f"Erased, and given back what was coming: {len(bookings)} bookings. Notify erases what it was told of them "
            "within moments, while it runs."
        )
    if helped:
        said.append(f"Erased of those who help or coordinate, and passed on what was theirs to do: {helped}.")
    return "\n".join(said)


def options(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    actions = parser.add_subparsers(metavar="ACTION", title="actions", required=True)
    for name, do, text in (
        ("show", _show, "everything that is known, as JSON"),
        ("erase", _erase, "give back what they have coming, and erase everything; look first"),
    ):
        action = actions.add_parser(name, help=text)
        action.add_argument("--data", metavar="DIR", default=str(installation.USUAL), help="folder of the installation")
        by = action.add_mutually_exclusive_group(required=True)
        by.add_argument("--phone", help="a number, which may be a whole family's")
        by.add_argument("--email", help="an address")
        by.add_argument("--code", help="the code of one of their bookings")
        action.add_argument("--who", help="who does this, kept in the audit; else your login name")
        action.set_defaults(do=do)
