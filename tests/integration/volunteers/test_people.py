"""Those who help: their records, their way to it, their register note, who sees what."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from shared.events import VolunteerNotified
from tests.integration.volunteers.conftest import COORDINATOR, KISTA, Answer, Json, Volunteers
from tests.support.clock import Clock

TENSTA = ("staff", "tensta")


async def _state(volunteers: Volunteers, person: Json, state: str, **values: object) -> Answer:
    return await volunteers.send("POST", f"/v1/volunteers/{person['id']}/state", {"state": state} | values)


async def _patch(volunteers: Volunteers, person: Json, **values: object) -> Answer:
    return await volunteers.send("PATCH", f"/v1/volunteers/{person['id']}", values)


async def _contacts(volunteers: Volunteers, body: Json) -> list[Json]:
    url = f"{volunteers.url}/internal/contacts"
    async with volunteers.http.post(url, json=body, headers=volunteers.service_headers()) as answer:
        assert answer.status == 200
        found: list[Json] = (await answer.json())["items"]
        return found


async def test_somebody_is_added_found_changed_and_reached(volunteers: Volunteers) -> None:
    bank = await volunteers.partner()
    amina = await volunteers.volunteer(
        partner_id=bank["id"],
        tasks=["coach"],
        topics=["swish", "bankid", "swish"],
        branches=["tensta"],
        languages=[{"language": "sv", "level": "good"}, {"language": "ar", "level": "native"}],
    )
    await volunteers.volunteer(name="Berit", reach="email", phone=None, email="berit@example.com", state="talk")

    assert (amina["state"], amina["topics"], amina["reach"]["phone"]) == ("active", ["bankid", "swish"], "070-… 05")
    assert amina["languages"] == [{"language": "ar", "level": "native"}, {"language": "sv", "level": "good"}]
    assert [step["state"] for step in amina["steps"]] == ["active"]
    for query, names in (
        ("", ["Amina", "Berit"]),
        ("?state=talk", ["Berit"]),
        ("?task=coach", ["Amina"]),
        ("?q=ERI", ["Berit"]),
        ("?branch=kista", ["Berit"]),
    ):
        _, page = await volunteers.send("GET", f"/v1/volunteers{query}")
        assert [one["name"] for one in page["items"]] == names, query

    status, changed = await _patch(
        volunteers, amina, revision=1, name="Amina S", email="a@example.com", reach="email", partner_id=None
    )

    assert (status, changed["revision"], changed["partner_id"], changed["tasks"]) == (200, 2, None, ["coach"])
    assert (await _patch(volunteers, amina, name="Amina S"))[1]["revision"] == 2
    status, stale = await _patch(volunteers, amina, revision=1, name="Nina")
    assert (status, stale["type"], stale["revision"]) == (409, "stale-revision", 2)
    _, revealed = await volunteers.send("POST", f"/v1/volunteers/{amina['id']}/reveal")
    assert (revealed["phone"], revealed["email"]) == ("+46701740605", "a@example.com")
    done = (await volunteers.send("GET", f"/v1/audit?object={amina['id']}"))[1]["items"]
    assert [(one["action"], one["fields"]) for one in done] == [
        ("revealed", ["phone", "email"]),
        ("changed", ["partner_id", "name", "reach", "email"]),
        ("created", []),
    ]
    ref = (await volunteers.row("SELECT contact_ref FROM volunteer WHERE id = $1", amina["id"]))["contact_ref"]
    (contact,) = await _contacts(volunteers, {"refs": [str(ref), str(uuid4())]})
    assert {name: contact[name] for name in ("ref", "name", "by", "email", "code", "language")} == {
        "ref": str(ref),
        "name": "Amina S",
        "by": "email",
        "email": "a@example.com",
        "code": "",
        "language": "sv",
    }


async def test_a_form_sent_twice_adds_one(volunteers: Volunteers) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    body = {"name": "Amina", "reach": "sms", "phone": "070-508 31 00"}

    answers = await asyncio.gather(*(volunteers.send("POST", "/v1/volunteers", body, headers=key) for _ in range(4)))

    assert len({made["id"] for status, made in answers if status == 201}) == 1
    assert len((await volunteers.send("GET", "/v1/volunteers"))[1]["items"]) == 1
    status, problem = await volunteers.send("POST", "/v1/volunteers", body | {"name": "Berit"}, headers=key)
    assert (status, problem["type"]) == (422, "idempotency-key-reused")


async def test_nobody_helps_before_somebody_met_them(volunteers: Volunteers) -> None:
    """Fails when a step can be left out, or one that was taken is taken again."""
    await volunteers.volunteer(name="Berit")
    await volunteers.database.pool.execute("UPDATE volunteer SET share = 300")
    amina = await volunteers.volunteer(state="interest")

    assert (await _state(volunteers, amina, "active"))[1]["type"] == "not-possible-now"
    for step in ("talk", "agreement", "introduction", "active"):
        status, now = await _state(volunteers, amina, step)
        assert (status, now["state"]) == (200, step)
    again = await asyncio.gather(*(_state(volunteers, amina, "active") for _ in range(3)))

    assert [(status, now["revision"]) for status, now in again] == [(200, 5)] * 3
    assert [one["state"] for one in again[0][1]["steps"]] == ["interest", "talk", "agreement", "introduction", "active"]
    share = await volunteers.row("SELECT share FROM volunteer WHERE id = $1", amina["id"])
    assert share["share"] == 300
    welcomed = [event for event in await volunteers.told() if isinstance(event, VolunteerNotified)]
    assert [event.data.notice for event in welcomed] == ["welcome", "welcome"]
    for step, status in (("interest", 409), ("paused", 200), ("active", 200), ("ended", 200), ("active", 409)):
        assert (await _state(volunteers, amina, step))[0] == status, step
    assert len([event for event in await volunteers.told() if isinstance(event, VolunteerNotified)]) == 2


async def test_a_register_note_counts_for_365_days_and_is_reminded_of_once(
    timed: tuple[Volunteers, Clock],
) -> None:
    volunteers, clock = timed
    amina = await volunteers.volunteer(tasks=["homework"])
    path = f"/v1/volunteers/{amina['id']}/register-note"
    today = datetime.now(UTC).astimezone(ZoneInfo("Europe/Stockholm")).date()

    for seen_on, status in ((today + timedelta(1), 409), (today - timedelta(365), 409), (today - timedelta(364), 200)):
        assert (await volunteers.send("PUT", path, {"seen_on": f"{seen_on}"}))[0] == status, seen_on
    status, noted = await volunteers.send("PUT", path, {"seen_on": f"{today}"})

    assert noted["register_note"] == {
        "seen_on": f"{today}",
        "seen_by": "test-person",
        "ends_on": f"{today + timedelta(365)}",
        "valid": True,
    }
    columns = await volunteers.database.pool.fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'register_note'"
    )
    assert {row["column_name"] for row in columns} == {"volunteer_id", "seen_on", "seen_by", "reminded_of"}
    await clock.advance(timedelta(days=365))
    assert (await volunteers.send("GET", f"/v1/volunteers/{amina['id']}"))[1]["register_note"]["valid"] is False
    for _ in range(2):
        assert (await volunteers.send("DELETE", path))[0] == 204
    assert (await volunteers.send("GET", f"/v1/volunteers/{amina['id']}"))[1]["register_note"] is None


async def test_availability_is_written_as_a_whole(volunteers: Volunteers) -> None:
    amina = await volunteers.volunteer()
    path = f"/v1/volunteers/{amina['id']}/availability"
    told = {
        "weekly": [{"weekday": 2, "starts": "14:00:00", "ends": "16:00:00"}],
        "exceptions": [{"first_day": "2026-12-21", "last_day": "2027-01-06", "available": False}],
    }

    assert await volunteers.send("PUT", path, told) == (200, told)
    assert (await volunteers.send("GET", f"/v1/volunteers/{amina['id']}"))[1]["availability"] == told
    for wrong in (
        {"weekly": [{"weekday": 7, "starts": "14:00", "ends": "16:00"}]},
        {"weekly": [{"weekday": 2, "starts": "16:00", "ends": "14:00"}]},
        {"weekly": [{"weekday": 2, "starts": "14:00", "ends": end} for end in ("16:00", "15:00")]},
        {"exceptions": [{"first_day": "2026-12-21", "last_day": "2026-12-20", "available": True}]},
    ):
        status, problem = await volunteers.send("PUT", path, wrong)
        assert (status, problem["type"]) == (422, "invalid"), wrong
    empty: Json = {"weekly": [], "exceptions": []}
    assert await volunteers.send("PUT", path, empty) == (200, empty)


BAD: list[tuple[Json, str, str]] = [
    ({"name": "0701740605"}, "invalid", "name"),
    ({"phone": "08-508 310 00"}, "invalid-phone", "phone"),
    ({"phone": None}, "invalid-phone", "phone"),
    ({"reach": "email"}, "invalid-email", "email"),
    ({"tasks": ["cook"]}, "invalid", "tasks.0"),
    ({"languages": [{"language": "sv"}, {"language": "sv"}]}, "invalid", "languages"),
    ({"hours_a_year": 0}, "invalid", "hours_a_year"),
    ({"criminal_record": "none"}, "invalid", "criminal_record"),
]


async def test_what_nobody_can_be_names_the_field(volunteers: Volunteers) -> None:
    amina = await volunteers.volunteer()
    person = {"name": "Amina", "reach": "sms", "phone": "0701740605"}
    for values, type_, field in BAD:
        for status, problem in (
            await volunteers.send("POST", "/v1/volunteers", person | values),
            await _patch(volunteers, amina, **values),
        ):
            assert (status, problem["type"], problem["field"]) == (422, type_, field), values
    status, problem = await volunteers.send("POST", "/v1/volunteers", person | {"partner_id": str(uuid4())})
    assert (status, problem["type"], problem["field"]) == (404, "unknown-partner", "partner_id")


@pytest.mark.parametrize(
    ("by", "status", "names"),
    [
        (None, 401, None),
        (COORDINATOR, 403, None),
        (("staff",), 403, None),
        (KISTA, 403, ["Berit"]),
        (TENSTA, 200, ["Amina", "Berit"]),
    ],
)
async def test_staff_see_those_who_help_at_their_libraries(
    volunteers: Volunteers, by: tuple[str, ...] | None, status: int, names: list[str] | None
) -> None:
    """Fails when a role reaches further than its libraries, by any path."""
    amina = await volunteers.volunteer(branches=["tensta"])
    await volunteers.volunteer(name="Berit")
    one = f"/v1/volunteers/{amina['id']}"
    today = datetime.now(UTC).date()

    _, page = await volunteers.send("GET", "/v1/volunteers", by=by)
    assert (None if names is None else [person["name"] for person in page["items"]]) == names
    for method, path, body in (
        ("GET", one, None),
        ("POST", f"{one}/reveal", None),
        ("PATCH", one, {"topics": ["email"]}),
        ("PUT", f"{one}/availability", {}),
        ("POST", f"{one}/state", {"state": "paused"}),
        ("PUT", f"{one}/register-note", {"seen_on": f"{today - timedelta(2)}"}),
    ):
        assert (await volunteers.send(method, path, body, by=by))[0] == status, path
    assert (await volunteers.send("DELETE", f"{one}/register-note", by=by))[0] == (204 if status == 200 else status)


async def test_staff_add_nobody_for_other_libraries(volunteers: Volunteers) -> None:
    status, problem = await volunteers.send(
        "POST",
        "/v1/volunteers",
        {"name": "Amina", "reach": "sms", "phone": "0701740605", "branches": ["tensta"]},
        by=KISTA,
    )
    assert (status, problem["type"]) == (403, "forbidden")
    mine = await volunteers.volunteer(by=KISTA, branches=["kista"])
    given_away = await volunteers.send("PATCH", f"/v1/volunteers/{mine['id']}", {"branches": ["tensta"]}, by=KISTA)
    assert given_away[0] == 403


async def test_there_is_no_such_volunteer(volunteers: Volunteers) -> None:
    for id_ in (str(uuid4()), "amina"):
        for method, path, body in (("GET", "", None), ("PATCH", "", {}), ("POST", "/state", {"state": "talk"})):
            status, problem = await volunteers.send(method, f"/v1/volunteers/{id_}{path}", body)
            assert (status, problem["type"]) == (404, "unknown-volunteer")


async def test_only_our_own_services_learn_how_people_are_reached(volunteers: Volunteers) -> None:
    async with volunteers.http.post(
        f"{volunteers.url}/internal/contacts", json={"refs": []}, headers=volunteers.service_headers("booking")
    ) as answer:
        assert answer.status == 401
