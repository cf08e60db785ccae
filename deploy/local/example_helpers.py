"""The people who help in the example programme: asked for over the API as staff would enter them.

Nobody of that name exists; the telephone numbers are of those that belong to nobody (PTS), the addresses of a domain
that nobody has (RFC 2606).
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any

import aiohttp

from deploy.local import tokens
from deploy.local.trouble import Trouble, told_as

_WAY = ("interest", "talk", "agreement", "introduction", "active")
_WEEKS = 3
_TIMEOUT = aiohttp.ClientTimeout(total=30)
_POLL = 0.1
_HEARD_WITHIN = 20
"""Seconds in which volunteers has to have heard of the programme."""
_ENOUGH = {HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}
"""Nobody more is needed there, or they are there already, or cannot be that day: another start of the same."""

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Person:
    name: str
    reach: str
    """The last two digits of a telephone number, or a mail address."""
    languages: Mapping[str, str]
    tasks: tuple[str, ...]
    branches: tuple[str, ...]
    partner: bool = False
    topics: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    seen_days_ago: int | None = None
    """How long ago an extract from the police register was seen; None: never."""
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    state: str = "active"

    @property
    def body(self) -> Json:
        """As the API takes it."""
        by_mail = "@" in self.reach
        return {
            "name": self.name,
            "reach": "email" if by_mail else "sms",
            "email": self.reach if by_mail else None,
            "phone": None if by_mail else f"07017406{self.reach}",
            "language": "sv",
            "tasks": list(self.tasks),
            "topics": list(self.topics),
            "stages": list(self.stages),
            "subjects": list(self.subjects),
            "branches": list(self.branches),
            "languages": [{"language": tag, "level": level} for tag, level in self.languages.items()],
        }


_TOPICS = ("bankid", "swish", "email", "phone", "printing", "1177", "other")

_PEOPLE = (
    _Person(
        name="Amina Haddad",
        reach="70",
        languages={"ar": "native", "sv": "good"},
        tasks=("coach",),
        branches=("tensta",),
        partner=True,
        topics=_TOPICS,
    ),
    _Person(
        name="Omar Nasser",
        reach="71",
        languages={"ar": "native", "sv": "good", "en": "good"},
        tasks=("coach",),
        branches=("tensta", "kista"),
        partner=True,
        topics=_TOPICS,
    ),
    _Person(
        name="Lena Ek",
        reach="72",
        languages={"sv": "native", "en": "good"},
        tasks=("coach",),
        branches=("tensta", "farsta"),
        partner=True,
        topics=_TOPICS,
    ),
    _Person(
        name="Jonas Berg",
        reach="jonas.berg@example.org",
        languages={"sv": "native", "en": "good", "fi": "some"},
        tasks=("coach",),
        branches=("farsta",),
        partner=True,
        topics=_TOPICS,
    ),
    _Person(
        name="Sofia Lind",
        reach="73",
        languages={"sv": "native", "en": "good", "es": "good"},
        tasks=("homework",),
        branches=("hogdalen", "tensta"),
        stages=("mellanstadiet", "hogstadiet"),
        subjects=("swedish", "maths"),
        seen_days_ago=20,
    ),
    _Person(
        name="Yonas Tesfay",
        reach="74",
        languages={"ti": "native", "sv": "good", "en": "good"},
        tasks=("homework", "host"),
        branches=("hogdalen", "tensta", "kista"),
        stages=("mellanstadiet", "hogstadiet", "gymnasiet"),
        subjects=("maths",),
        seen_days_ago=340,
    ),
    _Person(
        name="Fatima Warsame",
        reach="75",
        languages={"so": "native", "sv": "good"},
        tasks=("host", "story"),
        branches=("kista", "rinkeby", "husby"),
    ),
    _Person(
        name="Karin Holm",
        reach="karin.holm@example.org",
        languages={"sv": "native"},
        tasks=("friend",),
        branches=("grondal",),
    ),
    _Person(
        name="Ali Rezai",
        reach="76",
        languages={"prs": "native", "fa": "good", "sv": "good"},
        tasks=("friend",),
        branches=("grondal",),
    ),
    _Person(
        name="Mehmet Kaya",
        reach="77",
        languages={"tr": "native", "sv": "good"},
        tasks=("friend",),
        branches=("grondal",),
    ),
    _Person(
        name="Ingrid Dahl",
        reach="78",
        languages={"sv": "native", "nb": "good"},
        tasks=("friend", "host"),
        branches=("grondal", "hornstull"),
    ),
    _Person(
        name="Petra Nowak",
        reach="79",
        languages={"pl": "native", "sv": "good"},
        tasks=("host",),
        branches=("kista",),
        state="introduction",
    ),
)

_ON_DUTY: Sequence[tuple[str, str, tuple[str, ...]]] = (
    ("digital_coaching", "tensta", ("Amina Haddad", "Omar Nasser", "Lena Ek")),
    ("digital_coaching", "farsta", ("Lena Ek", "Jonas Berg")),
    ("homework_help", "hogdalen", ("Sofia Lind", "Yonas Tesfay")),
    ("language_cafe", "kista", ("Fatima Warsame",)),
)


class Helpers:
    """Puts the example's helpers where they help."""

    def __init__(self, http: aiohttp.ClientSession, catalog: str, volunteers: str, token: str) -> None:
        self._http = http
        self._catalog = catalog
        self._volunteers = volunteers
        self._headers = {"Authorization": f"Bearer {token}"}

    async def add(self, now: datetime) -> None:
        """Add what was never there.

        Raises:
            Trouble: volunteers refuses what is entered, or never hears of the programme.
        """
        bank = await self._named("/v1/partners", {"name": "Banken (exempel)", "hours_a_year": 16})
        for name, address, partner in (
            ("Maria Nilsson", "maria.nilsson@example.org", bank["id"]),
            ("Anna Sjö", "anna.sjo@example.org", None),
        ):
            body = {"name": name, "reach": "email", "email": address, "language": "sv", "partner_id": partner}
            await self._named("/v1/coordinators", body)
        people = {person.name: await self._person(person, bank["id"], now.date()) for person in _PEOPLE}
        for kind, branch, names in _ON_DUTY:
            for session in await self._first_of_sittings(kind, branch, now):
                await self._on_duty(session, [people[name] for name in names])

    async def _person(self, person: _Person, partner: str, today: date) -> str:
        body = person.body | ({"partner_id": partner} if person.partner else {})
        made = await self._named("/v1/volunteers", body)
        path = f"/v1/volunteers/{made['id']}"
        left = _WAY[_WAY.index(made["state"]) + 1 : _WAY.index(person.state) + 1] if made["state"] in _WAY else ()
        if not left:
            return str(made["id"])
        weekly = [{"weekday": day, "starts": "09:00", "ends": "20:00"} for day in person.weekdays]
        await self._send("PUT", f"{path}/availability", {"weekly": weekly, "exceptions": []})
        if person.seen_days_ago is not None:
            seen_on = today - timedelta(days=person.seen_days_ago)
            await self._send("PUT", f"{path}/register-note", {"seen_on": seen_on.isoformat()})
        for state in left:
            await self._send("POST", f"{path}/state", {"state": state})
        return str(made["id"])

    async def _first_of_sittings(self, kind: str, branch: str, now: datetime) -> list[str]:
        """The coming sessions, of slots of one sitting the first; all of them heard of by volunteers."""
        span = {"from": now.date().isoformat(), "to": (now.date() + timedelta(weeks=_WEEKS)).isoformat()}
        asked = span | {"branch": branch, "kind": kind, "limit": "100"}
        async with self._http.get(f"{self._catalog}/v1/sessions", params=asked) as answer:
            answer.raise_for_status()
            found = (await answer.json())["items"]
        held = [one for one in found if one["status"] == "published"]
        wanted = {one["id"] for one in held if datetime.fromisoformat(one["starts_at"]) > now}
        heard = await self._heard(span | {"branch": branch}, wanted)
        coming = [one for one in held if one["id"] in heard]
        first: dict[str, str] = {}
        for one in coming:
            first.setdefault(one.get("sitting_id") or one["id"], one["id"])
        return list(first.values())

    async def _heard(self, span: Mapping[str, str], ids: set[str]) -> set[str]:
        """Those that volunteers knows, once it knows all; staff may have said of some that they need nobody."""
        heard: set[str] = set()
        with suppress(TimeoutError):
            async with asyncio.timeout(_HEARD_WITHIN):
                while not ids <= heard:
                    heard = {one["session"]["id"] for one in await self._staffing(span)}
                    await asyncio.sleep(_POLL)
        if ids and not ids & heard:
            raise Trouble("Volunteers has not heard of the example programme. Is the broker well?")
        return ids & heard

    async def _staffing(self, span: Mapping[str, str]) -> Iterable[Json]:
        url = f"{self._volunteers}/v1/staffing"
        async with self._http.get(url, params=span, headers=self._headers) as answer:
            answer.raise_for_status()
            return list((await answer.json())["items"])

    async def _on_duty(self, session: str, people: Sequence[str]) -> None:
        for person in people:
            body = {"volunteer_id": person, "ask": False, "whole_sitting": True}
            await self._send("POST", f"/v1/sessions/{session}/shifts", body, fine=_ENOUGH)

    async def _named(self, path: str, body: Json) -> Json:
        """What is called so, made where there is nothing of that name."""
        asked = {"q": body["name"]} if path == "/v1/volunteers" else {}
        url = f"{self._volunteers}{path}"
        async with self._http.get(url, params=asked, headers=self._headers) as answer:
            answer.raise_for_status()
            known = {one["name"]: one for one in (await answer.json())["items"]}
        return known.get(body["name"]) or await self._send("POST", path, body)

    async def _send(self, method: str, path: str, body: Json, *, fine: Collection[int] = ()) -> Json:
        url = f"{self._volunteers}{path}"
        async with self._http.request(method, url, json=body, headers=self._headers) as answer:
            if not answer.ok and answer.status not in fine:
                raise Trouble(f"Adding the example's helpers: {path} answered {answer.status}: {await answer.text()}")
            said: Json = await answer.json() if answer.content_type.endswith("json") else {}
            return said


async def add(run: Mapping[str, Any], secret: str) -> None:
    """Add what is missing of those who help in the example programme, as an administrator would.

    Raises:
        Trouble: volunteers does not answer, or refuses, or never hears of the programme.
    """
    token = await tokens.access_token(str(run["identity"]), secret, "admin", [])
    with told_as("The example's helpers could not be added", aiohttp.ClientError, TimeoutError):
        async with aiohttp.ClientSession(timeout=_TIMEOUT) as http:
            await Helpers(http, str(run["catalog"]), str(run["volunteers"]), token).add(datetime.now().astimezone())
