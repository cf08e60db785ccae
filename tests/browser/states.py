"""Every page and state there is for visitors: a walk brings one after the other in front.

A state is named after its page; what is only opened or chosen on a page stands after a colon.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from playwright.async_api import Page

from tests.support.installation import Installation
from tests.support.samples import booking_body
from tests.support.servers import eventually

STOCKHOLM = ZoneInfo("Europe/Stockholm")
LONGEST = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewis"
"""A name as long as a name may be, without a place to break it."""


_MOVED = """
    UPDATE session SET starts_at = starts_at + make_interval(days => $2), ends_at = ends_at + make_interval(days => $2)
    WHERE id = $1::uuid
"""


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


@asynccontextmanager
async def world(plats: Installation) -> AsyncIterator[World]:
    """What a walk shows: from the example programme, or made. One session's time is over while the walk lasts."""
    staff = await plats.token("--role", "admin")
    meeting = {"link": "https://meet.example.org/sprakcafe", "number": "812 340 018"}
    online: dict[str, object] = {"place": "online", "meeting": meeting}
    open_, full, called_off, past, online_ = await _made(plats, staff, {}, {"capacity": 1}, {}, {}, online)
    there = World(
        plats=plats,
        staff=staff,
        open=open_,
        full=full,
        called_off=called_off,
        past=past,
        drop_in=await _found(plats, kind="it_host"),
        online=online_,
        coaching=await _found(plats, kind="digital_coaching"),
        staff_booked=await _found(plats, kind="library_friend"),
        story_time=await _found(plats, kind="story_time", free="true"),
    )
    await there.take_a_seat(full)
    await there.call_off(called_off)
    async with plats.database("catalog") as conn:
        await conn.execute(_MOVED, past, -9)
        try:
            yield there
        finally:
            await conn.execute(_MOVED, past, 9)


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
class Walk:
    """A visitor who sees everything."""

    page: Page
    there: World
    language: str
    """That of the pages."""
    phone: str
    """A number that nobody else books with."""

    @property
    def home(self) -> str:
        """Where the pages of the language are."""
        return f"/{self.language}"

    async def states(self) -> AsyncIterator[str]:
        """Bring every state in front, one after the other; gives the name of each."""
        parts = (self._finding, self._reading, self._asking, self._turned_away, self._looking_up, self._having_booked)
        for part in parts:
            async for name in part():
                yield name

    async def _finding(self) -> AsyncIterator[str]:
        await self.page.goto(f"{self.home}/")
        yield "programme"
        await self.page.locator(".languages summary").click()
        yield "programme: choice of language"
        await self.page.goto(f"{self.home}/")
        await self.page.locator(".opener:visible summary").first.click()
        yield "programme: more choices"
        today = datetime.now(STOCKHOLM).date()
        for name, address in {
            "programme of a kind at a library": "?kind=language_cafe&where=kista",
            "programme near a place, page 2": "?near=slussen&page=2",
            "programme near an unknown place": "?near=Xanadu",
            "programme with what is nearest to the wishes": "?kind=story_time&when=date&date=2020-02-29&free=1",
            "page beyond the end": "?page=9999",
            "today": f"days/{today}",
            "another day": f"days/{today + timedelta(days=2)}",
            "day that has been": "days/2020-02-29",
            "day that does not exist": "days/2026-02-30",
            "day that is not planned": "days/2100-01-01",
        }.items():
            await self.page.goto(f"{self.home}/{address}")
            yield name

    async def _reading(self) -> AsyncIterator[str]:
        today = datetime.now(STOCKHOLM).date()
        monday = today + timedelta(days=7 - today.weekday())
        for name, address in {
            "libraries": "branches",
            "library": "branches/kista",
            "library that does not exist": "branches/none",
            "week for the notice board": f"branches/kista/week/{monday}",
            "session": f"sessions/{self.there.open}",
            "session that is full": f"sessions/{self.there.full}",
            "session that is called off": f"sessions/{self.there.called_off}",
            "session that is over": f"sessions/{self.there.past}",
            "session nobody books": f"sessions/{self.there.drop_in}",
            "session online": f"sessions/{self.there.online}",
            "session of coaching": f"sessions/{self.there.coaching}",
            "session staff book": f"sessions/{self.there.staff_booked}",
            "session that does not exist": "sessions/none",
            "page that does not exist": "nowhere",
            "privacy": "about/privacy",
            "accessibility": "about/accessibility",
        }.items():
            await self.page.goto(f"{self.home}/{address}")
            yield name

    async def _asking(self) -> AsyncIterator[str]:
        await self.page.goto(f"{self.home}/sessions/{self.there.story_time}/book")
        yield "question who comes, children too"
        await self.page.goto(f"{self.home}/sessions/{self.there.coaching}/book")
        yield "question for a name, first of all"
        await self.page.goto(f"{self.home}/sessions/{self.there.open}/book")
        yield "question who comes"
        await self.page.fill("#adults", "400")
        await submit(self.page)
        yield "question who comes, with a fault"
        await self.page.fill("#adults", "2")
        await submit(self.page)
        yield "question for a name"
        await submit(self.page)
        yield "question for a name, with a fault"
        await self.page.fill("#name", LONGEST)
        await submit(self.page)
        yield "question for a number"
        await self.page.fill("#phone", "08")
        await submit(self.page)
        yield "question for a number, with a fault"
        await self.page.check("#by-email")
        yield "question for a number, with a fault: e-mail instead"
        await self.page.check("#by-none")
        yield "question for a number, with a fault: neither"
        await self.page.check("#by")
        await self.page.fill("#phone", self.phone)
        await submit(self.page)
        await self.page.locator(".slip").wait_for()
        yield "receipt"

    async def _turned_away(self) -> AsyncIterator[str]:
        session = await self.there.one_seat()
        await self._answer(session)
        await self.there.take_a_seat(session)
        await submit(self.page)
        yield "seats that others took"
        await self.page.context.clear_cookies(name="plats_draft")
        await self.page.goto(f"{self.home}/sessions/{self.there.story_time}/book/name")
        yield "question who comes, children too: answers are gone"

    async def _looking_up(self) -> AsyncIterator[str]:
        lookup = f"{self.home}/my-booking"
        await self.page.goto(f"{lookup}?another=1")
        yield "my booking: lookup"
        await submit(self.page)
        yield "lookup with faults"
        await self.page.fill("#code", "K7F-4MQ")
        await self.page.fill("#proof", "0605")
        await submit(self.page)
        yield "lookup with faults: nothing found"
        await self.page.goto(f"{lookup}/code")
        yield "lost code"
        await submit(self.page)
        yield "lost code with a fault"
        await self.page.fill("#phone", self.phone)
        await submit(self.page)
        yield "lost code sent"

    async def _having_booked(self) -> AsyncIterator[str]:
        await self.page.goto(f"{self.home}/my-booking")
        yield "my booking"
        await self.page.goto(f"{self.home}/my-booking/people")
        yield "fewer people"
        await self.page.fill("#adults", "3")
        await submit(self.page)
        yield "fewer people with a fault"
        await self.page.fill("#adults", "1")
        await submit(self.page)
        yield "my booking: smaller"
        await self.page.goto(f"{self.home}/my-booking/cancel")
        yield "question before cancelling"
        await submit(self.page)
        yield "booking cancelled"
        await self._answer(self.there.online)
        await submit(self.page)
        await self.page.locator(".slip").wait_for()
        yield "receipt: online"
        await self.page.goto(f"{self.home}/my-booking")
        yield "my booking: online"

    async def _answer(self, session: str) -> None:
        """Answer every question about a session, and stop before the last button."""
        await self.page.goto(f"{self.home}/sessions/{session}/book")
        await submit(self.page)
        await self.page.fill("#name", "Sara")
        await submit(self.page)
        await self.page.check("#by-none")


async def submit(page: Page) -> None:
    """Press the first button of the page's form."""
    await page.locator("main form .ds-button").first.click()
