"""The house as those who help come to it: web before catalog, booking and volunteers, each on a database of its own."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared.events import QUEUES
from tests.integration.catalog.conftest import ADMIN, soon
from tests.integration.web.house import House
from tests.support.pages import Browser, Form, Shown

if TYPE_CHECKING:
    from datetime import datetime

    import aiohttp

    from tests.integration.booking.conftest import Booking
    from tests.integration.catalog.conftest import Catalog
    from tests.integration.volunteers.conftest import Volunteers
    from tests.support.clock import Clock

Json = dict[str, Any]

HOME = "/sv/volunteer"


class Helper(Browser):
    """The browser of somebody who helps."""

    def __init__(self, http: aiohttp.ClientSession, house: VolunteerHouse, person: Json, phone: str) -> None:
        super().__init__(http, lambda: house.url)
        self._house = house
        self.person = person
        self.phone = phone

    @property
    def id(self) -> UUID:
        """Whom volunteers knows them by."""
        return UUID(self.person["id"])

    async def sign_in(self, back: str = "") -> Shown:
        """Sign in with the code that is sent to their phone; gives where that leads."""
        sent = await self.post(f"{HOME}/sign-in", {"reach": self.phone} | ({"back": back} if back else {}))
        assert sent.location == f"{HOME}/sign-in/code", sent.text
        return await self.post(sent.location, {"code": await self._house.code()})

    async def fill(self, page: Shown, action: str, form: Form | None = None) -> Shown:
        """Fill in the form of a page that goes to ``action``, with all that it has hidden, and send it."""
        pattern = rf'<form[^>]*method="post"[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>'
        found = re.search(pattern, page.source, re.DOTALL)
        assert found, f"no form goes to {action}"
        fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found[1])
        hidden = {name: html.unescape(value) for name, value in fields}
        return await self.post(action, hidden | (form or {}))

    async def press(self, path: str, action: str, form: Form | None = None) -> Shown:
        """Open a page, send the form of it that goes to ``action``, and go where that leads."""
        return await self.follow(await self.fill(await self.get(path), action, form))


class VolunteerHouse(House):
    """Web with catalog, booking and volunteers behind it, and people who help."""

    def __init__(
        self, catalog: Catalog, booking: Booking, volunteers: Volunteers, clock: Clock, http: aiohttp.ClientSession
    ) -> None:
        super().__init__(catalog, booking)
        self.volunteers = volunteers
        self.clock = clock
        """Volunteers' own, which can be moved."""
        self._http = http

    async def settle(self) -> None:
        """Hand over what each has told, until nobody has anything new to tell."""
        heard: set[UUID] = set()
        while True:
            told = [event for one in (self.catalog, self.booking, self.volunteers) for event in await one.told()]
            new = [event for event in told if event.id not in heard]
            if not new:
                break
            for event in new:
                if type(event) in QUEUES["booking"]:
                    await self.booking.hear(event)
                if type(event) in QUEUES["volunteers"]:
                    await self.volunteers.hear(event)
            heard |= {event.id for event in new}
        await super().settle()

    async def code(self) -> str:
        """The newest code that was sent to somebody who signs in."""
        return str((await self.volunteers.row("SELECT code FROM sign_in ORDER BY made_at DESC LIMIT 1"))["code"])

    async def helper(self, name: str = "Amina", phone: str = "070-174 06 05", **values: object) -> Helper:
        """Somebody who helps with everything everywhere, and has signed in just now."""
        usual = {"tasks": ["coach", "host"], "topics": ["bankid", "email"], "branches": ["kista"]}
        told = {"name": name, "phone": phone} | usual | values
        person = await self.volunteers.volunteer(ADMIN, **told)
        made = self.at_a_browser(person, phone)
        signed_in = await made.sign_in()
        assert signed_in.location == HOME, signed_in.text
        return made

    def at_a_browser(self, person: Json, phone: str) -> Helper:
        """Somebody whom volunteers knows, before they sign in."""
        return Helper(self._http, self, person, phone)

    def stranger(self) -> Browser:
        """A browser at which nobody is signed in."""
        return Browser(self._http, lambda: self.url)

    async def coaching(self, starts_at: datetime | None = None, **values: object) -> str:
        """A coaching session that wants helpers; gives its id."""
        return await self.session("digital_coaching", starts_at=(starts_at or soon()).isoformat(), **values)

    async def friends(self, days: int) -> str:
        """A session that library friends keep open; gives its id."""
        return await self.session("library_friend", starts_at=soon(days).isoformat())

    async def duty(self, session: str, helper: Helper, *, ask: bool = False) -> str:
        """Put somebody on duty, or ask them; gives the shift's id."""
        body = {"volunteer_id": str(helper.id), "ask": ask, "whole_sitting": False}
        status, made = await self.volunteers.send("POST", f"/v1/sessions/{session}/shifts", body, by=ADMIN)
        assert status == 201, made
        await self.settle()
        row = await self.volunteers.row(
            "SELECT id FROM shift WHERE session_id = $1 AND volunteer_id = $2 ORDER BY created_at DESC LIMIT 1",
            UUID(session),
            helper.id,
        )
        return str(row["id"])

    async def visitor(self, session: str, name: str = "Fatima Noor", **answers: str) -> str:
        """Have a visitor book; gives the booking's id."""
        body = {
            "session_id": session,
            "party": {"adults": 1, "children": 0},
            "name": name,
            "reach": {"by": "none"},
            "answers": {"topic": "bankid"} | answers,
        }
        status, made = await self.booking.post("/v1/bookings", body)
        assert status == 201, made
        await self.settle()
        return str(made["id"])

    async def assignment(self, booking: str) -> str:
        """The newest assignment for a visitor."""
        row = await self.volunteers.row(
            "SELECT id FROM assignment WHERE booking_id = $1 ORDER BY proposed_at DESC LIMIT 1", UUID(booking)
        )
        return str(row["id"])
