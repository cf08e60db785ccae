"""Coaching that finds its helper, with everything running: asked by SMS, answered by SMS, and the visitor told once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.support.installation import Installation
from tests.support.servers import eventually

Json = dict[str, Any]

QUESTION = "Kan du hjälpa"
AMINA, OMAR, VISITOR, LATER = "+46701740691", "+46701740692", "+46701740693", "+46701740694"


class Coaching:
    """Coaching at Tensta, as staff, helpers and a visitor live it."""

    def __init__(self, plats: Installation) -> None:
        self.plats = plats

    async def ask(self, method: str, service: str, path: str, body: object = None, by: str = "admin") -> Json:
        """Ask a service as somebody who works there, or as nobody."""
        headers = await self.plats.token("--role", by) if by else {}
        url = f"{self.plats.url(service)}{path}"
        async with self.plats.http.request(method, url, json=body, headers=headers) as answer:
            assert answer.ok, await answer.text()
            said: Json = await answer.json() if answer.content_type.endswith("json") else {}
            return said

    async def activity(self) -> str:
        """Coaching of our own, whose next time is one of ours."""
        body = {
            "kind": "digital_coaching",
            "titles": {"sv": f"Digital coachning {uuid4().hex[:6]}", "en": "Digital coaching"},
        }
        return str((await self.ask("POST", "catalog", "/v1/activities", body))["id"])

    async def session(self, activity: str, starts_at: datetime) -> str:
        """A slot of forty minutes for up to three visitors; nobody can book before somebody is on duty."""
        body = {
            "activity_id": activity,
            "branch_id": "tensta",
            "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + timedelta(minutes=40)).isoformat(),
            "capacity": 3,
            "mode": "booking",
        }
        return str((await self.ask("POST", "catalog", "/v1/sessions", body))["id"])

    async def helper(self, name: str, phone: str, language: str) -> str:
        """Somebody who is active at Tensta."""
        body = {
            "name": name,
            "phone": phone,
            "reach": "sms",
            "language": "sv",
            "tasks": ["coach"],
            "topics": ["bankid"],
            "branches": ["tensta"],
            "languages": [{"language": language, "level": "native"}],
        }
        made = await self.ask("POST", "volunteers", "/v1/volunteers", body)
        for state in ("agreement", "introduction", "active"):
            await self.ask("POST", "volunteers", f"/v1/volunteers/{made['id']}/state", {"state": state})
        return str(made["id"])

    async def on_duty(self, session: str, helpers: Sequence[str]) -> None:
        """Put people on duty, and wait until one can book."""

        async def heard() -> bool:
            day = datetime.now(UTC).date()
            span = f"from={day - timedelta(days=1)}&to={day + timedelta(days=30)}&branch=tensta"
            found = await self.ask("GET", "volunteers", f"/v1/staffing?{span}")
            return any(one["session"]["id"] == session for one in found["items"])

        await eventually(heard)
        for helper in helpers:
            body = {"volunteer_id": helper, "ask": False, "whole_sitting": False}
            await self.ask("POST", "volunteers", f"/v1/sessions/{session}/shifts", body)

        async def bookable() -> bool:
            shown = await self.plats.shown(session)
            return bool(shown["bookable"]) and int(shown["seats"]["left"]) == len(helpers)

        await eventually(bookable)

    async def book(self, session: str, phone: str) -> Json:
        """A visitor who wants help with BankID in Arabic."""
        body = {
            "session_id": session,
            "party": {"adults": 1, "children": 0},
            "name": "Samira Aziz",
            "reach": {"by": "sms", "phone": phone},
            "language": "sv",
            "answers": {"topic": "bankid", "help_language": "ar"},
        }
        return await self.ask("POST", "booking", "/v1/bookings", body, by="")

    async def shown(self, booked: Json) -> Json:
        """The booking as its visitor sees it."""
        url = f"{self.plats.url('booking')}/v1/bookings/{booked['code']}"
        async with self.plats.http.get(url, headers={"Plats-Proof": booked["proof"]}) as answer:
            assert answer.ok, await answer.text()
            found: Json = await answer.json()
            return found

    async def reply(self, phone: str, text: str) -> None:
        """Answer by SMS."""
        await self.ask("POST", "phonebox", "/api/reply", {"from": phone, "text": text}, by="")

    async def texts(self, phone: str, containing: str) -> list[str]:
        """What arrived at a phone with these words in it."""
        return [one["text"] for one in await self.plats.messages(phone) if containing in one["text"]]


async def test_a_no_goes_on_to_the_next_who_speaks_the_language(plats: Installation) -> None:
    """Fails when somebody is asked who does not speak it, two are asked at once, or the visitor hears it twice."""
    coaching = Coaching(plats)
    session = await coaching.session(await coaching.activity(), datetime.now(UTC) + timedelta(days=6, hours=1))
    amina = await coaching.helper("Amina", AMINA, "ar")
    omar = await coaching.helper("Omar", OMAR, "ar")
    lena = await coaching.helper("Lena", "+46701740695", "sv")
    await coaching.on_duty(session, [amina, omar, lena])

    booked = await coaching.book(session, VISITOR)

    asked = await eventually(lambda: _whoever(coaching, (AMINA, OMAR)))
    other = OMAR if asked == AMINA else AMINA
    assert await coaching.texts(other, QUESTION) == []
    await coaching.reply(asked, "NEJ")
    await plats.message(other, containing=QUESTION)
    await coaching.reply(other, "JA")

    await plats.message(VISITOR, containing="hjälpare")
    shown = await coaching.shown(booked)
    assert (shown["state"], shown["helper"]) == ("confirmed", "found")
    await coaching.reply(asked, "JA")  # too late: it is somebody else's by now
    await plats.message(asked, containing="löste sig")
    assert len(await coaching.texts(VISITOR, "hjälpare")) == 1
    assert await coaching.texts("+46701740695", QUESTION) == []
    told = [one["text"] for phone in (asked, other) for one in await plats.messages(phone)]
    assert [text for text in told if "Samira" in text or VISITOR[-4:] in text] == []


async def _whoever(coaching: Coaching, phones: Sequence[str]) -> str | None:
    for phone in phones:
        if await coaching.texts(phone, QUESTION):
            return phone
    return None


async def _times(coaching: Coaching, phone: str, times: int) -> bool:
    """Whether a phone was asked so often."""
    return len(await coaching.texts(phone, QUESTION)) == times


async def test_nobody_left_alarms_the_coordinator_and_offers_the_visitor_another_time(plats: Installation) -> None:
    """Fails when a visitor is left to find out at the door, or loses the booking before another time is had."""
    coaching = Coaching(plats)
    activity = await coaching.activity()
    soon = await coaching.session(activity, datetime.now(UTC) + timedelta(minutes=55))
    later = await coaching.session(activity, datetime.now(UTC) + timedelta(days=7))
    alone = await coaching.helper("Nadia", LATER, "ar")
    await coaching.on_duty(soon, [alone])
    await coaching.on_duty(later, [alone])
    mailbox = f"coordinator-{uuid4().hex[:8]}@example.org"
    body = {"name": "Anna", "reach": "email", "email": mailbox, "language": "sv", "branches": ["tensta"]}
    await coaching.ask("POST", "volunteers", "/v1/coordinators", body)
    visitor = "+46701740696"
    booked = await coaching.book(soon, visitor)

    await plats.message(LATER, containing=QUESTION)
    await coaching.reply(LATER, "NEJ")

    await plats.message(mailbox)
    await plats.message(visitor, containing="hjälpa dig", within=30)
    await coaching.reply(visitor, "JA")

    async def moved() -> bool:
        return bool((await coaching.shown(booked))["session_id"] == later)

    await eventually(moved)
    await eventually(lambda: _times(coaching, LATER, 2))
