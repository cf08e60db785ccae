"""What an installation's folder holds: its keys, what runs, and how to reach it."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from deploy.local.processes import ROOT
from deploy.local.trouble import Trouble

USUAL = ROOT / ".plats"
"""Where an installation is when nothing else was asked for."""

WITH_EVENTS = ("catalog", "booking", "notify", "volunteers")
"""Services that hear and tell events: each keeps an inbox and an outbox, and what they are about."""

WITH_DATABASE = (*WITH_EVENTS, "web")
"""Services that keep data: web's is only who is signed in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Keys:
    """The secrets of an installation, each made once."""

    catalog: str
    booking: str
    notify: str
    volunteers: str
    web: str
    identity: str
    """Protects the identity provider's door for tokens."""
    sms: str
    """The password at the SMS provider."""
    webhook: str
    """What the SMS provider shows when it reports back."""

    @classmethod
    def of(cls, data: Path) -> "Keys":
        """Read them, and make those that are missing."""
        file = data / "keys.json"
        kept = json.loads(file.read_text()) if file.exists() else {}
        keys = cls(**{field.name: kept.get(field.name) or secrets.token_hex(32) for field in fields(cls)})
        if asdict(keys) != kept:
            _write(file, json.dumps(asdict(keys), indent=2) + "\n")
        return keys


def write_run(data: Path, content: Mapping[str, Any]) -> None:
    """Write run.json whole or not at all."""
    _write(data / "run.json", json.dumps(content, indent=2) + "\n")


def _write(file: Path, text: str) -> None:
    """Write a file whole, for its owner's eyes: what is read at the same time is the old one or the new one."""
    making = file.with_name(f"{file.name}.making")
    making.touch(mode=0o600)
    making.write_text(text)
    making.replace(file)


def running(data: Path) -> dict[str, Any]:
    """What run.json tells.

    Raises:
        Trouble: nothing runs there.
    """
    try:
        found: dict[str, Any] = json.loads((data / "run.json").read_text()) if _is_held(data) else {}
    except FileNotFoundError:
        found = {}
    if not found:
        raise Trouble(f"Nothing runs in {data}. Start it with ./plats up, or name its folder with --data.")
    return found


def _is_held(data: Path) -> bool:
    """Whether a supervisor lives there; run.json alone may be that of one that was killed."""
    try:
        with (data / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        pass
    return False


@contextmanager
def held(data: Path) -> Iterator[None]:
    """Have a folder for ourselves.

    Raises:
        Trouble: a running Plats has it, or it cannot be written to.
    """
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (data / "lock").open("w")
    except OSError as error:
        raise Trouble(f"{data} cannot be used: {error.strerror}. Choose another folder with --data.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(f"Plats already runs in {data}. {_where(data)}") from None
        run = data / "run.json"
        run.unlink(missing_ok=True)
        try:
            yield
        finally:
            run.unlink(missing_ok=True)


def _where(data: Path) -> str:
    try:
        return f"Open {running(data)['web']}, or start a second one with --data and another folder."
    except (Trouble, KeyError):
        return "It is still starting."


def database(admin: str, service: str) -> str:
    """The DSN of a service's database: named after the administrator's, ``plats`` where that is the server's own."""
    parts = urlsplit(admin)
    name = parts.path.removeprefix("/")
    prefix = "plats" if name in {"", "postgres"} else name
    return f"{parts.scheme}://{parts.netloc}/{prefix}_{service}" + (f"?{parts.query}" if parts.query else "")


def virtual_host(broker: str) -> str:
    """The virtual host in a broker's address."""
    return unquote(urlsplit(broker).path.removeprefix("/")) or "/"


def databases(data: Path) -> dict[str, str]:
    """The databases of a running installation whose rows and events belong together."""
    admin = running(data)["postgres"]
    return {service: database(admin, service) for service in WITH_EVENTS}


def environment_of(data: Path, service: str) -> dict[str, str]:
    """What a service needs to be told to work on a running installation's data from a command."""
    run = running(data)
    return dict(os.environ) | {
        "PLATS_KEY": getattr(Keys.of(data), service),
        "PLATS_DATABASE": database(run["postgres"], service),
        "PLATS_BROKER": run["rabbitmq"],
        "PLATS_IDENTITY_ISSUER": run["identity"],
        "PLATS_LOG_FORMAT": "console",
    }
