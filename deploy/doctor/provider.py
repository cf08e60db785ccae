"""What left the house, as those outside tell it: the SMS provider's history, and the phonebox's mailboxes."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import aiohttp
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from deploy.doctor.site import Site, SmsProvider

MEMORY = timedelta(days=2)
"""How far back the provider is asked."""

_AN_ANSWER = "outgoing-reply"
"""How the history calls what went out because a webhook answered with a text: it is kept as no message."""

_PAGE = 100
_TIMEOUT = aiohttp.ClientTimeout(total=20)


class Sms(BaseModel):
    """An SMS in the provider's history."""

    id: str
    direction: str
    to: str = Field(repr=False)
    created: datetime

    @property
    def at(self) -> datetime:
        """When it was accepted; the provider writes UTC without saying so."""
        return self.created if self.created.tzinfo else self.created.replace(tzinfo=UTC)

    @property
    def is_message(self) -> bool:
        """Whether somebody had it sent: not what a phone wrote, nor what it got back at once."""
        return self.direction.startswith("outgoing") and self.direction != _AN_ANSWER


class _History(BaseModel):
    data: list[Sms]
    next: str | None = None


class _Mail(BaseModel):
    kind: str
    message_id: str | None = None


class _Mailboxes(BaseModel):
    items: list[_Mail]


_MAILBOXES = TypeAdapter(_Mailboxes)


@dataclass(kw_only=True, slots=True)
class Log:
    """What those outside accepted from us; None where nobody can be asked, or ``trouble`` says why not."""

    since: datetime
    sms: list[Sms] | None = None
    mails: Counter[UUID] | None = None
    """How often each of our messages arrived as a mail."""
    strange_mails: int = 0
    """Mails whose Message-ID is none of ours."""
    trouble: str | None = None
    asked: bool = False


async def read(site: Site) -> Log:
    """Ask those outside; what cannot be had is said in the log, not raised."""
    log = Log(since=datetime.now(UTC) - MEMORY, asked=bool(site.sms or site.mailboxes))
    try:
        async with aiohttp.ClientSession(timeout=_TIMEOUT) as http:
            if site.sms:
                log.sms = await _sms(http, site.sms, log.since)
            if site.mailboxes:
                await _read_mails(http, site.mailboxes, log)
    except (aiohttp.ClientError, TimeoutError, ValidationError) as error:
        log.trouble = type(error).__name__
    return log


async def _sms(http: aiohttp.ClientSession, provider: SmsProvider, since: datetime) -> list[Sms]:
    """What was accepted from us since then. The history goes back in time, page by page."""
    found: list[Sms] = []
    query = {"end": since.replace(tzinfo=None).isoformat(), "limit": str(_PAGE)}
    headers = {"Authorization": aiohttp.encode_basic_auth(provider.username, provider.password)}
    while True:
        async with http.get(f"{provider.url}/sms", params=query, headers=headers) as answer:
            answer.raise_for_status()
            page = _History.model_validate_json(await answer.read())
        found += page.data
        if not page.next or not page.data or page.data[-1].at < since:
            break
        query["start"] = page.next
    return [sms for sms in found if sms.at >= since and sms.is_message]


async def _read_mails(http: aiohttp.ClientSession, phonebox: str, log: Log) -> None:
    async with http.get(f"{phonebox}/api/messages") as answer:
        answer.raise_for_status()
        items = _MAILBOXES.validate_json(await answer.read()).items
    ids = [_message(item.message_id or "") for item in items if item.kind == "email"]
    log.mails = Counter(id_ for id_ in ids if id_)
    log.strange_mails = ids.count(None)


def _message(message_id: str) -> UUID | None:
    """The message of ours that a Message-ID names: ``<id@plats.domain>``."""
    local, _, domain = message_id.strip("<> ").partition("@")
    try:
        return UUID(local) if domain.startswith("plats.") else None
    except ValueError:
        return None
