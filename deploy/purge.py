"""`plats purge`: what was decided about erasing people's details is recorded, and done."""

import argparse
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import NamedTuple

from deploy.local import installation
from deploy.local.trouble import Trouble
from services.booking.usecases import privacy
from services.notify import retention
from services.volunteers.store import signing_in
from services.volunteers.usecases import privacy as helpers
from shared import erasure, idempotency, limits
from shared.db import Database
from shared.erasure import LONGEST, Decision

Arguments = argparse.Namespace

_HOW = "`plats purge decide --reference REF --date DATE --days N --by NAME`"


async def _decided(found: Mapping[str, str]) -> Decision:
    """What was decided, which each service must know alike.

    Raises:
        Trouble: nobody decided, or not all of them know it.
    """
    known = {}
    for service, dsn in found.items():
        async with Database(dsn, name="plats-purge", size=1) as database:
            known[service] = await database.transact(erasure.decision)
    decisions = set(known.values())
    if decisions == {None}:
        raise Trouble(
            "Nothing is erased: nobody has decided how long people's details are kept. When the library has decided, "
            f"record it: {_HOW}."
        )
    if len(decisions) > 1:
        raise Trouble(f"Nothing is erased: not every service knows the same decision. Record it again: {_HOW}.")
    [decision] = decisions
    assert decision  # noqa: S101 - shown above, for the type checker
    return decision


class _Done(NamedTuple):
    sessions: int
    people: int
    told: int
    helped: int


async def _erase(found: Mapping[str, str]) -> _Done:
    """Erase in booking first: what it no longer knows, nobody is written to any more.

    What is kept for hours only goes as well, whenever its service would have looked.
    """
    sessions = people = told = helped = 0
    async with Database(found["booking"], name="plats-purge", size=1) as database:
        while (some := await database.transact(privacy.forget_some)) != privacy.NOTHING:
            sessions, people = sessions + some.sessions, people + some.people
        await database.transact(idempotency.forget)
        await database.transact(limits.forget)
    async with Database(found["notify"], name="plats-purge", size=1) as database:
        for forget in (retention.forget_sessions, retention.forget_stops):
            while number := await database.transact(forget):
                told += number
    async with Database(found["volunteers"], name="plats-purge", size=1) as database:
        while number := await database.transact(helpers.forget_old):
            helped += number
        for forget_hourly in (idempotency.forget, limits.forget, signing_in.forget):
            await database.transact(forget_hourly)
    return _Done(sessions, people, told, helped)


async def _purge(found: Mapping[str, str], _: Arguments) -> int:
    decision = await _decided(found)
    print(
        f"By the decision {decision.reference} of {decision.decided_on}, details are kept for {decision.days} days "
        "after a session."
    )
    done = await _erase(found)
    print(
        f"booking: {done.people} people of {done.sessions} sessions erased; their figures stay.\n"
        f"notify:  what was told about {done.told} sessions and numbers erased.\n"
        f"volunteers: {done.helped} people erased who left two years ago; their hours stay."
    )
    return 0


async def _decide(found: Mapping[str, str], arguments: Arguments) -> int:
    decision = Decision(
        reference=_said(arguments.reference, "--reference"),
        decided_on=arguments.date,
        days=arguments.days,
        recorded_by=_said(arguments.by, "--by"),
    )
    news = []
    for dsn in found.values():
        async with Database(dsn, name="plats-purge", size=1) as database:
            news.append(await database.transact(lambda conn: erasure.record(conn, decision)))
    again = "" if any(news) else "That was recorded already. "
    print(
        f"{again}Details are kept for {decision.days} days after a session. What is older is erased once an hour from "
        "now on; `plats purge` does it at once."
    )
    return 0


def _said(text: str, option: str) -> str:
    if not text.strip() or len(text) > 200 or not text.isprintable():  # noqa: PLR2004 - as the table has it
        raise Trouble(f"Write something with {option} by which it is found later, of 200 characters at most.")
    return text.strip()


def day(text: str) -> date:
    """The day of a decision.

    Raises:
        argparse.ArgumentTypeError: it is none, or lies ahead.
    """
    try:
        decided_on = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("write a day like 2026-11-22") from None
    if decided_on > datetime.now(UTC).astimezone().date():
        raise argparse.ArgumentTypeError("a decision of a day to come is none yet")
    return decided_on


def days(text: str) -> int:
    """How long details are kept.

    Raises:
        argparse.ArgumentTypeError: it is no number of days that could be meant.
    """
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= LONGEST):
        raise argparse.ArgumentTypeError(f"write a number of days from 1 to {LONGEST}")
    return int(text)


def options(parser: argparse.ArgumentParser) -> None:
    """What the command takes; without anything it erases what is older than was decided."""
    usual = str(installation.USUAL)
    parser.set_defaults(do=_purge)
    parser.add_argument("--data", metavar="DIR", default=usual, help="folder of the installation")
    actions = parser.add_subparsers(metavar="ACTION", title="actions")
    decide = actions.add_parser("decide", help="record what was decided; nothing is erased without it")
    # Without a default of its own, which would stand above what is said before the action.
    decide.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS, help="folder of the installation")
    decide.add_argument("--reference", required=True, metavar="REF", help="by which the decision is found")
    decide.add_argument("--date", required=True, type=day, metavar="DATE", help="when it was made, like 2026-11-22")
    decide.add_argument("--days", required=True, type=days, metavar="N", help="kept for so long after a session")
    decide.add_argument("--by", required=True, metavar="NAME", help="who records it")
    decide.set_defaults(do=_decide)
