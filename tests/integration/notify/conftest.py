"""Notify between its real neighbours: PostgreSQL, a phonebox process, and servers that own contacts."""

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import aiohttp
import asyncpg
import pytest
from aiohttp import web
from pydantic import SecretStr

from services.notify import store
from services.notify.app import create_app
from services.notify.events import HANDLERS
from services.notify.settings import NotifySettings
from services.notify.store import Message
from shared.auth import require_service
from shared.db import Database
from shared.events import AnyEvent, Reply, ReplyReceived, decode
from shared.inbox import Consumer
from tests.support.apps import serving
from tests.support.databases import Databases
from tests.support.identity import Issuer
from tests.support.samples import numbers
from tests.support.servers import eventually, free_port, running

KEY = "0c" * 32
KEY_BOOKING = "0b" * 32
KEY_VOLUNTEERS = "0d" * 32
NOWHERE = "amqp://nobody@127.0.0.1:9/"
"""No broker: most tests hand events to the inbox and read what would be told from the outbox."""

LIBRARY = "+46766861004"
WEBHOOK_PASSWORD = "webhook secret"
_unused = numbers()


@dataclass
class Person:
    """Somebody booking or volunteers knows."""

    phone: str | None
    email: str | None = None
    by: str = "sms"
    language: str = "sv"
    name: str = "Sara"
    code: str = "K7F-4MQ"
    answer_by: datetime | None = None
    ref: UUID = field(default_factory=uuid4)
    codes: dict[UUID, str] = field(default_factory=dict)
    """Of what they are asked to help with."""

    def item(self) -> dict[str, Any]:
        """As ``POST /internal/contacts`` gives it."""
        answer_by = self.answer_by and self.answer_by.isoformat()
        shown = {name: value for name, value in vars(self).items() if name != "codes"}
        return {**shown, "ref": str(self.ref), "answer_by": answer_by}

    def item_about(self, about: UUID) -> dict[str, Any]:
        """As volunteers gives it for one of the things they do."""
        return self.item() | {"about": str(about), "code": self.codes.get(about, "")}


def somebody(**changes: Any) -> Person:  # noqa: ANN401 - fields of a person
    """A person with a number that no other test of this file uses; the numbers belong to nobody."""
    if "phone" not in changes:
        changes["phone"] = _unused.pop()
    return Person(**changes)


def closed_now() -> str:
    """Permitted hours that do not hold now, nor for the next hours."""
    hour = datetime.now(ZoneInfo("Europe/Stockholm")).hour
    return "02-03" if 8 <= hour < 22 else "13-14"


class Owner:
    """An owner of contacts, as its neighbours see it."""

    def __init__(self, service: str, key: str) -> None:
        self._service, self._key = service, key
        self.people: dict[UUID, Person] = {}
        self.away = False

    def app(self) -> web.Application:
        """Its one endpoint."""
        app = web.Application()
        app.router.add_post("/internal/contacts", self._contacts)
        return app

    async def _contacts(self, request: web.Request) -> web.Response:
        require_service(request, self._key, self._service)
        if self.away:
            raise web.HTTPServiceUnavailable
        return web.json_response({"items": list(self._items(await request.json()))})

    def _items(self, asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Booking is asked for people, volunteers for people and what they are told about."""
        if self._service == "booking":
            refs = [UUID(ref) for ref in asked["refs"]]
            yield from (self.people[ref].item() for ref in refs if ref in self.people)
            return
        pairs = [(UUID(pair["ref"]), UUID(pair["about"])) for pair in asked["about"]]
        yield from (self.people[ref].item_about(about) for ref, about in pairs if ref in self.people)


@dataclass(frozen=True)
class Phonebox:
    """A running phonebox and one who looks into it."""

    url: str
    smtp: str
    http: aiohttp.ClientSession

    async def messages(self, to: str | None) -> list[dict[str, Any]]:
        """What a phone or mailbox got, newest first."""
        async with self.http.get(f"{self.url}/api/messages", params={"to": to or ""}) as answer:
            items: list[dict[str, Any]] = (await answer.json())["items"]
            return items

    async def got(self, to: str | None, number: int = 1, within: float = 12) -> list[dict[str, Any]]:
        """Wait until so many messages arrived."""

        async def enough() -> list[dict[str, Any]] | None:
            items = await self.messages(to)
            return items if len(items) >= number else None

        return await eventually(enough, within=within)

    async def script(self, kind: str, behaviour: str, **more: Any) -> None:  # noqa: ANN401 - a line of the script
        """Let something go wrong."""
        line = {"kind": kind, "behaviour": behaviour, "seconds": 2} | more
        async with self.http.post(f"{self.url}/api/faults", json=line) as answer:
            assert answer.status == 201, await answer.text()


@asynccontextmanager
async def phonebox_process(folder: Path, incoming: str = "") -> AsyncIterator[Phonebox]:
    """A phonebox of one's own, whose phones' answers go to this address."""
    port, smtp_port = free_port(), free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        "PHONEBOX_PORT": str(port),
        "PHONEBOX_SMTP_PORT": str(smtp_port),
        "PHONEBOX_SMS_USERNAME": "library",
        "PHONEBOX_SMS_PASSWORD": "sms password",
        "PHONEBOX_DATA": str(folder),
        "PHONEBOX_INCOMING": incoming,
    }
    command = [sys.executable, "-m", "deploy.local.phonebox"]
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(running(command, environment, ready=f"{url}/health/ready"))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        yield Phonebox(url, f"smtp://127.0.0.1:{smtp_port}", http)


@pytest.fixture(scope="module")
async def phonebox_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Phonebox]:
    """One for each file of tests, as there are not so many numbers that belong to nobody."""
    _unused[:] = numbers()
    async with phonebox_process(tmp_path_factory.mktemp("phonebox")) as server:
        yield server


@pytest.fixture
async def phonebox(phonebox_server: Phonebox) -> AsyncIterator[Phonebox]:
    """The phonebox with an empty script."""
    yield phonebox_server
    async with phonebox_server.http.delete(f"{phonebox_server.url}/api/faults") as answer:
        assert answer.status == 204


@dataclass(frozen=True)
class Notify:
    """The notify service at its address, with its database to look into."""

    url: str
    port: int
    dsn: str
    owner_url: str
    owner: Owner
    helpers_url: str
    helpers: Owner
    database: Database
    http: aiohttp.ClientSession
    phonebox: Phonebox
    issuer: Issuer

    def settings(self, **changes: Any) -> NotifySettings:  # noqa: ANN401 - fields of the settings
        """A fast installation: a lease of two seconds, a look-up after half a second."""
        fields: dict[str, Any] = {
            "key": KEY,
            "database": self.dsn,
            "broker": NOWHERE,
            "booking_url": self.owner_url,
            "key_booking": KEY_BOOKING,
            "volunteers_url": self.helpers_url,
            "key_volunteers": KEY_VOLUNTEERS,
            "sms_url": f"{self.phonebox.url}/a1",
            "sms_username": "library",
            "sms_password": "sms password",
            "sms_sender": LIBRARY,
            "sms_webhook": f"http://46elks:{WEBHOOK_PASSWORD.replace(' ', '%20')}@127.0.0.1:{self.port}",
            "smtp": self.phonebox.smtp,
            "identity_issuer": self.issuer.url,
            "mail_sender": "Biblioteket <plats@example.org>",
            "permitted_hours": "00-24",
            "lease": 2,
            "lookup_delay": 0.5,
        }
        return NotifySettings(**(fields | changes))

    def environment(self, **changes: Any) -> dict[str, str]:  # noqa: ANN401 - fields of the settings
        """The same for a process of its own."""
        values = self.settings().model_dump(exclude={"identity_claims"}) | changes
        plain = {name: v.get_secret_value() if isinstance(v, SecretStr) else v for name, v in values.items()}
        hours = {"permitted_hours": "00-24", "timezone": "Europe/Stockholm"}
        return {f"PLATS_{name.upper()}": str(value) for name, value in (plain | hours).items()}

    @asynccontextmanager
    async def serving(self, **changes: Any) -> AsyncIterator[None]:  # noqa: ANN401 - fields of the settings
        """Run the service, with other settings if need be."""
        async with serving(create_app(self.settings(**changes)), self.port):
            yield

    async def hear(self, *events: AnyEvent) -> None:
        """Deliver events as the queue would."""
        consumer = Consumer(self.database, NOWHERE, "notify", HANDLERS)
        for event in events:
            await consumer.handle(event)

    def knows(self, **changes: Any) -> Person:  # noqa: ANN401 - fields of a person
        """A person whom booking knows."""
        person = somebody(**changes)
        self.owner.people[person.ref] = person
        return person

    def knows_helper(self, **changes: Any) -> Person:  # noqa: ANN401 - fields of a person
        """A person whom volunteers knows, who has some time to answer whatever they are asked."""
        person = somebody(**{"name": "Amina", "answer_by": datetime.now(UTC) + timedelta(hours=3)} | changes)
        self.helpers.people[person.ref] = person
        return person

    async def told(self) -> list[AnyEvent]:
        """Every event in the outbox, in order."""
        return [decode(row["body"]) for row in await self.database.pool.fetch("SELECT body FROM outbox ORDER BY id")]

    async def messages(self) -> list[asyncpg.Record]:
        """Every message row, oldest first."""
        return await self.database.pool.fetch(
            """
            SELECT id, template, state, channel, reason, attempts, repeated, due_at, parameters, revision
            FROM message ORDER BY id
            """
        )

    async def reached(self, *states: str, within: float = 12) -> list[asyncpg.Record]:
        """Wait until the messages are in these states."""

        async def there() -> list[asyncpg.Record] | None:
            rows = await self.messages()
            return rows if [row["state"] for row in rows] == list(states) else None

        try:
            return await eventually(there, within=within)
        except TimeoutError:
            rows = [dict(row) for row in await self.messages()]
            raise AssertionError(f"wanted {states}, found {rows}") from None

    async def reached_rest(self, within: float = 12) -> list[asyncpg.Record]:
        """Wait until every message has come to its end."""

        async def settled() -> list[asyncpg.Record] | None:
            rows = await self.messages()
            return rows if not {"pending", "sending", "unknown", "sent"} & {row["state"] for row in rows} else None

        return await eventually(settled, within=within)

    async def held(self, template: str) -> None:
        """Wait until a message waits for permitted hours."""

        async def waits() -> bool:
            held: bool = await self.database.pool.fetchval(
                "SELECT EXISTS (SELECT FROM message WHERE template = $1 AND due_at > now() + interval '30 minutes')",
                template,
            )
            return held

        await eventually(waits)

    async def unrouted(self) -> list[Message]:
        """What waits to be routed, as a sender reads it, oldest first."""
        return await self.database.transact(lambda conn: store.unrouted(conn, "booking", 100))

    async def take(self) -> list[Message]:
        """Take every message that is due, each to an address of its own, as a sender would."""
        async with self.database.transaction() as conn:
            for message in await store.unrouted(conn, "booking", 100):
                await store.route(conn, message.id, "sms", None, message.id.bytes)
            return await store.claim(conn, "sms", 100, lease=60)

    async def somebody_waits(self) -> bool:
        """Whether a transaction on this database waits for its turn."""
        waits: bool = await self.database.pool.fetchval(
            """
            SELECT EXISTS (
                SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted
            )
            """
        )
        return waits

    @property
    def webhook(self) -> str:
        """Where the provider posts what phones answer, with its credentials."""
        return f"{self.settings().sms_webhook.get_secret_value()}/v1/providers/46elks/incoming"

    async def reply(self, phone: str | None, text: str, sms_id: str | None = None) -> str | None:
        """Deliver an SMS from a phone as the provider does; gives what it gets back at once."""
        status, answer = await self.incoming({"from": phone or "", "message": text, "id": sms_id or uuid4().hex})
        assert status == (200 if answer else 204), answer
        return answer or None

    async def incoming(self, form: dict[str, str], password: str = WEBHOOK_PASSWORD) -> tuple[int, str]:
        """Post an SMS that came in; gives the answer with its status."""
        headers = {"Authorization": aiohttp.encode_basic_auth("46elks", password)}
        whole = {"direction": "incoming", "to": LIBRARY, "created": "2026-03-02T10:00:00.000000"} | form
        async with self.http.post(f"{self.url}/v1/providers/46elks/incoming", data=whole, headers=headers) as answer:
            return answer.status, await answer.text()

    async def replies(self) -> list[asyncpg.Record]:
        """What is kept of people's answers, oldest first."""
        return await self.database.pool.fetch("SELECT * FROM reply ORDER BY received_at")

    async def heard(self) -> list[Reply]:
        """What booking hears of people's answers, in order."""
        return [event.data for event in await self.told() if isinstance(event, ReplyReceived)]

    async def receipt(self, provider_id: str, status: str, password: str = WEBHOOK_PASSWORD) -> int:
        """Post a delivery receipt as the provider does."""
        headers = {"Authorization": aiohttp.encode_basic_auth("46elks", password)}
        form = {"id": provider_id, "status": status}
        async with self.http.post(f"{self.url}/v1/providers/46elks/receipts", data=form, headers=headers) as answer:
            return answer.status


@pytest.fixture
async def still_notify(
    databases: Databases, http: aiohttp.ClientSession, phonebox: Phonebox, issuer: Issuer
) -> AsyncIterator[Notify]:
    """Notify with everything around it, not yet running."""
    dsn = await databases.create("notify")
    owner, helpers, port = Owner("booking", KEY_BOOKING), Owner("volunteers", KEY_VOLUNTEERS), free_port()
    async with (
        Database(dsn, name="test") as database,
        serving(owner.app()) as owner_url,
        serving(helpers.app()) as helpers_url,
    ):
        yield Notify(
            url=f"http://127.0.0.1:{port}",
            port=port,
            dsn=dsn,
            owner_url=owner_url,
            owner=owner,
            helpers_url=helpers_url,
            helpers=helpers,
            database=database,
            http=http,
            phonebox=phonebox,
            issuer=issuer,
        )


@pytest.fixture
async def notify(still_notify: Notify) -> AsyncIterator[Notify]:
    """Notify, running."""
    async with still_notify.serving():
        yield still_notify
