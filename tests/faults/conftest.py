"""A Plats started by hand: each part is a process of its own, and nothing but the test starts it again."""

import asyncio
import itertools
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import aiohttp
import asyncpg
import pytest

from deploy.doctor import Site, SmsProvider, examine, settled
from deploy.local import debian, installation, postgres, rabbitmq, up
from deploy.local.installation import WITH_DATABASE, WITH_EVENTS
from deploy.local.ports import Ports
from deploy.local.processes import Daemon, Running, start
from shared import topology
from shared.migrations import migrate
from tests.support.identity import Issuer
from tests.support.load import Load, PageLoad, reaches
from tests.support.replica import Replica, start_replica
from tests.support.servers import eventually, free_port

SERVICES = WITH_DATABASE
DRAIN = 4
"""Seconds a further replica goes on after it has called itself not ready; the first one does not wait."""


class City:
    """Servers, the world outside, and one or two processes of each service."""

    def __init__(
        self, site: up.Site, servers: Mapping[str, Daemon], issuer: Issuer, http: aiohttp.ClientSession
    ) -> None:
        self.site = site
        self.first: dict[str, Replica] = {}
        self.second: dict[str, Replica] = {}
        self.http = http
        self.issuer = issuer
        self._daemons = servers
        self._servers: dict[str, Running] = {}
        self._reach = reaches()
        self.checked = Site(
            databases={service: installation.database(site.postgres, service) for service in WITH_EVENTS},
            broker=site.broker,
            management=site.management,
            services={service: site.url(service) for service in SERVICES},
            sms=SmsProvider(url=f"{site.url('phonebox')}/a1", username="plats", password=site.keys.sms),
            mailboxes=site.url("phonebox"),
        )

    async def serve(self, *names: str) -> None:
        """Start servers and wait for them."""
        for name in names:
            self._servers[name] = await start(self._daemons[name])
        for name in names:
            await self._servers[name].wait_ready()

    async def end(self, name: str, number: signal.Signals) -> None:
        """End a server by a signal, and wait until it is gone."""
        self._servers[name].process.send_signal(number)
        await asyncio.wait_for(self._servers[name].process.wait(), 30)
        await self._servers[name].reap()

    async def close(self) -> None:
        """End everything; how services stop is for tests."""
        await asyncio.gather(*(one.kill() for one in (*self.first.values(), *self.second.values())))
        for name in ("phonebox", "rabbitmq", "epmd", "postgres"):
            if name in self._servers:
                await self._servers[name].stop()

    def environment(self, service: str) -> dict[str, str]:
        """What a service is told."""
        ours = {"PLATS_IDENTITY_ISSUER": self.issuer.url, "PLATS_LOOKUP_DELAY": "2"}
        return {**self.site.daemon(service).env, **ours}

    async def start(self, *services: str) -> None:
        """Start the first process of services, where the others look for it, without waiting for it."""
        for service in services:
            self.first[service] = await start_replica(
                service, self.environment(service), self.site.data / "logs", port=self.site.ports[service]
            )

    async def single(self) -> None:
        """One process of each service, ready."""
        await asyncio.gather(*(replica.kill() for replica in self.second.values()))
        await self.ready()

    async def ready(self) -> None:
        """The first process of each service, started again where it has ended, ready."""
        await self.start(*(name for name in SERVICES if name not in self.first or not self.first[name].runs))
        await asyncio.gather(*(replica.ready() for replica in self.first.values()))

    async def pair(self) -> None:
        """Two processes of each service, ready."""
        for service in SERVICES:
            if service not in self.second or not self.second[service].runs:
                environment = self.environment(service) | {"PLATS_DRAIN": str(DRAIN)}
                self.second[service] = await start_replica(service, environment, self.site.data / "logs")
        await self.ready()
        await asyncio.gather(*(replica.ready() for replica in self.second.values()))

    def by_turns(self, service: str) -> Callable[[], str]:
        """The address of one process of a service and of the other, in turn while both run."""
        turns = itertools.count()

        def choose() -> str:
            running = [replicas[service] for replicas in (self.first, self.second) if replicas[service].runs]
            return running[next(turns) % len(running)].url if running else self.site.url(service)

        return choose

    def load(self, *sessions: UUID, booking: Callable[[], str] | None = None) -> Load:
        """Visitors at booking itself."""
        return Load(self.http, booking or self._of("booking"), sessions, reach=self._reach)

    def page_load(self, *sessions: UUID, web: Callable[[], str] | None = None) -> PageLoad:
        """Visitors at the pages."""
        return PageLoad(web or self._of("web"), self.http, self._of("booking"), sessions, reach=self._reach)

    def _of(self, service: str) -> Callable[[], str]:
        return lambda: self.site.url(service)

    async def staff(self, method: str, path: str, body: object, *, at: str | None = None) -> dict[str, Any]:
        """What staff do in the catalog."""
        url, headers = f"{at or self.site.url('catalog')}{path}", self.issuer.headers("admin")
        async with self.http.request(method, url, json=body, headers=headers) as answer:
            assert answer.ok, await answer.text()
            done: dict[str, Any] = await answer.json()
            return done

    async def session(self, **changes: object) -> UUID:
        """A large session that booking knows."""
        title = {"kind": "language_cafe", "titles": {"sv": "Språkcafé"}}
        activity = await self.staff("POST", "/v1/activities", title)
        starts_at = (datetime.now(UTC) + timedelta(days=3)).replace(microsecond=0).isoformat()
        body = {"activity_id": activity["id"], "branch_id": "kista", "starts_at": starts_at, "capacity": 4000}
        made = await self.staff("POST", "/v1/sessions", body | changes)

        async def bookable() -> bool:
            async with self.http.get(f"{self.site.url('catalog')}/v1/sessions/{made['id']}") as answer:
                return bool((await answer.json())["bookable"])

        await eventually(bookable, within=30)
        return UUID(made["id"])

    @asynccontextmanager
    async def database(self, service: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        """A connection of the test's own."""
        conn = await asyncpg.connect(self.checked.databases[service])
        try:
            yield conn
        finally:
            await conn.close()

    async def fault(self, behaviour: str, **details: object) -> None:
        """Have the SMS provider do something wrong once."""
        url, fault = f"{self.site.url('phonebox')}/api/faults", {"kind": "sms", "behaviour": behaviour}
        async with self.http.post(url, json=fault | details) as answer:
            assert answer.status == 201, await answer.text()

    async def messages(self, to: str) -> list[dict[str, Any]]:
        """What arrived at a phone or mailbox."""
        async with self.http.get(f"{self.site.url('phonebox')}/api/messages", params={"to": to}) as answer:
            found: list[dict[str, Any]] = (await answer.json())["items"]
            return found

    async def keeps_its_promises(self, *loads: Load) -> None:
        """Wait until all is at rest, and have everything examined."""
        await settled(self.checked, within=90)
        answers = [answer for load in loads for answer in load.answers]
        report = await examine(self.checked, answers=answers, at_rest=True)
        assert all(outcome.verdict == "ok" for outcome in report.outcomes), str(report)


@pytest.fixture(scope="session")
async def city(tmp_path_factory: pytest.TempPathFactory, issuer: Issuer) -> AsyncIterator[City]:
    """Servers with all that services need there, and one process of each service, ready."""
    data = tmp_path_factory.mktemp("city")
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(_browser())
        site = up.Site(_plan(data), stack.enter_context(Ports(free_port())))
        made = City(site, await _servers(site), issuer, http)
        stack.push_async_callback(made.close)
        await asyncio.gather(_databases(made), _queues(made), made.serve("phonebox"))
        await made.ready()
        yield made


def _browser() -> aiohttp.ClientSession:
    """Opens a connection for each request: one that breaks was in use."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(force_close=True, limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=30),
    )


def _plan(data: Path) -> up.Plan:
    return up.Plan(data=data, port_base=0, permitted_hours="00-24", demo=False)


async def _servers(site: up.Site) -> dict[str, Daemon]:
    """The servers of a site, none of which runs yet."""
    (site.data / "logs").mkdir()
    database, site.postgres = await postgres.daemon(site.data / "postgres", site.free.one())
    node = rabbitmq.node(site.data / "rabbitmq", site.free, await debian.ensure(debian.RABBITMQ))
    site.broker, site.management = node.url, node.management
    return {
        "postgres": database,
        "epmd": node.epmd,
        "rabbitmq": node.server,
        "phonebox": site.daemon("phonebox"),
    }


async def _databases(city: City) -> None:
    await city.serve("postgres")
    conn = await asyncpg.connect(city.site.postgres)
    try:
        for service in WITH_DATABASE:
            dsn = installation.database(city.site.postgres, service)
            await conn.execute(f'CREATE DATABASE "{urlsplit(dsn).path.removeprefix("/")}"')
            await asyncio.to_thread(migrate, dsn, service)
    finally:
        await conn.close()


async def _queues(city: City) -> None:
    await city.serve("epmd", "rabbitmq")
    assert city.site.management
    await topology.apply(city.site.management, installation.virtual_host(city.site.broker))
