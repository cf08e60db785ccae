"""What visitors find: lists, filters, pages, and the seats that booking says are left."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from services.booking.domain import LAST_OFFER
from services.catalog.search import fold
from tests.integration.catalog.conftest import ADMIN, Catalog, Json, soon

STOCKHOLM = ZoneInfo("Europe/Stockholm")


async def test_branches_come_in_swedish_order_with_what_one_needs_to_go_there(catalog: Catalog) -> None:
    status, found = await catalog.get("/v1/branches")

    names = [branch["name"] for branch in found["items"]]
    assert (status, len(names), found["next"]) == (200, 39, None)
    assert (names[0], names[-1]) == ("Alviks bibliotek", "Östermalms bibliotek")
    assert {
        "id": "kista",
        "name": "Kista bibliotek",
        "phone": "08-465 004 00",
        "address": "Kista Galleria",
        "district": "Järva",
        "stop": "Tunnelbana Kista",
        "stop_kind": "metro",
        "stop_name": "Kista",
    } in found["items"]


async def test_a_stop_is_what_stops_there_and_a_name(catalog: Catalog) -> None:
    """Fails when a part of the name is taken for what stops there, or a branch without a stop gets one."""
    _, found = await catalog.get("/v1/branches")

    told = {branch["id"]: (branch["stop_kind"], branch["stop_name"], branch["stop"]) for branch in found["items"]}
    assert told["stora-essingen"] == ("tram", "Stora Essingen", "Tvärbana Stora Essingen")
    assert told["spanga"] == ("train", "Spånga", "Pendeltåg Spånga")
    assert told["arsta"] == ("", "", "")
    rows = await catalog.database.pool.fetch("SELECT id, stop FROM branch")
    assert {row["id"]: row["stop"] for row in rows} == {id_: stop for id_, (_, _, stop) in told.items()}


async def test_branches_are_found_by_the_words_the_application_folds(catalog: Catalog) -> None:
    rows = await catalog.database.pool.fetch("SELECT name, district, stop, search FROM branch")

    assert [row["search"] for row in rows] == [fold(" ".join(filter(None, tuple(row)[:3]))) for row in rows]


async def test_sessions_come_in_order_of_start_and_pages_join_without_gap_or_overlap(catalog: Catalog) -> None:
    activity = await catalog.activity()
    days = [5, 3, 3, 3, 4, 2, 3]
    made = [await catalog.session(activity_id=activity, starts_at=soon(day).isoformat()) for day in days]
    expected = [item["id"] for item in sorted(made, key=lambda item: (item["starts_at"], item["id"]))]

    assert await catalog.listed() == expected
    found: list[str] = []
    query: dict[str, str | int] = {"limit": 2}
    while True:
        _, page = await catalog.get("/v1/sessions", **query)
        found += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert found == expected


async def test_a_full_last_page_has_no_next(catalog: Catalog) -> None:
    await catalog.session()

    assert (await catalog.get("/v1/sessions", limit=1))[1]["next"] is None


async def test_what_is_going_on_is_shown_until_it_ends(catalog: Catalog) -> None:
    going, over = await catalog.session(), await catalog.session()
    await catalog.begin(going, minutes_ago=1)
    await catalog.begin(over, minutes_ago=91)
    yesterday = (datetime.now(STOCKHOLM) - timedelta(days=1)).date().isoformat()

    assert await catalog.listed(**{"from": yesterday}) == [going["id"]]


async def test_days_are_local_and_the_last_one_is_not_included(catalog: Catalog) -> None:
    activity = await catalog.activity()
    day = (datetime.now(STOCKHOLM) + timedelta(days=10)).date()
    late, early = (
        datetime(day.year, day.month, day.day, hour, minute, tzinfo=STOCKHOLM).astimezone(UTC)
        for hour, minute in ((23, 59), (0, 0))
    )
    sessions = [
        await catalog.session(activity_id=activity, starts_at=at.isoformat())
        for at in (early - timedelta(minutes=1), early, late, late + timedelta(minutes=1))
    ]
    ids = [session["id"] for session in sessions]
    following = (day + timedelta(days=1)).isoformat()

    assert await catalog.listed(**{"from": day.isoformat(), "to": following}) == ids[1:3]
    assert await catalog.listed(**{"from": day.isoformat()}) == ids[1:]
    assert await catalog.listed(to=following) == ids[:3]


async def test_filters_narrow_and_combine(catalog: Catalog) -> None:
    cafe = await catalog.activity(languages=["sv", "ar"])
    story = await catalog.activity("story_time", titles={"sv": "Sagostund på arabiska"}, languages=["ar"])
    kista = await catalog.session(activity_id=cafe, starts_at=soon(2).isoformat())
    tensta = await catalog.session(activity_id=cafe, branch_id="tensta", starts_at=soon(3).isoformat())
    told = await catalog.session(activity_id=story, branch_id="tensta", starts_at=soon(4).isoformat())

    assert await catalog.listed(branch="tensta") == [tensta["id"], told["id"]]
    assert await catalog.listed(kind="language_cafe") == [kista["id"], tensta["id"]]
    assert await catalog.listed(language="sv") == [kista["id"], tensta["id"]]
    assert await catalog.listed(language="ar", branch="tensta", kind="story_time") == [told["id"]]
    assert await catalog.listed(language="so") == []


async def test_what_was_called_off_is_listed_until_its_time_is_over_where_it_is_asked_for(catalog: Catalog) -> None:
    """Fails when it is listed unasked or as free, is out of order or of another page, or comes with what never was."""
    activity = await catalog.activity()
    on, off, drop_in, withdrawn, over = [
        await catalog.session(activity_id=activity, starts_at=soon(day).isoformat()) for day in range(2, 7)
    ]
    await catalog.session(activity_id=activity, status="draft")
    never = await catalog.session(activity_id=activity, status="draft")
    await catalog.patch(drop_in, mode="drop_in", capacity={"queue": 0})
    await catalog.patch(withdrawn, status="withdrawn")
    for session in (off, drop_in, over, never):
        await catalog.cancel(session)
    await catalog.begin(over, minutes_ago=100)

    assert await catalog.listed() == [on["id"]]
    assert await catalog.listed(cancelled="false", page=1) == [on["id"]]
    assert await catalog.listed(cancelled="true") == [on["id"], off["id"], drop_in["id"]]
    _, page = await catalog.get("/v1/sessions", cancelled="true", page=1, limit=2)
    assert ([item["status"] for item in page["items"]], page["total"]) == (["published", "cancelled"], 3)
    _, first = await catalog.get("/v1/sessions", cancelled="true", limit=2)
    assert await catalog.listed(cancelled="true", cursor=first["next"]) == [drop_in["id"]]
    await catalog.hear(on["id"], left=0)
    assert await catalog.listed(cancelled="true", free="true") == []


SEARCHES = [
    ("språkcafé", True),
    ("SPRAKCAFE", True),
    ("language", True),
    ("cafe vallingby", True),
    ("Vällingby språk", True),
    ("vällingby läxhjälp", False),
    ("%", False),
    ("_", False),
    ("", True),
]


async def test_words_are_found_in_titles_and_branch_whatever_the_accents(catalog: Catalog) -> None:
    session = await catalog.session(branch_id="vallingby")

    assert [(q, await catalog.listed(q=q) == [session["id"]]) for q, _ in SEARCHES] == SEARCHES


BAD_QUERIES: list[tuple[Json, str]] = [
    ({"from": "tomorrow"}, "from"),
    ({"from": "0001-01-01"}, "from"),
    ({"to": "9999-12-31"}, "to"),
    ({"to": "2020-01-01"}, "to"),
    ({"from": "2030-01-02", "to": "2030-01-02"}, "to"),
    ({"branch": "nowhere"}, "branch"),
    ({"branch": "Kista!"}, "branch"),
    ({"kind": "disco"}, "kind"),
    ({"activity": "nonsense"}, "activity"),
    ({"activity": "01a20170-1edf-7768-9b1c-164374968730"}, "activity"),
    ({"language": "svenska"}, "language"),
    ({"language": "xx"}, "language"),
    ({"q": "a\x00b"}, "q"),
    ({"q": "x" * 101}, "q"),
    ({"free": "maybe"}, "free"),
    ({"cursor": "nonsense"}, "cursor"),
    ({"cursor": "åäö"}, "cursor"),
    ({"cursor": "f" + "_" * 31}, "cursor"),
    ({"limit": 0}, "limit"),
    ({"limit": 101}, "limit"),
    ({"colour": "red"}, "colour"),
]


async def test_a_query_that_cannot_be_names_the_field(catalog: Catalog) -> None:
    for query, field in BAD_QUERIES:
        status, problem = await catalog.get("/v1/sessions", **query)
        assert (status, problem["type"], problem["field"]) == (422, "invalid", field), query


async def test_a_session_can_be_booked_once_booking_has_said_so(catalog: Catalog) -> None:
    session = await catalog.session(capacity=15)
    await catalog.hear(session["id"], left=15, queue_left=8)

    _, now = await catalog.get(f"/v1/sessions/{session['id']}")

    assert (now["bookable"], now["seats"]["left"], now["queue"]["left"]) == (True, 15, 8)
    assert (await catalog.get("/v1/sessions"))[1]["items"] == [now]


async def test_older_news_of_seats_is_ignored_and_no_order_is_needed(catalog: Catalog) -> None:
    session = await catalog.session(status="draft")
    await catalog.hear(session["id"], revision=5, left=3)
    await catalog.hear(session["id"], revision=4, left=9)
    await catalog.hear(session["id"], revision=5, left=7)
    _, shown = await catalog.patch(session, status="published")
    assert (shown["bookable"], shown["seats"]["left"]) == (True, 3)

    await catalog.hear(session["id"], revision=6, left=0)
    _, shown = await catalog.get(f"/v1/sessions/{session['id']}")
    assert (shown["bookable"], shown["seats"]["left"]) == (True, 0)


async def test_news_of_seats_may_come_before_anything_else(catalog: Catalog) -> None:
    await catalog.hear("01a20170-1edf-7768-9b1c-164374968730", left=3)

    assert await catalog.database.pool.fetchval("SELECT seats_left FROM availability") == 3


async def test_no_more_is_left_than_staff_have_set_meanwhile(catalog: Catalog) -> None:
    session = await catalog.session(capacity=15)
    await catalog.hear(session["id"], left=15, queue_left=8)

    _, shown = await catalog.patch(session, mode="mixed", capacity={"seats": 10, "walk_in": 4, "queue": 2})

    assert (shown["seats"]["left"], shown["queue"]["left"]) == (6, 2)


async def test_what_is_called_off_withdrawn_begun_or_drop_in_has_nothing_to_book(catalog: Catalog) -> None:
    activity = await catalog.activity()
    cancelled, withdrawn, begun = [await catalog.session(activity_id=activity) for _ in range(3)]
    drop_in = await catalog.session(activity_id=activity, mode="drop_in")
    for session in (cancelled, withdrawn, begun, drop_in):
        await catalog.hear(session["id"], left=15, queue_left=8)
    await catalog.cancel(cancelled)
    await catalog.patch(withdrawn, status="withdrawn")
    await catalog.begin(begun)

    for session in (cancelled, withdrawn, begun, drop_in):
        _, shown = await catalog.get(f"/v1/sessions/{session['id']}")
        assert (shown["bookable"], shown["seats"]["left"], shown["queue"]["left"]) == (False, 0, 0)


async def test_nobody_joins_a_waiting_list_shortly_before_the_start(catalog: Catalog) -> None:
    """Fails when somebody is asked to wait for a seat that booking offers nobody any more, or seats close as well."""
    last = LAST_OFFER // timedelta(minutes=1)
    soonest, sooner, lowered = [await catalog.session() for _ in range(3)]
    for session in (soonest, sooner, lowered):
        await catalog.hear(session["id"], left=2, queue_left=3)
    await catalog.begin(soonest, minutes_ago=1 - last)
    await catalog.begin(sooner, minutes_ago=-1 - last)
    await catalog.patch(lowered, capacity={"queue": 1})

    shown = [(await catalog.get(f"/v1/sessions/{session['id']}"))[1] for session in (soonest, sooner, lowered)]
    _, told = await catalog.get("/v1/availability?" + "&".join(f"session={session['id']}" for session in shown))

    assert [session["bookable"] for session in shown] == [True] * 3
    assert [session["seats"]["left"] for session in shown] == [2] * 3
    assert [session["queue"] for session in shown] == [
        {"capacity": 8, "left": 0},
        {"capacity": 8, "left": 3},
        {"capacity": 1, "left": 1},
    ]
    assert [item["queue"] for item in told["items"]] == [session["queue"] for session in shown]


async def test_the_times_of_one_activity_are_listed_wherever_they_are(catalog: Catalog) -> None:
    """Fails when other activities come along, or the other wishes, pages and what was called off do not count."""
    mine, other = await catalog.activity(), await catalog.activity()
    first, full, away, off = [
        await catalog.session(activity_id=mine, branch_id=branch, starts_at=soon(day).isoformat())
        for day, branch in ((2, "kista"), (3, "kista"), (4, "tensta"), (5, "kista"))
    ]
    await catalog.session(activity_id=other, starts_at=soon(3).isoformat())
    for session, left in ((first, 1), (full, 0), (away, 4), (off, 4)):
        await catalog.hear(session["id"], left=left)
    await catalog.cancel(off)

    assert await catalog.listed(activity=mine) == [first["id"], full["id"], away["id"]]
    assert await catalog.listed(activity=mine, free="true") == [first["id"], away["id"]]
    assert await catalog.listed(activity=mine, free="1", branch="kista") == [first["id"]]
    assert await catalog.listed(activity=mine, cancelled="true", page=2, limit=3) == [off["id"]]
    _, page = await catalog.get("/v1/sessions", activity=mine, limit=2)
    assert await catalog.listed(activity=mine, limit=2, cursor=page["next"]) == [away["id"]]
    _, counted = await catalog.get("/v1/sessions", activity=mine, page=1)
    assert counted["total"] == 3
    assert await catalog.listed(activity=await catalog.activity()) == []


async def test_free_leaves_out_what_one_cannot_get_into(catalog: Catalog) -> None:
    activity = await catalog.activity()
    open_, full, unknown, begun, reserved = [
        await catalog.session(activity_id=activity, starts_at=soon(day).isoformat()) for day in range(2, 7)
    ]
    drop_in = await catalog.session(activity_id=activity, mode="drop_in", starts_at=soon(7).isoformat())
    for session, left in ((open_, 1), (full, 0), (begun, 5), (reserved, 5)):
        await catalog.hear(session["id"], left=left)
    await catalog.begin(begun)
    await catalog.patch(reserved, ADMIN, mode="mixed", capacity={"seats": 8, "walk_in": 8})

    assert await catalog.listed(free="true") == [open_["id"], drop_in["id"]]
    assert set(await catalog.listed(free="false")) == {
        session["id"] for session in (open_, full, unknown, begun, reserved, drop_in)
    }


async def test_an_unknown_session_is_unknown(catalog: Catalog) -> None:
    for id_ in ("01a20170-1edf-7768-9b1c-164374968730", "nonsense"):
        status, problem = await catalog.get(f"/v1/sessions/{id_}")
        assert (status, problem["type"]) == (404, "unknown-session")
