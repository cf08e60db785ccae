"""The private calendar: what somebody said yes to, for whoever has its address."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from icalendar import Calendar, Event

from tests.integration.volunteers.conftest import Volunteers
from tests.integration.volunteers.helped import (
    COACH,
    HOST,
    ask,
    assignment,
    coordinator,
    file,
    person,
    session,
    shift,
    signed_in,
)


async def test_a_private_calendar_is_followed_until_it_is_revoked(volunteers: Volunteers) -> None:
    """Fails when a calendar outlives its secret, the secret is kept, or what was not said yes to is in it."""
    amina = await person(volunteers)
    token = await signed_in(volunteers, amina)
    soon = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    cafe = await session(volunteers, soon, 90, helping=HOST)
    sitting = await session(volunteers, soon + timedelta(days=1), helping=COACH)
    other = await session(volunteers, soon + timedelta(days=2), helping=HOST)
    on_duty = await shift(volunteers, cafe, amina)
    await shift(volunteers, other, amina, "asked")
    await shift(volunteers, sitting, await person(volunteers, "Berit"))
    by_hand = await assignment(volunteers, sitting, amina)
    assert await ask(volunteers, token, "GET", "/v1/me/calendar") == (200, {"made_at": None})

    status, made = await ask(volunteers, token, "POST", "/v1/me/calendar")
    assert (status, made["url"]) == (201, f"/v1/calendar/{made['secret']}.ics")
    status, body, headers = await file(volunteers, made["url"], {})

    assert (status, headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert headers["Cache-Control"].startswith("private")
    events = [one for one in Calendar.from_ical(body).walk() if isinstance(one, Event)]
    assert [(str(one["uid"]), one.start) for one in events] == [
        (f"{on_duty}@helping.plats", soon),
        (f"{by_hand}@helping.plats", soon + timedelta(days=1)),
    ]
    assert "Tensta bibliotek" in str(events[0]["location"])
    assert (await file(volunteers, made["url"], {"If-None-Match": headers["Etag"]}))[0] == 304
    kept = await volunteers.row("SELECT k::text AS kept FROM calendar_secret k")
    assert made["secret"] not in kept["kept"]

    _, again = await ask(volunteers, token, "POST", "/v1/me/calendar")
    assert [(await file(volunteers, one["url"], {}))[0] for one in (made, again)] == [404, 200]
    async with volunteers.http.delete(
        f"{volunteers.url}/v1/me/calendar", headers={"Authorization": f"Bearer {token}"}
    ) as answer:
        assert answer.status == 204
    status, body, _ = await file(volunteers, again["url"], {})
    assert (status, b"unknown-calendar" in body) == (404, True)


async def test_who_ended_has_no_calendar_and_who_only_coordinates_neither(volunteers: Volunteers) -> None:
    amina = await person(volunteers)
    _, made = await ask(volunteers, await signed_in(volunteers, amina), "POST", "/v1/me/calendar")
    await volunteers.database.pool.execute("UPDATE volunteer SET state = 'ended'")

    assert (await file(volunteers, made["url"], {}))[0] == 404
    assert (await file(volunteers, f"/v1/calendar/{uuid4()}.ics", {}))[0] == 404
    assert (await ask(volunteers, await coordinator(volunteers, None), "POST", "/v1/me/calendar"))[0] == 403
    assert (await ask(volunteers, "nobody", "POST", "/v1/me/calendar"))[0] == 401
