"""Those who help, and what the others do that concerns them, in a running Plats."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.support.samples import booking_body
from tests.support.servers import eventually

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.browser.world import World

_CREATED = 201
_MOVES = (
    "UPDATE session SET starts_at = starts_at + $2::interval, ends_at = ends_at + $2::interval WHERE id = $1",
    "UPDATE shift SET during = tstzrange(lower(during) + $2, upper(during) + $2) WHERE session_id = $1",
    "UPDATE assignment SET during = tstzrange(lower(during) + $2, upper(during) + $2) WHERE session_id = $1",
)


@dataclass(frozen=True, kw_only=True)
class Helper:
    """Somebody who helps with what is on the phone, at Kista."""

    there: World
    id: str
    phone: str

    @classmethod
    async def made(cls, there: World, name: str, phone: str, **values: object) -> Helper:
        """Staff add somebody who is active from the first."""
        person = {"name": name, "reach": "sms", "phone": phone, "state": "active", "branches": ["kista"]}
        skills = {"tasks": ["coach", "friend"], "topics": ["bankid"], "languages": [{"language": "ar"}]}
        status, made = await _staffed(there, "volunteers", person | skills | values)
        assert status == _CREATED, made
        return cls(there=there, id=made["id"], phone=phone)

    async def sign_in(self, page: Page, home: str) -> None:
        """Sign in as everybody does, with the code from the message that comes."""
        await page.goto(f"{home}/sign-in")
        await page.fill("#reach", self.phone)
        await page.locator("main form button").first.click()
        await page.fill("#code", await self.code())
        await page.locator("main form button").first.click()
        await page.wait_for_url(f"**{home}")

    async def code(self) -> str:
        """The code in the newest message to them."""
        number = "+46" + re.sub(r"\D", "", self.phone)[1:]
        found: list[str] = []

        async def came() -> bool:
            texts = [str(message["text"]) for message in await self.there.plats.messages(number)]
            found[:] = [code[0] for text in texts if (code := re.search(r"\b\d{6}\b", text))]
            return bool(found)

        await eventually(came, within=30)
        return found[0]

    async def on_duty(self, session: str, *, ask: bool = False) -> str:
        """Staff put them on duty, or ask them; gives the shift."""
        shifts: list[str] = []
        body = {"volunteer_id": self.id, "ask": ask, "whole_sitting": False}

        async def known() -> bool:
            status, made = await _staffed(self.there, f"sessions/{session}/shifts", body)
            shifts[:] = [one["id"] for one in made.get("items", ())]
            return status == _CREATED

        await eventually(known, within=30)
        return shifts[0]

    async def has_visitor(self, session: str) -> str:
        """A visitor books whom they are asked to help then; gives the assignment."""
        plats = self.there.plats
        answers = {"topic": "bankid", "help_language": "ar"}
        party = {"adults": 1, "children": 0}
        body = booking_body(UUID(session), name="Fatima Noor", reach={"by": "none"}, party=party, answers=answers)

        async def booked() -> bool:
            async with plats.http.post(f"{plats.url('booking')}/v1/bookings", json=body) as answer:
                return answer.status == _CREATED

        await eventually(booked, within=30)
        found: list[str] = []

        async def asked() -> bool:
            async with plats.database("volunteers") as conn:
                rows = await conn.fetch("SELECT id FROM assignment WHERE session_id = $1", UUID(session))
            found[:] = [str(row["id"]) for row in rows]
            return bool(found)

        await eventually(asked, within=30)
        return found[0]

    async def move(self, session: str, by: timedelta) -> None:
        """As volunteers know it, a session is earlier or later."""
        async with self.there.plats.database("volunteers") as conn, conn.transaction():
            for move in _MOVES:
                await conn.execute(move, UUID(session), by)


async def turn(there: World) -> str:
    """Two hours at Kista in four days, which library friends keep open; gives the session."""
    activity = {"kind": "library_friend", "titles": {"sv": "Meröppet", "en": "Open hours"}}
    _, kept = await _staffed(there, "activities", activity, of="catalog")
    starts_at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=4)
    session = {"activity_id": kept["id"], "branch_id": "kista", "starts_at": starts_at.isoformat()}
    _, made = await _staffed(there, "sessions", session, of="catalog")
    return str(made["id"])


async def _staffed(there: World, path: str, body: object, *, of: str = "volunteers") -> tuple[int, dict[str, Any]]:
    """What staff do."""
    url = f"{there.plats.url(of)}/v1/{path}"
    async with there.plats.http.post(url, json=body, headers=there.staff) as answer:
        return answer.status, await answer.json()
