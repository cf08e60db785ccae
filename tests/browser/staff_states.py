"""Every page and state there is for those who work here: a walk brings one after the other in front."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import uuid4

from playwright.async_api import Page

from tests.browser.states import LONGEST
from tests.browser.world import World

_NOBODY = "0197f0a0-0000-7000-8000-000000000001"


@dataclass(frozen=True, kw_only=True)
class StaffWalk:
    """An administrator who sees everything, at Kista."""

    page: Page
    there: World
    language: str

    @property
    def home(self) -> str:
        """Where the pages of the language are."""
        return f"/{self.language}/staff"

    async def states(self) -> AsyncIterator[str]:
        """Bring every state in front, one after the other; gives the name of each."""
        for part in (
            *(self._watching(), self._changing(), self._at_the_desk(), self._the_list()),
            *(self._looking_after(), self._planning(), self._counting(), self._helping(), self._administering()),
        ):
            async for name in part:
                yield name

    async def _at(self, **addresses: str) -> AsyncIterator[str]:
        """Pages by their names, with their addresses below the staff's pages."""
        for name, address in addresses.items():
            await self.page.goto(f"{self.home}/{address}")
            yield name.replace("_", " ").replace("  ", ": ")

    async def _send(self, **fields: str) -> None:
        """Fill in what is in front and send it."""
        field = self.page.locator("main")
        for name, value in fields.items():
            field = self.page.locator(f'main [name="{name}"]').first
            if await field.evaluate("it => it.tagName") == "SELECT":
                await field.select_option(value)
            else:
                await field.fill(value)
        await field.locator("xpath=ancestor::form").locator("button").last.click()

    async def _watching(self) -> AsyncIterator[str]:
        async for name in self._at(
            today="today?branch=kista",
            today__all_libraries="today?branch=",
            wall="today?branch=kista&wall=1",
            week="week?branch=kista",
            page_that_does_not_exist="nowhere?branch=kista",
        ):
            yield name
        await self.page.locator(".me summary").click()
        yield "page that does not exist: who is signed in"

    async def _changing(self) -> AsyncIterator[str]:
        async for name in self._at(
            session=f"sessions/{self.there.open}",
            session__full_and_queue=f"sessions/{self.there.full}",
            session__called_off=f"sessions/{self.there.called_off}",
            session__nobody_books=f"sessions/{self.there.drop_in}",
            page_that_does_not_exist__session=f"sessions/{_NOBODY}",
            move_session=f"sessions/{self.there.full}/move",
            cancel_session=f"sessions/{self.there.full}/cancel",
            announce=f"sessions/{self.there.full}/announce",
        ):
            yield name

    async def _at_the_desk(self) -> AsyncIterator[str]:
        async for name in self._at(
            desk="desk?branch=kista",
            desk__which_library="desk?branch=",
            desk__a_session=f"desk/sessions/{self.there.open}",
            desk__a_full_session=f"desk/sessions/{self.there.full}",
            desk__drop_in=f"desk/sessions/{self.there.drop_in}",
            numbers_at_the_desk="desk/tickets?branch=kista",
            search="desk/search?branch=kista",
        ):
            yield name
        await self._send(q="Omar")
        yield "search: found"
        await self._send(q="x")
        yield "search: faults"
        await self.page.goto(f"{self.home}/desk/sessions/{self.there.open}")
        await self._send(name="", phone="12")
        yield "desk: faults"
        await self.page.goto(f"{self.home}/desk/sessions/{self.there.open}")
        await self._send(name=LONGEST)
        yield "slip"
        async for name in self._at(numbers_at_the_desk__drawn="desk/tickets?branch=kista"):
            await self.page.locator('form[action$="/draw"] button').click()
            yield name

    async def _the_list(self) -> AsyncIterator[str]:
        async for name in self._at(
            people=f"sessions/{self.there.full}/people",
            people__nobody=f"sessions/{self.there.online}/people",
            close_session=f"sessions/{self.there.full_and_soon}/close",
            certificates=f"sessions/{self.there.open}/certificates",
            calls="calls?branch=kista",
            calls__all_libraries="calls?branch=",
        ):
            yield name

    async def _looking_after(self) -> AsyncIterator[str]:
        async for name in self._at(
            messages="messages?branch=kista",
            page_that_does_not_exist__booking=f"messages?booking={_NOBODY}",
            audit="audit?branch=",
            audit__nothing="audit?who=nobody-at-all",
            audit__faults="audit?first=2026-05-02&last=2026-05-01",
            stuck="dead?branch=",
        ):
            yield name

    async def _planning(self) -> AsyncIterator[str]:
        async for name in self._at(
            programme="programme?branch=kista",
            programme__which_library="programme?branch=",
            programme__empty="programme?branch=stora-essingen",
            activities="programme/activities?branch=kista",
            new_activity="programme/activities/new",
            new_activity__kind="programme/activities/new?kind=language_cafe",
            new_series="programme/series/new?branch=kista",
            one_more_session="programme/sessions/new?branch=kista",
            copy_a_term="programme/copy?branch=kista",
            import_a_table="programme/import?branch=kista",
            closed_days="programme/closures?branch=kista",
        ):
            yield name

    async def _counting(self) -> AsyncIterator[str]:
        async for name in self._at(
            figures="figures?branch=kista",
            figures__all_libraries="figures?branch=",
        ):
            yield name

    async def _helping(self) -> AsyncIterator[str]:
        async for name in self._at(
            staffing="volunteers/staffing?branch=kista",
            staffing__everything="volunteers/staffing?branch=kista&all=1",
            staffing__all_libraries="volunteers/staffing?branch=",
            page_that_does_not_exist__staffing=f"volunteers/staffing/{_NOBODY}",
            visitors_without_a_helper="volunteers/at-risk?branch=kista",
            library_friends="volunteers/rota?branch=kista",
            library_friends__which_library="volunteers/rota?branch=",
            coordinators="volunteers/coordinators?branch=",
            new_coordinator="volunteers/coordinators/new",
            volunteers="volunteers?branch=kista",
            volunteers__nobody="volunteers?state=ended&task=story",
            new_volunteer="volunteers/new",
        ):
            yield name
        await self._send(name="Amina Warsame", phone="12")
        yield "new volunteer: faults"
        await self.page.goto(f"{self.home}/volunteers/new")
        await self._send(name=f"Amina {LONGEST}"[:60])
        yield "new volunteer: faults"
        await self.page.locator('main [name="tasks"]').first.check()
        await self._send(phone="070-174 06 05")
        yield "volunteer"
        there = self.page.url
        for part in ("reach", "work", "availability", "erase"):
            await self.page.goto(f"{there}/{part}")
            yield f"volunteer, {part}"
        await self.page.goto(f"{there}".replace("/people/", "/hand-over/"))
        yield "volunteer, hand over"
        await self.page.goto(f"{self.home}/volunteers/staffing?branch=kista&all=1")
        sessions = self.page.locator(".staffing th a")
        if await sessions.count():
            await sessions.first.click()
            yield "staffing of a session"

    async def _administering(self) -> AsyncIterator[str]:
        async for name in self._at(
            administration="admin",
            libraries="admin/branches",
            new_library="admin/branches/new",
            library="admin/branches/kista",
            common_closed_days="admin/closures",
            kinds="admin/kinds",
            kind="admin/kinds/language_cafe",
            partners="admin/partners",
            hours_and_limits="admin/hours",
            texts="admin/texts",
            erasure="admin/erasure",
        ):
            yield name
        await self.page.goto(f"{self.home}/admin/branches/new")
        await self._send(name=f"Bibliotek {uuid4().hex[:6]}", sms_name="Ett alldeles för långt namn för sms")
        yield "new library: faults"
