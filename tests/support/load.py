"""A small load of visitors: each asks again under the same key until there is an answer, and remembers it."""

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import aiohttp

from deploy.doctor import Answer
from tests.support.pages import RECEIPT, Browser
from tests.support.samples import booking_body, numbers
from tests.support.servers import eventually

_CODE = re.compile(r"\b[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3}\b")
_PAUSE = 0.5
"""Seconds between two visitors, so that what they ask for can be done as fast as they come."""

_TIMES_A_NUMBER = 3
"""Bookings with one number that Plats takes in one session."""


def reaches() -> Iterator[dict[str, str]]:
    """Ways to reach visitors: in turn by SMS for as long as numbers may be used, by mail, and not at all."""
    phones = iter(numbers() * _TIMES_A_NUMBER)
    while True:
        if phone := next(phones, None):
            yield {"by": "sms", "phone": phone}
        yield {"by": "email", "email": f"{uuid4().hex}@example.org"}
        yield {"by": "none"}


class Told(NamedTuple):
    """What a service answered."""

    status: int
    body: dict[str, Any]


class Load:
    """Visitors over HTTP, and what each was told last.

    Args:
        http: Their browser; best without kept connections, so that one that broke was in use.
        booking: Where booking listens, asked before every request.
        sessions: What they book.
        reach: How they want to be reached; the same iterator for everybody who shares a Plats.
        seed: Of what they choose.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        booking: Callable[[], str],
        sessions: Sequence[UUID],
        *,
        reach: Iterator[dict[str, str]] | None = None,
        seed: int = 7,
    ) -> None:
        self.counted = Counter[str]()
        """Outcomes: booked, queued, cancelled, declined, refused (by type), later (503, still running), turned away
        (nobody listened), cut (a connection that broke before its answer)."""
        self._http = http
        self._booking = booking
        self._sessions = sessions
        self._reach = reach or reaches()
        self._random = random.Random(seed)  # noqa: S311 - visitors need no secrets
        self._answers: dict[str, Answer] = {}

    @property
    def answers(self) -> list[Answer]:
        """What visitors were told last, for the checker."""
        return list(self._answers.values())

    @asynccontextmanager
    async def going(self, visitors: int = 20) -> AsyncIterator[None]:
        """Keep so many visitors coming while the block runs; at its end each of them gets an answer."""
        last = asyncio.Event()

        async def one_after_another() -> None:
            while not last.is_set():
                await self.visit()
                await asyncio.sleep(self._random.uniform(0, 2 * _PAUSE))

        async with asyncio.TaskGroup() as group:
            for _ in range(visitors):
                group.create_task(one_after_another())
            try:
                yield
            finally:
                last.set()

    async def until(self, bookings: int, *, within: float = 60) -> None:
        """Wait until so many more bookings were made."""
        wanted = self.counted["booked"] + bookings

        async def booked() -> bool:
            return self.counted["booked"] >= wanted

        await eventually(booked, within=within)

    async def visit(self) -> None:
        """One visitor books, and every third thinks better of it."""
        party = {"adults": self._random.randint(1, 3), "children": 0}
        session = self._random.choice(self._sessions)
        changes_mind = self._random.random() < 1 / 3
        made = await self.book(booking_body(session, party=party, reach=next(self._reach)))
        if made and changes_mind:
            await self.cancel(made)

    async def book(self, body: dict[str, Any], key: str | None = None) -> dict[str, Any] | None:
        """Book until there is an answer; None when that was a refusal."""
        key = key or uuid4().hex
        made = await self._insist(lambda: self._send_booking(body, key))
        if made is None:
            return None
        self.counted["booked" if made["state"] == "confirmed" else made["state"]] += 1
        seats = sum(made["party"].values())
        self._answers[made["code"]] = Answer(
            key=key, code=made["code"], session_id=UUID(made["session_id"]), seats=seats, state=made["state"]
        )
        return made

    async def cancel(self, booked: dict[str, Any]) -> None:
        """Give a booking back, or leave the line; doing so again changes nothing."""
        code, proof = booked["code"], {"proof": booked["proof"]}
        done = await self._insist(lambda: self._post(f"/v1/bookings/{code}/cancel", proof))
        if done is not None:
            self.counted[done["state"]] += 1
            self._answers[code] = replace(self._answers[code], state=done["state"])

    async def _send_booking(self, body: dict[str, Any], key: str) -> Told:
        return await self._post("/v1/bookings", body, {"Idempotency-Key": key})

    async def _post(self, path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Told:
        async with self._http.post(f"{self._booking()}{path}", json=body, headers=headers) as answer:
            return Told(answer.status, await answer.json(content_type=None))

    async def _insist(self, ask: Callable[[], Awaitable[Told]], *, within: float = 90) -> dict[str, Any] | None:
        """Ask until there is an answer; None is a refusal.

        Raises:
            TimeoutError: there was none.
        """
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            try:
                status, told = await ask()
            except aiohttp.ClientConnectorError:
                self.counted["turned away"] += 1
            except (aiohttp.ClientError, TimeoutError):
                self.counted["cut"] += 1
            else:
                if status in {200, 201}:
                    return told
                if not (status == 503 or told["type"] == "still-running"):
                    assert status in {403, 404, 409, 422, 429}, (status, told["type"])
                    self.counted[f"refused: {told['type']}"] += 1
                    return None
                self.counted["later"] += 1
            await asyncio.sleep(self._random.uniform(0.05, 0.2))
        raise TimeoutError(f"no answer within {within} s")


class PageLoad(Load):
    """The same visitors with a browser: they book on the pages, and read their code there.

    Args:
        web: Where web listens, asked before every request.
    """

    def __init__(self, web: Callable[[], str], *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - as Load takes
        super().__init__(*arguments, **named)
        self._web = web
        self._browsers: dict[str, Browser] = {}

    async def _send_booking(self, body: dict[str, Any], key: str) -> Told:
        """Send the forms, and follow to the receipt as browsers do, wherever those are served.

        The browser holds the key that makes trying again one booking; ``key`` says whose browser it is.
        """
        session = body["session_id"]
        browser = self._browsers.setdefault(key, Browser(self._http, self._web))
        if RECEIPT not in browser.cookies:
            party = {name: str(number) for name, number in body["party"].items()}
            sent = await browser.book(session, {"name": body["name"], **body["reach"], **party})
            if sent.status != 303:
                return Told(sent.status, {"type": "page"})
        receipt = await browser.get("/sv/booked")
        code = _CODE.search(receipt.source)
        assert code, f"{receipt.status} instead of a receipt"
        proof = body["reach"].get("phone", body["name"][:2])[-4:]
        known = {"code": code[0], "proof": proof, "party": body["party"], "session_id": session, "state": "confirmed"}
        return Told(201, known)
