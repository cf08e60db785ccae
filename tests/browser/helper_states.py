"""Every page and state there is for those who help: a walk brings one after the other in front."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from playwright.async_api import Page

from tests.browser.helpers import Helper, turn
from tests.browser.states import LONGEST
from tests.browser.world import World


@dataclass(frozen=True, kw_only=True)
class HelperWalk:
    """Somebody who becomes a volunteer, helps, and is ill."""

    page: Page
    there: World
    language: str
    phone: str
    seen: list[Helper] = field(default_factory=list)

    @property
    def home(self) -> str:
        """Where the pages of the language are."""
        return f"/{self.language}/volunteer"

    async def states(self) -> AsyncIterator[str]:
        """Bring every state in front, one after the other; gives the name of each."""
        for part in (self._becoming(), self._signing_in(), self._with_nothing(), self._changing(), self._helping()):
            async for name in part:
                yield name

    async def _send(self, form: str = "main .helper form, main form", **fields: str) -> None:
        """Fill in the first form in front and send it."""
        first = self.page.locator(form).first
        for name, value in fields.items():
            await first.locator(f'[name="{name.replace("_", "-")}"]').first.fill(value)
        await first.locator("button").last.click()

    async def _becoming(self) -> AsyncIterator[str]:
        await self.page.goto(f"{self.home}/interest")
        yield "interest"
        await self._send()
        yield "interest, with faults"
        await self.page.fill("#name", LONGEST)
        await self.page.fill("#phone", self.phone[:-2] + "99")
        await self.page.check("#tasks")
        await self._send()
        yield "interest thanks"

    async def _signing_in(self) -> AsyncIterator[str]:
        helper = await Helper.made(self.there, LONGEST, self.phone)
        self.seen.append(helper)
        await self.page.goto(f"{self.home}/sign-in")
        yield "sign in"
        await self._send(reach="Amina")
        yield "sign in, with a fault"
        await self._send(reach=self.phone)
        yield "code"
        await self._send(code="")
        yield "code, with a fault"
        await self._send(code=await helper.code())

    async def _with_nothing(self) -> AsyncIterator[str]:
        await self.page.wait_for_url(f"**{self.home}")
        yield "overview: with nothing"
        for name, address in {
            "open shifts": "open",
            "hours": "hours",
            "ill: with nothing": "ill",
            "calendar": "calendar",
            "profile": "profile",
            "not theirs": "people",
        }.items():
            await self.page.goto(f"{self.home}/{address}")
            yield name
        await self.page.goto(f"{self.home}/calendar")
        await self._send(".helper form")
        yield "calendar: made"

    async def _changing(self) -> AsyncIterator[str]:
        await self._to("profile/week")
        yield "profile week"
        await self._send(".helper form", d0_0_starts="17.00", d0_0_ends="16.00")
        yield "profile week, with a fault"
        await self._send(".helper form", d0_0_ends="19.00")
        yield "profile: saved"
        await self._to("profile/away")
        yield "profile away"
        await self._send(".helper form", last="2020-01-01")
        yield "profile away, with a fault"
        day = (datetime.now(UTC) + timedelta(days=60)).date().isoformat()
        await self._send(".helper form", first=day, last="")
        await self._to("profile/away")
        yield "profile away: with days"
        await self._to("profile/languages")
        yield "profile languages"
        await self.page.select_option("#language-1", "ar")
        await self._send(".helper form")
        yield "profile languages, with a fault"
        for name in ("branches", "reach"):
            await self._to(f"profile/{name}")
            yield f"profile {name}"

    async def _to(self, address: str) -> None:
        await self.page.goto(f"{self.home}/{address}".rstrip("/"))

    async def _helping(self) -> AsyncIterator[str]:
        [helper] = self.seen
        session = await self.there.of_kind("digital_coaching")
        await helper.on_duty(session)
        assignment = await helper.has_visitor(session)
        await self._to("")
        yield "overview: with a question"
        at = f"assignments/{assignment}"
        await self._to(at)
        yield "question"
        await self._send(".helper form")
        yield "assignment: said yes"
        await self._to(f"{at}/decline")
        yield "decline"
        await self._to(at)
        await self._send(".helper .acts form")
        yield "assignment: with a stand-in sought"
        await helper.move(session, -timedelta(days=8))
        await self._to("")
        yield "overview: with something to tell"
        await self._to(at)
        await self._send(".helper form")
        yield "assignment, with a fault"
        await self.page.check("#outcome")
        await self._send(".helper form")
        yield "overview: told"
        async for name in self._on_duty(helper):
            yield name

    async def _on_duty(self, helper: Helper) -> AsyncIterator[str]:
        session = await turn(self.there)
        shift = await helper.on_duty(session, ask=True)
        await self._to("")
        yield "overview: asked to be on duty"
        await self._to(f"assignments/{shift}")
        await self._send(".helper form")
        yield "assignment: on duty"
        await self._to(f"assignments/{shift}/swap")
        yield "swap"
        async with self.there.plats.database("volunteers") as conn:
            starts_at = await conn.fetchval("SELECT lower(during) FROM shift WHERE id = $1::uuid", shift)
        await helper.move(session, datetime.now(UTC) + timedelta(minutes=1) - starts_at)
        await self._to("ill")
        yield "ill"
        await self._to("")
        await self.page.locator(".sign-out button").click()
        yield "signed out"
