"""Every page and state there is for visitors. A walk brings one after the other in front.

A state is named after its page; what is only opened or chosen on a page stands after a colon.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from playwright.async_api import Page

from tests.support.installation import Installation
from tests.support.samples import booking_body
from tests.support.servers import eventually

LONGEST = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewis"
"""A name as long as a name may be, without a place to break it."""


@dataclass(frozen=True, kw_only=True)
class World:
    """A session for each thing that can be said of one."""

    plats: Installation
    staff: dict[str, str]
    """The headers that let staff change sessions."""
    open: str
    full: str
    called_off: str
    past: str
    drop_in: str
    online: str
    coaching: str
    staff_booked: str
    story_time: str

    async def one_seat(self) -> str:
        """One more session, with one seat."""
        (session,) = await _made(self.plats, self.staff, {"capacity": 1})
        return session

    async def take_a_seat(self, session: str) -> None:
        """Somebody else books."""
        body = booking_body(UUID(session), name="Omar", reach={"by": "none"})
        async with self.plats.http.post(f"{self.plats.url('booking')}/v1/bookings", json=body) as answer:
            assert answer.status == 201, await answer.text()

    async def call_off(self, session: str) -> None:
        """Staff cancel a session."""
        url = f"{self.plats.url('catalog')}/v1/sessions/{session}/cancel"
        async with self.plats.http.post(url, json={"reason": "illness"}, headers=self.staff) as answer:
            assert answer.ok, await answer.text()


async def world(plats: Installation) -> World:
    """What a walk shows: from the example programme, or made."""
    staff = await plats.token("--role", "admin")
    open_, full, called_off, past = await _made(plats, staff, {}, {"capacity": 1}, {}, {})
    async with plats.database("catalog") as conn:
        await conn.execute(
            "UPDATE session SET starts_at = starts_at - interval '9 days', ends_at = ends_at - interval '9 days'"
            " WHERE id = $1::uuid",
            past,
        )
    there = World(
        plats=plats,
        staff=staff,
        open=open_,
        full=full,
        called_off=called_off,
        past=past,
        drop_in=await _found(plats, kind="it_host"),
        online=await _found(plats, kind="language_cafe", place="online"),
        coaching=await _found(plats, kind="digital_coaching"),
        staff_booked=await _found(plats, kind="library_friend"),
        story_time=await _found(plats, kind="story_time", free="true"),
    )
    await there.take_a_seat(full)
    await there.call_off(called_off)
    return there


async def _made(plats: Installation, staff: dict[str, str], *changes: dict[str, object]) -> list[str]:
    """New language cafés at Kista, once visitors can book them."""
    activity = (await _listed(plats, kind="language_cafe", branch="kista"))[0]["activity_id"]
    now = datetime.now(UTC).replace(microsecond=0)
    usual: dict[str, object] = {
        "activity_id": activity,
        "branch_id": "kista",
        "mode": "booking",
        "capacity": 15,
    }

    async def made(number: int, change: dict[str, object]) -> str:
        starts_at = now + timedelta(days=4, minutes=number)
        times = {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(minutes=90)).isoformat()}
        url = f"{plats.url('catalog')}/v1/sessions"
        async with plats.http.post(url, json=usual | times | change, headers=staff) as answer:
            assert answer.status == 201, await answer.text()
            session = str((await answer.json())["id"])

        async def bookable() -> bool:
            return bool((await plats.shown(session))["bookable"])

        await eventually(bookable, within=30)
        return session

    return await asyncio.gather(*(made(number, change) for number, change in enumerate(changes)))


async def _found(plats: Installation, **wishes: str) -> str:
    """A session of the example programme that does not begin meanwhile."""
    return str((await _listed(plats, **wishes))[-1]["id"])


async def _listed(plats: Installation, **wishes: str) -> list[dict[str, Any]]:
    async with plats.http.get(f"{plats.url('catalog')}/v1/sessions", params=wishes | {"limit": "100"}) as answer:
        assert answer.ok, await answer.text()
        found: list[dict[str, Any]] = (await answer.json())["items"]
        return found


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who walks: the language of their pages, and a number that nobody else books with."""

    language: str
    phone: str


async def walk(page: Page, there: World, visitor: Visitor) -> AsyncIterator[str]:
    """Bring every state in front, one after the other; gives the name of each."""
    for part in (_finding, _reading, _asking, _turned_away, _looking_up, _having_booked):
        async for name in part(page, there, visitor):
            yield name


async def _finding(page: Page, there: World, visitor: Visitor) -> AsyncIterator[str]:
    home = f"/{visitor.language}"
    await page.goto(f"{home}/")
    yield "programme"
    await page.locator(".languages summary").click()
    yield "programme: choice of language"
    await page.goto(f"{home}/")
    await page.locator(".opener:visible summary").first.click()
    yield "programme: more choices"
    today = date.today()  # noqa: DTZ011 - the browser's and the installation's day are this machine's
    for name, address in {
        "programme of a kind at a library": "?kind=language_cafe&where=kista",
        "programme near a place, page 2": "?near=slussen&page=2",
        "programme near an unknown place": "?near=Xanadu",
        "programme with what is nearest to the wishes": "?kind=story_time&when=date&date=2020-02-29&language=ti&free=1",
        "page beyond the end": "?page=9999",
        "today": f"days/{today}",
        "another day": f"days/{today + timedelta(days=2)}",
        "day that has been": "days/2020-02-29",
        "day that does not exist": "days/2026-02-30",
        "day that is not planned": "days/2100-01-01",
    }.items():
        await page.goto(f"{home}/{address}")
        yield name
    assert there


async def _reading(page: Page, there: World, visitor: Visitor) -> AsyncIterator[str]:
    monday = date.today() + timedelta(days=7 - date.today().weekday())  # noqa: DTZ011 - as above
    for name, address in {
        "libraries": "branches",
        "library": "branches/kista",
        "library that does not exist": "branches/none",
        "week for the notice board": f"branches/kista/week/{monday}",
        "session": f"sessions/{there.open}",
        "session that is full": f"sessions/{there.full}",
        "session that is called off": f"sessions/{there.called_off}",
        "session that is over": f"sessions/{there.past}",
        "session nobody books": f"sessions/{there.drop_in}",
        "session online": f"sessions/{there.online}",
        "session of coaching": f"sessions/{there.coaching}",
        "session staff book": f"sessions/{there.staff_booked}",
        "session that does not exist": "sessions/none",
        "page that does not exist": "nowhere",
        "privacy": "about/privacy",
        "accessibility": "about/accessibility",
    }.items():
        await page.goto(f"/{visitor.language}/{address}")
        yield name


async def _asking(page: Page, there: World, visitor: Visitor) -> AsyncIterator[str]:
    home = f"/{visitor.language}"
    await page.goto(f"{home}/sessions/{there.story_time}/book")
    yield "question who comes, children too"
    await page.goto(f"{home}/sessions/{there.coaching}/book")
    yield "question for a name, first of all"
    await page.goto(f"{home}/sessions/{there.open}/book")
    yield "question who comes"
    await page.fill("#adults", "400")
    await submit(page)
    yield "question who comes, with a fault"
    await page.fill("#adults", "2")
    await submit(page)
    yield "question for a name"
    await submit(page)
    yield "question for a name, with a fault"
    await page.fill("#name", LONGEST)
    await submit(page)
    yield "question for a number"
    await page.fill("#phone", "08")
    await submit(page)
    yield "question for a number, with a fault"
    await page.check("#by-email")
    yield "question for a number, with a fault: e-mail instead"
    await page.check("#by-none")
    yield "question for a number, with a fault: neither"
    await page.check("#by")
    await page.fill("#phone", visitor.phone)
    await submit(page)
    await page.locator(".slip").wait_for()
    yield "receipt"


async def _turned_away(page: Page, there: World, visitor: Visitor) -> AsyncIterator[str]:
    home = f"/{visitor.language}"
    session = await there.one_seat()
    for address, field, value in (("book", "#adults", "1"), ("book/name", "#name", "Sara")):
        await page.goto(f"{home}/sessions/{session}/{address}")
        await page.fill(field, value)
        await submit(page)
    await page.check("#by-none")
    await there.take_a_seat(session)
    await submit(page)
    yield "seats that others took"
    await page.context.clear_cookies(name="plats_draft")
    await page.goto(f"{home}/sessions/{there.story_time}/book/name")
    yield "question who comes, children too: answers are gone"


async def _looking_up(page: Page, there: World, visitor: Visitor) -> AsyncIterator[str]:
    home = f"/{visitor.language}/my-booking"
    await page.goto(f"{home}?another=1")
    yield "lookup"
    await submit(page)
    yield "lookup with faults"
    await page.fill("#code", "K7F-4MQ")
    await page.fill("#proof", "0605")
    await submit(page)
    yield "lookup with faults: nothing found"
    await page.goto(f"{home}/code")
    yield "lost code"
    await submit(page)
    yield "lost code with a fault"
    await page.fill("#phone", visitor.phone)
    await submit(page)
    yield "lost code sent"
    assert there


async def _having_booked(page: Page, there: World, visitor: Visitor) -> AsyncIterator[str]:
    home = f"/{visitor.language}"
    await page.goto(f"{home}/my-booking")
    yield "booking"
    await page.goto(f"{home}/my-booking/people")
    yield "fewer people"
    await page.fill("#adults", "3")
    await submit(page)
    yield "fewer people with a fault"
    await page.fill("#adults", "1")
    await submit(page)
    yield "booking: smaller"
    await page.goto(f"{home}/my-booking/cancel")
    yield "question before cancelling"
    await submit(page)
    yield "booking cancelled"
    for address, field, value in (("book", "#adults", "1"), ("book/name", "#name", "Sara")):
        await page.goto(f"{home}/sessions/{there.online}/{address}")
        await page.fill(field, value)
        await submit(page)
    await page.check("#by-none")
    await submit(page)
    yield "receipt of an online session"
    await page.goto(f"{home}/my-booking")
    yield "booking of an online session"


async def submit(page: Page) -> None:
    """Press the first button of the page's form."""
    await page.locator("main form .ds-button").first.click()
