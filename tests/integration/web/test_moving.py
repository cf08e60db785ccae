"""Another time instead of the one that is booked, in front of a real catalog and a real booking service."""

from uuid import UUID

import aiohttp
from pydantic import SecretStr

from services.web.app import create_app
from tests.integration.booking.conftest import KEY
from tests.integration.catalog.conftest import soon
from tests.integration.web.house import House
from tests.support.apps import serving
from tests.support.front import web_settings
from tests.support.pages import Browser
from tests.support.servers import free_port

MINE = "/sv/my-booking"
MOVE = f"{MINE}/move"
SARA = {"adults": "2", "children": "0", "name": "Sara", "by": "sms", "phone": "070-174 06 58"}
KEPT = "Du har kvar det du hade."


async def booked(house: House, browser: Browser, activity: str, **values: object) -> str:
    session = await house.session("language_cafe", activity_id=activity, **values)
    assert (await browser.book(session, SARA)).location == "/sv/booked"
    await house.settle()
    return session


async def test_the_times_one_can_change_to_are_those_with_room_for_all_the_next_first(
    house: House, browser: Browser
) -> None:
    """Fails when one is left out, or one is offered that cannot be had: full, too small, begun or something else."""
    activity = await house.catalog.activity()
    mine = await booked(house, browser, activity)
    late, early = [await house.session(activity_id=activity, starts_at=soon(days).isoformat()) for days in (12, 5)]
    full, small = [await house.session(activity_id=activity, capacity=seats) for seats in (2, 1)]
    await house.fill(full, 2)
    begun = await house.session(activity_id=activity)
    other = await house.session()
    await house.shift(begun, minutes=-5)
    await house.settle()

    page = await browser.get(MOVE)

    assert page.title.startswith("Vilken tid vill du byta till?")
    assert "Tider med plats för: 2 personer" in page.text
    assert page.links("Språkcafé") == [f"{MOVE}/{early}", f"{MOVE}/{late}"]
    for one in (mine, full, small, begun, other):
        assert f"{MOVE}/{one}" not in page.source
        assert (await browser.get(f"{MOVE}/{one}")).location in {MOVE, ""}


async def test_changing_is_confirmed_with_both_times_and_said(house: House, browser: Browser) -> None:
    """Fails when the old seat stays, the code changes, or looking changes anything."""
    activity = await house.catalog.activity()
    old = await booked(house, browser, activity)
    new = await house.session(activity_id=activity, starts_at=soon(7).isoformat(), room="Hörsalen")
    code = (await house.booking.row("SELECT code FROM contact"))["code"]
    question = await browser.get(f"{MOVE}/{new}")
    assert "Vill du byta till den här tiden?" in question.text
    assert question.text.index("Ny tid") < question.text.index("Du lämnar den här tiden")
    assert await house.seats_taken(old) == 2

    sent = await browser.post(f"{MOVE}/{new}", {})

    assert sent.location == f"{MINE}?moved=1"
    done = await browser.follow(sent)
    assert "Klart! Du har bytt tid. Koden är densamma." in done.text
    assert "Hörsalen" in done.text
    assert f"{code[:3]}-{code[3:]}" in done.text
    assert (await house.seats_taken(old), await house.seats_taken(new)) == (0, 2)
    assert "Klart!" not in (await browser.get(MINE)).text
    assert (await browser.post(f"{MOVE}/{new}", {})).location == f"{MINE}?moved=1", "a second tap changes nothing"
    assert (await browser.get(f"/sv/sessions/{old}/book/reach")).location == f"/sv/sessions/{old}/book?again=1"


async def test_from_the_queue_one_changes_to_a_seat(house: House, browser: Browser) -> None:
    activity = await house.catalog.activity()
    full = await house.session(activity_id=activity, capacity=2)
    await house.fill(full, 2)
    await house.settle()
    page = f"/sv/sessions/{full}/queue"
    await browser.post(page, {"adults": "2", "children": "0"})
    await browser.post(f"{page}/name", {"name": "Sara"})
    await browser.post(f"{page}/reach", {"by": "sms", "phone": SARA["phone"]})
    new = await house.session(activity_id=activity)
    assert "Nu står du i kö till" in (await browser.get(MOVE)).text
    assert "Du lämnar kön till" in (await browser.get(f"{MOVE}/{new}")).text

    done = await browser.follow(await browser.post(f"{MOVE}/{new}", {}))

    assert "Ni har plats allihop." in done.text
    assert await house.seats_taken(new) == 2


async def test_when_others_were_faster_one_keeps_what_one_had(house: House, browser: Browser) -> None:
    """Fails when the old seat is given up first, or the page leaves one in doubt."""
    activity = await house.catalog.activity()
    old = await booked(house, browser, activity)
    new = await house.session(activity_id=activity, capacity=2)
    await house.fill(new, 1)

    told = await browser.post(f"{MOVE}/{new}", {})

    assert (told.status, told.title.startswith("Fel: Vilken tid vill du byta till?")) == (409, True)
    assert f"Platserna på den tiden tog slut. {KEPT}" in told.text
    assert await house.seats_taken(old) == 2
    assert "Ni har plats allihop." in (await browser.get(MINE)).text


async def test_what_cannot_be_changed_to_leaves_all_as_it_is(house: House, browser: Browser) -> None:
    """Another activity, what has begun, what never was. Fails when any of them is an error page, or costs the seat."""
    activity = await house.catalog.activity()
    old = await booked(house, browser, activity)
    begun, other = await house.session(activity_id=activity), await house.session()
    await house.shift(begun, minutes=-5)
    for wanted, status in ((begun, 409), (other, 409), (str(UUID(int=7)), 404)):
        told = await browser.post(f"{MOVE}/{wanted}", {})
        assert (told.status, f"Den tiden går inte längre att välja. {KEPT}" in told.text) == (status, True)
    assert await house.seats_taken(old) == 2


async def test_who_has_a_booking_at_the_other_time_keeps_both(house: House, browser: Browser) -> None:
    activity = await house.catalog.activity()
    other = await booked(house, browser, activity)
    old = await booked(house, browser, activity)

    told = await browser.post(f"{MOVE}/{other}", {})

    assert (told.status, f"Du har redan en bokning på den tiden. {KEPT}" in told.text) == (409, True)
    assert (await house.seats_taken(old), await house.seats_taken(other)) == (2, 2)


async def test_where_there_is_no_other_time_that_is_told(house: House, browser: Browser) -> None:
    await booked(house, browser, await house.catalog.activity())

    page = await browser.get(MOVE)

    assert "Just nu finns ingen annan tid med plats för: 2 personer. Du har kvar det du har." in page.text


async def test_what_has_begun_or_is_cancelled_is_not_changed(house: House, browser: Browser) -> None:
    activity = await house.catalog.activity()
    session = await booked(house, browser, activity)
    new = await house.session(activity_id=activity)
    await house.shift(session, minutes=-5)
    assert (await browser.get(MOVE)).location == (await browser.get(f"{MOVE}/{new}")).location == MINE

    late = await browser.post(f"{MOVE}/{new}", {})

    assert (late.status, "Det har redan börjat, så det går inte att byta tid." in late.text) == (409, True)
    assert (await house.seats_taken(session), await house.seats_taken(new)) == (2, 0)
    await house.shift(session, days=3)
    await browser.post(f"{MINE}/cancel", {})
    assert (await browser.get(MOVE)).location == MINE


async def test_while_nobody_knows_whether_it_was_changed_that_is_said(
    house: House, browser: Browser, http: aiohttp.ClientSession
) -> None:
    """Fails when the page says that nothing was changed: the answer may have been lost on its way."""
    activity = await house.catalog.activity()
    old = await booked(house, browser, activity)
    new = await house.session(activity_id=activity)
    await house.booking.database.pool.execute("ALTER TABLE move RENAME TO away")

    told = await browser.post(f"{MOVE}/{new}", {})

    assert told.status == 503
    assert "Vi vet inte om bytet gick igenom." in told.text
    assert KEPT not in told.text
    await house.booking.database.pool.execute("ALTER TABLE away RENAME TO move")
    assert await house.seats_taken(old) == 2
    settings = web_settings(
        key=SecretStr("0c" * 32),
        catalog_url=f"http://127.0.0.1:{free_port()}",
        booking_url=house.booking.url,
        key_booking=SecretStr(KEY),
    )
    async with serving(create_app(settings)) as url:
        there = Browser(http, lambda: url)
        there.cookies |= browser.cookies
        assert (await there.get(MOVE)).status == 503, "without catalog nobody can choose"
