from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from pydantic import SecretStr

from services.catalog.app import create_app
from services.catalog.events import HANDLERS
from services.catalog.settings import CatalogSettings
from shared.db import Database
from shared.events import AnyEvent, Availability, AvailabilityChanged, SessionClosed, SessionClosing, decode
from shared.inbox import Consumer
from tests.support.apps import serving
from tests.support.databases import Databases
from tests.support.identity import Issuer

KEY = "0c" * 32
NOWHERE = "amqp://nobody@127.0.0.1:9/"
"""No broker: these tests read what would be told from the outbox."""

Json = dict[str, Any]
Answer = tuple[int, Json]

KISTA = ("staff", "kista")
RINKEBY = ("staff", "rinkeby")
ADMIN = ("admin",)
COORDINATOR = ("coordinator", "kista")


STAFF_ONLY = {"meeting", "host", "capacity_from", "helpers", "helpers_needed", "register_note", "closed"}


def settings(dsn: str, issuer: Issuer, broker: str = NOWHERE) -> CatalogSettings:
    return CatalogSettings(
        key=SecretStr(KEY), database=SecretStr(dsn), broker=SecretStr(broker), identity_issuer=issuer.url
    )


def soon(days: float = 3) -> datetime:
    """A whole minute some days ahead."""
    return datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(days=days)


def public(session: Json) -> Json:
    """A session that staff were answered, as anybody sees it: without what only those see who run it."""
    assert set(session) > STAFF_ONLY
    return {name: value for name, value in session.items() if name not in STAFF_ONLY}


class Catalog:
    """The catalog at its address, with its database to look into."""

    def __init__(self, url: str, database: Database, http: aiohttp.ClientSession, issuer: Issuer) -> None:
        self.url = url
        self.database = database
        self.issuer = issuer
        self.http = http
        self._consumer = Consumer(database, NOWHERE, "catalog", HANDLERS)

    async def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        by: tuple[str, ...] | None = KISTA,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Send a request, signed in as a role at branches; gives status and body."""
        signed = self.issuer.headers(*by) if by else {}
        address = f"{self.url}{path}"
        async with self.http.request(method, address, json=body, headers=signed | (headers or {})) as answer:
            return answer.status, await answer.json(content_type=None)

    async def get(self, path: str, **query: str | int) -> Answer:
        """Ask as anybody may."""
        async with self.http.get(f"{self.url}{path}", params=query) as answer:
            return answer.status, await answer.json(content_type=None)

    async def listed(self, **query: str | int) -> list[str]:
        """The ids on one page of the programme."""
        status, page = await self.get("/v1/sessions", **query)
        assert status == 200, page
        return [item["id"] for item in page["items"]]

    async def activity(self, kind: str = "language_cafe", **values: object) -> str:
        """Make an activity; gives its id."""
        body = {"kind": kind, "titles": {"sv": "Språkcafé", "en": "Language café"}} | values
        status, made = await self.send("POST", "/v1/activities", body)
        assert status == 201, made
        return str(made["id"])

    async def session(self, *, by: tuple[str, ...] = ADMIN, **values: object) -> Json:
        """Make a session of a new language café at Kista, three days ahead unless told otherwise."""
        body: Json = {"branch_id": "kista", "starts_at": soon().isoformat(), **values}
        body.setdefault("activity_id", None)
        body["activity_id"] = body["activity_id"] or await self.activity()
        status, made = await self.send("POST", "/v1/sessions", body, by=by)
        assert status == 201, made
        return made

    async def patch(self, session: Json, by: tuple[str, ...] = KISTA, **values: object) -> Answer:
        """Change a session, and no other one."""
        return _alone(await self.send("PATCH", f"/v1/sessions/{session['id']}", values, by=by))

    async def cancel(self, session: Json, reason: str = "illness", by: tuple[str, ...] = KISTA) -> Answer:
        """Call a session off, and no other one."""
        return _alone(await self.send("POST", f"/v1/sessions/{session['id']}/cancel", {"reason": reason}, by=by))

    async def hear(
        self, session_id: str, *, revision: int = 1, left: int, queue_left: int = 0, capacity: int = 15
    ) -> None:
        """Deliver how full a session is, as the queue would."""
        told = availability(session_id, revision=revision, left=left, queue_left=queue_left, capacity=capacity)
        await self._consumer.handle(told)

    async def hear_closed(self, session_id: str, *, revision: int = 1) -> None:
        """Deliver that staff closed a session, as the queue would."""
        data = SessionClosing(
            session_id=UUID(session_id),
            revision=revision,
            held=True,
            adults=3,
            children=0,
            staff_involved=True,
            organiser="library",
            place="branch",
            closed_group=False,
        )
        await self._consumer.handle(SessionClosed.of(data.session_id, data))

    async def told(self) -> list[AnyEvent]:
        """Every event in the outbox, in order."""
        return [decode(row["body"]) for row in await self.database.pool.fetch("SELECT body FROM outbox ORDER BY id")]

    async def somebody_waits(self) -> bool:
        """Whether a transaction in this database waits for another one's lock."""
        return bool(
            await self.database.pool.fetchval(
                """
                SELECT true FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock' LIMIT 1
                """
            )
        )

    async def begin(self, session: Json, minutes_ago: int = 10) -> None:
        """Let time pass until a session has been going on for some minutes."""
        await self.database.pool.execute(
            """
            UPDATE session SET starts_at = now() - make_interval(mins => $2),
                ends_at = now() - make_interval(mins => $2) + (ends_at - starts_at)
            WHERE id = $1
            """,
            UUID(session["id"]),
            minutes_ago,
        )


def _alone(answer: Answer) -> Answer:
    """The answer to a change of one session, as the session would be shown now."""
    status, shown = answer
    if status == 200:
        assert (shown.pop("also_changed"), shown.pop("left_out")) == ([], [])
    return status, shown


def availability(
    session_id: str, *, revision: int, left: int, queue_left: int = 0, capacity: int = 15
) -> AvailabilityChanged:
    """What booking says of a session."""
    id_ = UUID(session_id)
    data = Availability(
        session_id=id_,
        revision=revision,
        capacity=capacity,
        taken=capacity - left,
        left=left,
        queue_capacity=8,
        queue_left=queue_left,
    )
    return AvailabilityChanged.of(id_, data)


@pytest.fixture
async def catalog(databases: Databases, http: aiohttp.ClientSession, issuer: Issuer) -> AsyncIterator[Catalog]:
    dsn = await databases.create("catalog")
    async with Database(dsn, name="test") as database, serving(create_app(settings(dsn, issuer))) as url:
        yield Catalog(url, database, http, issuer)
