"""Numbered SQL, forward only: the tables of every service that hears and tells events, then the service's own."""

import logging
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from yoyo import get_backend, read_migrations

from shared.events import QUEUES

_ROOT = Path(__file__).parents[2]
_ONE_AT_A_TIME = 0x504C4154  # "PLAT": the advisory lock migrations hold


def migrate(dsn: str, service: str) -> None:
    """Bring a service's database up to date; two that start at once take turns.

    Raises:
        psycopg.Error: the database is away or refuses a statement; nothing of that step remains.
    """
    logging.getLogger("yoyo").setLevel(logging.WARNING)
    with psycopg.connect(dsn, autocommit=True) as guard:
        guard.execute("SELECT pg_advisory_lock(%s)", (_ONE_AT_A_TIME,))
        backend = get_backend(urlunsplit(urlsplit(dsn)._replace(scheme="postgresql+psycopg")))
        try:
            backend.break_lock()  # ours is the advisory lock; yoyo's own survives a kill
            steps = read_migrations(*_folders(service))
            with backend.lock():
                for step in backend.to_apply(steps):
                    _apply(backend, step)
        finally:
            backend.connection.close()


def _folders(service: str) -> list[str]:
    """Where a service's steps are; who has a queue keeps an inbox and an outbox."""
    own = str(_ROOT / "services" / service / "migrations")
    return [str(_ROOT / "shared" / "migrations"), own] if service in QUEUES else [own]


def _apply(backend: Any, step: Any) -> None:  # noqa: ANN401 - yoyo ships no types
    """Apply a step and note that it is done, in one transaction: yoyo commits first the one and then the other."""
    step.load()
    if not step.use_transactions:
        backend.apply_one(step)
        return
    with backend.transaction():
        step.process_steps(backend, "apply")
        backend.mark_one(step)
