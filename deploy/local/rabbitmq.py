"""A private RabbitMQ node from Debian's packages, with a port mapper of its own, on the loopback address only."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import aiohttp

from deploy.local import debian
from deploy.local.ports import Ports
from deploy.local.processes import Daemon, running
from shared import broker

_USER = "plats"
_NODE = "plats@localhost"
_READY_WITHIN = 90  # 3 to 5 s on an idle machine, up to 30 s on a busy one
_END_WITHIN = 3
"""Seconds. All is closed after one; then its management plugin waits five more for a process that has ended."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """A running node: where to publish and consume, and its management API."""

    url: str
    management: str
    pid: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """What makes up a node: two daemons, started in this order, and its addresses."""

    epmd: Daemon
    server: Daemon
    url: str
    management: str


def node(data: Path, ports: Ports, home: debian.Prefix) -> Node:
    """Write a node's configuration into its folder."""
    data.mkdir(parents=True, exist_ok=True)
    amqp, management, dist, ctl, epmd = ports.take(5)
    password = _secret(data / "password")
    _secret(data / ".erlang.cookie", mode=0o400)
    (data / "rabbitmq.conf").touch(mode=0o600)
    (data / "rabbitmq.conf").write_text(_configuration(amqp, management, password))
    (data / "advanced.config").write_text("[].\n")
    (data / "enabled_plugins").write_text("[rabbitmq_management].\n")
    env = _environment(_without_spaces(data), home, dist=dist, ctl=ctl, epmd=epmd)
    url = f"amqp://{_USER}:{password}@127.0.0.1:{amqp}/"
    at = f"http://{_USER}:{password}@127.0.0.1:{management}"

    async def ready() -> bool:
        return await manageable(at) and await answers(url)

    return Node(
        epmd=Daemon(
            name="epmd",
            argv=(home.find("epmd"), "-port", str(epmd), "-address", "127.0.0.1"),
            env=env,
            log=data / "epmd.log",
            ready=_at_once,
        ),
        server=Daemon(
            name="RabbitMQ",
            argv=(str(home.path / "usr/lib/rabbitmq/bin/rabbitmq-server"),),
            env=env,
            log=data / "rabbitmq.log",
            folder=data,
            ready=ready,
            ready_within=_READY_WITHIN,
            end_within=_END_WITHIN,
        ),
        url=url,
        management=at,
    )


def _configuration(amqp: int, management: int, password: str) -> str:
    lines = {
        "listeners.tcp.default": f"127.0.0.1:{amqp}",
        "management.tcp.ip": "127.0.0.1",
        "management.tcp.port": management,
        "default_user": _USER,
        "default_pass": password,
        "log.console": "true",
        "log.file": "false",
        "disk_free_limit.absolute": "100MB",
        "vm_memory_high_watermark.absolute": "1GB",
    }
    return "".join(f"{name} = {value}\n" for name, value in lines.items())


def _environment(data: Path, home: debian.Prefix, *, dist: int, ctl: int, epmd: int) -> dict[str, str]:
    """Nothing of ours or of the machine's own RabbitMQ reaches the node; nothing of it listens to the network."""
    erl = "-kernel inet_dist_use_interface {127,0,0,1}"
    return home.env() | {
        "HOME": str(data),
        "LANG": "C.UTF-8",
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_NODENAME": _NODE,
        "RABBITMQ_CONFIG_FILE": str(data / "rabbitmq.conf"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(data / "advanced.config"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(data / "enabled_plugins"),
        "RABBITMQ_MNESIA_BASE": str(data / "mnesia"),
        "RABBITMQ_LOG_BASE": str(data / "log"),
        "RABBITMQ_PID_FILE": str(data / "pid"),
        "RABBITMQ_GENERATED_CONFIG_DIR": str(data / "generated"),
        "RABBITMQ_DIST_PORT": str(dist),
        "RABBITMQ_CTL_DIST_PORT_MIN": str(ctl),
        "RABBITMQ_CTL_DIST_PORT_MAX": str(ctl),
        "ERL_EPMD_PORT": str(epmd),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_AFLAGS": "-start_epmd false",  # for every Erlang of the start script: ours is the only port mapper
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": erl,
    }


def _secret(file: Path, mode: int = 0o600) -> str:
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(16))
        file.chmod(mode)
    return file.read_text().strip()


def _without_spaces(data: Path) -> Path:
    """The folder by a name that RabbitMQ's disk monitor can read."""
    if " " not in str(data):
        return data
    digest = sha256(str(data).encode()).hexdigest()[:12]
    link = debian.cache() / digest
    link.unlink(missing_ok=True)
    link.symlink_to(data)
    return link


async def _at_once() -> bool:
    return True


async def answers(url: str) -> bool:
    """Whether a broker lets us in."""
    try:
        async with broker.connection(url, "plats-probe"):
            return True
    except broker.LOST:
        return False
    except asyncio.CancelledError:
        if (task := asyncio.current_task()) and task.cancelling():
            raise
        return False  # aio-pika's own, for a connection that broke while it was opened


async def manageable(management: str) -> bool:
    """Whether the management API answers."""
    timeout = aiohttp.ClientTimeout(total=3)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as http, http.get(f"{management}/api/overview") as found:
            return found.ok
    except (aiohttp.ClientError, TimeoutError):
        return False


@asynccontextmanager
async def rabbitmq(data: Path, port: int) -> AsyncIterator[Server]:
    """Run a node for as long as the block lasts, on this port or the next free ones.

    Raises:
        Trouble: it cannot be had here, or does not start.
    """
    home = await debian.ensure(debian.RABBITMQ)
    with Ports(port) as ports:
        made = node(data, ports, home)
        async with running(made.epmd), running(made.server) as started:
            yield Server(url=made.url, management=made.management, pid=started.pid)
