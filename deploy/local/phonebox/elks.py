"""The provider's HTTP interface, as 46elks documents it: send an SMS, read the history."""

import asyncio
import hmac
import json
import math
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Annotated, Literal

from aiohttp import encode_basic_auth, web
from pydantic import AfterValidator, BaseModel, Field, PositiveInt, ValidationError
from yarl import URL

from deploy.local.phonebox import callbacks, texts
from deploy.local.phonebox.database import now
from deploy.local.phonebox.faults import SmsScript
from deploy.local.phonebox.state import PHONEBOX, Phonebox
from deploy.local.phonebox.texts import Sms, provider_time

_COST_OF_PART = 3500  # in 1/10 000 SEK
_MOST_AT_ONCE = 100
_FLOOD = 64 * 1024

_WRONG = {
    "error": (500, "text/plain", "Internal Server Error"),
    "busy": (429, "text/plain", "Too many requests"),
    "away": (503, "text/plain", "Service Unavailable"),
    "elsewhere": (307, "text/plain", "Ask again, over there"),
    "garbage": (200, "text/html", "<html><body>We will be right back"),
    "no id": (200, "application/json", '{"status": "created"}'),
}


def _with_zone(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _web_address(text: str) -> str:
    url = URL(text)
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError("no web address")
    return text


PhoneNumber = Annotated[str, Field(pattern=r"^\+[1-9][0-9]{6,14}$")]
SenderName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9 ]{0,10}$")]
WebAddress = Annotated[str, AfterValidator(_web_address)]
ProviderTime = Annotated[datetime, AfterValidator(_with_zone)]


class Order(BaseModel):
    """The form that sends an SMS."""

    sender: PhoneNumber | SenderName = Field(alias="from")
    to: PhoneNumber
    message: str = Field(min_length=1)
    whendelivered: WebAddress | None = None
    dontlog: Literal["message"] | None = None
    flashsms: Literal["yes", "no"] | None = None


class Search(BaseModel):
    """The query of the history, which goes back in time: `start` is its later end."""

    to: str | None = None
    sender: str | None = Field(None, alias="from")
    start: ProviderTime | None = None
    end: ProviderTime | None = None
    limit: PositiveInt = _MOST_AT_ONCE


def routes() -> list[web.RouteDef]:
    """The addresses of the provider."""
    return [web.post("/a1/sms", send), web.get("/a1/sms", history)]


async def send(request: web.Request) -> web.StreamResponse:
    """Take an SMS, unless the script says otherwise."""
    box = request.app[PHONEBOX]
    _authorise(request, box)
    try:
        order = Order.model_validate(dict(await request.post()))
    except ValidationError as error:
        raise _bad_request(error) from error
    script, seconds = box.faults.take_sms(order.to)
    if script.accepts == "late":
        await asyncio.sleep(seconds)
    sms = _accept(box, order, script, seconds) if script.accepts != "never" else None
    return await _answer(request, sms, script, seconds)


async def history(request: web.Request) -> web.Response:
    """What was sent and received, newest first, in pages."""
    box = request.app[PHONEBOX]
    _authorise(request, box)
    try:
        search = Search.model_validate(dict(request.query))
    except ValidationError as error:
        raise _bad_request(error) from error
    limit = min(search.limit, _MOST_AT_ONCE)
    found = texts.find(
        box.db,
        sender=search.sender,
        recipient=search.to,
        before=search.start,
        after=search.end,
        limit=limit + 1,
    )
    page = found[:limit]
    more = {"next": provider_time(page[-1].created)} if len(found) > limit else {}
    return web.json_response({"data": [_in_history(sms) for sms in page], **more})


def _authorise(request: web.Request, box: Phonebox) -> None:
    settings = box.settings
    expected = encode_basic_auth(settings.sms_username, settings.sms_password.get_secret_value())
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise web.HTTPUnauthorized(
            text="API access requires Basic HTTP authentication",
            headers={"WWW-Authenticate": 'Basic realm="phonebox"'},
        )


def _bad_request(error: ValidationError) -> web.HTTPBadRequest:
    fields = {str(mistake["loc"][0]) for mistake in error.errors()}
    return web.HTTPBadRequest(text=f"Missing or invalid: {', '.join(sorted(fields))}")


def _accept(box: Phonebox, order: Order, script: SmsScript, seconds: float) -> Sms:
    at = now()
    delivered = at + timedelta(seconds=seconds) if script.receipt == "late" else at
    sms = Sms(
        id=texts.new_id(),
        direction="outgoing",
        phone=order.to,
        library=order.sender,
        text=order.message,
        created=at,
        delivered=None if script.receipt == "never" else delivered,
        in_history=order.dontlog is None,
    )
    with box.db:
        sms = texts.add(box.db, sms)
        if order.whendelivered and sms.delivered:
            callbacks.add(box.db, sms, receipt_url=order.whendelivered, due=sms.delivered)
    box.callbacks.wake()
    return sms


async def _answer(request: web.Request, sms: Sms | None, script: SmsScript, seconds: float) -> web.StreamResponse:
    match script.answer:
        case "created":
            return web.Response(body=_created(sms), content_type="application/json")
        case "drip" | "endless":
            return await _slowly(request, _created(sms), seconds if script.answer == "drip" else None)
        case "silence" | "cut":
            await asyncio.sleep(seconds if script.answer == "silence" else 0)
            return _cut(request)
        case wrong:
            status, content_type, text = _WRONG[wrong]
            headers = _wrong_headers(request, wrong, seconds)
            return web.Response(status=status, content_type=content_type, text=text, headers=headers)


def _wrong_headers(request: web.Request, answer: str, seconds: float) -> dict[str, str]:
    match answer:
        case "busy":
            return {"Retry-After": str(math.ceil(seconds))}
        case "away":
            return {"Retry-After": format_datetime(now() + timedelta(seconds=seconds), usegmt=True)}
        case "elsewhere":
            return {"Location": str(request.rel_url)}
        case _:
            return {}


async def _slowly(request: web.Request, body: bytes, seconds: float | None) -> web.StreamResponse:
    """Answer byte by byte within so many seconds; without them, with as much as the other side will take."""
    answer = web.StreamResponse()
    await answer.prepare(request)
    with suppress(ConnectionError):  # they need not wait for it
        while seconds is None:
            await answer.write(body[:1] * _FLOOD)
        for byte in body:
            await answer.write(bytes([byte]))
            await asyncio.sleep(seconds / len(body))
    return answer


def _created(sms: Sms | None) -> bytes:
    return json.dumps(_facts(sms) | {"status": "created"} if sms else {}).encode()


def _cut(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response()  # reaches nobody


def _facts(sms: Sms) -> dict[str, str | int]:
    """The SMS as the provider shows it, without a text that it was asked not to keep."""
    facts: dict[str, str | int] = {
        "id": sms.id,
        "direction": sms.direction,
        "from": sms.sender,
        "to": sms.recipient,
        "created": provider_time(sms.created),
        "parts": sms.size.parts,
        "cost": _COST_OF_PART * sms.size.parts,
    }
    return facts | ({"message": sms.text} if sms.in_history else {"dontlog": "message"})


def _in_history(sms: Sms) -> dict[str, str | int]:
    if not sms.reached_phone:
        return _facts(sms)
    if sms.delivered and sms.delivered <= now():
        return _facts(sms) | {"status": "delivered", "delivered": provider_time(sms.delivered)}
    return _facts(sms) | {"status": "sent"}
