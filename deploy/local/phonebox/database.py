"""The SQLite file with what phones and mailboxes hold and what must still be told to the library.

Calls are synchronous: each takes a fraction of a millisecond on a local file, and one process owns it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sms (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    direction TEXT NOT NULL,
    phone TEXT NOT NULL,    -- the person's end, whoever writes
    library TEXT NOT NULL,  -- the other end
    text TEXT NOT NULL,
    in_history INTEGER NOT NULL,
    created TEXT NOT NULL,
    delivered TEXT          -- may lie ahead; empty when no receipt will ever come
);
CREATE INDEX IF NOT EXISTS sms_by_phone ON sms (phone, number);

CREATE TABLE IF NOT EXISTS mails (
    number INTEGER PRIMARY KEY,
    mailbox TEXT NOT NULL,
    sender TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    message_id TEXT,
    attachments TEXT NOT NULL,
    arrived TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS mails_by_mailbox ON mails (mailbox, number);

CREATE TABLE IF NOT EXISTS callbacks (
    number INTEGER PRIMARY KEY,
    sms TEXT NOT NULL REFERENCES sms (id),
    receipt_url TEXT,       -- empty: an SMS from a phone, which goes where the setting says
    attempts INTEGER NOT NULL DEFAULT 0,
    first_due TEXT NOT NULL,
    due TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS callbacks_by_due ON callbacks (due);
"""


@contextmanager
def opened(folder: Path) -> Iterator[sqlite3.Connection]:
    """Open the file in this folder, making both where they are missing."""
    folder.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(folder / "phonebox.sqlite")
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # what is committed survives kill -9
        connection.executescript(_SCHEMA)
        yield connection
    finally:
        connection.close()


def now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


def text_of(at: datetime) -> str:
    """How a time is kept: UTC, all of one length, so that texts sort as times do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
