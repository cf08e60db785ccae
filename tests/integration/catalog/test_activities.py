"""Activities that change: who may, who hears of it, and two people at once."""

from typing import cast

from shared.events import SessionPublished
from tests.integration.catalog.conftest import ADMIN, COORDINATOR, RINKEBY, Catalog, Json, soon

BOTH = ("staff", "kista", "rinkeby")


async def patch(catalog: Catalog, activity: str, by: tuple[str, ...] = ADMIN, **values: object) -> tuple[int, Json]:
    return await catalog.send("PATCH", f"/v1/activities/{activity}", values, by=by)


async def test_a_new_name_reaches_every_session_to_come_and_no_other(catalog: Catalog) -> None:
    """Fails when who has a seat goes on hearing the old name, or a draft or what is over is told of."""
    activity = await catalog.activity()
    coming = await catalog.session(activity_id=activity)
    draft = await catalog.session(activity_id=activity, status="draft")
    over = await catalog.session(activity_id=activity)
    await catalog.begin(over, minutes_ago=600)
    other = await catalog.session()
    told = len(await catalog.told())
    titles = {"sv": "Samtalskafé", "en": "Conversation café"}

    status, changed = await patch(catalog, activity, titles=titles, revision=1)

    assert (status, changed["revision"], changed["titles"]) == (200, 2, titles)
    events = cast("list[SessionPublished]", (await catalog.told())[told:])
    assert [(str(event.data.session_id), event.data.revision, event.data.titles) for event in events] == [
        (coming["id"], 2, titles)
    ]
    shown = (await catalog.get(f"/v1/sessions/{coming['id']}"))[1]
    assert (shown["titles"], shown["revision"]) == (titles, 2)
    _, history = await catalog.send("GET", f"/v1/sessions/{coming['id']}/history")
    assert [change["field"] for change in history["items"][0]["changes"]] == ["titles"]
    assert (await catalog.get(f"/v1/sessions/{other['id']}"))[1]["revision"] == 1
    assert (await patch(catalog, activity, titles=titles))[1]["revision"] == 2, "the same again changes nothing"
    assert (await catalog.patch(draft, revision=1, room="B"))[0] == 200


async def test_what_only_our_pages_show_is_not_told_again(catalog: Catalog) -> None:
    activity = await catalog.activity()
    session = await catalog.session(activity_id=activity)
    told = await catalog.told()

    status, changed = await patch(catalog, activity, summaries={"sv": "Kom och fika."}, bring={}, level="A2")

    assert (status, changed["summaries"], changed["level"]) == (200, {"sv": "Kom och fika."}, "A2")
    assert await catalog.told() == told
    assert (await catalog.get(f"/v1/sessions/{session['id']}"))[1]["summaries"] == {"sv": "Kom och fika."}
    assert (await patch(catalog, activity, level=None))[1]["level"] is None
    assert (await patch(catalog, activity, summaries={}))[1]["summaries"] == {}


async def test_new_terms_are_those_of_new_sessions(catalog: Catalog) -> None:
    """Fails when what people booked on changes behind their backs."""
    activity = await catalog.activity()
    before = await catalog.session(activity_id=activity)

    status, changed = await patch(catalog, activity, capacity={"seats": 7, "queue": 2}, party_max=2, minutes=45)

    assert (status, changed["capacity"]) == (200, {"seats": 7, "walk_in": 0, "queue": 2})
    shown = (await catalog.get(f"/v1/sessions/{before['id']}"))[1]
    assert (shown["seats"]["capacity"], shown["party_max"]) == (15, 4)
    after = await catalog.session(activity_id=activity)
    assert (after["seats"]["capacity"], after["party_max"], after["queue"]["capacity"]) == (7, 2, 2)


async def test_two_at_once_see_what_the_other_one_changed(catalog: Catalog) -> None:
    """Fails when the second one overwrites the first, or is not told what is different."""
    activity = await catalog.activity()
    await patch(catalog, activity, titles={"sv": "Samtalskafé"}, minutes=60, languages=["sv", "ar"])

    status, problem = await patch(catalog, activity, revision=1, titles={"sv": "Fikakafé"})

    assert (status, problem["type"], problem["revision"]) == (409, "stale-revision", 2)
    changes = {change["field"]: (change["was"], change["is"]) for change in problem["changes"]}
    assert changes == {
        "titles": ({"sv": "Språkcafé", "en": "Language café"}, {"sv": "Samtalskafé"}),
        "minutes": (90, 60),
        "languages": (["sv"], ["sv", "ar"]),
    }
    assert (await catalog.get(f"/v1/activities/{activity}"))[1]["titles"] == {"sv": "Samtalskafé"}


async def test_what_other_libraries_hold_too_only_administrators_change(catalog: Catalog) -> None:
    activity = await catalog.activity()
    elsewhere = await catalog.session(activity_id=activity, branch_id="rinkeby")

    assert (await patch(catalog, activity, by=("staff", "kista"), minutes=60))[1]["type"] == "forbidden"
    assert (await patch(catalog, activity, by=COORDINATOR, minutes=60))[1]["type"] == "forbidden"
    assert (await patch(catalog, activity, by=RINKEBY, minutes=60))[0] == 200
    assert (await patch(catalog, activity, by=BOTH, minutes=70))[0] == 200
    assert (await patch(catalog, activity, by=ADMIN, minutes=80))[0] == 200
    await catalog.cancel(elsewhere, by=RINKEBY)
    assert (await patch(catalog, activity, by=("staff", "kista"), minutes=90))[0] == 200


async def test_of_what_was_put_away_nothing_new_is_planned(catalog: Catalog) -> None:
    activity = await catalog.activity()
    session = await catalog.session(activity_id=activity)
    status, shown = await patch(catalog, activity, archived=True)
    assert (status, shown["archived"]) == (200, True)
    new = {"activity_id": activity, "branch_id": "kista", "starts_at": soon().isoformat()}
    rule = {"branch_id": "kista", "first": soon(9).date().isoformat(), "time": "17:00", "rule": "FREQ=DAILY;COUNT=2"}

    for path, body in (
        ("/v1/sessions", new),
        ("/v1/sittings", {**new, "slot_minutes": 30}),
        (f"/v1/activities/{activity}/series", rule),
        (f"/v1/activities/{activity}/series/preview", rule),
    ):
        status, problem = await catalog.send("POST", path, body)
        assert (status, problem["field"]) == (422, "activity_id"), path

    assert (await catalog.patch(session, room="B"))[0] == 200
    assert (await patch(catalog, activity, archived=False))[0] == 200
    assert (await catalog.send("POST", "/v1/sessions", new))[0] == 201


async def test_nonsense_is_refused_by_name(catalog: Catalog) -> None:
    activity = await catalog.activity()

    for values, field in (
        ({"titles": {"en": "Café"}}, "titles"),
        ({"titles": {"sv": ""}}, "titles.sv"),
        ({"sms_titles": {"sv": "Längre än fjorton"}}, "sms_titles.sv"),
        ({"kind": "story_time"}, "kind"),
        ({"level": "D1"}, "level"),
        ({"capacity": {"walk_in": 3}}, "capacity.walk_in"),
        ({"languages": ["xx"]}, "languages.0"),
    ):
        status, problem = await patch(catalog, activity, **values)
        assert (status, problem["field"]) == (422, field), values
    for id_ in ("nonsense", "01990000-0000-7000-8000-000000000000"):
        assert (await catalog.get(f"/v1/activities/{id_}"))[1]["type"] == "unknown-activity"
        assert (await patch(catalog, id_, minutes=60))[1]["type"] == "unknown-activity"
    assert (await catalog.send("PATCH", f"/v1/activities/{activity}", {}, by=None))[0] == 401


async def test_who_changes_what_is_noted_by_names_of_fields(catalog: Catalog) -> None:
    """Fails when the audit would not tell who renamed something, or would tell what it was called."""
    activity = await catalog.activity()
    session = await catalog.session(activity_id=activity, by=("staff", "kista"))
    await patch(catalog, activity, titles={"sv": "Samtalskafé"})
    await catalog.patch(session, room="Hörsalen", host="Amina")
    await catalog.cancel(session)

    _, page = await catalog.send("GET", "/v1/audit", by=ADMIN)

    assert [(one["action"], one["kind"], one["branch_id"], one["fields"]) for one in reversed(page["items"])] == [
        ("created", "activity", None, []),
        ("planned", "session", "kista", []),
        ("changed", "activity", None, ["titles"]),
        ("changed", "session", "kista", ["room", "host"]),
        ("cancelled", "session", "kista", ["status", "cancel_reason"]),
    ]
    assert "Amina" not in str(page)
