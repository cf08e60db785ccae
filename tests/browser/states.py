"""Every page and state there is for visitors: a walk brings one after the other in front.

A state is named after its page; what is only opened or chosen on a page stands after a colon.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from playwright.async_api import Page

from tests.browser.several import booking_all, having_been_there, telling, waiting_with_a_number
from tests.browser.steps import shown_code, submit
from tests.browser.waiting import answering, moving, queueing
from tests.browser.world import World

STOCKHOLM = ZoneInfo("Europe/Stockholm")
LONGEST = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewis"
"""A name as long as a name may be, without a place to break it."""


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
        for part in (
            *(self._finding(), self._reading(), self._asking(), self._turned_away()),
            *(self._looking_up(), self._having_booked()),
            *(queueing(self), answering(self), moving(self)),
            *(telling(self), booking_all(self), waiting_with_a_number(self), having_been_there(self)),
        ):
            async for name in part:
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
            "session that is full, without a queue": f"sessions/{self.there.full_for_good}",
            "session that is full and begins soon": f"sessions/{self.there.full_and_soon}",
            "session that is called off": f"sessions/{self.there.called_off}",
            "session that is over": f"sessions/{self.there.past}",
            "session nobody books": f"sessions/{self.there.drop_in}",
            "session online": f"sessions/{self.there.online}",
            "session of coaching": f"sessions/{self.there.coaching}",
            "session whose booking opens later": f"sessions/{self.there.opens_later}",
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
        session = await self.there.session()
        await self.answer(session)
        await self.page.goto(f"{self.home}/sessions/{session}")
        yield "session: a seat kept for oneself"
        await self.page.go_back()
        await self.page.check("#by-none")
        await self.there.let_holds_go(session)
        await self.there.take_a_seat(session)
        await submit(self.page)
        yield "seats that others took"
        session = await self.there.session(capacity=3)
        await self.there.take_a_seat(session)
        await self.page.goto(f"{self.home}/sessions/{session}/book")
        await self.page.fill("#adults", "3")
        await submit(self.page)
        yield "party larger than what is left"
        await self.page.locator("main .act a").first.click()
        yield "question who comes, with a fault: fewer than that"
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
        await self.answer(self.there.online)
        await submit(self.page)
        await self.page.locator(".slip").wait_for()
        yield "receipt: online"
        await self.page.goto(f"{self.home}/my-booking")
        yield "my booking: online"

    async def answer(self, session: str) -> None:
        """Answer every question about a session, and stop before the last button."""
        await self.page.goto(f"{self.home}/sessions/{session}/book")
        await submit(self.page)
        await self.page.fill("#name", "Sara")
        await submit(self.page)
        await self.page.check("#by-none")

    async def answer_to_queue(self, session: str) -> None:
        """The same about a session that is full."""
        await self.page.goto(f"{self.home}/sessions/{session}/queue")
        await submit(self.page)
        await self.page.fill("#name", "Sara")
        await submit(self.page)
        await self.page.check("#by-email")
        await self.page.fill("#email", f"{uuid4().hex}@example.org")

    async def queue_up(self, session: str) -> str:
        """Join the queue of a session that is full; gives the code."""
        await self.answer_to_queue(session)
        return await self.receipt()

    async def receipt(self) -> str:
        """Press the last button and wait for the whole receipt, so that nothing of it is broken off; gives the code."""
        await submit(self.page)
        code = await shown_code(self.page)
        await self.page.wait_for_load_state()
        return code
