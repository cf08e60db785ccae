"""Who was there has it in writing, where that is offered; nobody else, and not before it is over."""

from typing import Any

from tests.integration.booking.cafe import Cafe, opened
from tests.integration.booking.conftest import Timed
from tests.integration.booking.test_closing import FIGURES, mark

TOWN = {
    "id": "municipality",
    "type": "choice",
    "labels": {"sv": "Kommun"},
    "options": [{"id": id_, "labels": {"sv": id_}} for id_ in ("osby", "horby")],
    "required": False,
}


async def training(timed: Timed, **policies: Any) -> Cafe:  # noqa: ANN401
    return await opened(timed, policies={"certificate": True, "ask": [TOWN]} | policies)


async def certificate(cafe: Cafe, made: dict[str, Any], proof: str | None = None) -> tuple[int, dict[str, Any]]:
    headers = {"Plats-Proof": made["proof"] if proof is None else proof}
    return await cafe.booking.get(f"/v1/bookings/{made['code']}/certificate", **headers)


async def test_who_was_there_has_it_in_writing_once_it_is_over(timed: Timed) -> None:
    cafe = await training(timed)
    made = await cafe.book(name="Sara Ek", answers={"municipality": "osby"})
    await cafe.passes(days=10)
    assert (await mark(cafe, made, "came"))[0] == 200
    assert not (await cafe.see(made))["certificate"]
    assert (await certificate(cafe, made))[1]["type"] == "no-certificate"
    await cafe.passes(minutes=90)
    assert (await cafe.see(made))["certificate"]
    status, shown = await certificate(cafe, made)
    assert status == 200
    assert shown == {
        "name": "Sara Ek",
        "session_id": str(cafe.id),
        "activity_id": str(cafe.state.activity_id),
        "starts_at": cafe.state.starts_at.isoformat().replace("+00:00", "Z"),
        "ends_at": cafe.state.ends_at.isoformat().replace("+00:00", "Z"),
        "hours": 1.5,
        "branch_id": "kista",
        "municipality": "osby",
        "signer": "library",
    }
    assert (await certificate(cafe, made, "0000"))[1]["type"] == "wrong-proof"
    assert await of_session(cafe) == {"given": True, "items": [shown], "next": None}, "for who prints them the same"


async def of_session(cafe: Cafe, *branches: str) -> dict[str, Any]:
    return (await cafe.booking.get(f"/v1/sessions/{cafe.id}/certificates", **cafe.staff(*branches)))[1]


async def test_staff_print_those_of_who_was_there_and_it_is_kept_that_they_were_read(timed: Timed) -> None:
    cafe = await training(timed)
    came = [await cafe.book(name=name) for name in ("Sara", "Ada")]
    await cafe.book(name="Bo")
    await cafe.passes(days=10)
    for made in came:
        await mark(cafe, made, "came")
    assert await of_session(cafe) == {"given": True, "items": [], "next": None}, "not before it is over"
    await cafe.passes(minutes=90)
    assert [one["name"] for one in (await of_session(cafe))["items"]] == ["Ada", "Sara"]
    assert (await of_session(cafe, "tensta"))["type"] == "forbidden"
    _, found = await cafe.booking.get("/v1/audit?action=certificates-read", **timed.issuer.headers("admin"))
    assert [one["object"] for one in found["items"]] == [str(cafe.id)] * 2
    await cafe.desk("close", FIGURES | {"held": False, "adults": 0, "children": 0})
    assert (await of_session(cafe))["items"] == []


async def test_where_none_are_given_there_are_none(timed: Timed) -> None:
    cafe = await training(timed, certificate=False)
    assert await of_session(cafe) == {"given": False, "items": [], "next": None}


async def test_nobody_else_has_one(timed: Timed) -> None:
    cafe = await training(timed)
    missed, unknown, excused, late = [await cafe.book() for _ in range(4)]
    await cafe.passes(days=10, minutes=-30)
    await cafe.do(late, "cancel")
    await cafe.passes(minutes=40)
    await mark(cafe, missed, "no_show")
    await mark(cafe, excused, "excused")
    await cafe.passes(minutes=90)
    for made in (missed, unknown, excused, late):
        status, problem = await certificate(cafe, made)
        assert (status, problem["type"], problem["field"]) == (409, "no-certificate", "code")
        assert not (await cafe.see(made))["certificate"]


async def test_there_is_none_where_none_is_offered_nor_for_what_was_not_held(timed: Timed) -> None:
    without, unheld = await training(timed, certificate=False), await training(timed)
    made = [(cafe, await cafe.book()) for cafe in (without, unheld)]
    await without.passes(days=10)
    for cafe, one in made:
        assert (await mark(cafe, one, "came"))[0] == 200
    await without.passes(minutes=90)
    assert (await unheld.desk("close", FIGURES | {"held": False, "adults": 0, "children": 0}))[0] == 200
    for cafe, one in made:
        assert (await certificate(cafe, one))[1]["type"] == "no-certificate"
