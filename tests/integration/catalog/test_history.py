"""What became of a session: two members of staff who change it at once, and the history of it."""

import asyncio
from uuid import uuid4

import pytest

from tests.integration.catalog.conftest import ADMIN, COORDINATOR, KISTA, RINKEBY, Catalog, Json, soon


async def history(catalog: Catalog, session: Json, by: tuple[str, ...] | None = KISTA) -> tuple[int, Json]:
    return await catalog.send("GET", f"/v1/sessions/{session['id']}/history", by=by)


async def test_who_comes_second_sees_what_the_first_changed(catalog: Catalog) -> None:
    """Fails when the difference leaves out a change since the client's revision, or tells of one before it."""
    session = await catalog.session(room="Hörsalen")
    _, read = await catalog.patch(session, room="Caféet")
    await catalog.patch(session, capacity=12)
    await catalog.patch(session, by=ADMIN, capacity={"seats": 10, "queue": 4}, starts_at=soon(4).isoformat())
    await catalog.patch(session, room="Ateljén")

    status, problem = await catalog.patch(session, revision=read["revision"], room="Rum 2")

    assert (status, problem["type"], problem["field"]) == (409, "stale-revision", "revision")
    assert problem["revision"] == 5
    told = {change["field"]: (change["was"], change["is"], change["by"]) for change in problem["changes"]}
    assert told == {
        "capacity.seats": (15, 10, "admin"),
        "capacity.queue": (8, 4, "admin"),
        "starts_at": (session["starts_at"], f"{soon(4):%Y-%m-%dT%H:%M:%SZ}", "admin"),
        "ends_at": (session["ends_at"], told["ends_at"][1], "admin"),
        "room": ("Caféet", "Ateljén", "staff"),
    }
    assert all(change["at"].endswith("Z") for change in problem["changes"])
    _, shown = await catalog.get(f"/v1/sessions/{session['id']}")
    assert shown["room"] == "Ateljén"


async def test_two_at_once_from_the_same_revision_are_one_change_and_one_difference(catalog: Catalog) -> None:
    """Fails when both changes are made, or who comes second is told of nothing."""
    session = await catalog.session()

    answers = await asyncio.gather(
        catalog.patch(session, revision=1, room="A"), catalog.patch(session, revision=1, room="B")
    )

    (won,) = (body for status, body in answers if status == 200)
    (lost,) = (body for status, body in answers if status == 409)
    (change,) = lost["changes"]
    assert (change["field"], change["was"], change["is"]) == ("room", "", won["room"])


async def test_a_value_that_was_taken_away_is_told_as_null(catalog: Catalog) -> None:
    """Fails when a value that is no more is left out of the difference."""
    session = await catalog.session(closes_at=soon(1).isoformat())
    await catalog.patch(session, closes_at=None)

    _, problem = await catalog.patch(session, revision=1, room="A")

    (change,) = problem["changes"]
    assert (change["field"], change["was"], change["is"]) == ("closes_at", session["closes_at"], None)


async def test_a_revision_that_was_never_there_is_refused_without_a_difference(catalog: Catalog) -> None:
    session = await catalog.session()

    status, problem = await catalog.patch(session, revision=99, room="A")
    assert (status, problem["revision"], problem["changes"]) == (409, 1, [])


async def test_a_session_s_history_is_told_change_by_change(catalog: Catalog) -> None:
    """Fails when a change, who made it or a cancellation is missing, or a change of nothing is told."""
    session = await catalog.session()
    await catalog.patch(session, room="A")
    await catalog.patch(session, room="A")
    await catalog.patch(session, by=ADMIN, capacity=12, mode="booking")
    await catalog.cancel(session)

    status, told = await history(catalog, session)

    assert (status, told["session_id"]) == (200, session["id"])
    assert [(item["revision"], item["by"]) for item in told["items"]] == [(4, "staff"), (3, "admin"), (2, "staff")]
    cancelled, fewer, room = (item["changes"] for item in told["items"])
    assert room == [{"field": "room", "was": "", "is": "A"}]
    assert fewer == [{"field": "capacity.seats", "was": 15, "is": 12}]
    assert cancelled == [
        {"field": "cancel_reason", "was": None, "is": "illness"},
        {"field": "status", "was": "published", "is": "cancelled"},
    ]


@pytest.mark.parametrize(
    ("by", "status"), [(None, 401), (RINKEBY, 403), (COORDINATOR, 403), (KISTA, 200), (ADMIN, 200)]
)
async def test_only_those_who_run_it_read_the_history(
    catalog: Catalog, by: tuple[str, ...] | None, status: int
) -> None:
    session = await catalog.session()

    assert (await history(catalog, session, by))[0] == status


async def test_no_session_has_no_history(catalog: Catalog) -> None:
    for id_ in (str(uuid4()), "tuesday"):
        status, problem = await history(catalog, {"id": id_})
        assert (status, problem["type"]) == (404, "unknown-session")
