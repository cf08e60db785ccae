"""Text messages between the library and phones."""

import sqlite3
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from deploy.local.phonebox import gsm7
from deploy.local.phonebox.database import text_of

Direction = Literal["outgoing", "outgoing-reply", "incoming"]
"""As the provider calls them: a reply is the answer to an SMS that came in, given in the same breath."""


@dataclass(frozen=True, kw_only=True)
class Sms:
    """One text message.

    `delivered` may lie ahead, or be None when no receipt will ever come. `in_history` says whether the
    provider may keep the text; the phone has it in any case.
    """

    id: str
    direction: Direction
    phone: str
    library: str
    text: str
    created: datetime
    delivered: datetime | None = None
    in_history: bool = True

    @property
    def sender(self) -> str:
        """Who wrote it."""
        return self.phone if self.direction == "incoming" else self.library

    @property
    def recipient(self) -> str:
        """Who got it."""
        return self.library if self.direction == "incoming" else self.phone

    @property
    def reached_phone(self) -> bool:
        """Whether it is among what the person got, not what they wrote."""
        return self.direction != "incoming"

    @property
    def size(self) -> gsm7.Size:
        """What it costs."""
        return gsm7.measure(self.text)


def provider_time(at: datetime) -> str:
    """A time as the provider writes it: UTC, without saying so."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def new_id() -> str:
    """An id in the provider's form."""
    return f"s{uuid.uuid4().hex}"


def _from_row(row: sqlite3.Row) -> Sms:
    return Sms(
        id=row["id"],
        direction=row["direction"],
        phone=row["phone"],
        library=row["library"],
        text=row["text"],
        in_history=bool(row["in_history"]),
        created=datetime.fromisoformat(row["created"]),
        delivered=datetime.fromisoformat(row["delivered"]) if row["delivered"] else None,
    )


def add(db: sqlite3.Connection, sms: Sms) -> Sms:
    """Put an SMS on the phone.

    Returns:
        The SMS as kept: pages of the history start at a time, so no two were created at the same one.
    """
    (newest,) = db.execute("SELECT max(created) FROM sms").fetchone()
    if newest:
        earliest = datetime.fromisoformat(newest) + timedelta(microseconds=1)
        sms = replace(sms, created=max(sms.created, earliest))
    db.execute(
        "INSERT INTO sms (id, direction, phone, library, text, in_history, created, delivered)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            sms.id,
            sms.direction,
            sms.phone,
            sms.library,
            sms.text,
            sms.in_history,
            text_of(sms.created),
            text_of(sms.delivered) if sms.delivered else None,
        ),
    )
    return sms


def find(
    db: sqlite3.Connection,
    *,
    sender: str | None = None,
    recipient: str | None = None,
    before: datetime | None = None,
    after: datetime | None = None,
    limit: int = -1,
) -> list[Sms]:
    """The SMS of both directions that fit, newest first; a negative limit is none."""
    rows = db.execute(
        "SELECT id, direction, phone, library, text, in_history, created, delivered FROM sms"
        " WHERE (:sender IS NULL OR :sender = iif(direction = 'incoming', phone, library))"
        " AND (:recipient IS NULL OR :recipient = iif(direction = 'incoming', library, phone))"
        " AND (:before IS NULL OR created < :before) AND (:after IS NULL OR created > :after)"
        " ORDER BY number DESC LIMIT :limit",
        {
            "sender": sender,
            "recipient": recipient,
            "before": text_of(before) if before else None,
            "after": text_of(after) if after else None,
            "limit": limit,
        },
    )
    return [_from_row(row) for row in rows]


def on_phone(db: sqlite3.Connection, phone: str, limit: int) -> list[Sms]:
    """What this phone got and wrote, newest first; a negative limit is none."""
    rows = db.execute(
        "SELECT id, direction, phone, library, text, in_history, created, delivered FROM sms"
        " WHERE phone = ? ORDER BY number DESC LIMIT ?",
        (phone, limit),
    )
    return [_from_row(row) for row in rows]


def by_id(db: sqlite3.Connection, sms_id: str) -> Sms:
    """The SMS that is known to be there."""
    row = db.execute(
        "SELECT id, direction, phone, library, text, in_history, created, delivered FROM sms WHERE id = ?",
        (sms_id,),
    ).fetchone()
    return _from_row(row)


def phones(db: sqlite3.Connection, limit: int) -> list[str]:
    """Numbers, the one with the newest message first."""
    rows = db.execute("SELECT phone FROM sms GROUP BY phone ORDER BY max(number) DESC LIMIT ?", (limit,))
    return [row["phone"] for row in rows]


def number_to_answer(db: sqlite3.Connection, phone: str) -> str | None:
    """The number that wrote to this phone last; a name as sender cannot be answered."""
    row = db.execute(
        "SELECT library FROM sms WHERE phone = ? AND library LIKE '+%' ORDER BY number DESC LIMIT 1",
        (phone,),
    ).fetchone()
    return row["library"] if row else None


def newest(db: sqlite3.Connection) -> int:
    """A number that grows with every message."""
    (number,) = db.execute("SELECT coalesce(max(number), 0) FROM sms").fetchone()
    return int(number)
