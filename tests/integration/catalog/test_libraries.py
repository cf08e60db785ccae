"""Libraries as administrators keep them: what a change reaches, and what it may not be."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.catalog import usecases
from services.catalog.domain import NewSession
from shared.events import SessionPublished
from shared.ids import new_id
from tests.integration.catalog.conftest import ADMIN, COORDINATOR, KISTA, Answer, Catalog, Json, soon
from tests.support.servers import eventually

ADDRESS = "/v1/branches/kista"
WEEKDAYS = range(5)


def new(**values: object) -> Json:
    place = {"address": "Hjulstavägen 1", "district": "Järva", "latitude": 59.39, "longitude": 17.91}
    return {"name": "Hjulsta bibliotek", "sms_name": "Hjulsta", "phone": "08-465 004 39", **place, **values}


def stretch(weekday: int, opens: str, closes: str, *, staffed: bool = True) -> Json:
    return {"weekday": weekday, "opens": opens, "closes": closes, "staffed": staffed}


async def change(catalog: Catalog, by: tuple[str, ...] | None = ADMIN, **values: object) -> Answer:
    return await catalog.send("PATCH", ADDRESS, values, by=by)


async def test_a_new_library_is_found_and_gets_its_first_session(catalog: Catalog) -> None:
    """Fails when what is told of a new library is not kept, or it cannot be looked for or planned at."""
    hours = [stretch(0, "10:00", "18:00"), stretch(0, "18:00", "21:00", staffed=False)]
    stop = {"stop_kind": "metro", "stop_name": "Hjulsta"}

    status, made = await catalog.send("POST", "/v1/branches", new(hours=hours, **stop), by=ADMIN)

    assert (status, made["id"], made["revision"]) == (201, "hjulsta-bibliotek", 1)
    assert (made["sms_name"], made["stop"], made["hours"]) == ("Hjulsta", "Tunnelbana Hjulsta", hours)
    assert (await catalog.get("/v1/branches/hjulsta-bibliotek"))[1] == made
    session = await catalog.session(branch_id="hjulsta-bibliotek")
    assert await catalog.listed(q="tunnelbana hjulsta") == [session["id"]]
    [audited] = (await catalog.send("GET", "/v1/audit?kind=branch", by=ADMIN))[1]["items"]
    assert (audited["action"], audited["object"]) == ("created", "hjulsta-bibliotek")


async def test_an_id_is_chosen_or_made_from_the_name_and_is_there_once(catalog: Catalog) -> None:
    key = {"Idempotency-Key": "made"}
    first = await catalog.send("POST", "/v1/branches", new(id="hjulsta"), by=ADMIN, headers=key)
    assert first[0] == 201
    assert await catalog.send("POST", "/v1/branches", new(id="hjulsta"), by=ADMIN, headers=key) == first

    again = new(id="hjulsta", name="Hjulsta två", sms_name="Hjulsta 2")
    refusals = [
        await catalog.send("POST", "/v1/branches", body, by=ADMIN)
        for body in (again, new(id="other"), new(id="other", name="Ett annat namn"), new(name="مكتبة", sms_name="M"))
    ]

    assert [(status, problem["type"], problem["field"]) for status, problem in refusals] == [
        (409, "branch-exists", "id"),
        (409, "name-taken", "name"),
        (409, "name-taken", "sms_name"),
        (422, "invalid", "id"),
    ]


async def test_a_rename_reaches_every_session_to_come_and_nobody_is_told_of_more(catalog: Catalog) -> None:
    """Fails when a coming session keeps the old name, or one that is a draft, over, called off or elsewhere is told."""
    activity = await catalog.activity()
    coming = [await catalog.session(activity_id=activity, starts_at=soon(day).isoformat()) for day in (3, 4)]
    draft = await catalog.session(activity_id=activity, status="draft")
    elsewhere = await catalog.session(activity_id=activity, branch_id="rinkeby")
    over = await catalog.session(activity_id=activity)
    await catalog.begin(over, minutes_ago=600)
    off = await catalog.session(activity_id=activity)
    await catalog.cancel(off)
    before = len(await catalog.told())

    status, changed = await change(catalog, name="Kista bibliotek och medborgarkontor", phone="08-465 004 99")

    told = (await catalog.told())[before:]
    assert (status, changed["sessions"], changed["revision"]) == (200, 2, 2)
    assert {str(event.subject) for event in told} == {session["id"] for session in coming}
    for event in told:
        assert isinstance(event, SessionPublished)
        assert event.data.revision == 2
        branch = event.data.branch
        assert (branch.name, branch.phone) == ("Kista bibliotek och medborgarkontor", "08-465 004 99")
    shown = [(await catalog.get(f"/v1/sessions/{one['id']}"))[1] for one in (*coming, elsewhere)]
    assert [one["revision"] for one in shown] == [2, 2, 1]
    assert await catalog.listed(q="medborgarkontor") == [one["id"] for one in coming]
    published = await catalog.patch(draft, status="published")
    assert published[0] == 200
    last = (await catalog.told())[-1]
    assert isinstance(last, SessionPublished)
    assert last.data.branch.name == "Kista bibliotek och medborgarkontor"


async def test_what_sessions_do_not_carry_is_changed_without_telling_of_them(catalog: Catalog) -> None:
    await catalog.session()
    before = len(await catalog.told())

    _, moved = await change(catalog, district="Norra Järva", latitude=59.41, longitude=17.95)
    _, same = await change(catalog, district="Norra Järva")

    assert (moved["sessions"], moved["revision"], same["revision"]) == (0, 2, 2)
    assert len(await catalog.told()) == before


async def test_a_session_planned_while_its_library_gets_a_new_number_has_that_in_the_end(catalog: Catalog) -> None:
    """Fails when the change does not wait for a session that was told of with the old number and is not committed."""
    activity = UUID(await catalog.activity())
    planned = NewSession(id=new_id(), activity_id=activity, branch_id="kista", starts_at=soon())
    async with catalog.database.transaction() as conn:
        await usecases.create_session(conn, planned)
        changing = asyncio.create_task(change(catalog, phone="08-465 004 99"))
        await eventually(catalog.somebody_waits)

    status, changed = await changing

    assert (status, changed["sessions"]) == (200, 1)
    (*_, last) = await catalog.told()
    assert isinstance(last, SessionPublished)
    assert (last.data.session_id, last.data.branch.phone) == (planned.id, "08-465 004 99")


async def test_who_changes_a_library_second_sees_what_the_first_changed(catalog: Catalog) -> None:
    _, read = await catalog.get(ADDRESS)
    await change(catalog, revision=read["revision"], phone="08-465 004 99", hours=[stretch(0, "10:00", "18:00")])

    status, problem = await change(catalog, revision=read["revision"], name="Kista nya bibliotek")

    assert (status, problem["type"], problem["revision"]) == (409, "stale-revision", 2)
    assert [(one["field"], one["was"], one["is"]) for one in problem["changes"]] == [
        ("hours", read["hours"], [stretch(0, "10:00", "18:00")]),
        ("phone", read["phone"], "08-465 004 99"),
    ]
    assert (await catalog.get(ADDRESS))[1]["name"] == read["name"]


async def test_the_preview_tells_what_would_be_different_and_for_how_many(catalog: Catalog) -> None:
    """Fails when a session that would lie outside the new hours is not named, or anything is kept."""
    wednesday = _next(2)
    inside = await catalog.session(starts_at=_at(wednesday, 11), ends_at=_at(wednesday, 12))
    late = await catalog.session(starts_at=_at(wednesday, 17), ends_at=_at(wednesday, 19))
    never = await catalog.session(starts_at=_at(wednesday, 22), ends_at=_at(wednesday, 23))
    online: Json = {"place": "online", "meeting": {"link": "https://meet.example.org/a"}}
    await catalog.session(starts_at=_at(wednesday, 17), ends_at=_at(wednesday, 19), **online)
    await change(catalog, hours=[stretch(day, "10:00", "20:00") for day in WEEKDAYS])
    before, told = (await catalog.get(ADDRESS))[1], len(await catalog.told())

    shorter = {"hours": [stretch(day, "10:00", "18:00") for day in WEEKDAYS], "sms_name": "Kista"}
    status, found = await catalog.send("POST", f"{ADDRESS}/preview", shorter, by=ADMIN)

    assert status == 200, found
    assert [one["field"] for one in found["changes"]] == ["sms_name", "hours"]
    assert (found["sessions"], found["outside_hours"]) == (4, 1)
    assert [one["id"] for one in found["outside"]] == [late["id"]]
    assert {inside["id"], never["id"]}.isdisjoint(one["id"] for one in found["outside"])
    assert ((await catalog.get(ADDRESS))[1], len(await catalog.told())) == (before, told)


BAD_CHANGES: list[tuple[Json, str]] = [
    ({"name": ""}, "name"),
    ({"name": "Kista\u202ebibliotek"}, "name"),
    ({"sms_name": "Sjutton bokstäver"}, "sms_name"),
    ({"sms_name": "Kista–Akalla"}, "sms_name"),
    ({"sms_name": " "}, "sms_name"),
    ({"phone": "ring oss"}, "phone"),
    ({"latitude": 95}, "latitude"),
    ({"stop_kind": "tram", "stop_name": ""}, "stop_name"),
    ({"stop_kind": "camel"}, "stop_kind"),
    ({"hours": [stretch(7, "10:00", "18:00")]}, "hours"),
    ({"hours": [stretch(0, "10:00", "24:00")]}, "hours"),
    ({"hours": [stretch(0, "18:00", "10:00")]}, "hours"),
    ({"hours": [stretch(0, "10:00", "18:00"), stretch(0, "17:00", "20:00")]}, "hours"),
    ({"id": "kista-2"}, "id"),
    ({"revision": "1"}, "revision"),
]


async def test_a_change_that_cannot_be_names_the_field_and_leaves_everything(catalog: Catalog) -> None:
    before = await catalog.get(ADDRESS)
    for values, field in BAD_CHANGES:
        for method, path in (("PATCH", ADDRESS), ("POST", f"{ADDRESS}/preview")):
            status, problem = await catalog.send(method, path, values, by=ADMIN)
            assert (status, problem["type"]) == (422, "invalid"), values
            assert problem["field"].startswith(field), values
    status, problem = await change(catalog, sms_name="Rinkeby")
    assert (status, problem["type"], problem["field"]) == (409, "name-taken", "sms_name")
    assert await catalog.get(ADDRESS) == before


@pytest.mark.parametrize(("by", "status"), [(None, 401), (KISTA, 403), (COORDINATOR, 403)])
async def test_only_administrators_change_libraries(catalog: Catalog, by: tuple[str, ...] | None, status: int) -> None:
    refused = [
        await change(catalog, by=by, name="A"),
        await catalog.send("POST", f"{ADDRESS}/preview", {"name": "A"}, by=by),
        await catalog.send("POST", "/v1/branches", new(), by=by),
    ]

    assert [answer[0] for answer in refused] == [status] * 3
    assert (await catalog.send("PATCH", "/v1/branches/nowhere", {"name": "A"}, by=ADMIN))[0] == 404


def _next(weekday: int) -> datetime:
    """Midnight by the clock on the wall of the next such day that is at least two days away."""
    today = datetime.now(ZoneInfo("Europe/Stockholm")).date()
    day = next(day for ahead in range(2, 9) if (day := today + timedelta(days=ahead)).weekday() == weekday)
    return datetime.combine(day, time(), ZoneInfo("Europe/Stockholm"))


def _at(day: datetime, hour: int) -> str:
    return day.replace(hour=hour).astimezone(UTC).isoformat()
