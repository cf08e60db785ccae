"""Mails in people's mailboxes."""

import json
import sqlite3
from dataclasses import asdict, dataclass
from datetime import datetime

from deploy.local.phonebox.database import text_of


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that came with a mail; `text` is None when it is no text."""

    filename: str
    content_type: str
    text: str | None


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a mail says, whoever gets it."""

    sender: str
    subject: str
    text: str
    message_id: str | None
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A letter in one mailbox."""

    number: int
    mailbox: str
    arrived: datetime
    letter: Letter


def _from_row(row: sqlite3.Row) -> Mail:
    return Mail(
        number=row["number"],
        mailbox=row["mailbox"],
        arrived=datetime.fromisoformat(row["arrived"]),
        letter=Letter(
            sender=row["sender"],
            subject=row["subject"],
            text=row["text"],
            message_id=row["message_id"],
            attachments=tuple(Attachment(**fields) for fields in json.loads(row["attachments"])),
        ),
    )


def add(db: sqlite3.Connection, letter: Letter, mailboxes: list[str], arrived: datetime) -> None:
    """Put a copy into each mailbox."""
    attachments = json.dumps([asdict(attachment) for attachment in letter.attachments])
    db.executemany(
        "INSERT INTO mails (mailbox, sender, subject, text, message_id, attachments, arrived)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (mailbox, letter.sender, letter.subject, letter.text, letter.message_id, attachments, text_of(arrived))
            for mailbox in mailboxes
        ],
    )


def find(db: sqlite3.Connection, *, mailbox: str | None = None, limit: int = -1) -> list[Mail]:
    """The mails in this mailbox, or in all, newest first; a negative limit is none."""
    rows = db.execute(
        "SELECT number, mailbox, sender, subject, text, message_id, attachments, arrived FROM mails"
        " WHERE :mailbox IS NULL OR mailbox = :mailbox ORDER BY number DESC LIMIT :limit",
        {"mailbox": mailbox, "limit": limit},
    )
    return [_from_row(row) for row in rows]


def mailboxes(db: sqlite3.Connection, limit: int) -> list[str]:
    """Addresses, the one with the newest mail first."""
    rows = db.execute("SELECT mailbox FROM mails GROUP BY mailbox ORDER BY max(number) DESC LIMIT ?", (limit,))
    return [row["mailbox"] for row in rows]


def newest(db: sqlite3.Connection) -> int:
    """A number that grows with every message."""
    (number,) = db.execute("SELECT coalesce(max(number), 0) FROM mails").fetchone()
    return int(number)
