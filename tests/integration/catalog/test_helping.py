"""Sessions say how many volunteers they need and for what; who is one hears it."""

import pytest

from services.catalog.kinds import KINDS
from shared.events import Helping, SessionPublished
from tests.integration.catalog.conftest import KISTA, Catalog, Json, soon

NEEDED: dict[str, Helping | None] = {
    "language_cafe": Helping(needed=1, task="host"),
    "homework_help": Helping(needed=2, task="homework", register_note=True),
    "digital_coaching": Helping(needed=3, task="coach", matched=True),
    "it_host": None,
    "story_time": None,
    "class_visit": None,
    "staff_training": None,
    "library_friend": Helping(needed=2, task="friend"),
}


async def helping(catalog: Catalog, session: Json) -> Helping | None:
    """What was told last of the volunteers a session needs."""
    told = [event for event in await catalog.told() if isinstance(event, SessionPublished)]
    return next(event.data.helping for event in reversed(told) if event.subject == session["id"])


@pytest.mark.parametrize("kind", KINDS)
async def test_a_kind_says_which_volunteers_its_sessions_need(catalog: Catalog, kind: str) -> None:
    """Fails when homework help is told of without the note that the law asks for, or coaching would not be matched."""
    session = await catalog.session(activity_id=await catalog.activity(kind))

    assert await helping(catalog, session) == NEEDED[kind]


async def test_staff_say_how_many_for_an_activity_a_session_and_a_sitting(catalog: Catalog) -> None:
    activity = await catalog.activity("story_time", helpers_needed=1, register_note=True)
    session = await catalog.session(activity_id=activity)
    assert (session["helpers_needed"], session["register_note"]) == (1, True)
    assert await helping(catalog, session) == Helping(needed=1, task="story", register_note=True)

    status, changed = await catalog.patch(session, helpers_needed=2, register_note=False)
    assert (status, changed["helpers_needed"], changed["revision"]) == (200, 2, 2)
    assert await helping(catalog, session) == Helping(needed=2, task="story")
    _, history = await catalog.send("GET", f"/v1/sessions/{session['id']}/history", None, by=KISTA)
    assert {one["field"]: (one["was"], one["is"]) for one in history["items"][0]["changes"]} == {
        "helpers_needed": (1, 2),
        "register_note": (True, False),
    }

    assert (await catalog.patch(changed, helpers_needed=0))[0] == 200
    assert await helping(catalog, session) is None

    body = {"activity_id": await catalog.activity("digital_coaching"), "branch_id": "kista", "slot_minutes": 40}
    body |= {"starts_at": soon(4).isoformat(), "helpers_needed": 2}
    status, sitting = await catalog.send("POST", "/v1/sittings", body)
    assert (status, {slot["helpers_needed"] for slot in sitting["sessions"]}) == (201, {2})


async def test_the_dates_of_a_series_need_what_the_series_says_and_keep_it_in_the_next_term(catalog: Catalog) -> None:
    """Fails when a term that is copied goes back to as many as its activity starts with."""
    activity = await catalog.activity("language_cafe")
    first = soon(10).date()
    body = {
        "branch_id": "kista",
        "first": first.isoformat(),
        "time": "17:00",
        "rule": "FREQ=WEEKLY;COUNT=2",
        "skip": {"closures": False, "red_days": False},
        "helpers_needed": 4,
    }
    status, series = await catalog.send("POST", f"/v1/activities/{activity}/series", body)
    assert status == 201, series
    assert [await helping(catalog, one) for one in series["sessions"]] == [Helping(needed=4, task="host")] * 2

    term = {"from": first.isoformat(), "to": soon(20).date().isoformat()}
    later = {"first": soon(40).date().isoformat(), "last": soon(60).date().isoformat(), "series": [series["id"]]}
    status, copied = await catalog.send("POST", "/v1/branches/kista/terms", term | later)
    assert status in {200, 201}, copied
    told = [event.data for event in await catalog.told() if isinstance(event, SessionPublished)]
    assert {state.helping for state in told} == {Helping(needed=4, task="host")}
    assert len(told) > 2


async def test_seats_are_those_that_helpers_on_duty_make(catalog: Catalog) -> None:
    """Fails when one seat of one looks like the last of three, or staff no longer see what they set."""
    session = await catalog.session(activity_id=await catalog.activity("digital_coaching"))
    path = f"/v1/sessions/{session['id']}"

    async def seats() -> list[Json]:
        _, shown = await catalog.get(path)
        _, now = await catalog.get("/v1/availability", session=session["id"])
        return [shown["seats"], now["items"][0]["seats"]]

    assert await seats() == [{"capacity": 3, "walk_in": 0, "left": 0}] * 2
    await catalog.hear(session["id"], left=1, capacity=1)
    assert await seats() == [{"capacity": 1, "walk_in": 0, "left": 1}] * 2
    _, changed = await catalog.patch(session, room="A")
    assert changed["seats"]["capacity"] == 3

    assert (await catalog.patch(session, helpers_needed=0))[0] == 200
    assert (await seats())[0]["capacity"] == 3
    cafe = await catalog.session()
    await catalog.hear(cafe["id"], left=4, capacity=4)
    status, shown = await catalog.get(f"/v1/sessions/{cafe['id']}")
    assert (status, shown["seats"]["capacity"]) == (200, 15)


@pytest.mark.parametrize("values", [{"helpers_needed": -1}, {"helpers_needed": 51}, {"helpers_needed": "two"}])
async def test_a_number_of_helpers_that_cannot_be_is_refused(catalog: Catalog, values: Json) -> None:
    session = await catalog.session()

    status, problem = await catalog.patch(session, **values)

    assert (status, problem["field"]) == (422, "helpers_needed")
