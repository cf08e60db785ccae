"""A town's visitors and staff for as long as a storm lasts: each asks again until there is an answer."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count, cycle
from random import Random
from typing import Any
from uuid import UUID, uuid4

import aiohttp

from deploy.doctor import Answer
from shared.broker import wait
from tests.support.load import Load, Told
from tests.support.pages import Browser, Shown
from tests.support.samples import booking_body
from tests.support.servers import eventually

_CODE = re.compile(r'class="code">.*?([2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3})', re.DOTALL)
_FIRST_NUMBER = 701000000
_NOTICED_WITHIN = 30
"""Seconds that staff wait until a new session can be booked, before they turn to something else."""


def people() -> Iterator[dict[str, str]]:
    """Ways to reach so many visitors that no limit is met, mail as often as SMS."""
    phones = (f"+46{number}" for number in count(_FIRST_NUMBER))
    for by in cycle(("sms", "email", "sms", "email", "sms", "email", "none", "call")):
        match by:
            case "email":
                yield {"by": by, "email": f"{uuid4().hex}@example.org"}
            case "none":
                yield {"by": by}
            case _:
                yield {"by": by, "phone": next(phones)}


@dataclass(kw_only=True)
class Programme:
    """What can be booked now."""

    steady: list[UUID] = field(default_factory=list)
    """Sessions that are moved and changed, but held. The first one is small: everybody wants to go there."""
    fickle: list[UUID] = field(default_factory=list)
    """Sessions that may be called off."""
    terms: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    """Each session as staff were told last that it is."""
    called_off: set[UUID] = field(default_factory=set)

    def drawn(self, random: Random) -> UUID:
        """What a visitor wants to go to."""
        if random.random() < 1 / 5:
            return self.steady[0]
        return random.choice(self.steady + self.fickle)


class Visitors(Load):
    """Visitors of booking and of web: single ones, families, those who click twice and those who ask again later.

    Args:
        http: Their browser.
        booking: Where booking listens.
        web: Where web listens.
        programme: What they book.
        random: What they choose.
        pause: Seconds between two visits of one of them, on average.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        booking: Callable[[], str],
        web: Callable[[], str],
        programme: Programme,
        random: Random,
        *,
        pause: float,
    ) -> None:
        super().__init__(http, booking, [], reach=people())
        self.troubles: list[str] = []
        """What no visitor should have met."""
        self._web = web
        self._programme = programme
        self._random = random
        self._pause = pause
        self._waiting: list[dict[str, Any]] = []

    async def visit(self) -> None:
        """One visitor comes, by one of the ways there are; some come with fewer, every third thinks better of it."""
        random = self._random
        await asyncio.sleep(random.expovariate(1 / self._pause))
        way = random.choices((self._once, self._twice_at_once, self._twice, self._on_pages), (5, 1, 1, 2))[0]
        changes_mind, impatient, fewer = random.random() < 1 / 3, random.random() < 1 / 5, random.random() < 1 / 2
        made = await way(next(self._reach))
        if made and fewer and made["party"]["adults"] > 1:
            await asyncio.gather(*(self._shrink(made) for _ in range(1 + impatient)))
        if made and changes_mind:
            await asyncio.gather(*(self.cancel(made) for _ in range(1 + impatient)))
        elif made and made.get("state") == "queued":
            self._waiting.append(made)
        if self._waiting:
            await self._looks_again(self._waiting.pop(random.randrange(len(self._waiting))))

    async def book(self, body: dict[str, Any], key: str | None = None) -> dict[str, Any] | None:
        """Book until there is an answer, however long that takes; too long is a trouble."""
        key = key or uuid4().hex
        try:
            return await super().book(body, key)
        except TimeoutError:
            self.troubles.append(f"nobody answered the request with the key {key} for 90 s")
            return await super().book(body, key)

    async def _looks_again(self, waiting: dict[str, Any]) -> None:
        """Somebody who waits looks at their booking, and mostly takes the seat that is offered to them."""
        address, proof = f"/v1/bookings/{waiting['code']}", waiting["proof"]
        seen = await self._insist(lambda: self._see(address, proof))
        if seen and seen["state"] == "offered":
            answer = "accept" if self._random.random() < 3 / 4 else "decline"
            seen = await self._insist(lambda: self._post(f"{address}/{answer}", {"proof": proof}))
        if seen and seen["state"] == "queued":
            self._waiting.append(waiting)
        elif seen and waiting["code"] in self._answers:
            self.counted[f"waited, and {seen['state']}"] += 1
            self._answers[waiting["code"]] = replace(self._answers[waiting["code"]], state=seen["state"])

    async def _shrink(self, booked: dict[str, Any]) -> None:
        """Come with one person fewer; doing so again changes nothing."""
        address, proof = f"/v1/bookings/{booked['code']}", booked["proof"]
        party = {"adults": booked["party"]["adults"] - 1, "children": 0}
        shown = await self._insist(lambda: self._post(f"{address}/party", {"proof": proof, "party": party}))
        self.counted["shrunk"] += bool(shown)
        if shown is None:  # called off meanwhile, and smaller before that if an answer was lost
            shown = await self._insist(lambda: self._see(address, proof))
        if shown is not None:
            told = self._answers[booked["code"]]
            self._answers[booked["code"]] = replace(told, seats=sum(shown["party"].values()))

    async def _see(self, address: str, proof: str) -> Told:
        async with self._http.get(f"{self._booking()}{address}", headers={"Plats-Proof": proof}) as answer:
            return Told(answer.status, await answer.json(content_type=None))

    def final(self) -> list[Answer]:
        """What visitors know in the end: the library has told them what it called off."""
        gone = self._programme.called_off
        return [
            replace(told, state="cancelled")
            if told.session_id in gone and told.state in {"confirmed", "queued", "offered"}
            else told
            for told in self.answers
        ]

    def _wish(self, reach: dict[str, str]) -> dict[str, Any]:
        party = {"adults": self._random.choice((1, 1, 1, 1, 2, 3)), "children": 0}
        session = self._programme.drawn(self._random)
        language = self._random.choice(("sv", "en"))
        patient = self._random.random() < 1 / 2 and reach["by"] != "none"
        if_full = "queue" if patient else "refuse"
        return booking_body(session, party=party, reach=reach, language=language, if_full=if_full)

    async def _once(self, reach: dict[str, str]) -> dict[str, Any] | None:
        return await self.book(self._wish(reach))

    async def _twice_at_once(self, reach: dict[str, str]) -> dict[str, Any] | None:
        body, key = self._wish(reach), uuid4().hex
        first, second = await asyncio.gather(self.book(body, key), self.book(body, key))
        return self._same(key, first, second)

    async def _twice(self, reach: dict[str, str]) -> dict[str, Any] | None:
        body, key = self._wish(reach), uuid4().hex
        return self._same(key, await self.book(body, key), await self.book(body, key))

    def _same(self, key: str, first: dict[str, Any] | None, second: dict[str, Any] | None) -> dict[str, Any] | None:
        self.counted["asked twice"] += 1
        self.counted["booked"] -= bool(second)
        if first != second:
            self.troubles.append(f"the key {key} was answered in two ways")
        return first or second

    async def _on_pages(self, reach: dict[str, str]) -> dict[str, Any] | None:
        """Book as a browser does: look, answer the questions, the last until there is an answer, read the receipt."""
        session, adults = self._random.choice(self._programme.steady), self._random.randint(1, 3)
        if reach["by"] == "call":
            reach = {"by": "none"}
        form = {"name": "Sara", "adults": str(adults), "children": "0", **reach}
        browser = Browser(self._http, self._web)
        await self._shown(lambda: browser.get(f"/sv/sessions/{session}"))
        sent = await self._shown(lambda: browser.book(session, form))
        if sent.status != 303:
            self.counted[f"refused on a page: {sent.status}"] += 1
            return None
        receipt = await self._shown(lambda: browser.get("/sv/booked"))
        code = _CODE.search(receipt.source)
        if code is None:
            self.troubles.append(f"no code on the receipt of a booking of {session}")
            return None
        self.counted["booked"] += 1
        self.counted["booked on a page"] += 1
        self._answers[code[1]] = Answer(key=uuid4().hex, code=code[1], session_id=session, seats=adults)
        party = {"adults": adults, "children": 0}
        return {"code": code[1], "proof": reach.get("phone", "")[-4:] or "sa", "party": party}

    async def _shown(self, ask: Callable[[], Awaitable[Shown]]) -> Shown:
        """Ask for a page until there is one.

        Raises:
            TimeoutError: there was none.
        """

        async def asked() -> Shown | None:
            try:
                shown = await ask()
            except aiohttp.ClientConnectorError:
                self.counted["turned away"] += 1
            except (aiohttp.ClientError, TimeoutError):
                self.counted["cut"] += 1
            else:
                if shown.status != 503:
                    assert shown.status < 500, shown.status
                    return shown
                self.counted["later"] += 1
            await asyncio.sleep(self._random.uniform(0.05, 0.2))
            return None

        return await eventually(asked, within=90)


class Staff:
    """Somebody at the desk who opens, moves, changes and calls off sessions.

    Args:
        http: Their browser.
        catalog: Where catalog listens.
        headers: What signs them in.
        programme: What they work on.
        random: What they choose.
        pause: Seconds between two changes, on average.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        catalog: Callable[[], str],
        headers: dict[str, str],
        programme: Programme,
        random: Random,
        *,
        pause: float,
    ) -> None:
        self.counted = Counter[str]()
        self.troubles: list[str] = []
        """What staff were told and is not so."""
        self._http = http
        self._catalog = catalog
        self._headers = headers
        self._programme = programme
        self._random = random
        self._pause = pause

    @property
    def terms(self) -> dict[UUID, dict[str, Any]]:
        """Every session, as they were told last that it is."""
        return self._programme.terms

    async def opens_the_house(self) -> None:
        """Make the first programme."""
        activities = (await self._insist("GET", "/v1/activities"))["items"]
        self._activity = next(found["id"] for found in activities if found["kind"] == "language_cafe")
        for seats in (15, 60, 60):
            await self._opens(self._programme.steady, seats)
        for _ in range(3):
            await self._opens(self._programme.fickle, 40)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Have them work for as long as the block runs; what they began they finish."""
        last = asyncio.Event()

        async def one_after_another() -> None:
            while not await wait(last, self._random.expovariate(1 / self._pause)):
                await self._works()

        async with asyncio.TaskGroup() as group:
            group.create_task(one_after_another())
            try:
                yield
            finally:
                last.set()

    async def _works(self) -> None:
        random, programme = self._random, self._programme
        session = random.choice(programme.steady + programme.fickle)
        what = random.choices(("seats", "move", "room", "call off", "open"), (4, 2, 1, 1, 4))[0]
        self.counted[what] += 1
        match what:
            case "seats":
                await self._changes(session, {"capacity": random.randint(5, 60)})
            case "move":
                starts_at = datetime.fromisoformat(programme.terms[session]["starts_at"])
                moved = starts_at + timedelta(hours=random.choice((-2, -1, 1, 2)))
                await self._changes(session, {"starts_at": moved.isoformat()})
            case "room":
                await self._changes(session, {"room": f"Rum {random.randint(1, 9)}"})
            case "call off" if len(programme.fickle) > 1:
                await self._calls_off(programme.fickle.pop(random.randrange(len(programme.fickle))))
            case _:
                await self._replaces(random.choice((programme.steady, programme.fickle)))

    async def _replaces(self, sessions: list[UUID]) -> None:
        """Open another session in the place of the one that has been open for the longest."""
        small = sessions is self._programme.steady and self._random.random() < 1 / 2
        if await self._opens(sessions, 15 if small else 60, first=small):
            del sessions[0 if not small else 1]

    async def _opens(self, sessions: list[UUID], seats: int, *, first: bool = False) -> bool:
        """Open a session and wait until it can be booked; tells whether it could be soon enough."""
        starts_at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=self._random.randint(2, 6))
        body = {
            "activity_id": self._activity,
            "branch_id": "kista",
            "starts_at": starts_at.isoformat(),
            "capacity": seats,
            "mode": "booking",
        }
        made = await self._insist("POST", "/v1/sessions", body, {"Idempotency-Key": uuid4().hex})
        session = UUID(made["id"])
        self.terms[session] = made

        async def bookable() -> bool:
            return bool((await self._insist("GET", f"/v1/sessions/{session}"))["bookable"])

        try:
            await eventually(bookable, within=_NOTICED_WITHIN)
        except TimeoutError:
            return False
        sessions.insert(0 if first else len(sessions), session)
        return True

    async def _changes(self, session: UUID, change: dict[str, Any]) -> None:
        self.terms[session] = await self._insist("PATCH", f"/v1/sessions/{session}", change)

    async def _calls_off(self, session: UUID) -> None:
        self.terms[session] = await self._insist("POST", f"/v1/sessions/{session}/cancel", {"reason": "illness"})
        self._programme.called_off.add(session)
        await self._opens(self._programme.fickle, 40)

    async def looks_again(self) -> None:
        """Compare every session with what they were told last."""
        for session, told in self.terms.items():
            shown = await self._insist("GET", f"/v1/sessions/{session}")
            if any(shown[name] != told[name] for name in ("revision", "status", "starts_at", "room")) or (
                shown["seats"]["capacity"] != told["seats"]["capacity"]
            ):
                self.troubles.append(f"session {session} is not as staff were told that it is")

    async def _insist(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """Ask until there is an answer. What staff ask for may be asked for twice.

        Raises:
            TimeoutError: there was none.
        """

        async def asked() -> dict[str, Any] | None:
            try:
                async with self._http.request(
                    method, f"{self._catalog()}{path}", json=body, headers=self._headers | (headers or {})
                ) as answer:
                    told: dict[str, Any] = await answer.json(content_type=None)
            except (aiohttp.ClientError, TimeoutError):
                self.counted["asked again"] += 1
            else:
                if answer.ok:
                    return told
                assert answer.status == 503 or told.get("type") == "still-running", told
                self.counted["asked again"] += 1
            await asyncio.sleep(0.2)
            return None

        return await eventually(asked, within=120)
