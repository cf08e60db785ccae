"""How visitors find something: by place, day, kind and language, page by page, and what there is instead."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from services.catalog.kinds import KINDS
from services.catalog.red_days import red_days
from services.catalog.search import fold
from tests.integration.catalog.conftest import ADMIN, Catalog, Json, soon

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MEETING = {"link": "https://meet.example.org/j/123", "number": "123 456"}


def ids(sessions: list[Json]) -> list[str]:
    return [session["id"] for session in sessions]


async def offered(catalog: Catalog, activity: str, *branches: str, **values: Any) -> list[Json]:  # noqa: ANN401 - a body
    """A session of an activity at each branch, a day apart from each other."""
    return [
        await catalog.session(
            **{"activity_id": activity, "branch_id": branch, "starts_at": soon(2 + day).isoformat()} | values
        )
        for day, branch in enumerate(branches)
    ]


async def test_numbered_pages_tell_how_many_there_are_and_none_is_beyond_the_end(catalog: Catalog) -> None:
    """Fails when pages overlap, when the total is that of the page or of all, or when an empty page forgets it."""
    made = ids(await offered(catalog, await catalog.activity(), *["kista"] * 5, "tensta"))

    pages = [(await catalog.get("/v1/sessions", branch="kista", limit=2, page=page))[1] for page in (1, 2, 3, 4)]
    assert [ids(page["items"]) for page in pages] == [made[:2], made[2:4], made[4:5], []]
    assert [(page["total"], page["next"], page["near"]) for page in pages] == [(5, None, None)] * 4
    _, by_cursor = await catalog.get("/v1/sessions", branch="kista", limit=2)
    assert (by_cursor["total"], by_cursor["next"] is None) == (None, False)
    _, empty = await catalog.get("/v1/sessions", branch="farsta", page=1)
    assert (empty["items"], empty["total"]) == ([], 0)


async def test_what_starts_together_stands_together_by_kind_and_title(catalog: Catalog) -> None:
    """Fails when pages by number and by cursor are in different orders, or lose what starts at the same moment."""
    at = soon().isoformat()
    stories = await catalog.activity("story_time", titles={"sv": "A"})
    cafes = [await catalog.activity(titles={"sv": title}) for title in ("C", "B")]
    made = [await catalog.session(activity_id=activity, starts_at=at) for activity in (stories, *cafes, *cafes)]
    expected = [*sorted(ids([made[2], made[4]])), *sorted(ids([made[1], made[3]])), made[0]["id"]]

    assert await catalog.listed(page=1) == expected
    found: list[str] = []
    query: dict[str, str | int] = {"limit": 1}
    for _ in made:
        _, page = await catalog.get("/v1/sessions", **query)
        found += ids(page["items"])
        query["cursor"] = page["next"] or ""
    assert (found, query["cursor"]) == (expected, "")


async def test_where_and_for_whom_it_is_narrows(catalog: Catalog) -> None:
    cafe, visit = await catalog.activity(), await catalog.activity("class_visit", titles={"sv": "Klassbesök"})
    here, online, away = [
        await catalog.session(activity_id=cafe, place=place, starts_at=soon(day).isoformat())
        for day, place in ((2, "branch"), (3, "online"), (4, "outreach"))
    ]
    school = await catalog.session(activity_id=visit, starts_at=soon(5).isoformat())

    assert await catalog.listed(place="online") == [online["id"]]
    assert await catalog.listed(place="outreach") == [away["id"]]
    assert await catalog.listed(audience="teachers") == [school["id"]]
    assert await catalog.listed(audience="everyone", place="branch") == [here["id"]]
    assert await catalog.listed(audience="everyone", kind="class_visit") == []
    assert await catalog.listed(audience="staff", page=1) == []


async def test_places_are_found_by_the_words_the_application_folds(catalog: Catalog) -> None:
    rows = await catalog.database.pool.fetch("SELECT name, search FROM place")

    assert [row["search"] for row in rows] == [fold(row["name"]) for row in rows]


async def test_near_a_place_are_the_sessions_of_its_five_nearest_branches(catalog: Catalog) -> None:
    """Fails when distance is not what chooses, when what is online counts as near, or the order becomes distance."""
    activity = await catalog.activity()
    husby, farsta, kista, rinkeby = await offered(catalog, activity, "husby", "farsta", "kista", "rinkeby")
    await catalog.session(activity_id=activity, place="online")

    _, page = await catalog.get("/v1/sessions", near=" KISTA ", page=1)
    assert (ids(page["items"]), page["total"]) == (ids([husby, kista, rinkeby]), 3)
    assert page["near"]["name"] == "Kista"
    around = page["near"]["branches"]
    assert [branch["id"] for branch in around] == ["kista", "husby", "rinkeby", "tensta", "spanga"]
    assert [branch["km"] for branch in around] == [0.0, 1.3, 1.8, 2.6, 3.4]
    _, by_cursor = await catalog.get("/v1/sessions", near="kista")
    assert (ids(by_cursor["items"]), by_cursor["near"]) == (ids(page["items"]), page["near"])
    assert await catalog.listed(near="kista", branch="rinkeby") == [rinkeby["id"]]
    assert await catalog.listed(near="kista", branch="farsta") == []
    assert await catalog.listed(near="kista", place="online") == []
    assert await catalog.listed(near="", branch="farsta") == [farsta["id"]]


NAMES = [
    ("hallonb", "Hallonbergen", "rinkeby"),
    ("Stadsbibl", "Stadsbiblioteket", "stadsbiblioteket"),
    ("vällingby bibliotek", "Vällingby bibliotek", "vallingby"),
    ("hasselby-v", "Hässelby-Vällingby", "hasselby-gard"),
    ("norra inner", "Norra innerstaden", "sture"),
    ("Örby", "Örby", "orby"),
]


async def test_a_place_is_a_name_of_one_a_library_or_a_district(catalog: Catalog) -> None:
    """Fails when one of the three is not looked through, or a district is at one of its branches."""
    found = [(await catalog.get("/v1/sessions", near=typed))[1]["near"] for typed, _, _ in NAMES]

    assert [(near["name"], near["branches"][0]["id"]) for near in found] == [named[1:] for named in NAMES]


SUGGESTED = {
    "Slusen": "Slussen",
    "kista c": "Kista",
    "Centralen": "T-Centralen",
    "Hesselby Vällingby": "Hässelby-Vällingby",
    "tranströmersbiblioteket": "Tranströmerbiblioteket",
    "medborgarplattsen": "Medborgarplatsen",
}


async def test_what_somebody_meant_is_suggested_by_a_name_that_near_knows(catalog: Catalog) -> None:
    """Fails when one of the three is not looked through, more than three come, or a suggestion leads nowhere."""
    for typed, meant in SUGGESTED.items():
        assert (await catalog.get("/v1/sessions", near=typed))[0] == 422, typed
        status, found = await catalog.get("/v1/places", q=typed)
        assert (status, found["items"][0], found["next"]) == (200, meant, None)
        assert len(found["items"]) <= 3
        for name in found["items"]:
            assert (await catalog.get("/v1/sessions", near=name))[1]["near"]["name"] == name
    for nothing in ("Atlantis", "%", "q", "x" * 100):
        assert await catalog.get("/v1/places", q=nothing) == (200, {"items": [], "next": None}), nothing
    for query in ({}, {"q": " "}, {"q": "x" * 101}, {"q": "a\x00b"}):
        status, problem = await catalog.get("/v1/places", **query)
        assert (status, problem["type"], problem["field"]) == (422, "invalid", "q"), query


async def test_an_activity_is_found_by_its_kind_s_name_too(catalog: Catalog) -> None:
    """Fails when only titles are searched: nobody who looks for homework help types "räknestuga"."""
    maths = await catalog.session(activity_id=await catalog.activity("homework_help", titles={"sv": "Räknestuga"}))

    for q in ("läxhjälp", "homework kista", "raknestuga laxhjalp", "järva läx"):
        assert await catalog.listed(q=q) == [maths["id"]], q
    assert await catalog.listed(q="läxhjälp farsta") == []


COACHING = (
    *("mobil", "mobilen", "mobiler", "min mobil", "skanning", "1177", "phone", "printing", "BankID"),
    *("hjälp med mobilen", "help with my phone", "jag vill skriva ut", "pensionär", "seniors", "larmtelefon"),
)


async def test_an_activity_is_found_by_all_that_is_told_of_it(catalog: Catalog) -> None:
    """Fails when summaries, whom it is for, themes or what its kind covers are not searched, or endings hinder."""
    activity = await catalog.activity(
        "digital_coaching",
        titles={"sv": "Steg för steg"},
        summaries={"sv": "Vi visar också larmtelefoner."},
        audiences={"sv": "För pensionärer", "en": "For seniors"},
    )
    coaching = await catalog.session(activity_id=activity)
    cafe = await catalog.session(theme={"sv": "Årets högtider", "en": "Feasts"})

    for q in COACHING:
        assert await catalog.listed(q=q) == [coaching["id"]], q
    for q in ("högtiderna", "feast"):
        assert await catalog.listed(q=q) == [cafe["id"]], q
    assert (await catalog.patch(cafe, theme={"sv": "Resor"}))[0] == 200
    assert (await catalog.listed(q="resan"), await catalog.listed(q="högtider")) == ([cafe["id"]], [])
    assert await catalog.listed(q="mobilen dragspel") == []
    host = await catalog.session(activity_id=await catalog.activity("it_host", titles={"sv": "Fråga oss"}))
    assert await catalog.listed(q="utskrifter") == [host["id"]]


async def test_before_words_are_given_up_one_of_them_suffices(catalog: Catalog) -> None:
    """Fails when what is soonest comes instead of what somebody at least said a word of."""
    await catalog.session(starts_at=soon(1).isoformat())
    coaching = await catalog.session(activity_id=await catalog.activity("digital_coaching", titles={"sv": "Hjälp"}))

    _, found = await catalog.get("/v1/sessions/nearest", q="dragspel med mobilen")
    assert (ids(found["items"]), found["dropped"]) == ([coaching["id"]], ["q"])
    _, found = await catalog.get("/v1/sessions/nearest", q="dragspel trumpet")
    assert (len(found["items"]), found["dropped"]) == (2, ["q"])


async def test_who_types_the_name_of_a_language_finds_what_is_held_in_it(catalog: Catalog) -> None:
    """Fails when a language is found by its tag only, or in Swedish only."""
    homework = await catalog.activity("homework_help", titles={"sv": "Läxhjälp"}, languages=["sv", "ar", "prs"])
    held = await catalog.session(activity_id=homework)
    await catalog.session()

    for q in ("läxhjälp arabiska", "homework Arabic", "العربية", "dari"):
        assert await catalog.listed(q=q) == [held["id"]], q


BAD_WISHES: list[tuple[Json, str]] = [
    ({"page": 0}, "page"),
    ({"page": -1}, "page"),
    ({"page": "one"}, "page"),
    ({"page": 10**9}, "page"),
    ({"page": 1, "cursor": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}, "cursor"),
    ({"near": "Atlantis"}, "near"),
    ({"near": "%"}, "near"),
    ({"near": "x" * 101}, "near"),
    ({"near": "a\x00b"}, "near"),
    ({"place": "moon"}, "place"),
    ({"audience": "nobody"}, "audience"),
    ({"branch": "nowhere", "page": 1}, "branch"),
    ({"from": "2027-02-29"}, "from"),
    ({"to": "2027-04-31"}, "to"),
]


async def test_a_wish_that_cannot_be_names_the_field(catalog: Catalog) -> None:
    for query, field in BAD_WISHES:
        status, problem = await catalog.get("/v1/sessions", **query)
        assert (status, problem["type"], problem["field"]) == (422, "invalid", field), query
        if field not in {"page", "cursor"}:
            wishes = {name: value for name, value in query.items() if name != "page"}
            status, problem = await catalog.get("/v1/sessions/nearest", **wishes)
            assert (status, problem["type"], problem["field"]) == (422, "invalid", field), query


async def test_a_wish_is_given_once(catalog: Catalog) -> None:
    """Fails when the second of two is silently forgotten."""
    for name, values in {
        "kind": ("language_cafe", "story_time"),
        "free": ("true", "false"),
        "page": ("1", "2"),
    }.items():
        query = "&".join(f"{name}={value}" for value in values)
        status, problem = await catalog.get(f"/v1/sessions?{query}")
        assert (status, problem["type"], problem["field"]) == (422, "invalid", name)


async def test_what_only_the_library_books_is_no_seat_for_anybody(catalog: Catalog) -> None:
    """Fails when a shift of volunteers is offered to visitors as a free seat."""
    shift = await catalog.session(activity_id=await catalog.activity("library_friend", titles={"sv": "Bibliotekvän"}))
    await catalog.hear(shift["id"], left=2)

    _, shown = await catalog.get(f"/v1/sessions/{shift['id']}")
    assert (shown["booked_by"], shown["bookable"], shown["seats"]["left"]) == ("staff", False, 0)
    assert await catalog.listed() == [shift["id"]]
    assert await catalog.listed(free="true") == []
    assert (await catalog.patch(shift, mode="drop_in", capacity={"queue": 0}))[0] == 200
    assert await catalog.listed(free="true") == []


async def test_nobody_learns_how_to_get_into_an_online_session(catalog: Catalog) -> None:
    """Fails when any public answer holds the meeting's link or number."""
    activity = await catalog.activity()
    session, other = [
        await catalog.session(activity_id=activity, place="online", meeting=MEETING, starts_at=soon(day).isoformat())
        for day in (2, 3)
    ]
    await catalog.hear(other["id"], left=3)

    paths = ("", "?page=1", "/nearest", f"/{session['id']}", f"/{session['id']}/alternatives")
    answers = [await catalog.get(f"/v1/sessions{path}") for path in paths]
    assert {status for status, _ in answers} == {200}
    assert other["id"] in str(answers[-1])
    assert not any("meet.example" in str(body) or "123 456" in str(body) for _, body in answers)
    assert session["meeting"] == MEETING
    assert (await catalog.patch(session, room="A"))[1]["meeting"] == MEETING
    assert (await catalog.cancel(session))[1]["meeting"] == MEETING


async def test_the_nearest_to_a_search_that_finds_nothing_gives_up_as_little_as_can_be(catalog: Catalog) -> None:
    """Fails when wishes go in another order, all at once or twice, or when what is far comes before what is close."""
    story = await catalog.activity("story_time", titles={"sv": "Sagostund"}, languages=["ti"])
    cafe = await catalog.activity(languages=["sv"])
    (husby,) = await offered(catalog, story, "husby")
    farsta, kista = await offered(catalog, cafe, "farsta", "kista")
    skarpnack = await catalog.session(activity_id=story, branch_id="skarpnack", starts_at=soon(1.5).isoformat())
    everything = ids([skarpnack, farsta, husby, kista])
    tomorrow = (datetime.now(STOCKHOLM) + timedelta(days=1)).date().isoformat()

    async def nearest(**query: str) -> tuple[list[str], list[str]]:
        status, found = await catalog.get("/v1/sessions/nearest", **query)
        assert status == 200, found
        return ids(found["items"]), found["dropped"]

    assert await nearest(branch="kista") == ([kista["id"]], [])
    assert await nearest(branch="husby", free="true") == ([husby["id"]], ["free"])
    assert await nearest(branch="kista", q="dragspel", language="ti") == ([kista["id"]], ["q", "language"])
    assert await nearest(branch="husby", to=tomorrow) == ([husby["id"]], ["when"])
    assert await nearest(branch="tensta", kind="story_time") == ([husby["id"]], ["where"])
    assert await nearest(branch="alvik", kind="story_time") == (ids([skarpnack, husby]), ["where"])
    assert await nearest(near="hallonbergen", kind="language_cafe") == ([kista["id"]], [])
    wishes = {"near": "älvsjö", "kind": "story_time", "language": "ti"}
    assert await nearest(**wishes) == (ids([skarpnack, husby]), ["language", "where"])
    wishes = {"place": "online", "kind": "it_host", "free": "true", "from": "2030-01-01"}
    assert await nearest(**wishes) == (everything, ["free", "when", "where", "kind"])
    assert await nearest(audience="staff") == (everything, ["kind"])


async def test_the_nearest_to_a_day_are_before_and_after_it(catalog: Catalog) -> None:
    """Fails when the soonest are shown instead, only one side of the day, or the nearest first instead of in order."""
    activity = await catalog.activity()
    noon = datetime.combine((datetime.now(STOCKHOLM) + timedelta(days=20)).date(), datetime.min.time(), STOCKHOLM)
    noon += timedelta(hours=12)
    made = {
        away: await catalog.session(activity_id=activity, starts_at=(noon + timedelta(days=away)).isoformat())
        for away in (-15, -9, -4, -3, 1, 2, 5, 8, 12)
    }
    day, following = noon.date(), noon.date() + timedelta(days=1)

    async def nearest(from_: date, to: date | None = None, **wishes: str) -> list[str]:
        window = {"from": from_.isoformat()} | ({"to": to.isoformat()} if to else {})
        _, found = await catalog.get("/v1/sessions/nearest", **window, **wishes)
        assert found["dropped"][0] == "when"
        return ids(found["items"])

    assert await nearest(day, following) == ids([made[away] for away in (-4, -3, 1, 2, 5, 8)])
    assert await nearest(day, following, branch="tensta") == ids([made[away] for away in (-4, -3, 1, 2, 5, 8)])
    assert await nearest(date(2020, 1, 1), date(2020, 1, 2)) == ids([*made.values()])[:6]
    assert await nearest(date(2100, 1, 1)) == ids([*made.values()])[-6:]


async def test_there_is_nothing_near_only_when_there_is_nothing_at_all(catalog: Catalog) -> None:
    await catalog.session(status="draft")

    wishes: dict[str, str] = {"kind": "story_time", "near": "kista", "q": "saga"}
    assert await catalog.get("/v1/sessions/nearest", **wishes) == (
        200,
        {"items": [], "dropped": ["q", "where", "kind"]},
    )
    assert await catalog.get("/v1/sessions/nearest") == (200, {"items": [], "dropped": []})


async def test_the_nearest_are_few_and_the_soonest(catalog: Catalog) -> None:
    made = await offered(catalog, await catalog.activity(), *["tensta"] * 8)

    _, found = await catalog.get("/v1/sessions/nearest", branch="kista")
    assert ids(found["items"]) == ids(made)[:6]


async def test_instead_of_a_full_session_come_other_times_then_what_is_like_it_close_by(catalog: Catalog) -> None:
    """Fails when distance or language does not count, when what is full or another kind is offered, or itself is."""
    cafe = await catalog.activity(languages=["sv", "ar"])
    same, arabic, finnish = [await catalog.activity(languages=[tag]) for tag in ("sv", "ar", "fi")]
    story = await catalog.activity("story_time", titles={"sv": "Sagostund"}, languages=["sv"])
    (full,) = await offered(catalog, cafe, "kista", starts_at=soon(5).isoformat())
    (later,) = await offered(catalog, cafe, "farsta", starts_at=soon(9).isoformat())
    (sooner,) = await offered(catalog, cafe, "kista", starts_at=soon(1).isoformat())
    close, closer = await offered(catalog, arabic, "tensta", "husby")
    far, nearer = await offered(catalog, same, "farsta", "alvik")
    (other_tongue,) = await offered(catalog, finnish, "kista")
    (online,) = await offered(catalog, same, "kista", place="online")
    (taken,) = await offered(catalog, same, "kista")
    (tale,) = await offered(catalog, story, "kista")
    (unheard,) = await offered(catalog, same, "kista")
    for session in (later, sooner, close, closer, far, nearer, other_tongue, online, tale):
        await catalog.hear(session["id"], left=1)
    for session in (full, taken):
        await catalog.hear(session["id"], left=0)

    status, found = await catalog.get(f"/v1/sessions/{full['id']}/alternatives")

    expected = [later, sooner, closer, close, other_tongue, nearer, far, online]
    assert (status, ids(found["items"])) == (200, ids(expected)[:6])
    await catalog.hear(later["id"], left=0, revision=2)
    await catalog.cancel(sooner)
    _, found = await catalog.get(f"/v1/sessions/{full['id']}/alternatives")
    assert ids(found["items"]) == ids(expected)[2:8]
    await catalog.patch(unheard, ADMIN, mode="drop_in")
    _, found = await catalog.get(f"/v1/sessions/{full['id']}/alternatives")
    assert ids(found["items"])[:2] == ids([unheard, closer])


async def test_instead_of_an_online_session_comes_what_is_online(catalog: Catalog) -> None:
    cafe, other = await catalog.activity(), await catalog.activity()
    (full,) = await offered(catalog, cafe, "kista", place="online")
    (close,) = await offered(catalog, other, "kista")
    (online,) = await offered(catalog, other, "farsta", place="online", starts_at=soon(8).isoformat())
    for session in (close, online):
        await catalog.hear(session["id"], left=1)

    _, found = await catalog.get(f"/v1/sessions/{full['id']}/alternatives")
    assert ids(found["items"]) == ids([online, close])


async def test_a_session_that_is_over_or_called_off_has_alternatives_and_an_unknown_one_has_none(
    catalog: Catalog,
) -> None:
    activity = await catalog.activity()
    over, cancelled, open_ = await offered(catalog, activity, "kista", "kista", "kista")
    await catalog.hear(open_["id"], left=1)
    await catalog.begin(over, minutes_ago=100)
    await catalog.cancel(cancelled)

    for session in (over, cancelled):
        _, found = await catalog.get(f"/v1/sessions/{session['id']}/alternatives")
        assert ids(found["items"]) == [open_["id"]]
    draft = await catalog.session(status="draft")
    for unknown in (draft["id"], str(uuid4()), "nonsense"):
        status, problem = await catalog.get(f"/v1/sessions/{unknown}/alternatives")
        assert (status, problem["type"]) == (404, "unknown-session")


async def test_availability_tells_of_each_session_asked_for(catalog: Catalog) -> None:
    """Fails when drafts or unknown ones are told of, when one named twice comes twice, or the order is another."""
    cafe = await catalog.activity()
    mixed = await catalog.session(activity_id=cafe, mode="mixed", capacity={"seats": 10, "walk_in": 4, "queue": 3})
    called_off, draft = await catalog.session(activity_id=cafe), await catalog.session(status="draft")
    for session in (mixed, called_off):
        await catalog.hear(session["id"], left=5, queue_left=2)
    await catalog.cancel(called_off)

    asked = [called_off["id"], draft["id"], mixed["id"], str(uuid4()), called_off["id"]]
    status, told = await catalog.get("/v1/availability?" + "&".join(f"session={id_}" for id_ in asked))

    assert (status, told) == (
        200,
        {
            "items": [
                {
                    "session_id": called_off["id"],
                    "status": "cancelled",
                    "counts": "persons",
                    "children": True,
                    "bookable": False,
                    "seats": {"capacity": 15, "walk_in": 0, "left": 0},
                    "queue": {"capacity": 8, "left": 0},
                },
                {
                    "session_id": mixed["id"],
                    "status": "published",
                    "counts": "persons",
                    "children": True,
                    "bookable": True,
                    "seats": {"capacity": 10, "walk_in": 4, "left": 5},
                    "queue": {"capacity": 3, "left": 2},
                },
            ]
        },
    )
    _, one = await catalog.get("/v1/availability", session=mixed["id"])
    assert one["items"] == told["items"][1:]


async def test_availability_is_asked_for_some_sessions_at_a_time(catalog: Catalog) -> None:
    several = "&".join(f"session={UUID(int=number)}" for number in range(101))
    for query in ("", "?" + several, "?session=nonsense", f"?session={UUID(int=1)}&session=nonsense"):
        status, problem = await catalog.get(f"/v1/availability{query}")
        assert (status, problem["type"], problem["field"].split(".")[0]) == (422, "invalid", "session"), query
    assert (await catalog.get("/v1/availability?" + several.rpartition("&")[0])) == (200, {"items": []})


async def test_a_branch_tells_when_it_is_open_and_when_not(catalog: Catalog) -> None:
    """Fails when another branch's days, those gone by or those far ahead are told, or red days are not."""
    today = datetime.now(STOCKHOLM).date()
    pool = catalog.database.pool
    await pool.execute("DELETE FROM branch_hours")
    await pool.execute("DELETE FROM closure")
    await pool.execute(
        """
        INSERT INTO branch_hours (branch_id, weekday, opens, closes, staffed) VALUES
            ('kista', 5, '12:00', '16:00', true), ('kista', 0, '10:00', '20:00', true),
            ('kista', 0, '07:00', '10:00', false), ('farsta', 1, '09:00', '18:30', true)
        """
    )
    spans = [("kista", -3, 0), ("kista", -2, -1), ("farsta", 5, 5), (None, 60, 70), ("kista", 61, 61)]
    for number, (branch, first, last) in enumerate(spans):
        await pool.execute(
            "INSERT INTO closure (id, branch_id, first_day, last_day, reasons) VALUES ($1, $2, $3, $4, $5)",
            uuid4(),
            branch,
            today + timedelta(days=first),
            today + timedelta(days=last),
            {"sv": f"Stängt {number}"},
        )

    status, kista = await catalog.get("/v1/branches/kista")

    assert (status, kista["name"], kista["stop"]) == (200, "Kista bibliotek", "Tunnelbana Kista")
    assert (kista["latitude"], kista["longitude"]) == (59.403, 17.944)
    assert kista["hours"] == [
        {"weekday": 0, "opens": "07:00", "closes": "10:00", "staffed": False},
        {"weekday": 0, "opens": "10:00", "closes": "20:00", "staffed": True},
        {"weekday": 5, "opens": "12:00", "closes": "16:00", "staffed": True},
    ]
    own = [closure for closure in kista["closures"] if "en" not in closure["reasons"]]
    assert own == [
        {
            "first": (today + timedelta(days=first)).isoformat(),
            "last": (today + timedelta(days=last)).isoformat(),
            "reasons": {"sv": f"Stängt {number}"},
        }
        for number, first, last in ((0, -3, 0), (3, 60, 70))
    ]
    red = [
        {"first": day.isoformat(), "last": day.isoformat(), "reasons": names}
        for day, names in red_days(today, today + timedelta(days=60)).items()
    ]
    assert [closure for closure in kista["closures"] if closure not in own] == red
    assert kista["closures"] == sorted(kista["closures"], key=lambda closure: str(closure["first"]))


async def test_an_unknown_branch_is_unknown(catalog: Catalog) -> None:
    for unknown in ("nowhere", "Kista!", "%20"):
        status, problem = await catalog.get(f"/v1/branches/{unknown}")
        assert (status, problem["type"]) == (404, "unknown-branch")


async def test_the_kinds_are_explained(catalog: Catalog) -> None:
    status, found = await catalog.get("/v1/kinds")

    assert (status, [kind["id"] for kind in found["items"]], found["next"]) == (200, list(KINDS), None)
    coaching = next(kind for kind in found["items"] if kind["id"] == "digital_coaching")
    assert set(coaching) == {
        *("id", "labels", "plain", "audience", "bring", "covers", "declines"),
        *("revision", "terms", "suggested"),
    }
    assert coaching["declines"]["sv"] == list(KINDS["digital_coaching"].declines["sv"])


async def test_what_to_have_along_is_what_the_activity_says_or_else_its_kind(catalog: Catalog) -> None:
    own = await catalog.session(activity_id=await catalog.activity(bring={"sv": "Ta med en kopp."}))
    usual = await catalog.session()

    assert (own["bring"], usual["bring"]) == ({"sv": "Ta med en kopp."}, dict(KINDS["language_cafe"].bring))


async def test_the_choices_are_those_of_what_is_coming(catalog: Catalog) -> None:
    """Fails when what is over, not public yet or called off counts, or languages are not by how common they are."""
    _, nothing = await catalog.get("/v1/choices")
    assert (nothing["languages"], nothing["first"], nothing["last"]) == ([], None, None)
    assert (len(nothing["kinds"]), len(nothing["branches"])) == (len(KINDS), 39)

    common, rare = await catalog.activity(languages=["sv", "ti"]), await catalog.activity(languages=["so", "ti"])
    unseen = await catalog.activity(languages=["fi"])
    over, called_off = await offered(catalog, unseen, "kista", "kista")
    await catalog.begin(over, minutes_ago=100)
    await catalog.cancel(called_off)
    await catalog.session(activity_id=unseen, status="draft")
    midnight = datetime.combine((datetime.now(STOCKHOLM) + timedelta(days=9)).date(), datetime.min.time(), STOCKHOLM)
    await catalog.session(activity_id=common, starts_at=midnight.isoformat())
    await catalog.session(activity_id=common, starts_at=(midnight - timedelta(minutes=1)).isoformat())
    await catalog.session(activity_id=rare, starts_at=(midnight + timedelta(days=3)).isoformat())

    _, choices = await catalog.get("/v1/choices")
    assert choices["languages"] == ["ti", "sv", "so"]
    assert choices["first"] == (midnight - timedelta(days=1)).date().isoformat()
    assert choices["last"] == (midnight + timedelta(days=3)).date().isoformat()
    listed = (await catalog.get("/v1/kinds"))[1]["items"]
    assert choices["kinds"] == [{name: kind[name] for name in choices["kinds"][0]} for kind in listed]
    assert choices["branches"] == (await catalog.get("/v1/branches"))[1]["items"]
