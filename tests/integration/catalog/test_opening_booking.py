"""Booking opened and closed, seats that helpers make, questions that travel, and sessions that staff closed."""

from datetime import timedelta

import pytest

from shared.events import SessionPublished
from tests.integration.catalog.conftest import Catalog, Json, public, soon


async def coaching(catalog: Catalog) -> Json:
    activity = await catalog.activity("digital_coaching", titles={"sv": "Digital coachning"})
    return await catalog.session(activity_id=activity)


async def last_told(catalog: Catalog) -> SessionPublished:
    event = (await catalog.told())[-1]
    assert isinstance(event, SessionPublished)
    return event


async def test_what_a_kind_asks_for_is_shown_and_told(catalog: Catalog) -> None:
    """Fails when a question is lost on its way from the kind to those who ask it, or altered by a change."""
    made = await coaching(catalog)
    status, changed = await catalog.patch(made, room="A")

    assert status == 200
    event = await last_told(catalog)
    told = [question.model_dump(mode="json") for question in event.data.policies.ask]
    assert [question["id"] for question in told] == ["topic", "help_language"]
    assert told[0]["options"][0] == {
        "id": "bankid",
        "labels": {"sv": "Komma i gång med BankID", "en": "Getting started with BankID"},
    }
    assert made["ask"] == changed["ask"] == told
    (activity,) = (await catalog.get("/v1/activities"))[1]["items"]
    assert activity["ask"] == told
    assert (activity["capacity_from"], activity["certificate"]) == ("staffing", False)


async def test_a_course_for_staff_is_booked_by_anybody_and_gives_a_certificate(catalog: Catalog) -> None:
    """Fails when staff of other municipalities, who cannot sign in here, could not book their seat."""
    course = await catalog.session(activity_id=await catalog.activity("staff_training", titles={"sv": "Bemötande"}))
    await catalog.hear(course["id"], left=25)

    _, shown = await catalog.get(f"/v1/sessions/{course['id']}")
    assert (shown["booked_by"], shown["bookable"], shown["certificate"]) == ("anyone", True, True)
    assert (await last_told(catalog)).data.policies.certificate
    assert course["id"] not in await catalog.listed(audience="everyone")


async def test_there_are_as_many_seats_as_helpers(catalog: Catalog) -> None:
    """Fails when others are told of seats that nobody is there to serve, or staff no longer see what they set."""
    made = await coaching(catalog)
    await catalog.hear(made["id"], left=3)

    status, changed = await catalog.patch(made, helpers=2)
    assert (status, changed["helpers"], changed["seats"]["capacity"]) == (200, 2, 3)
    assert (await last_told(catalog)).data.capacity.seats == 2
    _, shown = await catalog.get(f"/v1/sessions/{made['id']}")
    assert shown["seats"] == {"capacity": 2, "walk_in": 0, "left": 2}
    (free,) = (await catalog.get("/v1/availability", session=made["id"]))[1]["items"]
    assert free["seats"] == shown["seats"]

    assert (await catalog.patch(made, helpers=0))[0] == 200
    assert await catalog.listed(free="true") == []
    status, changed = await catalog.patch(made, helpers=None)
    assert (status, changed["helpers"]) == (200, None)
    assert (await last_told(catalog)).data.capacity.seats == 3


async def test_booking_opens_and_closes_when_staff_say_so(catalog: Catalog) -> None:
    """Fails when a session looks bookable outside its times, or is told without them."""
    opens, closes = soon(1), soon(2)
    made = await catalog.session(opens_at=opens.isoformat(), closes_at=closes.isoformat())
    await catalog.hear(made["id"], left=15, queue_left=8)

    async def seen() -> tuple[bool, int, int]:
        _, shown = await catalog.get(f"/v1/sessions/{made['id']}")
        return shown["bookable"], shown["seats"]["left"], shown["queue"]["left"]

    assert await seen() == (False, 0, 0)
    event = await last_told(catalog)
    assert (event.data.opens_at, event.data.closes_at) == (opens, closes)
    assert made["opens_at"] == f"{opens:%Y-%m-%dT%H:%M:%SZ}"

    assert (await catalog.patch(made, opens_at=soon(-1).isoformat()))[0] == 200
    assert await seen() == (True, 15, 8)
    status, closed = await catalog.patch(made, closes_at=(soon(0) - timedelta(minutes=1)).isoformat())
    assert status == 200
    assert await seen() == (False, 0, 0)
    assert await catalog.listed(free="true") == []
    status, opened = await catalog.patch(made, opens_at=None, closes_at=None, revision=closed["revision"])
    assert (status, opened["opens_at"], opened["closes_at"]) == (200, None, None)
    assert await seen() == (True, 15, 8)
    event = await last_told(catalog)
    assert (event.data.opens_at, event.data.closes_at) == (None, None)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"opens_at": "2026-02-31T12:00:00Z"}, "opens_at"),
        ({"closes_at": soon(10).isoformat()}, "closes_at"),
        ({"opens_at": soon(10).isoformat()}, "opens_at"),
        ({"helpers": 2}, "helpers"),
        ({"helpers": -1}, "helpers"),
        ({"helpers": "two"}, "helpers"),
        ({"capacity_from": "thin air"}, "capacity_from"),
        ({"closed": True}, "closed"),
        ({"ask": []}, "ask"),
    ],
)
async def test_what_no_session_may_have_is_refused_by_name(catalog: Catalog, values: Json, field: str) -> None:
    session = await catalog.session()
    body = {"branch_id": "kista", "activity_id": session["activity_id"], "starts_at": soon().isoformat()}

    for status, problem in (
        await catalog.patch(session, **values),
        await catalog.send("POST", "/v1/sessions", body | values),
    ):
        assert (status, problem["type"], problem["field"]) == (422, "invalid", field)


async def test_a_closed_session_is_neither_changed_nor_cancelled(catalog: Catalog) -> None:
    """Fails when the figures of a session could be of another one than was held."""
    session = await catalog.session()
    await catalog.begin(session)
    await catalog.hear_closed(session["id"])
    await catalog.hear_closed(session["id"], revision=2)

    for status, problem in (await catalog.patch(session, room="A"), await catalog.cancel(session)):
        assert (status, problem["type"]) == (409, "closed")
        assert "closed" in problem["detail"]
    assert len(await catalog.told()) == 1


async def test_staff_see_that_a_session_is_closed_and_visitors_do_not(catalog: Catalog) -> None:
    session = await catalog.session()
    _, again = await catalog.patch(session)
    assert again["closed"] is False
    await catalog.hear_closed(session["id"])

    _, shown = await catalog.get(f"/v1/sessions/{session['id']}")
    assert set(shown) == set(public(session))


async def test_the_closing_of_a_session_that_nobody_made_changes_nothing(catalog: Catalog) -> None:
    """Fails when a word about a session of another database stops what is heard after it."""
    session = await catalog.session()
    await catalog.hear_closed("00000000-0000-7000-8000-000000000000")
    await catalog.hear(session["id"], left=4)

    assert (await catalog.get(f"/v1/sessions/{session['id']}"))[1]["seats"]["left"] == 4
