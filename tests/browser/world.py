"""What the walks through the pages show: a session for each thing that can be said of one, and what others do there."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.support.installation import Installation
from tests.support.samples import booking_body
from tests.support.servers import eventually

_MOVED = """
    UPDATE session SET starts_at = starts_at + $2::interval, ends_at = ends_at + $2::interval WHERE id = $1::uuid
"""
_LOOKED_AFTER = "UPDATE session SET wakes_at = now() WHERE id = $1 AND wakes_at IS NOT NULL"
_TURN = """
    SELECT id FROM session WHERE id = (
        SELECT session_id FROM booking WHERE contact_ref = (SELECT ref FROM contact WHERE code = $1)
    ) FOR UPDATE
"""
_TOLD = """
    UPDATE booking SET answer_by = now() + $2::interval, told_at = now() + $2::interval - $2::interval
    WHERE contact_ref = (SELECT ref FROM contact WHERE code = $1)
"""
_BEGUN, _LONG, _PAST = timedelta(days=4, minutes=10), timedelta(hours=2), timedelta(days=9)
"""How far a session goes back that is to have begun, to be over then, or to be so from the first: they are made to be
in four days."""


@dataclass(frozen=True, kw_only=True)
class Guest:
    """Somebody else, with a booking."""

    code: str
    proof: str


@dataclass(frozen=True, kw_only=True)
class World:
    """A session for each thing that can be said of one."""

    plats: Installation
    staff: dict[str, str]
    """The headers that let staff change sessions."""
    open: str
    full: str
    """Others may still join its queue."""
    full_for_good: str
    """It has no queue."""
    full_and_soon: str
    opens_later: str
    called_off: str
    past: str
    drop_in: str
    online: str
    coaching: str
    staff_booked: str
    story_time: str
    begun: list[str] = field(default_factory=list)

    async def session(self, **changes: object) -> str:
        """One more language café at Kista, with one seat unless told otherwise."""
        (session,) = await _made(self.plats, self.staff, {"capacity": 1} | changes)
        return session

    async def series(self) -> list[str]:
        """Three dates of a language café at Kista, a week from now and on; gives their ids."""
        activity = (await _listed(self.plats, kind="language_cafe", branch="kista"))[0]["activity_id"]
        first = datetime.now(UTC).date() + timedelta(days=7)
        none = {"closures": False, "red_days": False, "school_holidays": False}
        body = {"branch_id": "kista", "first": f"{first}", "time": "10:00", "rule": "FREQ=WEEKLY;COUNT=3", "skip": none}
        made = await self._staffed("catalog", f"activities/{activity}/series", body)
        dates = [str(session["id"]) for session in made["sessions"]]
        for date in dates:
            await _until_bookable(self.plats, date)
        return dates

    async def of_kind(self, kind: str) -> str:
        """A session at Kista of a new activity, as its kind has it."""
        activity = await self._staffed("catalog", "activities", {"kind": kind, "titles": {"sv": "Nytt", "en": "New"}})
        (session,) = await _made(self.plats, self.staff, {"activity_id": activity["id"]})
        return session

    async def draw(self, numbers: int) -> None:
        """So many people take a number at Kista."""
        for _ in range(numbers):
            await self._staffed("booking", "tickets", {"branch_id": "kista"})

    async def call_a_number(self, place: int) -> None:
        """Whoever has waited longest there is called to a desk."""
        await self._staffed("booking", "tickets/next", {"branch_id": "kista", "place": place})

    async def came(self, session: str) -> None:
        """Everybody who booked a session came."""
        url = f"{self.plats.url('booking')}/v1/sessions/{session}"
        async with self.plats.http.get(f"{url}/bookings", headers=self.staff) as answer:
            booked = (await answer.json())["items"]
        for one in booked:
            await self._staffed(
                "booking", f"sessions/{session}/attendance", {"booking_id": one["id"], "attendance": "came"}
            )

    async def _staffed(self, service: str, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        """What staff do."""
        url = f"{self.plats.url(service)}/v1/{path}"
        async with self.plats.http.post(url, json=body, headers=self.staff) as answer:
            assert answer.ok, await answer.text()
            done: dict[str, Any] = await answer.json()
            return done

    async def take_a_seat(self, session: str, adults: int = 1) -> Guest:
        """Somebody else books."""
        return await self._join(session, adults, {"by": "none"})

    async def queue_up(self, session: str) -> Guest:
        """Somebody else waits."""
        return await self._join(session, 1, {"by": "email", "email": f"{uuid4().hex}@example.org"}, if_full="queue")

    async def _join(self, session: str, adults: int, reach: dict[str, str], **more: object) -> Guest:
        party = {"adults": adults, "children": 0}
        body = booking_body(UUID(session), name="Omar", reach=reach, party=party, **more)
        async with self.plats.http.post(f"{self.plats.url('booking')}/v1/bookings", json=body) as answer:
            assert answer.status == 201, await answer.text()
            made = await answer.json()
        await eventually(lambda: self._is_shown(session))
        return Guest(code=made["code"], proof=made["proof"])

    async def answers(self, guest: Guest, what: str) -> None:
        """Somebody cancels, accepts or declines, not on the page that is in front."""
        url = f"{self.plats.url('booking')}/v1/bookings/{guest.code}/{what}"
        async with self.plats.http.post(url, json={"proof": guest.proof}) as answer:
            assert answer.ok, await answer.text()

    async def open_later(self, session: str) -> None:
        """Staff let nobody book a session before tomorrow."""
        url = f"{self.plats.url('catalog')}/v1/sessions/{session}"
        opens_at = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        async with self.plats.http.patch(url, json={"opens_at": opens_at}, headers=self.staff) as answer:
            assert answer.ok, await answer.text()

    async def call_off(self, session: str) -> None:
        """Staff cancel a session."""
        url = f"{self.plats.url('catalog')}/v1/sessions/{session}/cancel"
        async with self.plats.http.post(url, json={"reason": "illness"}, headers=self.staff) as answer:
            assert answer.ok, await answer.text()

    async def let_holds_go(self, session: str) -> None:
        """What is kept for whoever types is given up, as when they are away for long."""
        async with self.plats.database("booking") as conn:
            held = await conn.fetch("SELECT id FROM hold WHERE session_id = $1::uuid", session)
        for row in held:
            async with self.plats.http.delete(f"{self.plats.url('booking')}/v1/holds/{row['id']}") as answer:
                assert answer.ok, await answer.text()
        await eventually(lambda: self._is_shown(session))

    async def _is_shown(self, session: str) -> bool:
        """Whether catalog knows how full a session is by now."""
        async with self.plats.database("booking") as conn:
            told = await conn.fetchval("SELECT revision FROM session WHERE id = $1::uuid", session)
        async with self.plats.database("catalog") as conn:
            known = await conn.fetchval("SELECT revision FROM availability WHERE session_id = $1::uuid", session)
        return bool(told == known)

    async def told(self, code: str, *, until: timedelta | None) -> None:
        """Whoever is offered a seat was told to answer within a time, which may be over; None is not told yet.

        In turn with the session: their message may be leaving at this moment.
        """
        plain = code.replace("-", "")
        async with self.plats.database("booking") as conn, conn.transaction():
            session = await conn.fetchval(_TURN, plain)
            await conn.execute(_TOLD, plain, until)
            await conn.execute(_LOOKED_AFTER, session)

    async def begin(self, session: str) -> None:
        """Time passes until a session has begun."""
        await self._shift(session, -_BEGUN)
        self.begun.append(session)

    async def end(self, session: str) -> None:
        """Time passes until it is over."""
        await self._shift(session, -_LONG)

    async def over(self, session: str) -> None:
        """As catalog sees it, a session is long over."""
        await self._shift_catalog(session, -_PAST)

    async def tidy(self) -> None:
        """Have everything be again when it was said to be."""
        await self._shift_catalog(self.past, _PAST)
        for session in self.begun:
            await self._shift(session, _BEGUN + _LONG)

    async def _shift(self, session: str, by: timedelta) -> None:
        await self._shift_catalog(session, by)
        async with self.plats.database("booking") as conn:
            await conn.execute(_MOVED, session, by)
            await conn.execute(_LOOKED_AFTER, UUID(session))

    async def _shift_catalog(self, session: str, by: timedelta) -> None:
        async with self.plats.database("catalog") as conn:
            await conn.execute(_MOVED, session, by)


@asynccontextmanager
async def world(plats: Installation) -> AsyncIterator[World]:
    """What a walk shows: from the example programme, or made. Some sessions' time is over while the walk lasts."""
    staff = await plats.token("--role", "admin")
    meeting = {"link": "https://meet.example.org/sprakcafe", "number": "812 340 018"}
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=25)
    open_, full, for_good, near, called_off, past, online, later = await _made(
        plats,
        staff,
        {},
        {"capacity": 1},
        {"capacity": {"seats": 1, "queue": 0}},
        {"capacity": 1, "starts_at": soon.isoformat(), "ends_at": (soon + timedelta(minutes=90)).isoformat()},
        {},
        {},
        {"place": "online", "meeting": meeting},
        {},
    )
    there = World(
        plats=plats,
        staff=staff,
        open=open_,
        full=full,
        full_for_good=for_good,
        full_and_soon=near,
        opens_later=later,
        called_off=called_off,
        past=past,
        drop_in=await _found(plats, kind="it_host"),
        online=online,
        coaching=await _found(plats, kind="digital_coaching", free="true"),
        staff_booked=await _found(plats, kind="library_friend"),
        story_time=await _found(plats, kind="story_time", free="true"),
    )
    for session in (full, for_good, near):
        await there.take_a_seat(session)
    await there.queue_up(full)
    await there.open_later(later)
    await there.call_off(called_off)
    await there.over(past)
    try:
        yield there
    finally:
        await there.tidy()


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
        await _until_bookable(plats, session)
        return session

    return await asyncio.gather(*(made(number, change) for number, change in enumerate(changes)))


async def _until_bookable(plats: Installation, session: str) -> None:
    """Until visitors can book it, or could were it open."""

    async def bookable() -> bool:
        return bool((await plats.shown(session))["bookable"])

    await eventually(bookable, within=30)


async def _found(plats: Installation, **wishes: str) -> str:
    """A session of the example programme that does not begin meanwhile."""
    return str((await _listed(plats, **wishes))[-1]["id"])


async def _listed(plats: Installation, **wishes: str) -> list[dict[str, Any]]:
    async with plats.http.get(f"{plats.url('catalog')}/v1/sessions", params=wishes | {"limit": "100"}) as answer:
        assert answer.ok, await answer.text()
        found: list[dict[str, Any]] = (await answer.json())["items"]
        return found
