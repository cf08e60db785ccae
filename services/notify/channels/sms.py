"""SMS by the HTTP interface of 46elks (46elks.com/docs): a form in, JSON out, receipts to a webhook.

The interface has no idempotency key. What may have been accepted is looked up in the history, which holds no
text because we ask for none to be kept: it is told apart by number, time, and the ids that are known already.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from http import HTTPStatus
from typing import Annotated, TypeAlias

import aiohttp
from aiohttp import hdrs
from pydantic import ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from services.notify import gsm7, render
from services.notify.channels.base import Written
from services.notify.domain import Again, Outcome, Refused, Sent, Unknown
from services.notify.render import HelperTelling, Telling
from services.notify.settings import NotifySettings
from services.notify.store import Message
from shared.logs import get_logger
from shared.models import Model

log = get_logger()

RECEIPTS = "/v1/providers/46elks/receipts"
INCOMING = "/v1/providers/46elks/incoming"

_AN_ANSWER = "outgoing-reply"
"""How the provider's history calls what it sent because a webhook answered with a text: no message of ours."""

ProviderId: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,100}$")]
"""What the provider calls an SMS."""

_LONGEST_ANSWER = 256 * 1024
"""Bytes; a page of the history is 30,000. What comes after them is not read."""

_PAGE = 100
_LONGEST_WAIT = timedelta(hours=1)
_ACCOUNT_TROUBLE = {HTTPStatus.UNAUTHORIZED, HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.FORBIDDEN}


class Accepted(Model):
    """An SMS in the provider's history."""

    model_config = ConfigDict(hide_input_in_errors=True)

    id: ProviderId
    direction: str
    sender: str = Field(alias="from")
    to: str
    created: datetime

    @property
    def at(self) -> datetime:
        """When it was accepted; the provider writes UTC without saying so."""
        return self.created if self.created.tzinfo else self.created.replace(tzinfo=UTC)

    @property
    def is_message(self) -> bool:
        """Whether it is one that was asked for by a call, not what somebody wrote or got back at once."""
        return self.direction.startswith("outgoing") and self.direction != _AN_ANSWER


class _Page(Model):
    model_config = ConfigDict(hide_input_in_errors=True)

    data: tuple[Accepted, ...]
    next: str | None = None


class _Created(Model):
    id: ProviderId


_CREATED = TypeAdapter(_Created)


class HistoryAway(Exception):  # noqa: N818 - a state of the provider, not a fault of ours
    """The provider's history cannot be read now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What the provider said."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def classify(answer: Answer, now: datetime) -> Outcome:
    """What an answer says about the message: only a clear word settles it."""
    status = answer.status
    wait = _retry_after(answer.headers.get(hdrs.RETRY_AFTER), now)
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        try:
            return Sent(provider_id=_CREATED.validate_json(answer.body).id)
        except ValidationError:
            return Unknown(why="no id in the answer")
    if status == HTTPStatus.TOO_MANY_REQUESTS or (status == HTTPStatus.SERVICE_UNAVAILABLE and wait is not None):
        return Again(why=str(status), after=wait or timedelta(0))
    if status in _ACCOUNT_TROUBLE:
        log.error("sms_account_refused", status=status)  # nothing is wrong with the message: ours to repair
        return Again(why=str(status))
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Refused(why=str(status))
    return Unknown(why=str(status))


def classify_error(error: aiohttp.ClientError | TimeoutError) -> Outcome:
    """What a failed call says: only one that never got a connection certainly left nothing behind."""
    if isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)):
        return Again(why=type(error).__name__)
    return Unknown(why=type(error).__name__)


def _retry_after(value: str | None, now: datetime) -> timedelta | None:
    if value is None:
        return None
    try:
        wait = timedelta(seconds=int(value)) if value.isdigit() else parsedate_to_datetime(value) - now
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, timedelta(0)), _LONGEST_WAIT)


async def _beginning(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) >= _LONGEST_ANSWER:
            break
    return bytes(body)


class Sms:
    """Text messages."""

    def __init__(self, settings: NotifySettings, http: aiohttp.ClientSession) -> None:
        self._http = http
        self._url = f"{settings.sms_url}/sms"
        self._auth = aiohttp.encode_basic_auth(settings.sms_username, settings.sms_password.get_secret_value())
        self._sender = settings.sms_sender
        self._receipts = settings.sms_webhook.get_secret_value().rstrip("/") + RECEIPTS
        self._limit = aiohttp.ClientTimeout(total=settings.call_limit, connect=min(5, settings.call_limit))

    def write(self, message: Message, telling: Telling | HelperTelling, to: str) -> Written:
        """Write a text; the provider is asked not to keep it."""
        text = render.sms(telling)
        form = {
            "from": self._sender,
            "to": to,
            "message": text,
            "whendelivered": self._receipts,
            "dontlog": "message",
        }
        return Written(hand_over=partial(self._send, form, message.now), parts=gsm7.parts(text))

    async def _send(self, form: Mapping[str, str], now: datetime) -> Outcome:
        try:
            answer = await self._call(hdrs.METH_POST, data=form)
        except (aiohttp.ClientError, TimeoutError) as error:
            return classify_error(error)
        return classify(answer, now)

    async def history(self, phone: str, since: datetime) -> list[Accepted]:
        """What the provider accepted from us for a number since then, oldest first.

        Raises:
            HistoryAway: it did not answer as documented.
        """
        found: list[Accepted] = []
        # The history goes back in time: `end` is its earlier end, and `next` the `start` of the page before.
        query = {"to": phone, "end": since.astimezone(UTC).replace(tzinfo=None).isoformat(), "limit": str(_PAGE)}
        while True:
            page = await self._history_page(query)
            found += page.data
            if not page.next or not page.data or page.data[-1].at < since:
                break
            query["start"] = page.next
        ours = [sms for sms in found if sms.sender == self._sender and sms.to == phone and sms.at >= since]
        return sorted((sms for sms in ours if sms.is_message), key=lambda sms: sms.at)

    async def _history_page(self, query: Mapping[str, str]) -> _Page:
        try:
            answer = await self._call(hdrs.METH_GET, params=query)
            if answer.status != HTTPStatus.OK:
                raise HistoryAway(str(answer.status))
            return _Page.model_validate_json(answer.body)
        except (aiohttp.ClientError, TimeoutError, ValidationError) as error:
            raise HistoryAway(type(error).__name__) from None

    async def _call(
        self,
        method: str,
        *,
        data: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        async with self._http.request(
            method,
            self._url,
            data=data,
            params=params,
            headers={hdrs.AUTHORIZATION: self._auth},
            timeout=self._limit,
            allow_redirects=False,
        ) as answer:
            return Answer(status=answer.status, headers=answer.headers, body=await _beginning(answer))
