"""Those who helped are forgotten: when they ask, and two years after they left."""

import argparse
import asyncio
import json
from contextlib import redirect_stdout
from datetime import timedelta
from io import StringIO

from deploy import person
from services.volunteers.usecases import privacy
from shared import erasure
from shared.erasure import Decision
from shared.events import VolunteerErased
from tests.integration.volunteers.conftest import Json, Volunteers
from tests.integration.volunteers.house import House, coaching
from tests.support.clock import Clock
from tests.support.databases import Databases
from tests.support.marks import marked_tables

MARKS: set[str | bytes] = {"Zorbaxia", "+46701740631", "701740631", "zorbaxia@example.org"}


async def _zorbaxia(volunteers: Volunteers) -> Json:
    """Somebody of whom everything is kept that can be."""
    made = await volunteers.volunteer(
        name="Zorbaxia",
        phone="070-174 06 31",
        email="zorbaxia@example.org",
        branches=["tensta"],
        tasks=["homework"],
        languages=[{"language": "ar", "level": "native"}],
    )
    one = f"/v1/volunteers/{made['id']}"
    day = (await volunteers.row("SELECT clock_timestamp()::date AS day"))["day"]
    await volunteers.send("PUT", f"{one}/register-note", {"seen_on": f"{day - timedelta(2)}"})
    weekly = [{"weekday": 2, "starts": "14:00", "ends": "16:00"}]
    exceptions = [{"first_day": "2027-01-01", "last_day": "2027-01-06", "available": False}]
    await volunteers.send("PUT", f"{one}/availability", {"weekly": weekly, "exceptions": exceptions})
    await volunteers.send("POST", "/v1/sign-in", {"reach": "070-174 06 31"}, by=None)
    return made


async def _left(volunteers: Volunteers, made: Json) -> None:
    """Nothing tells of them, but that somebody of their organisation helped."""
    assert await marked_tables({"volunteers": volunteers.dsn}, MARKS) <= {"volunteers.idempotency"}
    for table in ("contact", "volunteer_language", "availability", "availability_exception", "register_note",
                  "volunteer_step", "sign_in", "helper_session", "notice", "calendar_secret"):  # fmt: skip
        count = f"SELECT count(*) FROM {table}"  # noqa: S608 - names of this test
        assert (await volunteers.row(count))["count"] == 0, table
    told = [event for event in await volunteers.told() if isinstance(event, VolunteerErased)]
    refs = [(await volunteers.row("SELECT contact_ref FROM volunteer WHERE id = $1", made["id"]))["contact_ref"]]
    assert [event.data.contact_ref for event in told] == refs
    row = await volunteers.row("SELECT state, branches, tasks FROM volunteer WHERE id = $1", made["id"])
    assert tuple(row) == ("ended", [], [])


async def test_somebody_who_asks_is_forgotten(volunteers: Volunteers) -> None:
    made = await _zorbaxia(volunteers)
    one = f"/v1/volunteers/{made['id']}"
    assert await marked_tables({"volunteers": volunteers.dsn}, MARKS) == {"volunteers.contact"}
    assert (await volunteers.send("DELETE", one, by=("staff", "kista")))[0] == 403

    assert (await volunteers.send("DELETE", one, by=("staff", "tensta")))[0] == 204

    await _left(volunteers, made)
    for method in ("DELETE", "GET"):
        assert (await volunteers.send(method, one))[1]["type"] == "unknown-volunteer"
    assert (await volunteers.send("GET", "/v1/volunteers"))[1]["items"] == []
    (noted,) = (await volunteers.send("GET", "/v1/audit?action=erased"))[1]["items"]
    assert (noted["kind"], noted["object"], noted["branch_id"], noted["fields"]) == (
        "volunteer",
        made["id"],
        "tensta",
        [],
    )


async def test_who_left_is_forgotten_two_years_later_once_it_is_decided(timed: tuple[Volunteers, Clock]) -> None:
    volunteers, clock = timed
    made = await _zorbaxia(volunteers)
    stays = await volunteers.volunteer()
    await volunteers.send("POST", f"/v1/volunteers/{made['id']}/state", {"state": "ended"})
    database = volunteers.database
    await clock.advance(timedelta(days=740))
    assert await database.transact(privacy.forget_old) == 0, "nobody has decided"
    day = (await volunteers.row("SELECT date '2026-03-01' AS day"))["day"]
    decided = Decision(reference="KUL 1", decided_on=day, days=30, recorded_by="anna")
    await database.transact(lambda conn: erasure.record(conn, decided))
    await clock.advance(timedelta(days=-20))
    assert await database.transact(privacy.forget_old) == 0, "it is not two years"
    await clock.advance(timedelta(days=20))
    _, preview = await volunteers.send("GET", "/v1/erasure-preview?days=30")
    assert preview["people"] == 1

    forgotten = await asyncio.gather(*(database.transact(privacy.forget_old) for _ in range(3)))

    assert sum(forgotten) == 1
    _, page = await volunteers.send("GET", "/v1/volunteers")
    assert [one["id"] for one in page["items"]] == [stays["id"]]


async def test_what_visitors_wanted_is_forgotten_as_long_after_as_was_decided(
    timed: tuple[Volunteers, Clock],
) -> None:
    """Fails when a topic and a language outlive the booking that they were wished for in."""
    volunteers, clock = timed
    house = House(volunteers)
    state = await house.publish(coaching())
    await house.put(state, await house.helper())
    booking = await house.book(state, help_language="ar")
    database = volunteers.database
    await clock.set(state.ends_at + timedelta(days=29))
    assert await database.transact(privacy.forget_wishes) == 0, "nobody has decided"
    day = (await volunteers.row("SELECT date '2026-03-01' AS day"))["day"]
    decided = Decision(reference="KUL 1", decided_on=day, days=30, recorded_by="anna")
    await database.transact(lambda conn: erasure.record(conn, decided))
    assert await database.transact(privacy.forget_wishes) == 0, "it is not 30 days"
    await clock.advance(timedelta(days=2))

    forgotten = await asyncio.gather(*(database.transact(privacy.forget_wishes) for _ in range(3)))

    assert sum(forgotten) == 1
    need = await house.need(booking)
    assert (need["language"], need["help_language"], need["topic"]) == ("sv", None, None)
    why = (await volunteers.row("SELECT why FROM assignment"))["why"]
    assert not {"language", "topic"} & set(why)
    assert why["candidates"] == 1
    assert await database.transact(privacy.forget_wishes) == 0


async def test_the_operator_shows_and_erases_who_helps(volunteers: Volunteers, databases: Databases) -> None:
    made = await _zorbaxia(volunteers)
    found = {
        "booking": await databases.create("booking"),
        "notify": await databases.create("notify"),
        "volunteers": volunteers.dsn,
    }

    async def plats(*arguments: str) -> str:
        parser = argparse.ArgumentParser()
        person.options(parser)
        typed = parser.parse_args([*arguments, "--who", "anna"])
        with redirect_stdout(StringIO()) as out:
            assert await typed.do(found, typed) == 0
        return out.getvalue()

    said = await plats("show", "--phone", "0701740631")  # among what the service of this process logs
    (known,) = json.JSONDecoder().raw_decode(said[said.index('{\n  "booking"') :])[0]["volunteers"]
    assert (known["contact"]["name"], known["volunteer"]["id"]) == ("Zorbaxia", made["id"])
    assert known.keys() == {
        "contact", "volunteer", "languages", "steps", "availability", "exceptions", "register_note", "notices",
    }  # fmt: skip
    assert "those who help or coordinate" in await plats("erase", "--email", "ZORBAXIA@example.org")
    await _left(volunteers, made)
    assert "Nobody is known by that." in await plats("erase", "--phone", "0701740631")
