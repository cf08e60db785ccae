"""What is decided about people's details is done: in every table of every service, and in the logs."""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import asyncpg
import pytest
import structlog

from deploy import databases, doctor, person, purge
from deploy.local.trouble import Trouble
from services.booking import limits
from services.booking.limits import Use
from services.booking.reach import Reach
from services.booking.usecases.booking import person_of
from services.notify.contacts import keyed
from shared import codes
from tests.support import checker
from tests.support.brokers import VirtualHost
from tests.support.checker import KEYS, SERVICES, Town
from tests.support.clock import Clock
from tests.support.databases import Databases
from tests.support.identity import Issuer
from tests.support.marks import marked_files, marked_tables
from tests.support.servers import eventually

Json = dict[str, Any]
DECIDED = ("decide", "--reference", "KUL 2026/17", "--date", "2026-03-01", "--days", "30", "--by", "Anna Berg")

NAMES = ("Zorbaxia", "Åsa-Qvirrl", "زوربكسيا")
PHONES = ("+46701740631", "+46701740632", "+46701740633")
EMAIL = "zorbaxia@qvirrl.example.org"
SCHOOL = "Zorbaxskolan"


@pytest.fixture(autouse=True)
def _log(tmp_path: Path) -> Iterator[None]:
    """All that services say goes into a file."""
    with (tmp_path / "services.log").open("w") as log:
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(log))
        yield
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    structlog.reset_defaults()


@dataclass(frozen=True, kw_only=True)
class Said:
    code: int
    out: str


@dataclass
class Place:
    """A town whose clock can be moved, its operator, and what marks its people."""

    databases: dict[str, str]
    broker: VirtualHost
    issuer: Issuer
    folder: Path
    marks: set[str | bytes] = field(default_factory=set)

    def running(self) -> Any:  # noqa: ANN401 - a context with a town
        return checker.town(self.databases, self.broker, self.issuer, self.folder / "phonebox")

    async def pass_days(self, days: int) -> None:
        for dsn in self.databases.values():
            await Clock(dsn).advance(timedelta(days=days))

    async def plats(self, command: Any, *arguments: str) -> Said:  # noqa: ANN401 - a module with options
        """What an operator types on a server."""
        parser = argparse.ArgumentParser()
        command.options(parser)

        def typed() -> Said:
            with redirect_stdout(StringIO()) as out, pytest.MonkeyPatch.context() as patch:
                patch.setenv("PLATS_POSTGRES", "postgresql://nobody@127.0.0.1:9/")
                patch.setenv("LOGNAME", "anna")
                for service, dsn in self.databases.items():
                    patch.setenv(f"PLATS_DATABASE_{service.upper()}", dsn)
                try:
                    code: int = databases.run(parser.parse_args(arguments))
                except Trouble as trouble:
                    return Said(code=1, out=str(trouble))
                except SystemExit as refused:
                    return Said(code=int(refused.code or 0), out=out.getvalue())
            return Said(code=code, out=out.getvalue())

        return await asyncio.to_thread(typed)

    async def marked(self) -> set[str]:
        return await marked_tables(self.databases, self.marks)

    def mark(self, made: Json, name: str, reach: Reach) -> None:
        """Keep what would tell of whoever booked this: also hashes, which are kept as bytes."""
        self.marks.update({name, made["code"], codes.plain(made["code"])})
        if who := person_of(name, reach, KEYS["booking"]):
            self.marks.add(who)
        for address in (reach.phone, reach.email):
            if address:
                self.marks.update({address, address.removeprefix("+46"), keyed(address, KEYS["notify"])})
        if reach.phone:
            self.marks.add(Use.of(limits.BOOKINGS_OF_PHONE, KEYS["booking"], reach.phone).subject)


@pytest.fixture
async def place(databases: Databases, broker: VirtualHost, issuer: Issuer, tmp_path: Path) -> Place:
    dsns = {service: await databases.create(service) for service in SERVICES}
    for dsn in dsns.values():
        await Clock(dsn).install()
    return Place(dsns, broker, issuer, tmp_path)


async def post(town: Town, path: str, body: object, **headers: str) -> Json:
    async with town.http.post(f"{town.site.services['booking']}{path}", json=body, headers=headers) as answer:
        made: Json = await answer.json()
        assert answer.ok, made
        return made


async def book(place: Place, town: Town, session: UUID, name: str, reach: Reach, **more: object) -> Json:
    """Somebody books who can be told apart from everybody."""
    way = {"by": reach.by, "phone": reach.phone, "email": reach.email}
    body = {"session_id": str(session), "party": {"adults": 1}, "name": name, "reach": way, "language": "sv"} | more
    made = await post(town, "/v1/bookings", body, **{"Idempotency-Key": f"{name} {session}".encode().hex()[:100]})
    place.mark(made, name, reach)
    return made


async def a_week(place: Place, town: Town) -> None:
    """All that may be kept of people: seats, queue, moves, a series, a school, answers by SMS."""
    activity = await town.activity()
    full, other = [await town.session(activity_id=activity, capacity=2) for _ in range(2)]
    sms, mail, call = (
        Reach(by="sms", phone=PHONES[0]),
        Reach(by="email", email=EMAIL),
        Reach(by="call", phone=PHONES[1]),
    )
    first = await book(place, town, full, NAMES[0], sms)
    await book(place, town, full, NAMES[1], mail)
    await book(place, town, full, NAMES[2], call, if_full="queue")
    await post(town, f"/v1/bookings/{first['code']}/cancel", {"proof": first["proof"]})
    moved = await book(place, town, other, NAMES[0], sms)
    third = await town.session(activity_id=activity, capacity=2)
    await post(town, f"/v1/bookings/{moved['code']}/move", {"proof": moved["proof"], "session_id": str(third)})

    visit = await town.staff("POST", "/v1/activities", {"kind": "class_visit", "titles": {"sv": "Klassbesök"}})
    taught = await town.session(activity_id=visit["id"])
    teacher = Reach(by="sms", phone=PHONES[2])
    place.marks.add(SCHOOL)
    answers = {"school": SCHOOL, "class": "4B", "grade": "4", "needs": ["step_free"]}
    await book(place, town, taught, NAMES[1], teacher, party={"adults": 2, "children": 20}, answers=answers)

    series = await town.staff(
        "POST",
        f"/v1/activities/{activity}/series",
        {
            "branch_id": "kista",
            "first": (datetime.now(UTC) + timedelta(days=4)).date().isoformat(),
            "time": "17:00",
            "rule": "FREQ=DAILY;COUNT=2",
        },
    )
    for one in series["sessions"]:
        await eventually(lambda id_=one["id"]: _bookable(town, id_))  # type: ignore[misc]
    body = {"series_id": series["id"], "party": {"adults": 1}, "name": NAMES[0], "language": "sv"}
    term = await post(town, "/v1/series-bookings", body | {"reach": {"by": "sms", "phone": PHONES[0]}})
    for each in (term, *term["booked"]):
        place.mark(each, NAMES[0], sms)

    await town.change(third, starts_at=(datetime.now(UTC) + timedelta(days=5)).isoformat())
    await doctor.settled(town.site, within=60)
    await says(town, PHONES[2], "HEJ", "STOPP")


async def says(town: Town, phone: str, *texts: str) -> None:
    """Somebody answers by SMS."""
    webhook = f"{town.site.services['notify']}/v1/providers/46elks/incoming"
    for text in texts:
        form = {"id": f"s{text}", "from": phone, "to": checker.LIBRARY, "message": text}
        headers = {"Authorization": aiohttp.encode_basic_auth("46elks", "secret")}
        async with town.http.post(webhook, data=form, headers=headers) as answer:
            assert answer.ok


async def _bookable(town: Town, session: str) -> bool:
    async with town.http.get(f"{town.site.services['catalog']}/v1/sessions/{session}") as answer:
        return bool((await answer.json())["bookable"])


async def test_nothing_of_marked_people_is_left_anywhere_and_what_is_counted_stays(
    place: Place, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Fails when one table is left out: each that holds anything about them is known to before."""
    async with place.running() as town:
        await a_week(place, town)
        await doctor.settled(town.site, within=60)
    assert await place.marked() == {
        "booking.contact",
        "booking.booking",
        "booking.idempotency",
        "booking.limit_use",
        "notify.message",
        "notify.attempt",
        "notify.reply",
        "notify.reminder_stop",
    }
    before = await _counted(place)
    await place.pass_days(60)
    said = await place.plats(purge)
    assert said.code == 1
    assert "nobody has decided" in said.out
    assert "booking.contact" in await place.marked(), "nothing goes without a decision"

    assert (await place.plats(purge, *DECIDED)).code == 0
    said = await place.plats(purge)
    assert (said.code, "KUL 2026/17" in said.out) == (0, True)
    assert await place.marked() == set()
    assert await marked_files([place.folder, tmp_path_factory.getbasetemp()], place.marks) == set()
    assert await _counted(place) == before
    assert {("answer", "grade", "4", 1), ("age", "", "children", 1)} <= await _figures(place)


async def test_services_erase_by_themselves_once_it_is_decided(place: Place) -> None:
    """Nobody has to remember a command; the doctor finds what is kept too long, and nothing afterwards."""
    async with place.running() as town:
        session = await town.session()
        await book(place, town, session, NAMES[0], Reach(by="sms", phone=PHONES[0]))
        await doctor.settled(town.site, within=60)
        site = town.site
    await place.pass_days(60)
    assert (await place.plats(purge, *DECIDED)).code == 0
    kept = doctor.Site(databases=site.databases)
    assert {"kept-too-long", "told-too-long"} <= (await doctor.examine(kept)).names
    async with place.running():

        async def gone() -> bool:
            return not await place.marked()

        await eventually(gone, within=30)
    assert not {"kept-too-long", "told-too-long"} & (await doctor.examine(kept)).names


async def test_what_is_younger_than_decided_stays(place: Place) -> None:
    async with place.running() as town:
        await book(place, town, await town.session(), NAMES[0], Reach(by="sms", phone=PHONES[0]))
        await doctor.settled(town.site, within=60)
    await place.pass_days(32)
    await place.plats(purge, *DECIDED)
    await place.plats(purge)
    assert {"booking.contact", "notify.message"} <= await place.marked()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((*DECIDED[:-1], " "), 1),
        ((*DECIDED[:5], "--days", "0", *DECIDED[7:]), 2),
        ((*DECIDED[:5], "--days", "3651", *DECIDED[7:]), 2),
        ((*DECIDED[:5], "--days", "30.5", *DECIDED[7:]), 2),
        ((*DECIDED[:3], "--date", "2026-02-31", *DECIDED[5:]), 2),
        ((*DECIDED[:3], "--date", "2126-01-01", *DECIDED[5:]), 2),
        (DECIDED[:5], 2),
    ],
)
async def test_half_a_decision_is_none(place: Place, arguments: tuple[str, ...], code: int) -> None:
    assert (await place.plats(purge, *arguments)).code == code
    assert (await place.plats(purge)).code == 1


async def test_a_decision_is_kept_in_each_database_and_never_changed(place: Place) -> None:
    for said in ("Details are kept", "recorded already"):
        assert said in (await place.plats(purge, *DECIDED)).out
    longer = (*DECIDED[:5], "--days", "90", *DECIDED[7:])
    await place.plats(purge, *longer)
    for dsn in place.databases.values():
        conn = await asyncpg.connect(dsn)
        rows = await conn.fetch("SELECT reference, days, recorded_by FROM erasure_decision ORDER BY id")
        assert [tuple(row) for row in rows] == [("KUL 2026/17", 30, "Anna Berg"), ("KUL 2026/17", 90, "Anna Berg")]
        for statement in ("UPDATE erasure_decision SET days = 1", "DELETE FROM erasure_decision"):
            with pytest.raises(asyncpg.CheckViolationError):
                await conn.execute(statement)
        await conn.close()
    assert "kept for 90 days" in (await place.plats(purge)).out


async def test_services_that_know_different_decisions_erase_nothing_by_command(place: Place) -> None:
    await place.plats(purge, *DECIDED)
    conn = await asyncpg.connect(place.databases["notify"])
    await conn.execute(
        "INSERT INTO erasure_decision (reference, decided_on, days, recorded_by) VALUES ('x', '2026-03-02', 9, 'y')"
    )
    await conn.close()
    said = await place.plats(purge)
    assert (said.code, "not every service knows the same" in said.out) == (1, True)
    assert "decision-not-known" in (await doctor.examine(doctor.Site(databases=place.databases))).names


async def test_somebody_sees_all_that_is_known_and_is_erased_everywhere_when_they_ask(place: Place) -> None:
    """Their seat goes to the next, once; somebody else stays; twice is harmless."""
    mail = Reach(by="email", email="next@example.org")
    async with place.running() as town:
        session = await town.session(capacity=1)
        made = await book(place, town, session, NAMES[0], Reach(by="sms", phone=PHONES[0]))
        marks = set(place.marks)
        await post(town, "/v1/bookings", {"session_id": str(session), "party": {"adults": 1}, "name": "Nasta",
                   "reach": {"by": "email", "email": mail.email}, "language": "sv", "if_full": "queue"})  # fmt: skip
        await doctor.settled(town.site, within=60)
        shown = json.loads((await place.plats(person, "show", "--phone", "070-174 06 31")).out)
        [known] = shown["booking"]
        assert (known["contact"]["name"], known["contact"]["phone"], known["booking"]["id"]) == (
            NAMES[0],
            PHONES[0],
            made["id"],
        )
        assert [message["template"] for message in shown["notify"][0]["messages"]] == ["confirmed"]
        said = await place.plats(person, "erase", "--phone", PHONES[0])
        assert (said.code, "1 bookings" in said.out) == (0, True)
        await doctor.settled(town.site, within=60)
        assert await marked_tables(place.databases, marks) == {"booking.limit_use"}, "counts against abuse for a day"
        report = await doctor.examine(town.site, at_rest=True)
        assert not report.findings, str(report)
        again = await place.plats(person, "erase", "--code", made["code"])
        assert (again.code, again.out.strip()) == (0, "Nobody is known by that.")
        [other] = json.loads((await place.plats(person, "show", "--email", "NEXT@example.org")).out)["booking"]
        assert other["booking"]["state"] == "offered"
    conn = await asyncpg.connect(place.databases["booking"])
    actions = await conn.fetch("SELECT subject, action, kind, fields FROM audit ORDER BY id")
    await conn.close()
    assert [tuple(row) for row in actions] == [
        ("anna", "shown", "person", ["phone"]),
        ("anna", "erased", "person", ["phone"]),
        ("anna", "shown", "person", ["email"]),
    ]


async def test_the_doctor_finds_nothing_missing_of_who_answered_and_was_erased(place: Place) -> None:
    """Fails when an answer goes altogether while it is remembered that it was told."""
    async with place.running() as town:
        await book(place, town, await town.session(), NAMES[0], Reach(by="sms", phone=PHONES[0]))
        await doctor.settled(town.site, within=60)
        await says(town, PHONES[0], "NEJ")
        await doctor.settled(town.site, within=60)
        assert (await place.plats(person, "erase", "--phone", PHONES[0])).code == 0
        await doctor.settled(town.site, within=60)
        report = await doctor.examine(town.site, at_rest=True)
    assert not report.findings, str(report)


async def test_administrators_alone_see_and_erase_people(place: Place) -> None:
    async with place.running() as town:
        made = await book(place, town, await town.session(), NAMES[0], Reach(by="sms", phone=PHONES[0]))
        admin, staff = place.issuer.headers("admin"), place.issuer.headers("staff", "kista")
        [known] = (await post(town, "/v1/people/show", {"code": made["code"]}, **admin))["items"]
        assert known["contact"]["name"] == NAMES[0]
        url = f"{town.site.services['booking']}/v1/people"
        for what in ("show", "erase"):
            async with town.http.post(f"{url}/{what}", json={"code": made["code"]}, headers=staff) as answer:
                assert answer.status == 403
            for body, name in (({}, "phone"), ({"phone": "hej"}, "phone"), ({"email": "x"}, "email")):
                async with town.http.post(f"{url}/{what}", json=body, headers=admin) as answer:
                    assert (answer.status, (await answer.json())["field"]) == (422, name)
        for bookings in ([made["id"]], []):
            assert (await post(town, "/v1/people/erase", {"phone": "0701740631"}, **admin))["bookings"] == bookings


async def _counted(place: Place) -> list[asyncpg.Record]:
    """How many came to what, as bookings say."""
    conn = await asyncpg.connect(place.databases["booking"])
    try:
        return await conn.fetch(
            """
            SELECT session_id, state, language, count(*), sum(adults), sum(children), sum(seats) FROM booking
            GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            """
        )
    finally:
        await conn.close()


async def _figures(place: Place) -> set[tuple[str, str, str, int]]:
    conn = await asyncpg.connect(place.databases["booking"])
    try:
        return {tuple(row) for row in await conn.fetch("SELECT figure, question, value, bookings FROM figure")}
    finally:
        await conn.close()
