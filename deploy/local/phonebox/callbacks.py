"""What the provider tells the library: delivery receipts, and the SMS that phones send.

Both are form posts, repeated with growing pauses until the answer is 200 to 204, for six hours and at least
five times. One that is under way counts as due again after its time-out, so that a kill loses none.
"""

import asyncio
import contextlib
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

import aiohttp
import structlog

from deploy.local.phonebox import texts
from deploy.local.phonebox.database import now, text_of
from deploy.local.phonebox.texts import Sms, provider_time

_TIMEOUT = aiohttp.ClientTimeout(total=10)
_TAKEN = timedelta(seconds=11)
_FIRST_PAUSE = timedelta(seconds=0.2)
_LONGEST_PAUSE = timedelta(minutes=1)
_LEAST_ATTEMPTS = 5
_PERIOD = timedelta(hours=6)

logger = structlog.stdlib.get_logger()


@dataclass(frozen=True, kw_only=True)
class Callback:
    """One thing to tell; without a receipt's address it is an SMS from a phone."""

    number: int
    sms: Sms
    receipt_url: str | None
    attempts: int
    first_due: datetime

    @property
    def form(self) -> dict[str, str]:
        """What is posted."""
        if self.receipt_url:
            delivered = {"delivered": provider_time(self.sms.delivered)} if self.sms.delivered else {}
            return {"id": self.sms.id, "status": "delivered", **delivered}
        return {
            "direction": self.sms.direction,
            "id": self.sms.id,
            "from": self.sms.sender,
            "to": self.sms.recipient,
            "created": provider_time(self.sms.created),
            "message": self.sms.text,
        }


def add(db: sqlite3.Connection, sms: Sms, *, receipt_url: str | None, due: datetime) -> None:
    """Note what is to be told, in the transaction that brings the SMS itself."""
    db.execute(
        "INSERT INTO callbacks (sms, receipt_url, first_due, due) VALUES (?, ?, ?, ?)",
        (sms.id, receipt_url, text_of(due), text_of(due)),
    )


class Callbacks:
    """Tells what is due for as long as it runs."""

    def __init__(self, db: sqlite3.Connection, http: aiohttp.ClientSession, incoming: str) -> None:
        self._db = db
        self._http = http
        self._incoming = incoming
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Say that there is something new to tell."""
        self._news.set()

    async def run(self) -> None:
        """Tell what is due until cancelled; begins with what an earlier process left under way."""
        with self._db:
            self._db.execute("UPDATE callbacks SET due = min(due, ?)", (text_of(now()),))
        async with asyncio.TaskGroup() as under_way:
            while True:
                self._news.clear()
                for callback in self._claim_due():
                    under_way.create_task(self._tell(callback))
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._pause()):
                        await self._news.wait()

    def _claim_due(self) -> list[Callback]:
        with self._db:
            rows = self._db.execute(
                "UPDATE callbacks SET attempts = attempts + 1, due = ? WHERE due <= ?"
                " RETURNING number, sms, receipt_url, attempts, first_due",
                (text_of(now() + _TAKEN), text_of(now())),
            ).fetchall()
        return [
            Callback(
                number=row["number"],
                sms=texts.by_id(self._db, row["sms"]),
                receipt_url=row["receipt_url"],
                attempts=row["attempts"],
                first_due=datetime.fromisoformat(row["first_due"]),
            )
            for row in rows
        ]

    def _pause(self) -> float | None:
        (due,) = self._db.execute("SELECT min(due) FROM callbacks").fetchone()
        return max((datetime.fromisoformat(due) - now()).total_seconds(), 0) if due else None

    async def _tell(self, callback: Callback) -> None:
        url = callback.receipt_url or self._incoming
        try:
            async with self._http.post(url, data=callback.form, allow_redirects=False, timeout=_TIMEOUT) as answer:
                heard = HTTPStatus.OK <= answer.status <= HTTPStatus.NO_CONTENT
                reply = await answer.text() if answer.status == HTTPStatus.OK else ""
        except (aiohttp.ClientError, TimeoutError):
            self._later(callback)
            return
        if heard:
            self._done(callback, "" if callback.receipt_url else reply.strip())
        else:
            self._later(callback)

    def _later(self, callback: Callback) -> None:
        if callback.attempts >= _LEAST_ATTEMPTS and now() - callback.first_due > _PERIOD:
            logger.warning("callback_given_up", sms=callback.sms.id, attempts=callback.attempts)
            self._done(callback, "")
            return
        pause = min(_FIRST_PAUSE * 2 ** min(callback.attempts - 1, 16), _LONGEST_PAUSE)
        with self._db:
            self._db.execute("UPDATE callbacks SET due = ? WHERE number = ?", (text_of(now() + pause), callback.number))
        self.wake()

    def _done(self, callback: Callback, reply: str) -> None:
        with self._db:
            self._db.execute("DELETE FROM callbacks WHERE number = ?", (callback.number,))
            if reply:
                texts.add(
                    self._db,
                    Sms(
                        id=texts.new_id(),
                        direction="outgoing-reply",
                        phone=callback.sms.phone,
                        library=callback.sms.library,
                        text=reply,
                        created=now(),
                        delivered=now(),
                    ),
                )
