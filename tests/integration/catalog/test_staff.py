"""What staff do to the programme: who may, what is refused, and what the others are told."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.catalog.kinds import KINDS
from shared.events import SessionCancelled, SessionPublished, SessionWithdrawn
from tests.integration.catalog.conftest import ADMIN, COORDINATOR, KISTA, RINKEBY, Catalog, Json, public, soon
from tests.support.servers import eventually

BOTH = ("staff", "kista", "rinkeby")
MEETING = {"link": "https://meet.example.org/j/123", "number": "123 456"}


async def test_a_new_session_is_answered_whole_and_told_in_full(catalog: Catalog) -> None:
    activity = await catalog.activity(
        sms_titles={"sv": "Fika"},
        summaries={"sv": "Kom och prata."},
        audiences={"sv": "Från 16 år"},
        led_by={"sv": "Volontärer"},
        languages=["sv", "ar"],
        level="A1",
    )
    starts_at = soon()
    made = await catalog.session(
        by=KISTA,
        activity_id=activity,
        starts_at=starts_at.isoformat(),
        ends_at=(starts_at + timedelta(hours=1)).isoformat(),
        capacity=12,
        mode="booking",
        room="Hörsalen",
        place="online",
        theme={"sv": "Resor"},
        meeting=MEETING,
    )

    assert made == {
        "id": made["id"],
        "revision": 1,
        "status": "published",
        "activity_id": activity,
        "kind": "language_cafe",
        "kind_labels": {"sv": "Språkcafé", "en": "Language café"},
        "titles": {"sv": "Språkcafé", "en": "Language café"},
        "summaries": {"sv": "Kom och prata."},
        "theme": {"sv": "Resor"},
        "audiences": {"sv": "Från 16 år"},
        "bring": dict(KINDS["language_cafe"].bring),
        "led_by": {"sv": "Volontärer"},
        "place": "online",
        "branch_id": "kista",
        "branch": {
            "id": "kista",
            "name": "Kista bibliotek",
            "phone": "08-465 004 00",
            "address": "Kista Galleria",
            "district": "Järva",
            "stop": "Tunnelbana Kista",
            "stop_kind": "metro",
            "stop_name": "Kista",
        },
        "room": "Hörsalen",
        "languages": ["sv", "ar"],
        "level": "A1",
        "starts_at": f"{starts_at:%Y-%m-%dT%H:%M:%SZ}",
        "ends_at": f"{starts_at + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
        "mode": "booking",
        "counts": "persons",
        "party_max": 4,
        "children": True,
        "booked_by": "anyone",
        "ask": [],
        "certificate": False,
        "opens_at": None,
        "closes_at": None,
        "series_id": None,
        "sitting_id": None,
        "seats": {"capacity": 12, "walk_in": 0, "left": 0},
        "queue": {"capacity": 8, "left": 0},
        "bookable": False,
        "meeting": MEETING,
        "host": "",
        "capacity_from": "session",
        "helpers": None,
        "helpers_needed": 1,
        "register_note": False,
        "closed": False,
    }
    assert (await catalog.get(f"/v1/sessions/{made['id']}")) == (200, public(made))
    (event,) = await catalog.told()
    assert isinstance(event, SessionPublished)
    assert event.source == "catalog"
    assert event.subject == made["id"]
    assert event.data.model_dump(mode="json") == {
        "session_id": made["id"],
        "revision": 1,
        "kind": "language_cafe",
        "activity_id": activity,
        "titles": made["titles"],
        "sms_titles": {"sv": "Fika"},
        "place": "online",
        "branch": {
            "id": "kista",
            "name": "Kista bibliotek",
            "sms_name": "Kista bibliotek",
            "phone": "08-465 004 00",
            "address": "Kista Galleria",
        },
        "room": "Hörsalen",
        "languages": ["sv", "ar"],
        "starts_at": made["starts_at"],
        "ends_at": made["ends_at"],
        "mode": "booking",
        "capacity": {"seats": 12, "walk_in": 0, "queue": 8},
        "counts": "persons",
        "policies": {
            "party_max": 4,
            "children": True,
            "late_cancel_hours": 24,
            "fill_from_hours": 24,
            "offer_minutes": 240,
            "reminder_hours": 24,
            "reconfirm": True,
            "booked_by": "anyone",
            "ask": [],
            "certificate": False,
        },
        "meeting": MEETING,
        "series_id": None,
        "sitting_id": None,
        "opens_at": None,
        "closes_at": None,
        "capacity_from": "session",
        "helping": {"needed": 1, "task": "host", "matched": False, "register_note": False},
    }


async def test_what_is_left_out_comes_from_the_activity_and_then_from_its_kind(catalog: Catalog) -> None:
    activity = await catalog.activity("story_time", minutes=25, party_max=3, capacity={"seats": 11})
    made = await catalog.session(activity_id=activity)

    (event,) = await catalog.told()
    assert isinstance(event, SessionPublished)
    assert event.data.ends_at - event.data.starts_at == timedelta(minutes=25)
    assert event.data.sms_titles == {"sv": "Sagostund", "en": "Story time"}
    assert (made["counts"], made["party_max"], made["children"]) == ("children", 3, True)
    assert (made["seats"]["capacity"], made["queue"]["capacity"], made["mode"]) == (11, 5, "booking")


WAITING: Json = {"fill_from_hours": 48, "offer_minutes": 90, "reminder_hours": 3, "reconfirm": False}


async def test_how_people_wait_and_are_reminded_is_the_activity_s_and_travels_with_its_sessions(
    catalog: Catalog,
) -> None:
    """Fails when one of the terms is not taken, kept, shown or told, at first or after changes of something else."""
    activity = await catalog.activity(**WAITING)
    session = await catalog.session(activity_id=activity)
    for room in ("A", "B"):
        assert (await catalog.patch(session, room=room))[0] == 200

    (listed,) = (await catalog.get("/v1/activities"))[1]["items"]
    assert {name: listed[name] for name in WAITING} == WAITING
    told = [event.data for event in await catalog.told() if isinstance(event, SessionPublished)]
    assert [state.policies.model_dump(include=set(WAITING)) for state in told] == [WAITING] * 3


async def test_an_activity_is_answered_whole_and_listed(catalog: Catalog) -> None:
    ids = [await catalog.activity(titles={"sv": f"Kafé {number}"}) for number in range(3)]

    status, first = await catalog.get("/v1/activities", limit=2)
    _, second = await catalog.get("/v1/activities", limit=2, cursor=first["next"])
    assert status == 200
    assert [item["id"] for item in first["items"] + second["items"]] == ids
    assert second["next"] is None
    assert first["items"][0] == {
        "id": ids[0],
        "kind": "language_cafe",
        "kind_labels": {"sv": "Språkcafé", "en": "Language café"},
        "titles": {"sv": "Kafé 0"},
        "sms_titles": {"sv": "Språkcafé", "en": "Language café"},
        "summaries": {},
        "audiences": {},
        "bring": {},
        "led_by": {},
        "languages": ["sv"],
        "level": None,
        "minutes": 90,
        "mode": "booking",
        "counts": "persons",
        "party_max": 4,
        "children": True,
        "booked_by": "anyone",
        "late_cancel_hours": 24,
        "fill_from_hours": 24,
        "offer_minutes": 240,
        "reminder_hours": 24,
        "reconfirm": True,
        "ask": [],
        "certificate": False,
        "capacity_from": "session",
        "helpers_needed": 1,
        "register_note": False,
        "revision": 1,
        "archived": False,
        "capacity": {"seats": 15, "walk_in": 0, "queue": 8},
    }


async def test_a_draft_is_seen_and_told_when_it_is_published(catalog: Catalog) -> None:
    draft = await catalog.session(status="draft")
    status, problem = await catalog.get(f"/v1/sessions/{draft['id']}")
    assert (status, problem["type"]) == (404, "unknown-session")
    assert await catalog.listed() == []
    assert await catalog.told() == []

    status, published = await catalog.patch(draft, status="published")
    assert (status, published["status"], published["revision"]) == (200, "published", 2)
    assert await catalog.listed() == [draft["id"]]
    assert [(type(event), event.data.revision) for event in await catalog.told()] == [(SessionPublished, 2)]


async def test_nobody_has_to_hear_of_a_cancelled_draft(catalog: Catalog) -> None:
    status, cancelled = await catalog.cancel(await catalog.session(status="draft"))

    assert (status, cancelled["status"]) == (200, "cancelled")
    assert await catalog.told() == []


CHANGES: list[tuple[Json, Json]] = [
    ({"room": "A"}, {"room": "A"}),
    ({"place": "online"}, {"place": "online"}),
    ({"capacity": 9}, {"seats": {"capacity": 9, "walk_in": 0, "left": 0}, "queue": {"capacity": 8, "left": 0}}),
    ({"capacity": {"queue": 3}}, {"queue": {"capacity": 3, "left": 0}}),
    (
        {"mode": "mixed", "capacity": {"seats": 20, "walk_in": 6}},
        {"mode": "mixed", "seats": {"capacity": 20, "walk_in": 6, "left": 0}},
    ),
    (
        {"mode": "drop_in"},
        {
            "mode": "drop_in",
            "seats": {"capacity": 20, "walk_in": 0, "left": 0},
            "queue": {"capacity": 0, "left": 0},
        },
    ),
    ({"branch_id": "tensta"}, {"branch_id": "tensta"}),
]


async def test_a_change_is_answered_kept_and_told(catalog: Catalog) -> None:
    session = await catalog.session()

    for values, shown in CHANGES:
        status, changed = await catalog.patch(session, ADMIN, **values)
        assert status == 200, values
        assert changed == session | {"revision": session["revision"] + 1, "branch": changed["branch"]} | shown
        assert await catalog.get(f"/v1/sessions/{session['id']}") == (200, public(changed))
        told = (await catalog.told())[-1]
        assert isinstance(told, SessionPublished)
        assert told.data.revision == changed["revision"]
        assert told.data.capacity.seats == changed["seats"]["capacity"]
        assert told.data.branch.id == changed["branch_id"]
        session = changed


async def test_a_session_goes_online_with_a_meeting_and_leaves_it_when_it_comes_back(catalog: Catalog) -> None:
    """Fails when a change of the meeting is not kept or told, or one stays with a session in the house."""
    session = await catalog.session(theme={"sv": "Mat"})
    changes: list[tuple[Json, Json | None]] = [
        ({"place": "online", "meeting": MEETING}, MEETING),
        ({"meeting": {"link": "https://meet.example.org/2"}}, {"link": "https://meet.example.org/2", "number": ""}),
        ({"place": "branch"}, None),
    ]

    for values, meeting in changes:
        status, shown = await catalog.patch(session, **values)
        assert (status, shown["meeting"], shown["theme"]) == (200, meeting, {"sv": "Mat"})
        told = (await catalog.told())[-1]
        assert isinstance(told, SessionPublished)
        assert (told.data.meeting and told.data.meeting.model_dump()) == meeting
    assert (await catalog.patch(session, theme={}))[1]["theme"] == {}


async def test_a_session_moves_in_time_and_to_another_activity_of_its_kind(catalog: Catalog) -> None:
    session = await catalog.session()
    other = await catalog.activity(titles={"sv": "Fika"}, languages=["so"])
    starts_at = soon(5)

    status, moved = await catalog.patch(
        session,
        activity_id=other,
        starts_at=starts_at.isoformat(),
        ends_at=(starts_at + timedelta(hours=2)).isoformat(),
    )

    assert (status, moved["activity_id"], moved["titles"], moved["languages"]) == (200, other, {"sv": "Fika"}, ["so"])
    told = (await catalog.told())[-1]
    assert isinstance(told, SessionPublished)
    assert (told.data.starts_at, told.data.titles) == (starts_at, {"sv": "Fika"})


async def test_a_start_that_moves_alone_takes_the_end_with_it(catalog: Catalog) -> None:
    starts_at = soon(4)
    session = await catalog.session(
        starts_at=starts_at.isoformat(), ends_at=(starts_at + timedelta(minutes=50)).isoformat()
    )

    for moved_to in (starts_at + timedelta(days=1), starts_at - timedelta(minutes=20)):
        status, moved = await catalog.patch(session, starts_at=moved_to.isoformat())
        assert (status, moved["ends_at"]) == (200, f"{moved_to + timedelta(minutes=50):%Y-%m-%dT%H:%M:%SZ}")


async def test_a_change_of_nothing_raises_nothing_and_is_not_told(catalog: Catalog) -> None:
    session = await catalog.session(capacity=12)

    same = {"capacity": 12, "room": "", "starts_at": session["starts_at"], "status": "published"}
    assert await catalog.patch(session, **same) == (200, session)
    assert await catalog.patch(session) == (200, session)
    assert len(await catalog.told()) == 1


async def test_withdrawing_and_publishing_again(catalog: Catalog) -> None:
    session = await catalog.session()

    _, withdrawn = await catalog.patch(session, status="withdrawn")
    assert (withdrawn["status"], withdrawn["bookable"]) == ("withdrawn", False)
    assert await catalog.listed() == []
    assert (await catalog.get(f"/v1/sessions/{session['id']}"))[1]["status"] == "withdrawn"
    await catalog.patch(session, status="withdrawn")
    await catalog.patch(session, status="published", room="B")

    assert await catalog.listed() == [session["id"]]
    told = [(type(event), event.data.revision) for event in await catalog.told()]
    assert told == [(SessionPublished, 1), (SessionWithdrawn, 2), (SessionPublished, 3)]


async def test_a_cancelled_session_stays_to_be_read_and_never_changes(catalog: Catalog) -> None:
    session = await catalog.session()

    status, cancelled = await catalog.cancel(session, "premises")
    assert (status, cancelled["status"], cancelled["bookable"]) == (200, "cancelled", False)
    assert await catalog.cancel(session, "staff") == (200, cancelled)
    assert await catalog.get(f"/v1/sessions/{session['id']}") == (200, public(cancelled))
    assert await catalog.listed() == []

    status, problem = await catalog.patch(session, room="A")
    assert (status, problem["type"]) == (409, "closed")
    _, event = await catalog.told()
    assert isinstance(event, SessionCancelled)
    assert (event.data.session_id, event.data.revision, event.data.reason) == (UUID(session["id"]), 2, "premises")


async def test_a_session_that_is_over_is_closed(catalog: Catalog) -> None:
    session = await catalog.session()
    await catalog.begin(session, minutes_ago=91)

    for status, problem in (await catalog.patch(session, room="A"), await catalog.cancel(session)):
        assert (status, problem["type"]) == (409, "closed")


async def test_the_time_that_decides_is_that_of_the_lock(catalog: Catalog) -> None:
    session = await catalog.session()
    id_ = UUID(session["id"])
    async with catalog.database.transaction() as conn:
        await conn.execute(
            "UPDATE session SET starts_at = now() - interval '1 hour', ends_at = now() + interval '1 second'"
        )

    async with catalog.database.transaction() as conn:
        await conn.execute("SELECT FROM session WHERE id = $1 FOR UPDATE", id_)
        change = asyncio.create_task(catalog.patch(session, room="A"))
        await eventually(catalog.somebody_waits)
        await eventually(lambda: conn.fetchval("SELECT clock_timestamp() > ends_at FROM session WHERE id = $1", id_))

    status, problem = await change
    assert (status, problem["type"]) == (409, "closed")


async def test_a_stale_revision_is_refused_even_for_a_change_of_nothing(catalog: Catalog) -> None:
    session = await catalog.session()
    status, changed = await catalog.patch(session, room="A", revision=1)
    assert (status, changed["revision"]) == (200, 2)

    changes: list[Json] = [{"room": "B"}, {}]
    for values in changes:
        status, problem = await catalog.patch(session, revision=1, **values)
        assert (status, problem["type"], problem["field"]) == (409, "stale-revision", "revision")


async def test_two_who_change_at_once_both_count_and_only_one_may_if_they_say_what_they_saw(catalog: Catalog) -> None:
    session = await catalog.session()
    await asyncio.gather(*(catalog.patch(session, room=str(number)) for number in range(8)))
    _, now = await catalog.get(f"/v1/sessions/{session['id']}")
    assert now["revision"] == 9
    assert [event.data.revision for event in await catalog.told()] == list(range(1, 10))

    answers = await asyncio.gather(*(catalog.patch(session, room=f"r{n}", revision=9) for n in range(8)))
    assert sorted(status for status, _ in answers) == [200] + [409] * 7


REQUESTS: list[tuple[str, str, Json]] = [
    ("POST", "/v1/activities", {"kind": "it_host", "titles": {"sv": "IT-värd"}}),
    ("POST", "/v1/sessions", {"activity_id": str(uuid4()), "branch_id": "kista", "starts_at": soon().isoformat()}),
    ("PATCH", f"/v1/sessions/{uuid4()}", {"room": "A"}),
    ("POST", f"/v1/sessions/{uuid4()}/cancel", {"reason": "staff"}),
]


async def test_who_is_not_signed_in_gets_no_further(catalog: Catalog) -> None:
    nonsense = {"Authorization": "Bearer nonsense"}
    expired = catalog.issuer.headers(*ADMIN, exp=1)
    for method, path, body in REQUESTS:
        for sent in (body, {}):
            for headers in ({}, nonsense, expired):
                status, problem = await catalog.send(method, path, sent, by=None, headers=headers)
                assert (status, problem["type"]) == (401, "unauthorized"), path


async def test_what_is_not_there_is_said_to_be_so_before_anybody_signs_in(catalog: Catalog) -> None:
    assert (await catalog.send("PUT", "/v1/sessions", {}, by=None))[0] == 405
    assert (await catalog.send("POST", "/v1/nothing", {}, by=None))[0] == 404


async def test_only_the_branch_s_staff_and_administrators_may(catalog: Catalog) -> None:
    activity = await catalog.activity()
    body = {"activity_id": activity, "branch_id": "kista", "starts_at": soon().isoformat()}
    session = await catalog.session(by=KISTA, activity_id=activity)

    strangers: list[tuple[str, ...]] = [RINKEBY, COORDINATOR, ("staff",)]
    for by in strangers:
        answers = [
            await catalog.send("POST", "/v1/sessions", body, by=by),
            await catalog.patch(session, by, room="A"),
            await catalog.cancel(session, by=by),
        ]
        assert [(status, problem["type"]) for status, problem in answers] == [(403, "forbidden")] * 3
    assert (await catalog.get(f"/v1/sessions/{session['id']}"))[1] == public(session)
    allowed: list[tuple[str, ...]] = [KISTA, BOTH, ADMIN]
    for by in allowed:
        assert (await catalog.send("POST", "/v1/sessions", body, by=by))[0] == 201


async def test_activities_are_made_by_staff_of_a_branch_and_administrators(catalog: Catalog) -> None:
    body = {"kind": "it_host", "titles": {"sv": "IT-värd"}}

    statuses = [
        (await catalog.send("POST", "/v1/activities", body, by=by))[0] for by in (KISTA, ADMIN, COORDINATOR, ("staff",))
    ]

    assert statuses == [201, 201, 403, 403]


async def test_moving_to_another_branch_needs_both(catalog: Catalog) -> None:
    session = await catalog.session()

    for by in (KISTA, RINKEBY):
        assert (await catalog.patch(session, by, branch_id="rinkeby"))[0] == 403
    status, moved = await catalog.patch(session, BOTH, branch_id="rinkeby")
    assert (status, moved["branch"]["name"]) == (200, "Rinkeby bibliotek")


async def test_there_is_nothing_to_change_where_there_is_no_session(catalog: Catalog) -> None:
    for id_ in (str(uuid4()), "nonsense"):
        for status, problem in (await catalog.patch({"id": id_}, room="A"), await catalog.cancel({"id": id_})):
            assert (status, problem["type"]) == (404, "unknown-session")


BAD_SESSIONS: list[tuple[Json, str]] = [
    ({"activity_id": str(uuid4())}, "activity_id"),
    ({"activity_id": "nonsense"}, "activity_id"),
    ({"branch_id": "nowhere"}, "branch_id"),
    ({"branch_id": "Kista!"}, "branch_id"),
    ({"starts_at": soon(-1).isoformat()}, "starts_at"),
    ({"starts_at": "0001-01-01T00:00:00+14:00"}, "starts_at"),
    ({"starts_at": "9999-12-31T23:59:59-14:00"}, "starts_at"),
    ({"starts_at": f"{soon():%Y-%m-%dT%H:%M:%S}"}, "starts_at"),
    ({"ends_at": f"{soon(4):%Y-%m-%dT%H:%M:%S}"}, "ends_at"),
    ({"ends_at": soon(2).isoformat()}, "ends_at"),
    ({"ends_at": soon(5).isoformat()}, "ends_at"),
    ({"capacity": -1}, "capacity.seats"),
    ({"capacity": "many"}, "capacity"),
    ({"capacity": True}, "capacity.seats"),
    ({"capacity": {"seats": 5, "walk_in": 6}, "mode": "mixed"}, "capacity.walk_in"),
    ({"capacity": {"seats": 5, "walk_in": 1}}, "capacity.walk_in"),
    ({"capacity": {"queue": 1}, "mode": "drop_in"}, "capacity.queue"),
    ({"mode": "sometimes"}, "mode"),
    ({"place": "moon"}, "place"),
    ({"room": "x" * 61}, "room"),
    ({"room": "a\x00b"}, "room"),
    ({"status": "cancelled"}, "status"),
    ({"theme": {"en": "Food"}}, "theme"),
    ({"theme": {"sv": "a\nb"}}, "theme.sv"),
    ({"meeting": MEETING}, "meeting"),
    ({"meeting": MEETING, "place": "outreach"}, "meeting"),
    ({"meeting": {"link": "http://meet.example.org"}, "place": "online"}, "meeting.link"),
    ({"meeting": {"link": "https://meet.example.org/" + "x" * 500}, "place": "online"}, "meeting.link"),
    ({"meeting": MEETING | {"number": "room 5"}, "place": "online"}, "meeting.number"),
    ({"meeting": {"number": "812"}, "place": "online"}, "meeting.link"),
    ({"colour": "red"}, "colour"),
]


async def test_a_session_that_cannot_be_names_the_field_and_leaves_nothing(catalog: Catalog) -> None:
    body = {"activity_id": await catalog.activity(), "branch_id": "kista", "starts_at": soon().isoformat()}

    for values, field in BAD_SESSIONS:
        status, problem = await catalog.send("POST", "/v1/sessions", body | values, by=ADMIN)
        assert (status, problem["type"], problem["field"]) == (422, "invalid", field), values

    assert await catalog.listed() == []
    assert await catalog.told() == []


BAD_CHANGES: list[tuple[Json, str]] = [
    ({"starts_at": soon(-1).isoformat()}, "starts_at"),
    ({"starts_at": soon(4).isoformat(), "ends_at": soon(4).isoformat()}, "ends_at"),
    ({"room": "A\u2028B"}, "room"),
    ({"branch_id": "nowhere"}, "branch_id"),
    ({"activity_id": str(uuid4())}, "activity_id"),
    ({"capacity": {"walk_in": 1}}, "capacity.walk_in"),
    ({"status": "draft"}, "status"),
    ({"status": "withdrawn", "room": "A"}, "status"),
    ({"theme": {"en": "Food"}}, "theme"),
    ({"meeting": MEETING}, "meeting"),
    ({"meeting": {"link": "https://a b"}, "place": "online"}, "meeting.link"),
    ({"revision": 0}, "revision"),
]


async def test_a_change_that_cannot_be_names_the_field_and_leaves_all_as_it_was(catalog: Catalog) -> None:
    session = await catalog.session()

    for values, field in BAD_CHANGES:
        status, problem = await catalog.patch(session, ADMIN, **values)
        assert (status, problem["type"], problem["field"]) == (422, "invalid", field), values

    assert await catalog.get(f"/v1/sessions/{session['id']}") == (200, public(session))
    assert len(await catalog.told()) == 1


async def test_a_session_does_not_become_another_kind_of_thing(catalog: Catalog) -> None:
    session = await catalog.session()

    status, problem = await catalog.patch(session, activity_id=await catalog.activity("story_time"))

    assert (status, problem["field"]) == (422, "activity_id")


BAD_ACTIVITIES: list[tuple[Json, str]] = [
    ({"kind": "disco"}, "kind"),
    ({"titles": {}}, "titles"),
    ({"titles": {"en": "Language café"}}, "titles"),
    ({"titles": {"sv": ""}}, "titles.sv"),
    ({"sms_titles": {"sv": "x" * 15}}, "sms_titles.sv"),
    ({"summaries": {"sv": "x" * 501}}, "summaries.sv"),
    ({"languages": ["svenska"]}, "languages.0"),
    ({"languages": ["sv", "xx"]}, "languages.1"),
    ({"level": "beginner"}, "level"),
    ({"minutes": 0}, "minutes"),
    ({"party_max": 0}, "party_max"),
    ({"late_cancel_hours": -1}, "late_cancel_hours"),
    ({"fill_from_hours": 337}, "fill_from_hours"),
    ({"fill_from_hours": 10**12}, "fill_from_hours"),
    ({"fill_from_hours": "24"}, "fill_from_hours"),
    ({"offer_minutes": 14}, "offer_minutes"),
    ({"offer_minutes": 240.5}, "offer_minutes"),
    ({"reminder_hours": -1}, "reminder_hours"),
    ({"reminder_hours": 0, "reconfirm": True}, "reconfirm"),
    ({"kind": "story_time", "children": False}, "children"),
    ({"booked_by": "nobody"}, "booked_by"),
    ({"audiences": {"en": "Adults"}}, "audiences"),
    ({"bring": {"en": "Tea"}}, "bring"),
    ({"led_by": {"sv": ""}}, "led_by.sv"),
]


UNSEEN = ["\u2028", "\u2029", "\x85", "\x00", "\x1b", "\t", "\u200b", "\u202e", "\ufeff", "\ue000"]


@pytest.mark.parametrize("sign", UNSEEN)
async def test_what_cannot_be_seen_is_in_no_text(catalog: Catalog, sign: str) -> None:
    text = {"sv": f"Språk{sign}café"}

    for field in ("titles", "sms_titles", "summaries"):
        body = {"kind": "language_cafe", "titles": {"sv": "Språkcafé"}} | {field: text}
        status, problem = await catalog.send("POST", "/v1/activities", body)
        assert (status, problem["type"], problem["field"]) == (422, "invalid", f"{field}.sv")


async def test_a_text_has_the_signs_of_any_language(catalog: Catalog) -> None:
    titles = {"sv": "Fika – prata & läs!", "fa": "کافه‌ی زبان", "ti": "ቋንቋ ካፈ", "uk": "Кав'ярня ☕"}
    summaries = {"sv": "Kom och prata.\nDet är gratis.", "fa": "می‌خوانیم"}

    await catalog.activity(titles=titles, summaries=summaries)

    (activity,) = (await catalog.get("/v1/activities"))[1]["items"]
    assert (activity["titles"], activity["summaries"]) == (titles, summaries)


@pytest.mark.parametrize("title", ["Café – fika", "کافه", "Fika ☕", "5 € fika", "[Fika]", "Fika\nnu", "Kafé"])
async def test_a_title_for_sms_costs_one_septet_a_sign(catalog: Catalog, title: str) -> None:
    body = {"kind": "language_cafe", "titles": {"sv": "Fika"}, "sms_titles": {"sv": "Fika", "en": title}}

    status, problem = await catalog.send("POST", "/v1/activities", body)

    assert (status, problem["type"], problem["field"]) == (422, "invalid", "sms_titles.en")


async def test_a_title_for_sms_may_be_swedish(catalog: Catalog) -> None:
    await catalog.activity(sms_titles={"sv": "Åäö ÅÄÖ é, 9-1"})


async def test_an_activity_that_cannot_be_names_the_field_and_leaves_nothing(catalog: Catalog) -> None:
    for values, field in BAD_ACTIVITIES:
        body = {"kind": "language_cafe", "titles": {"sv": "Språkcafé"}} | values
        status, problem = await catalog.send("POST", "/v1/activities", body)
        assert (status, problem["type"], problem["field"]) == (422, "invalid", field), values

    assert (await catalog.get("/v1/activities"))[1]["items"] == []


async def test_a_reason_is_a_word_of_the_list(catalog: Catalog) -> None:
    session = await catalog.session()

    for reason in (None, "because", ""):
        status, problem = await catalog.send("POST", f"/v1/sessions/{session['id']}/cancel", {"reason": reason})
        assert (status, problem["field"]) == (422, "reason")


async def test_the_same_request_under_a_key_makes_one_session(catalog: Catalog) -> None:
    body = {"activity_id": await catalog.activity(), "branch_id": "kista", "starts_at": soon().isoformat()}
    key = {"Idempotency-Key": "a-key"}

    first = await catalog.send("POST", "/v1/sessions", body, headers=key)
    again = await catalog.send("POST", "/v1/sessions", body, headers=key)
    foreign = await catalog.send("POST", "/v1/sessions", body, headers=key, by=RINKEBY)
    other = await catalog.send("POST", "/v1/sessions", body | {"room": "A"}, headers=key)

    assert first[0] == 201
    assert again == first
    assert foreign[0] == 403
    assert (other[0], other[1]["type"]) == (422, "idempotency-key-reused")
    assert await catalog.listed() == [first[1]["id"]]
