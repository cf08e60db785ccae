"""A virtual host of its own for every test that needs RabbitMQ."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import aiohttp
from yarl import URL

from deploy.local import debian, rabbitmq
from shared import topology


@dataclass(frozen=True, kw_only=True, slots=True)
class VirtualHost:
    """Where a test's messages go."""

    name: str
    url: str
    management: str


async def create(url: str, management: str) -> VirtualHost:
    """Make a virtual host with the whole topology."""
    name = f"test-{uuid4().hex[:12]}"
    async with aiohttp.ClientSession() as http, http.put(f"{management}/api/vhosts/{name}") as answer:
        answer.raise_for_status()
    await topology.apply(management, name)
    return VirtualHost(name=name, url=str(URL(url).with_path(f"/{quote(name)}")), management=management)


async def remove(host: VirtualHost) -> None:
    """Remove a virtual host with all that is in it."""
    async with aiohttp.ClientSession() as http, http.delete(f"{host.management}/api/vhosts/{host.name}") as answer:
        answer.raise_for_status()


async def control(server: rabbitmq.Server, *arguments: str) -> str:
    """Run `rabbitmqctl` on the node, in the environment it was started with; gives what it said."""
    home = await debian.ensure(debian.RABBITMQ)
    environ = Path(f"/proc/{server.pid}/environ").read_bytes().decode().rstrip("\0")
    process = await asyncio.create_subprocess_exec(
        home.path / "usr/lib/rabbitmq/bin/rabbitmqctl",
        "-q",
        *arguments,
        env=dict(line.split("=", 1) for line in environ.split("\0")),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    return output.decode()
