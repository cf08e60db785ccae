"""Chairs that are given back find the next visitor, by SMS, also over a night: through everything that runs."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

import pytest

from tests.support.clock import Clock
from tests.support.installation import Installation, installation
from tests.support.samples import booking_body
from tests.support.servers import eventually

STOCKHOLM = ZoneInfo("Europe/Stockholm")
Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Somebody with a phone and a booking."""

    plats: Installation
    phone: str
    made: Json

    @classmethod
    async def comes(cls, plats: Installation, session: Json, last: int, **changes: object) -> "Visitor":
        """Book a session, or wait for a seat in it."""
        phone = f"+467017406{last:02d}"
        body = booking_body(session["id"], reach={"by": "sms", "phone": phone}, if_full="queue", **changes)
        async with plats.http.post(f"{plats.url('booking')}/v1/bookings", json=body) as answer:
            made: Json = await answer.json()
            assert answer.status == 201, made
        return cls(plats=plats, phone=phone, made=made)

    async def replies(self, text: str) -> None:
        """Answer the library's newest SMS."""
        body = {"from": self.phone, "text": text}
        async with self.plats.http.post(f"{self.plats.url('phonebox')}/api/reply", json=body) as answer:
            assert answer.status == 202

    async def reads(self, containing: str, within: float = 15) -> str:
        """The SMS with these words, once it is there."""
        return str((await self.plats.message(self.phone, containing=containing, within=within))["text"])

    async def texts(self) -> list[str]:
        """Every SMS so far, the oldest first."""
        return [message["text"] for message in reversed(await self.plats.messages(self.phone))]

    async def state(self) -> str:
        """What has become of the booking."""
        headers = {"Plats-Proof": self.made["proof"]}
        url = f"{self.plats.url('booking')}/v1/bookings/{self.made['code']}"
        async with self.plats.http.get(url, headers=headers) as answer:
            return str((await answer.json())["state"])

    async def becomes(self, state: str) -> None:
        """Until the booking is that."""

        async def so() -> bool:
            return await self.state() == state

        await eventually(so, within=15)


async def test_no_from_one_seats_the_first_in_line_who_says_yes(plats: Installation) -> None:
    """The second in line hears nothing but that they wait."""
    session = await plats.session(capacity={"seats": 2, "queue": 3})
    sara, amir = [await Visitor.comes(plats, session, last) for last in (15, 16)]
    lina, omar = [await Visitor.comes(plats, session, last, name=f"Lina {last}") for last in (17, 18)]
    assert [visitor.made["state"] for visitor in (sara, amir, lina, omar)] == ["confirmed"] * 2 + ["queued"] * 2
    assert "nummer 1 i kön" in await lina.reads(lina.made["code"])
    assert "nummer 2 i kön" in await omar.reads(omar.made["code"])
    await sara.reads(sara.made["code"])
    await sara.replies(" Nej. ")
    await sara.reads("avbokad")
    assert "Svara JA eller NEJ före" in await lina.reads("Du kan få en plats!")
    await lina.replies("Ja tack 👍🏽")
    assert lina.made["code"] in await lina.reads("Tack! Du har en plats.")
    assert [await visitor.state() for visitor in (sara, amir, lina, omar)] == [
        "cancelled",
        "confirmed",
        "confirmed",
        "queued",
    ]
    assert len(await omar.texts()) == 1
    assert len(await lina.texts()) == 3


async def test_an_answer_nobody_understands_gets_one_that_helps(plats: Installation) -> None:
    session = await plats.session(capacity={"seats": 1, "queue": 3})
    sara = await Visitor.comes(plats, session, 19)
    await sara.reads(sara.made["code"])
    await sara.replies("Kan jag ta med min lillebror?")
    await sara.reads("Vi förstod inte")
    assert await sara.state() == "confirmed"


class Nights:
    """A Plats with quiet nights, whose time is in the test's hands."""

    def __init__(self, plats: Installation) -> None:
        self.plats = plats
        parts = urlsplit(plats.info["postgres"])
        self._clocks = {
            service: Clock(urlunsplit(parts._replace(path=f"/plats_{service}"))) for service in ("booking", "notify")
        }

    async def begin(self) -> None:
        """Give booking and notify a clock that can be moved, and have them connect anew to see it."""
        for service, clock in self._clocks.items():
            await clock.install()
            async with self.plats.database(service) as conn:
                await conn.execute(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()
                    """
                )

    async def set(self, at: datetime) -> None:
        """Let it be this moment."""
        for clock in self._clocks.values():
            await clock.set(at)

    async def open(self, starts_at: datetime) -> Json:
        """A café with one chair."""
        headers = await self.plats.token("--role", "admin")
        activity = {"kind": "language_cafe", "titles": {"sv": "Språkcafé"}}
        catalog = self.plats.url("catalog")
        async with self.plats.http.post(f"{catalog}/v1/activities", json=activity, headers=headers) as answer:
            assert answer.status == 201, await answer.text()
        return await self.plats.session(
            starts_at=starts_at.isoformat(), capacity={"seats": 1, "queue": 3}, ends_at=None
        )


@pytest.fixture
async def nights(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Nights]:
    """A Plats of its own: nobody is written to from 19 to 9."""
    async with installation(tmp_path_factory.mktemp("quiet"), "--quiet", "19-09", "--no-demo") as plats:
        made = Nights(plats)
        await made.begin()
        yield made


def local(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), STOCKHOLM).astimezone(UTC)


async def test_an_offer_sleeps_at_night_and_then_passes_on(nights: Nights) -> None:
    """Told at half past five with four hours to answer, it ends at half past eleven the next morning.

    Fails when its time runs at night, when a night's offer is sent at once, or when nobody looks after it.
    """
    day = datetime.now(STOCKHOLM).date() + timedelta(days=8)
    session = await nights.open(local(day + timedelta(days=4), 17))
    await nights.set(local(day, 17, 30))
    sara, lina, omar = [await Visitor.comes(nights.plats, session, last) for last in (20, 21, 22)]
    await sara.reads(sara.made["code"])
    await sara.replies("Nej")
    told = await lina.reads("Du kan få en plats!")
    assert "kl 11.30" in told
    await nights.set(local(day, 23))
    await nights.set(local(day + timedelta(days=1), 11, 25))
    assert (await lina.state(), await omar.state()) == ("offered", "queued")
    await nights.set(local(day + timedelta(days=1), 11, 31))
    await lina.becomes("expired")
    await lina.reads("nästa")
    await omar.reads("Du kan få en plats!")
    await nights.set(local(day + timedelta(days=1), 20))
    await omar.becomes("expired")
    assert len(await omar.texts()) == 2, "that it ran out is told in the morning"
    await nights.set(local(day + timedelta(days=2), 9))
    await omar.reads("nästa")
