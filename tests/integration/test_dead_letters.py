"""Dead messages over HTTP, as an administrator's page looks after them, in every service that has an inbox."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import pytest
from aiohttp import web

from services.booking.app import create_app as booking
from services.booking.settings import BookingSettings
from services.catalog.app import create_app as catalog
from services.notify.app import create_app as notify
from services.notify.settings import NotifySettings
from shared.db import Database
from shared.events import encode
from shared.failures import Failures
from tests.integration.catalog.conftest import NOWHERE, settings
from tests.support.apps import serving
from tests.support.backbone import availability, count
from tests.support.databases import Databases
from tests.support.identity import Issuer
from tests.support.servers import eventually

KEY = "0c" * 32
WHY = "Felet är rättat."

Json = dict[str, Any]


def composed(service: str, dsn: str, issuer: Issuer) -> web.Application:
    """One of the services on a database, without a broker: what is dead is in the database."""
    if service == "catalog":
        return catalog(settings(dsn, issuer))
    own = {"key": KEY, "database": dsn, "broker": NOWHERE, "identity_issuer": issuer.url, "permitted_hours": "00-24"}
    if service == "booking":
        return booking(BookingSettings.model_validate(own))
    outside = {
        "booking_url": NOWHERE,
        "key_booking": KEY,
        "volunteers_url": NOWHERE,
        "key_volunteers": KEY,
        "sms_url": "http://127.0.0.1:9",
        "sms_username": "library",
        "sms_password": "sms password",
        "sms_sender": "+46766861004",
        "sms_webhook": "http://46elks:secret@127.0.0.1:9",
        "smtp": "smtp://127.0.0.1:9",
        "mail_sender": "Biblioteket <plats@example.org>",
    }
    return notify(NotifySettings.model_validate(own | outside))


@dataclass(frozen=True)
class Service:
    """A service with somebody who looks after it."""

    url: str
    database: Database
    http: aiohttp.ClientSession
    issuer: Issuer

    async def buried(self) -> UUID:
        """An event that is dead; gives the message's id."""
        event = availability()
        await Failures(self.database).keep(event, encode(event), "dead", "ValueError")
        id_: UUID = await self.database.pool.fetchval("SELECT id FROM inbox_failure WHERE event_id = $1", event.id)
        return UUID(str(id_))

    async def ask(self, method: str, path: str, body: Json | None = None, role: str = "admin") -> tuple[int, Json]:
        headers = self.issuer.headers(role, "kista", sub="anna") if role else {}
        async with self.http.request(method, f"{self.url}/v1/dead{path}", json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def listed(self, query: str = "") -> list[str]:
        status, page = await self.ask("GET", query)
        assert status == 200, page
        return [item["id"] for item in page["items"]]

    async def act(self, action: str, *ids: UUID, why: str = WHY) -> list[str]:
        status, done = await self.ask("POST", f"/{action}", {"ids": [str(id_) for id_ in ids], "why": why})
        assert status == 200, done
        found: list[str] = done["ids"]
        return found

    async def audited(self) -> list[tuple[str, str]]:
        """What the audit says was done, the oldest first."""
        rows = await self.database.pool.fetch("SELECT action, object FROM audit ORDER BY id")
        return [tuple(row) for row in rows]


@pytest.fixture(params=["catalog", "booking", "notify"])
async def service(
    request: pytest.FixtureRequest, databases: Databases, http: aiohttp.ClientSession, issuer: Issuer
) -> AsyncIterator[Service]:
    dsn = await databases.create(request.param)
    async with Database(dsn, name="test") as database, serving(composed(request.param, dsn, issuer)) as url:
        yield Service(url, database, http, issuer)


async def test_what_is_dead_is_listed_and_shown_with_what_was_done(service: Service) -> None:
    first, second = await service.buried(), await service.buried()
    await service.act("drop", first, why="Prov.")
    await service.act("restore", first)

    assert await service.listed() == [str(second), str(first)], "the newest first"
    status, shown = await service.ask("GET", f"/{first}")
    assert (status, shown["state"], shown["error"]) == (200, "dead", "ValueError")
    assert '"availability.changed' in shown["body"].replace("plats.", "")
    assert [(deed["action"], deed["who"], deed["why"]) for deed in shown["history"]] == [
        ("drop", "anna", "Prov."),
        ("restore", "anna", WHY),
    ]
    assert await service.audited() == [
        ("dropped", str(first)),
        ("restored", str(first)),
        ("dead-read", str(first)),
    ]


@pytest.mark.parametrize("service", ["catalog"], indirect=True)
async def test_what_is_replayed_has_its_effect(service: Service) -> None:
    """Fails when a replay is only written down."""
    id_ = await service.buried()
    assert await service.act("replay", id_) == [str(id_)]

    async def gone() -> bool:
        return (await service.ask("GET", f"/{id_}"))[0] == 404

    await eventually(gone)
    assert await count(service.database, "availability") == 1
    assert await service.act("replay", id_) == [], "what had its effect is not there any more"
    assert ("replayed", str(id_)) in await service.audited()


async def test_what_is_dropped_is_out_of_sight_and_comes_back(service: Service) -> None:
    id_ = await service.buried()
    assert await service.act("drop", id_, uuid4()) == [str(id_)], "what nobody knows is none of those"
    assert (await service.listed(), await service.listed("?dropped=true")) == ([], [str(id_)])
    assert await service.act("drop", id_) == []
    assert await service.act("restore", id_) == [str(id_)]
    assert (await service.listed(), await service.listed("?dropped=true")) == ([str(id_)], [])
    assert await count(service.database, "dead_action") == 2


@pytest.mark.parametrize("body", [{"ids": []}, {"ids": ["x"]}, {"ids": [str(uuid4())], "why": "  "}, {"why": "x"}])
async def test_nothing_is_done_without_saying_to_what_and_why(service: Service, body: Json) -> None:
    assert (await service.ask("POST", "/drop", {"why": WHY} | body if "ids" in body else body))[0] == 422


async def test_they_are_for_administrators(service: Service) -> None:
    id_ = await service.buried()
    for role, wanted in (("staff", 403), ("coordinator", 403), ("", 401)):
        assert (await service.ask("GET", "", role=role))[0] == wanted
        assert (await service.ask("GET", f"/{id_}", role=role))[0] == wanted
        for action in ("replay", "drop", "restore"):
            assert (await service.ask("POST", f"/{action}", {"ids": [str(id_)], "why": WHY}, role=role))[0] == wanted
    assert await service.audited() == []
    assert (await service.ask("GET", f"/{uuid4()}"))[0] == (await service.ask("GET", "/nothing"))[0] == 404
