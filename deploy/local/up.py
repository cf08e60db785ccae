"""`plats up`: everything on one machine, started in order, watched, restarted, and stopped without a trace."""

import asyncio
import os
import shlex
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import aiohttp
import asyncpg
import psycopg

from deploy.local import debian, example_helpers, installation, node, postgres, rabbitmq
from deploy.local.installation import WITH_DATABASE, Keys
from deploy.local.ports import Ports
from deploy.local.processes import ROOT, Daemon, alone, command
from deploy.local.supervisor import Supervisor
from deploy.local.trouble import Trouble, told_as
from shared import topology
from shared.migrations import migrate

T = TypeVar("T")

SMS_SENDER = "+46766861004"
MAIL_SENDER = "Biblioteket <plats@example.org>"
SPEAKS_PLAIN_HTTP = {"OAUTHLIB_INSECURE_TRANSPORT": "1"}
"""What lets the pages sign staff in at the local identity provider, which has no certificate."""
_INTERRUPTED = 130
_PATIENCE = 2.0
"""Seconds until a person wants to know what is being waited for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What was asked for on the command line."""

    data: Path
    port_base: int
    permitted_hours: str
    demo: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Process:
    """A process of Plats: how it is started, and its own environment."""

    argv: Callable[[], tuple[str, ...]]
    env: Callable[["Site"], dict[str, str]]


def _module(name: str) -> Callable[[], tuple[str, ...]]:
    return lambda: (sys.executable, "-m", name)


class Site:
    """One installation while it runs: its folder, keys, ports and servers."""

    def __init__(self, plan: Plan, free: Ports) -> None:
        self.plan = plan
        self.data = plan.data
        self.keys = Keys.of(plan.data)
        self.free = free
        self.ports = dict(zip(PROCESSES, free.take(len(PROCESSES)), strict=True))
        self.smtp_port = free.one()
        self.postgres = ""
        self.broker = ""
        self.management: str | None = None

    def url(self, name: str) -> str:
        """Where a process listens."""
        return f"http://127.0.0.1:{self.ports[name]}"

    @property
    def webhook(self) -> str:
        """Where notify listens to the SMS provider, with the credentials that let only that one in."""
        return f"http://46elks:{self.keys.webhook}@127.0.0.1:{self.ports['notify']}"

    def common(self, name: str) -> dict[str, str]:
        """What every service is told."""
        return {
            "PLATS_HOST": "127.0.0.1",
            "PLATS_PORT": str(self.ports[name]),
            "PLATS_DRAIN": "0",  # nobody here goes by readiness
            "PLATS_KEY": getattr(self.keys, name),
            "PLATS_IDENTITY_ISSUER": self.url("identity"),
            "PLATS_PERMITTED_HOURS": self.plan.permitted_hours,
            "PLATS_PUBLIC_URL": self.url("web"),
        }

    def store(self, name: str) -> dict[str, str]:
        """What a service with a database is told."""
        mine = installation.database(self.postgres, name)
        return self.common(name) | {"PLATS_DATABASE": mine, "PLATS_BROKER": self.broker}

    def calls(self, *names: str) -> dict[str, str]:
        """The addresses and keys of the services one calls."""
        urls = {f"PLATS_{name.upper()}_URL": self.url(name) for name in names}
        return urls | {f"PLATS_KEY_{name.upper()}": getattr(self.keys, name) for name in names}

    def daemon(self, name: str) -> Daemon:
        """A process of Plats as a daemon."""
        process = PROCESSES[name]
        return Daemon(
            name=name,
            argv=process.argv(),
            env=_clean() | process.env(self),
            log=self.data / "logs" / f"{name}.log",
            ready=partial(_healthy, self.url(name) + "/health/ready"),
            alive=partial(_healthy, self.url(name) + "/health/live") if name in WITH_DATABASE else None,
        )

    def run(self, pids: Mapping[str, int], *, ready: bool) -> dict[str, Any]:
        """What run.json tells of it."""
        known = {"postgres": self.postgres, "rabbitmq": self.broker, "management": self.management}
        return {"ready": ready} | {name: self.url(name) for name in PROCESSES} | known | {"pids": dict(pids)}


def _web(site: Site) -> dict[str, str]:
    example = {"PLATS_EXAMPLE": "1"} if site.plan.demo else {}
    return (
        site.store("web")
        | site.calls("catalog", "booking", "notify", "volunteers")
        | {"PLATS_IDENTITY_CLIENT_SECRET": site.keys.identity}
        | SPEAKS_PLAIN_HTTP
        | example
    )


def _phonebox(site: Site) -> dict[str, str]:
    return {
        "PHONEBOX_HOST": "127.0.0.1",
        "PHONEBOX_PORT": str(site.ports["phonebox"]),
        "PHONEBOX_SMTP_PORT": str(site.smtp_port),
        "PHONEBOX_SMS_USERNAME": "plats",
        "PHONEBOX_SMS_PASSWORD": site.keys.sms,
        "PHONEBOX_DATA": str(site.data / "phonebox"),
        "PHONEBOX_INCOMING": f"{site.webhook}/v1/providers/46elks/incoming",
    }


def _identity(site: Site) -> dict[str, str]:
    return {
        "IDENTITY_HOST": "127.0.0.1",
        "IDENTITY_PORT": str(site.ports["identity"]),
        "IDENTITY_DATA": str(site.data / "identity"),
        "IDENTITY_TOKEN_SECRET": site.keys.identity,
        "IDENTITY_WEB": site.url("web"),
    }


def _notify(site: Site) -> dict[str, str]:
    return (
        site.store("notify")
        | site.calls("booking", "volunteers")
        | {
            "PLATS_SMS_URL": f"{site.url('phonebox')}/a1",
            "PLATS_SMS_USERNAME": "plats",
            "PLATS_SMS_PASSWORD": site.keys.sms,
            "PLATS_SMS_SENDER": SMS_SENDER,
            "PLATS_SMS_WEBHOOK": site.webhook,
            "PLATS_SMTP": f"smtp://127.0.0.1:{site.smtp_port}",
            "PLATS_MAIL_SENDER": MAIL_SENDER,
            "PLATS_LEASE": "5",
            "PLATS_LOOKUP_DELAY": "5",
        }
    )


PROCESSES: Mapping[str, Process] = {
    "web": Process(argv=_module("services.web"), env=_web),
    "catalog": Process(argv=_module("services.catalog"), env=lambda site: site.store("catalog")),
    "booking": Process(argv=_module("services.booking"), env=lambda site: site.store("booking")),
    "notify": Process(argv=_module("services.notify"), env=_notify),
    "identity": Process(argv=lambda: (str(node.node()), "deploy/local/identity/server.mjs"), env=_identity),
    "phonebox": Process(argv=_module("deploy.local.phonebox"), env=_phonebox),
    "volunteers": Process(argv=_module("services.volunteers"), env=lambda site: site.store("volunteers")),
}
"""What runs beside the servers, in the order of their ports. Another service is another line."""


def _clean() -> dict[str, str]:
    """Our environment without settings meant for somebody else's Plats."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PLATS_", "PHONEBOX_", "IDENTITY_"))
    }
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


async def _healthy(url: str) -> bool:
    try:
        timeout = aiohttp.ClientTimeout(total=3)
        async with aiohttp.ClientSession(timeout=timeout) as http, http.get(url) as answer:
            return answer.ok
    except (aiohttp.ClientError, TimeoutError):
        return False


@contextmanager
def _patience(label: str) -> Iterator[None]:
    """Say what is being waited for, unless it is soon over."""
    said = asyncio.get_running_loop().call_later(_PATIENCE, partial(print, f"  {label} ...", flush=True))
    try:
        yield
    finally:
        said.cancel()


async def _step(label: str, work: Awaitable[T]) -> T:
    """Do a part of the start and say how long it took."""
    began = time.monotonic()
    with _patience(label):
        result = await work
    print(f"  {label:<42} {time.monotonic() - began:5.1f} s", flush=True)
    return result


async def up(plan: Plan) -> int:
    """Run everything until Ctrl-C or SIGTERM.

    Raises:
        Trouble: something a person has to put right.
    """
    with installation.held(plan.data), Ports(plan.port_base) as free:
        print(f"Starting Plats in {plan.data}", flush=True)
        async with AsyncExitStack() as stack:
            with _patience("waiting for processes of a killed Plats to end"):
                claim = await stack.enter_async_context(alone(plan.data / "processes.lock"))
            site = Site(plan, free)
            supervisor = Supervisor(partial(_note, site), claim)
            stack.push_async_callback(supervisor.stop)
            await _run(site, supervisor)
    print("Stopped. Nothing is left running.", flush=True)
    return 0


def _note(site: Site, pids: Mapping[str, int], *, ready: bool) -> None:
    """Keep run.json true."""
    installation.write_run(site.data, site.run(pids, ready=ready))


async def _run(site: Site, supervisor: Supervisor) -> None:
    """Start everything, and return when it is to stop."""
    stop = _stop_event(supervisor)
    starting = asyncio.create_task(_start(site, supervisor))
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait((starting, stopped), return_when=asyncio.FIRST_COMPLETED)
    if starting.done():
        starting.result()
        print(_welcome(site), flush=True)
        await stopped
    else:
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
    print("\nStopping ...", flush=True)


def _stop_event(supervisor: Supervisor) -> asyncio.Event:
    """Set by Ctrl-C or SIGTERM; the second time there is no waiting."""
    stop = asyncio.Event()

    def asked() -> None:
        if stop.is_set():
            supervisor.kill()
            os._exit(_INTERRUPTED)
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked)
    return stop


async def _start(site: Site, supervisor: Supervisor) -> None:
    """Servers and what needs Node side by side, then the services side by side, then the example programme."""
    (site.data / "logs").mkdir(exist_ok=True)
    async with _group() as group:
        group.create_task(_database(site, supervisor))
        group.create_task(_broker(site, supervisor))
        group.create_task(_with_node(site, supervisor))
        group.create_task(_step("phonebox", supervisor.add("phonebox", site.daemon("phonebox"))))
    async with _group() as group:
        for name in PROCESSES:
            if name not in {"identity", "phonebox"}:
                group.create_task(_step(name, supervisor.add(name, site.daemon(name))))
    if site.plan.demo:
        await _step("example programme", seed(site.daemon("catalog").env, site.data / "logs" / "seed.log"))
        await _step("the example's helpers", example_helpers.add(site.run({}, ready=False), site.keys.identity))
    supervisor.all_ready()


@asynccontextmanager
async def _group() -> AsyncIterator[asyncio.TaskGroup]:
    """A task group whose first error is told as itself: the others only follow from it."""
    try:
        async with asyncio.TaskGroup() as group:
            yield group
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None


async def _database(site: Site, supervisor: Supervisor) -> None:
    site.postgres = os.environ.get("PLATS_POSTGRES", "")
    if site.postgres:
        if not await postgres.answers(site.postgres):
            raise Trouble("PLATS_POSTGRES is set, but no PostgreSQL answers there or lets us in.")
    else:
        daemon, site.postgres = await postgres.daemon(site.data / "postgres", site.free.one())
        await _step("PostgreSQL", supervisor.add("postgres", daemon))
    with told_as("The databases could not be made ready", asyncpg.PostgresError, psycopg.Error, OSError):
        await _step("databases", _migrated(site))


async def _migrated(site: Site) -> None:
    conn = await asyncpg.connect(site.postgres)
    try:
        for service in WITH_DATABASE:
            name = urlsplit(installation.database(site.postgres, service)).path.removeprefix("/")
            if not await conn.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
                await conn.execute(f'CREATE DATABASE "{name}"')
    finally:
        await conn.close()
    for service in WITH_DATABASE:
        await asyncio.to_thread(migrate, installation.database(site.postgres, service), service)


async def _broker(site: Site, supervisor: Supervisor) -> None:
    site.broker = os.environ.get("PLATS_RABBITMQ", "")
    if site.broker:
        if not await rabbitmq.answers(site.broker):
            raise Trouble("PLATS_RABBITMQ is set, but no RabbitMQ answers there or lets us in.")
        site.management = os.environ.get("PLATS_RABBITMQ_MANAGEMENT")
    else:
        prefix = await _step("RabbitMQ's packages", debian.ensure(debian.RABBITMQ))
        made = rabbitmq.node(site.data / "rabbitmq", site.free, prefix)
        site.broker, site.management = made.url, made.management
        await supervisor.add("epmd", made.epmd)
        await _step("RabbitMQ", supervisor.add("rabbitmq", made.server))
    if site.management:
        with told_as("RabbitMQ's management API refused to make the queues", aiohttp.ClientError, TimeoutError):
            await _step("queues", topology.apply(site.management, installation.virtual_host(site.broker)))
    else:
        print("  PLATS_RABBITMQ_MANAGEMENT is not set: queues and policies are taken as they are.", flush=True)


async def _with_node(site: Site, supervisor: Supervisor) -> None:
    log = site.data / "logs" / "node.log"
    await _step("packages for Node", node.ensure_modules(log))
    async with _group() as group:
        group.create_task(_step("the pages' style sheet", node.ensure_built(log)))
        group.create_task(_step("identity", supervisor.add("identity", site.daemon("identity"))))


async def seed(env: Mapping[str, str], log: Path) -> None:
    """Add what is missing of the example programme.

    Raises:
        Trouble: it cannot be stored.
    """
    await command(sys.executable, "-m", "services.catalog.demo", env=env, log=log, what="Adding the example programme")


def _welcome(site: Site) -> str:
    where = "" if site.data == installation.USUAL else f" --data {shlex.quote(str(site.data))}"
    return f"""
Plats is running.

  Book a chair       {site.url("web")}/
  Work at the desk   {site.url("web")}/staff
  Help as a volunteer {site.url("web")}/sv/volunteer
  Read the SMS       {site.url("phonebox")}
  Catalog's API      {site.url("catalog")}/v1/sessions
  Booking's API      {site.url("booking")}/openapi.json
  Token for staff    ./plats token --role staff --branch kista{where}
  Logs               {site.data / "logs"}

Ctrl-C stops everything and keeps the data."""
