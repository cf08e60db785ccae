"""What staff plan by: everything there is in whatever state, who holds it, and what is in the way of what."""

from datetime import UTC, datetime, timedelta

from tests.integration.catalog.conftest import ADMIN, COORDINATOR, KISTA, RINKEBY, Catalog, Json, soon
from tests.integration.catalog.terms import FIRST, body, cancel, patch, series


def span() -> dict[str, str]:
    """From yesterday, so that today is in it in any zone."""
    return {
        "from": (datetime.now(UTC).date() - timedelta(days=1)).isoformat(),
        "to": (FIRST + timedelta(days=60)).isoformat(),
    }


async def planned(catalog: Catalog, what: str = "sessions", by: tuple[str, ...] = KISTA, **query: str) -> Json:
    asked = "&".join(f"{name}={value}" for name, value in {**span(), **query}.items())
    status, shown = await catalog.send("GET", f"/v1/planning/{what}?{asked}", by=by)
    assert status == 200, shown
    return shown


async def test_the_plan_shows_what_nobody_else_sees(catalog: Catalog) -> None:
    activity = await catalog.activity()
    on = await catalog.session(activity_id=activity, host="Amina", room="Hörsalen")
    draft = await catalog.session(activity_id=activity, status="draft", starts_at=soon(4).isoformat())
    gone = await catalog.session(activity_id=activity, starts_at=soon(5).isoformat())
    await catalog.cancel(gone)
    elsewhere = await catalog.session(branch_id="rinkeby", starts_at=soon(6).isoformat())

    shown = (await planned(catalog))["items"]

    assert [(one["id"], one["status"]) for one in shown] == [
        (on["id"], "published"),
        (draft["id"], "draft"),
        (gone["id"], "cancelled"),
    ]
    assert (shown[0]["host"], shown[0]["seats"]["capacity"], shown[0]["revision"]) == ("Amina", 15, 1)
    everything = (await planned(catalog, by=ADMIN))["items"]
    assert [one["id"] for one in everything] == [on["id"], draft["id"], gone["id"], elsewhere["id"]]
    some = await planned(catalog, status="draft&status=cancelled", activity=activity)
    assert [one["id"] for one in some["items"]] == [draft["id"], gone["id"]]
    first = await planned(catalog, limit="2")
    second = await planned(catalog, limit="2", cursor=first["next"])
    assert [one["id"] for one in first["items"] + second["items"]] == [on["id"], draft["id"], gone["id"]]


async def test_who_holds_something_is_for_colleagues_only(catalog: Catalog) -> None:
    """Fails when a colleague's name reaches a public answer, or an event."""
    made = await series(catalog, host="Amina", rule="FREQ=WEEKLY;COUNT=2")
    session = made["sessions"][0]
    assert session["host"] == "Amina"

    for path in (f"/v1/sessions/{session['id']}", f"/v1/series/{made['id']}", "/v1/sessions"):
        status, shown = await catalog.get(path)
        assert status == 200
        assert "Amina" not in str(shown)
    assert "Amina" not in str(await catalog.told())
    status, changed = await patch(catalog, session, host="", scope="all")
    assert (status, changed["host"], len(changed["also_changed"])) == (200, "", 1)
    status, problem = await patch(catalog, session, host="x" * 41)
    assert (status, problem["field"]) == (422, "host")


async def test_another_library_s_plan_is_none_of_ours(catalog: Catalog) -> None:
    for what in ("sessions", "series"):
        path = f"/v1/planning/{what}?from={span()['from']}&to={span()['to']}"
        assert (await catalog.send("GET", f"{path}&branch=rinkeby"))[1]["type"] == "forbidden"
        assert (await catalog.send("GET", f"{path}&branch=rinkeby", by=RINKEBY))[0] == 200
        assert (await catalog.send("GET", path, by=COORDINATOR))[1]["type"] == "forbidden"
        assert (await catalog.send("GET", path, by=None))[0] == 401
    wish = {"branch_id": "rinkeby", "times": [{"starts_at": soon().isoformat(), "ends_at": soon(3.1).isoformat()}]}
    assert (await catalog.send("POST", "/v1/planning/conflicts", wish))[1]["type"] == "forbidden"


async def test_a_series_is_shown_as_it_is_held_now(catalog: Catalog) -> None:
    made = await series(catalog, room="Hörsalen", host="Amina", rule="FREQ=WEEKLY;COUNT=4", capacity=12)
    sessions = made["sessions"]
    later = datetime.fromisoformat(sessions[1]["starts_at"]) + timedelta(hours=1)
    await patch(catalog, sessions[1], starts_at=later.isoformat(), scope="following")
    await cancel(catalog, sessions[0], "one")

    (shown,) = (await planned(catalog, "series"))["items"]

    assert (shown["id"], shown["at"], shown["minutes"], shown["weekdays"]) == (
        made["id"],
        "18:00:00",
        90,
        [FIRST.weekday()],
    )
    assert (shown["room"], shown["host"], shown["seats"]) == ("Hörsalen", "Amina", 12)
    assert shown["sessions"] == {"draft": 0, "published": 3, "withdrawn": 0, "cancelled": 1}
    assert (shown["first"], shown["last"]) == (FIRST.isoformat(), (FIRST + timedelta(weeks=3)).isoformat())
    assert shown["coming"] == sessions[1]["id"]
    before: Json = {"from": "2020-01-01", "to": "2020-12-31"}
    assert (await planned(catalog, "series", **before))["items"] == []


async def conflicts(catalog: Catalog, **values: object) -> list[Json]:
    starts = soon(3) + timedelta(minutes=30)
    times = [{"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=1)).isoformat()}]
    status, shown = await catalog.send(
        "POST", "/v1/planning/conflicts", {"branch_id": "kista", "times": times, **values}
    )
    assert status == 200, shown
    found: list[Json] = shown["items"][0]["conflicts"]
    return found


async def test_a_room_and_a_person_are_in_one_place_at_a_time(catalog: Catalog) -> None:
    """Fails when a clash is missed, or something is said to be one that is none."""
    session = await catalog.session(starts_at=soon(3).isoformat(), room="Hörsalen", host="Amina")
    away = await catalog.session(branch_id="rinkeby", starts_at=soon(3).isoformat(), room="Sal A", host="Bo")

    (found,) = await conflicts(catalog, room="hörsalen", host="Leyla")
    assert (found["same"], found["session_id"], found["titles"]["sv"]) == (["room"], session["id"], "Språkcafé")
    assert [one["same"] for one in await conflicts(catalog, room="Hörsalen", host="amina")] == [["room", "host"]]
    (found,) = await conflicts(catalog, room="Sal A", host="Bo")
    assert (found["same"], found["session_id"], found["branch_name"]) == (["host"], away["id"], "Rinkeby bibliotek")
    assert await conflicts(catalog, room="Sal A") == []
    assert await conflicts(catalog) == []
    assert await conflicts(catalog, room="Hörsalen", besides=[session["id"]]) == []
    assert await conflicts(catalog, room="Hörsalen", place="outreach") == []
    right_after = {"starts_at": session["ends_at"], "ends_at": soon(4).isoformat()}
    assert await conflicts(catalog, room="Hörsalen", times=[right_after]) == []
    await catalog.cancel(session)
    assert await conflicts(catalog, room="Hörsalen", host="Amina") == []


async def test_a_preview_of_a_series_tells_on_which_dates_it_is_in_the_way(catalog: Catalog) -> None:
    """Fails when a clash is told of the wrong date, or stops the series."""
    made = await series(catalog, room="Hörsalen", rule="FREQ=WEEKLY;COUNT=4", minutes=60)
    await cancel(catalog, made["sessions"][1], "one")
    wish = body(room="Hörsalen", time="17:30", minutes=60, rule="FREQ=WEEKLY;COUNT=5")
    activity = await catalog.activity()

    status, shown = await catalog.send("POST", f"/v1/activities/{activity}/series/preview", wish)

    assert status == 200
    clashes = [[one["session_id"] for one in date["conflicts"]] for date in shown["sessions"]]
    ids = [session["id"] for session in made["sessions"]]
    assert clashes == [[ids[0]], [], [ids[2]], [ids[3]], []]
    assert (await catalog.send("POST", f"/v1/activities/{activity}/series", wish))[0] == 201
