"""A small world for the checker: the services with all that has happened to them, and copies of it to damage."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid4

import aiohttp
import aiosmtplib
import asyncpg
from pydantic import SecretStr

from deploy.doctor import Answer, Site, SmsProvider
from deploy.local.phonebox.app import create_app as create_phonebox
from deploy.local.phonebox.state import Settings as PhoneboxSettings
from services.booking.app import create_app as create_booking
from services.booking.settings import BookingSettings
from services.catalog.app import create_app as create_catalog
from services.catalog.settings import CatalogSettings
from services.notify.app import create_app as create_notify
from services.notify.settings import NotifySettings
from services.volunteers.app import create_app as create_volunteers
from services.volunteers.settings import VolunteersSettings
from tests.support.apps import serving
from tests.support.brokers import VirtualHost
from tests.support.databases import Databases
from tests.support.identity import Issuer
from tests.support.samples import booking_body
from tests.support.servers import eventually, free_port

SERVICES = ("catalog", "booking", "notify", "volunteers")
KEYS = {"catalog": "0c" * 32, "booking": "0b" * 32, "notify": "0d" * 32, "volunteers": "0e" * 32}
LIBRARY = "+46766861004"
_SMS = SmsProvider(url="", username="library", password="sms password")


@asynccontextmanager
async def phonebox(folder: Path) -> AsyncIterator[tuple[str, str]]:
    """A phonebox on what this folder holds; gives its address and its mail server's."""
    smtp_port, port = free_port(), free_port()
    settings = PhoneboxSettings(
        port=port,
        smtp_port=smtp_port,
        sms_username=_SMS.username,
        sms_password=SecretStr(_SMS.password),
        data=folder,
    )
    async with serving(create_phonebox(settings), port) as url:
        yield url, f"smtp://127.0.0.1:{smtp_port}"


def provider(url: str) -> SmsProvider:
    """The SMS provider that a phonebox is."""
    return SmsProvider(url=f"{url}/a1", username=_SMS.username, password=_SMS.password)


@dataclass(frozen=True, kw_only=True)
class Town:
    """Running services, and what visitors and staff do with them."""

    site: Site
    http: aiohttp.ClientSession
    issuer: Issuer
    answers: list[Answer]

    async def staff(self, method: str, path: str, body: object) -> dict[str, Any]:
        """What staff do in the catalog."""
        return await self._as_staff(method, f"{self.site.services['catalog']}{path}", body)

    async def _as_staff(self, method: str, url: str, body: object) -> dict[str, Any]:
        async with self.http.request(method, url, json=body, headers=self.issuer.headers("admin")) as answer:
            assert answer.ok, await answer.text()
            done: dict[str, Any] = await answer.json()
            return done

    async def activity(self) -> str:
        """A new language café, which may have several sessions; gives its id."""
        title = {"kind": "language_cafe", "titles": {"sv": "Språkcafé"}}
        return str((await self.staff("POST", "/v1/activities", title))["id"])

    async def session(self, **changes: object) -> UUID:
        """A session that booking knows, unless it is a draft; of an activity of its own unless one is named."""
        activity = changes.get("activity_id") or await self.activity()
        starts_at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
        body = {"activity_id": activity, "branch_id": "kista", "starts_at": starts_at.isoformat(), "capacity": 5}
        made = await self.staff("POST", "/v1/sessions", body | changes)

        async def bookable() -> bool:
            async with self.http.get(f"{self.site.services['catalog']}/v1/sessions/{made['id']}") as answer:
                return bool((await answer.json())["bookable"])

        if made["status"] == "published":
            await eventually(bookable)
        return UUID(made["id"])

    async def change(self, session: UUID, **values: object) -> None:
        """Change a session."""
        await self.staff("PATCH", f"/v1/sessions/{session}", values)

    async def cancel_session(self, session: UUID) -> None:
        """Call a session off."""
        await self.staff("POST", f"/v1/sessions/{session}/cancel", {"reason": "illness"})

    async def book(self, session: UUID, adults: int = 1, **reach: str) -> dict[str, Any]:
        """Book, and remember the answer."""
        return await self._booked(session, adults, reach=reach or {"by": "none"})

    async def enter(self, session: UUID, adults: int = 1, **reach: str) -> dict[str, Any]:
        """Book, or wait for a seat if there is none, and remember the answer."""
        return await self._booked(session, adults, reach=reach, if_full="queue")

    async def wait(self, session: UUID, adults: int = 1, **reach: str) -> dict[str, Any]:
        """Wait for a seat in a session that is full, and remember the answer."""
        made = await self.enter(session, adults, **reach)
        assert made["state"] == "queued", made
        return made

    async def _booked(self, session: UUID, adults: int, **changes: object) -> dict[str, Any]:
        key = uuid4().hex
        body = booking_body(session, party={"adults": adults, "children": 0}, **changes)
        url = f"{self.site.services['booking']}/v1/bookings"
        async with self.http.post(url, json=body, headers={"Idempotency-Key": key}) as answer:
            made: dict[str, Any] = await answer.json()
            assert answer.status == 201, made
        self.answers.append(Answer(key=key, code=made["code"], session_id=session, seats=adults, state=made["state"]))
        return made

    async def hold(self, session: UUID, adults: int = 1) -> None:
        """Choose seats, and type."""
        await self._post("/v1/holds", {"session_id": str(session), "party": {"adults": adults, "children": 0}})

    async def accept(self, booked: dict[str, Any]) -> None:
        """Take the seat that is offered, and remember the answer."""
        await self._change(booked, "accept")

    async def decline(self, booked: dict[str, Any]) -> None:
        """Leave the seat that is offered, and remember the answer."""
        await self._change(booked, "decline")

    async def move(self, booked: dict[str, Any], session: UUID) -> None:
        """Change to another time, and remember the answer."""
        await self._change(booked, "move", session_id=str(session))

    async def let_in(self, session: UUID) -> None:
        """Book for somebody at the desk where it is full, as staff do on purpose, and remember the answer."""
        body = booking_body(session, name="Bo", reach={"by": "none"}) | {"override": True}
        made = await self._as_staff("POST", f"{self.site.services['booking']}/v1/desk/bookings", body)
        told = Answer(key=uuid4().hex, code=made["code"], session_id=session, seats=1, state=made["state"])
        self.answers.append(told)

    async def ring(self, session: UUID, booked: dict[str, Any]) -> None:
        """Tell somebody who waits for a call of the seat that is offered, as staff do."""
        path = f"/v1/sessions/{session}/bookings/{booked['id']}/told"
        await self._as_staff("POST", f"{self.site.services['booking']}{path}", {})

    async def cancel(self, booked: dict[str, Any]) -> None:
        """Give a booking back, and remember the answer."""
        await self._change(booked, "cancel")

    async def shrink(self, booked: dict[str, Any], adults: int) -> None:
        """Come with fewer, and remember the answer."""
        await self._change(booked, "party", party={"adults": adults, "children": 0})
        self._became(booked["code"], seats=adults)

    async def _change(self, booked: dict[str, Any], how: str, **body: object) -> None:
        """What a visitor does with a booking; remembers what it then is."""
        told = await self._post(f"/v1/bookings/{booked['code']}/{how}", {"proof": booked["proof"], **body})
        self._became(booked["code"], session_id=UUID(told["session_id"]), state=told["state"])

    async def ask_codes(self, **reach: str) -> None:
        """Have lost codes sent."""
        await self._post("/v1/bookings/codes", {"reach": reach})

    def ended(self, code: str) -> None:
        """Remember that a booking is no more."""
        self._became(code, state="cancelled")

    def _became(self, code: str, **changes: Any) -> None:  # noqa: ANN401 - fields of an answer
        """Remember what a booking's client was told last."""
        self.answers[:] = [replace(a, **changes) if a.code == code else a for a in self.answers]

    async def _post(self, path: str, body: object) -> Any:  # noqa: ANN401 - JSON, or nothing
        """What a visitor sends to booking."""
        async with self.http.post(f"{self.site.services['booking']}{path}", json=body) as answer:
            assert answer.ok, await answer.text()
            return await answer.json(content_type=None)


@asynccontextmanager
async def town(databases: dict[str, str], broker: VirtualHost, issuer: Issuer, folder: Path) -> AsyncIterator[Town]:
    """The services in this process, on these databases and this broker, with a phonebox."""
    async with AsyncExitStack() as stack:
        outside, smtp = await stack.enter_async_context(phonebox(folder))
        catalog = CatalogSettings.model_validate(_store("catalog", databases, broker) | {"identity_issuer": issuer.url})
        booking = BookingSettings.model_validate(
            _store("booking", databases, broker) | {"identity_issuer": issuer.url, "permitted_hours": "00-24"}
        )
        volunteers = VolunteersSettings.model_validate(
            _store("volunteers", databases, broker) | {"identity_issuer": issuer.url, "permitted_hours": "00-24"}
        )
        urls = {
            "catalog": await stack.enter_async_context(serving(create_catalog(catalog))),
            "booking": await stack.enter_async_context(serving(create_booking(booking))),
            "volunteers": await stack.enter_async_context(serving(create_volunteers(volunteers))),
        }
        port = free_port()
        fast = {
            "booking_url": urls["booking"],
            "key_booking": KEYS["booking"],
            "volunteers_url": urls["volunteers"],
            "key_volunteers": KEYS["volunteers"],
            "sms_url": f"{outside}/a1",
            "sms_username": _SMS.username,
            "sms_password": _SMS.password,
            "sms_sender": LIBRARY,
            "sms_webhook": f"http://46elks:secret@127.0.0.1:{port}",
            "smtp": smtp,
            "mail_sender": "Biblioteket <plats@example.org>",
            "permitted_hours": "00-24",
            "lease": 2,
            "lookup_delay": 0.5,
            "identity_issuer": issuer.url,
        }
        notify = NotifySettings.model_validate(_store("notify", databases, broker) | fast)
        urls["notify"] = await stack.enter_async_context(serving(create_notify(notify), port))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        site = Site(
            databases=databases,
            broker=broker.url,
            management=broker.management,
            services=urls,
            sms=provider(outside),
            mailboxes=outside,
        )
        yield Town(site=site, http=http, issuer=issuer, answers=[])


def _store(name: str, databases: dict[str, str], broker: VirtualHost) -> dict[str, str]:
    """What every service that keeps data is told."""
    return {"key": KEYS[name], "database": databases[name], "broker": broker.url}


class Originals:
    """Databases that outlive a test, and copies of them that a test may damage."""

    def __init__(self, admin: str, names: dict[str, str]) -> None:
        self._admin = admin
        self._names = names

    @classmethod
    async def of(cls, databases: Databases, admin: str) -> "Originals":
        """Fresh databases, under names of their own so that no test removes them."""
        names = {}
        for service in SERVICES:
            made = urlsplit(await databases.create(service)).path.removeprefix("/")
            names[service] = f"doctor_{made}"
            await damage(admin, f'ALTER DATABASE "{made}" RENAME TO "{names[service]}"')
        return cls(admin, names)

    @property
    def dsns(self) -> dict[str, str]:
        """Each service's database."""
        return {service: self._named(name) for service, name in self._names.items()}

    @asynccontextmanager
    async def copied(self, *services: str, led: bool = True) -> AsyncIterator[dict[str, str]]:
        """Copies of these services' databases, each led by a relay as far as its lock shows.

        Nobody may be connected to the originals meanwhile.
        """
        copies = {service: f"{self._names[service]}_{uuid4().hex[:8]}" for service in services}
        for service, copy in copies.items():
            await damage(self._admin, f'CREATE DATABASE "{copy}" TEMPLATE "{self._names[service]}"')
        dsns = {service: self._named(copy) for service, copy in copies.items()}
        try:
            async with _leading(dsns if led else {}):
                yield dsns
        finally:
            await self._drop(copies)

    async def drop(self) -> None:
        """Remove the originals."""
        await self._drop(self._names)

    async def _drop(self, names: dict[str, str]) -> None:
        for name in names.values():
            await damage(self._admin, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _named(self, name: str) -> str:
        return urlunsplit(urlsplit(self._admin)._replace(path=f"/{name}"))


async def damage(dsn: str, statements: str) -> None:
    """Do something to a database that no service would."""
    conn = await asyncpg.connect(dsn)
    try:
        await conn.execute(statements)
    finally:
        await conn.close()


@asynccontextmanager
async def _leading(databases: dict[str, str]) -> AsyncIterator[None]:
    """As if a relay led in each, as far as its lock shows."""
    async with AsyncExitStack() as stack:
        for service, dsn in databases.items():
            settings = {"application_name": f"plats-{service}-relay"}
            conn = await asyncpg.connect(dsn, server_settings=settings)
            stack.callback(conn.terminate)
            await conn.execute("SELECT pg_advisory_lock(1)")
        yield


async def send_mail(smtp: str, message_id: str) -> None:
    """Let a mail arrive."""
    mail = EmailMessage()
    mail["Message-ID"], mail["To"], mail["From"] = message_id, "amir@example.org", "plats@example.org"
    parts = urlsplit(smtp)
    await aiosmtplib.send(mail, hostname=parts.hostname, port=parts.port, start_tls=False)


async def send_sms(url: str, to: str) -> None:
    """Let the provider send an SMS that is no message of ours."""
    auth = {"Authorization": aiohttp.encode_basic_auth(_SMS.username, _SMS.password)}
    form = {"from": LIBRARY, "to": to, "message": "Hej", "dontlog": "message"}
    async with aiohttp.ClientSession() as http, http.post(f"{url}/a1/sms", data=form, headers=auth) as answer:
        assert answer.ok, await answer.text()
