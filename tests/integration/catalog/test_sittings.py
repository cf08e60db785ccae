"""Sittings: slots that follow each other, each a session of its own, changed one by one or together."""

from datetime import timedelta

from shared.events import SessionPublished
from tests.integration.catalog.conftest import KISTA, RINKEBY, Catalog, Json, soon

START = soon(4)


async def sitting(catalog: Catalog, **values: object) -> Json:
    body = {
        "activity_id": await catalog.activity("digital_coaching"),
        "branch_id": "kista",
        "starts_at": START.isoformat(),
        "ends_at": (START + timedelta(hours=2)).isoformat(),
        "slot_minutes": 40,
        **values,
    }
    status, made = await catalog.send("POST", "/v1/sittings", body)
    assert status == 201, made
    return made


async def test_a_sitting_is_slots_with_seats_of_their_own(catalog: Catalog) -> None:
    made = await sitting(catalog, capacity=1, room="Disken")

    starts = [f"{START + timedelta(minutes=40 * number):%Y-%m-%dT%H:%M:%SZ}" for number in range(4)]
    assert [(slot["starts_at"], slot["ends_at"]) for slot in made["sessions"]] == [
        (starts[0], starts[1]), (starts[1], starts[2]), (starts[2], starts[3]),
    ]  # fmt: skip
    assert {(s["sitting_id"], s["series_id"], s["seats"]["capacity"]) for s in made["sessions"]} == {
        (made["id"], None, 1)
    }
    told = [event.data for event in await catalog.told() if isinstance(event, SessionPublished)]
    assert [(str(state.session_id), str(state.sitting_id)) for state in told] == [
        (slot["id"], made["id"]) for slot in made["sessions"]
    ]
    await catalog.session()
    assert await catalog.listed(sitting=made["id"]) == [slot["id"] for slot in made["sessions"]]


async def test_one_slot_changes_alone_and_all_of_them_together(catalog: Catalog) -> None:
    """Fails when a change of one slot reaches another, or a move of the sitting lets slots overlap."""
    slots = (await sitting(catalog))["sessions"]

    assert (await catalog.patch(slots[1], room="B"))[0] == 200
    later = (START + timedelta(minutes=60)).isoformat()
    status, moved = await catalog.send(
        "PATCH", f"/v1/sessions/{slots[0]['id']}", {"starts_at": later, "scope": "sitting"}
    )

    assert (status, moved["also_changed"]) == (200, [slots[1]["id"], slots[2]["id"]])
    now = [(await catalog.get(f"/v1/sessions/{slot['id']}"))[1] for slot in slots]
    assert [slot["room"] for slot in now] == ["", "B", ""]
    assert [slot["starts_at"] for slot in now] == [
        f"{START + timedelta(minutes=60 + 40 * number):%Y-%m-%dT%H:%M:%SZ}" for number in range(3)
    ]
    assert [slot["ends_at"] for slot in now[:2]] == [slot["starts_at"] for slot in now[1:]]


async def test_a_sitting_is_called_off_but_for_what_has_begun(catalog: Catalog) -> None:
    slots = (await sitting(catalog))["sessions"]
    await catalog.begin(slots[0])

    wish = {"reason": "illness", "scope": "sitting"}
    status, answer = await catalog.send("POST", f"/v1/sessions/{slots[1]['id']}/cancel", wish)

    assert (status, answer["also_changed"]) == (200, [slots[2]["id"]])
    assert answer["left_out"] == [{"id": slots[0]["id"], "why": "begun"}]


async def test_slots_of_a_series_are_sittings_and_a_date_changes_with_all_of_its_slots(catalog: Catalog) -> None:
    """Fails when following leaves out the earlier slots of the same date."""
    activity = await catalog.activity("digital_coaching")
    body = {
        "branch_id": "kista",
        "first": soon(20).date().isoformat(),
        "time": "14:00",
        "minutes": 120,
        "slot_minutes": 40,
        "rule": "FREQ=WEEKLY;COUNT=3",
        "skip": {"closures": False, "red_days": False},
    }
    _, made = await catalog.send("POST", f"/v1/activities/{activity}/series", body)
    slots = made["sessions"]
    assert len(slots) == 9
    assert len({slot["sitting_id"] for slot in slots}) == 3

    _, changed = await catalog.send("PATCH", f"/v1/sessions/{slots[4]['id']}", {"room": "A", "scope": "following"})

    assert set(changed["also_changed"]) == {slot["id"] for slot in slots[3:] if slot is not slots[4]}


BAD_SITTINGS: list[tuple[Json, str]] = [
    ({"slot_minutes": 0}, "slot_minutes"),
    ({"slot_minutes": 45}, "slot_minutes"),
    ({"slot_minutes": 240}, "slot_minutes"),
    ({"slot_minutes": None}, "slot_minutes"),
    ({"ends_at": START.isoformat()}, "ends_at"),
    ({"ends_at": (START - timedelta(hours=2)).isoformat()}, "ends_at"),
    ({"starts_at": soon(-1).isoformat()}, "starts_at"),
    ({"starts_at": "2027-02-31T14:00:00+01:00"}, "starts_at"),
    ({"capacity": 10_001}, "capacity.seats"),
    ({"branch_id": "nowhere"}, "branch_id"),
]


async def test_a_sitting_that_cannot_be_names_the_field_and_leaves_nothing(catalog: Catalog) -> None:
    body = {
        "activity_id": await catalog.activity("digital_coaching"),
        "branch_id": "kista",
        "starts_at": START.isoformat(),
        "ends_at": (START + timedelta(hours=2)).isoformat(),
        "slot_minutes": 40,
    }

    for values, field in BAD_SITTINGS:
        by = ("admin",) if "branch_id" in values else KISTA
        status, problem = await catalog.send("POST", "/v1/sittings", body | values, by=by)
        assert (status, problem["type"], problem["field"]) == (422, "invalid", field), values
    assert (await catalog.send("POST", "/v1/sittings", body, by=RINKEBY))[0] == 403
    assert await catalog.listed() == []
    assert await catalog.told() == []
