"""Who pauses, leaves or is forgotten: what was theirs to do goes to others, and what they are told names its answer."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.volunteers.usecases.people import remind_of_notes
from shared import codes
from shared.events import VolunteerNotified
from tests.integration.volunteers.conftest import HOURS, Json, Volunteers
from tests.integration.volunteers.house import AssignmentDeclined, House, coaching
from tests.support.clock import Clock
from tests.support.servers import eventually


async def _contact(volunteers: Volunteers, helper: Json, about: object) -> Json:
    ref = (await volunteers.row("SELECT contact_ref FROM volunteer WHERE id = $1", UUID(helper["id"])))["contact_ref"]
    body = {"about": [{"ref": str(ref), "about": str(about)}]}
    url = f"{volunteers.url}/internal/contacts"
    async with volunteers.http.post(url, json=body, headers=volunteers.service_headers()) as answer:
        assert answer.status == 200
        found: Json = (await answer.json())["items"][0]
        return found


@pytest.mark.parametrize("how", ["paused", "ended", "erased"])
async def test_what_was_theirs_goes_to_the_next(volunteers: Volunteers, how: str) -> None:
    """Fails when somebody who is away goes on being asked, or a visitor keeps a helper who is not there."""
    house = House(volunteers)
    amina, bo = await house.helper("Amina"), await house.helper("Bo")
    state = await house.publish(coaching())
    await house.put(state, amina)
    booking = await house.book(state)
    first = await house.asked(booking)
    await house.reply(first["id"], "yes")
    await house.put(state, bo)

    one = f"/v1/volunteers/{amina['id']}"
    if how == "erased":
        assert (await volunteers.send("DELETE", one))[0] == 204
    else:
        status, away = await volunteers.send("POST", f"{one}/state", {"state": how})
        assert (status, away["state"]) == (200, how)

    async def is_asked() -> bool:
        count = "SELECT count(*) FROM assignment WHERE volunteer_id = $1 AND state = 'proposed'"
        return bool((await volunteers.row(count, UUID(bo["id"])))["count"])

    await eventually(is_asked)
    (declined,) = await house.told(AssignmentDeclined)
    assert (str(declined.assignment_id), declined.why) == (first["id"], "left")
    live = "SELECT count(*) FROM shift WHERE volunteer_id = $1 AND state = 'on_duty'"
    assert (await volunteers.row(live, UUID(amina["id"])))["count"] == 0


async def test_a_step_that_is_refused_takes_nothing_away(volunteers: Volunteers) -> None:
    house = House(volunteers)
    amina = await house.helper()
    state = await house.publish(coaching())
    await house.put(state, amina)
    one = f"/v1/volunteers/{amina['id']}/state"

    assert (await volunteers.send("POST", one, {"state": "paused", "revision": 9}))[1]["type"] == "stale-revision"

    on_duty = await volunteers.row("SELECT count(*) FROM shift WHERE state = 'on_duty'")
    assert on_duty["count"] == 1


async def test_what_is_asked_comes_with_its_code_and_the_time_to_answer(volunteers: Volunteers) -> None:
    """Fails when who is asked for two things at once gets the code of the other, or no time to answer."""
    house = House(volunteers)
    amina = await house.helper()
    soon, later = coaching(), coaching(starts_at=coaching().starts_at + timedelta(hours=1))
    later = later.model_copy(update={"ends_at": later.starts_at + timedelta(minutes=40)})
    asked = []
    for state in (soon, later):
        await house.publish(state)
        await house.put(state, amina)
        asked.append(await house.asked(await house.book(state)))

    contacts = [await _contact(volunteers, amina, one["id"]) for one in asked]

    assert [one["code"] for one in contacts] == [codes.shown(one["code"]) for one in asked]
    assert all(one["about"] == made["id"] for one, made in zip(contacts, asked, strict=True))
    until = datetime.fromisoformat(contacts[0]["answer_by"]) - datetime.now(UTC)
    assert timedelta(hours=3, minutes=59) < until <= timedelta(hours=4)
    await house.reply(asked[0]["id"], "yes")
    assert (await _contact(volunteers, amina, asked[0]["id"]))["answer_by"] is None


async def test_a_sign_in_code_is_forgotten_once_it_was_sent(volunteers: Volunteers) -> None:
    house = House(volunteers)
    amina = await house.helper()
    await volunteers.send("POST", "/v1/sign-in", {"reach": "070-174 06 11"}, by=None)
    (row,) = await volunteers.database.pool.fetch("SELECT id, code FROM sign_in")
    assert (await _contact(volunteers, amina, row["id"]))["code"] == row["code"]

    await house.sent(str(row["id"]), "helper_sign_in")

    assert (await _contact(volunteers, amina, row["id"]))["code"] == ""
    body = {"reach": "070-174 06 11", "code": row["code"]}
    assert (await volunteers.send("POST", "/v1/sign-in/verify", body, by=None))[0] == 200


async def test_who_works_among_children_is_reminded_of_the_note_once(timed: tuple[Volunteers, Clock]) -> None:
    """Fails when a note lapses unsaid, or somebody hears of it again and again."""
    volunteers, clock = timed
    house = House(volunteers)
    helpers = [await house.helper(name, tasks=[task]) for name, task in (("Amina", "homework"), ("Bo", "coach"))]
    day = (await volunteers.row("SELECT (clock_timestamp() AT TIME ZONE 'Europe/Stockholm')::date AS day"))["day"]
    for helper in helpers:
        path = f"/v1/volunteers/{helper['id']}/register-note"
        assert (await volunteers.send("PUT", path, {"seen_on": f"{day}"}))[0] == 200
    database = volunteers.database

    async def reminded() -> list[str]:
        while await database.transact(lambda conn: remind_of_notes(conn, HOURS)):
            pass
        told = [event for event in await volunteers.told() if isinstance(event, VolunteerNotified)]
        return [f"{event.data.day}" for event in told if event.data.notice == "register_note"]

    await clock.advance(timedelta(days=335))
    assert await reminded() == []
    await clock.advance(timedelta(days=1))
    assert await reminded() == [f"{day + timedelta(365)}"]
    await clock.advance(timedelta(days=60))
    assert len(await reminded()) == 1
    anew = {"seen_on": f"{day + timedelta(396)}"}
    assert (await volunteers.send("PUT", f"/v1/volunteers/{helpers[0]['id']}/register-note", anew))[0] == 200
    assert len(await reminded()) == 1
    await clock.advance(timedelta(days=336))
    assert len(await reminded()) == 2
