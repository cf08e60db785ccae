"""What the SMS provider tells: what became of our messages, and what people answer."""

import hmac
from datetime import UTC, datetime

from aiohttp import encode_basic_auth, hdrs, web
from pydantic import ConfigDict, Field, ValidationError, ValidatorFunctionWrapHandler, field_validator
from yarl import URL

from services.notify import usecases
from services.notify.channels.sms import INCOMING, RECEIPTS, ProviderId
from services.notify.contacts import ContactsAway
from services.notify.domain import Receipt
from services.notify.http.api import LISTENER, SETTINGS, api
from services.notify.listening import Sms
from services.notify.settings import NotifySettings
from shared.keys import DATABASE
from shared.logs import get_logger
from shared.models import Model
from shared.problems import Problem, invalid

log = get_logger()


class ReceiptForm(Model):
    """What the provider says of an SMS it accepted."""

    id: ProviderId
    status: Receipt


@api.post(RECEIPTS, status=204, problems=("unauthorized", "invalid"))
async def receipt(request: web.Request) -> web.Response:
    """Take a delivery receipt, a form with ``id`` and ``status``.

    Answers only after it is kept. One that comes twice, late, or before its SMS is known to us changes nothing
    wrongly.
    """
    settings = request.app[SETTINGS]
    _require_provider(request, settings)
    form = await request.post()
    try:
        told = ReceiptForm.model_validate(dict(form))
    except ValidationError as error:
        raise invalid(error) from error
    await request.app[DATABASE].transact(
        lambda conn: usecases.take_receipt(conn, told.id, told.status, settings.policy)
    )
    return web.Response(status=204)


class IncomingForm(Model):
    """An SMS that somebody sent to the library's number."""

    model_config = ConfigDict(hide_input_in_errors=True)

    id: ProviderId
    direction: str = "incoming"
    sender: str = Field(alias="from", max_length=40)
    message: str = ""
    created: datetime | None = None

    @field_validator("created", mode="wrap")
    @classmethod
    def _readable(cls, value: object, read: ValidatorFunctionWrapHandler) -> datetime | None:
        """The provider writes UTC without saying so; a time that cannot be read is none, and no reason to refuse."""
        try:
            at: datetime | None = read(value)
        except ValidationError:
            return None
        return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)


@api.post(INCOMING, problems=("unauthorized", "invalid", "unavailable"))
async def incoming(request: web.Request) -> web.Response:
    """Take an SMS that somebody sent, a form with ``id``, ``from`` and ``message``.

    Answers only after what it says is kept. A text in the answer is what the sender gets back as an SMS; 204 is
    nothing. One that comes twice has one effect, and gets the same text back.
    """
    _require_provider(request, request.app[SETTINGS])
    form = await request.post()
    try:
        told = IncomingForm.model_validate(dict(form))
    except ValidationError as error:
        raise invalid(error) from error
    if told.direction != "incoming":
        return web.Response(status=204)
    sms = Sms(id=told.id, sender=told.sender, text=told.message, at=told.created)
    try:
        answer = await request.app[LISTENER].hear(sms)
    except ContactsAway as away:
        log.warning("contacts_away", reason=str(away))
        raise Problem("unavailable", 503, "Please deliver it again", headers={hdrs.RETRY_AFTER: "30"}) from away
    return web.Response(text=answer) if answer else web.Response(status=204)


def _require_provider(request: web.Request, settings: NotifySettings) -> None:
    """Let only the provider pass: it shows the credentials that stand in the webhook's address.

    Raises:
        Problem: 401 otherwise.
    """
    webhook = URL(settings.sms_webhook.get_secret_value())
    expected = encode_basic_auth(webhook.user or "", webhook.password or "")
    given = request.headers.get(hdrs.AUTHORIZATION, "")
    if not hmac.compare_digest(given.encode(errors="surrogateescape"), expected.encode()):
        log.warning("webhook_refused", credentials=bool(given))
        raise Problem(
            "unauthorized",
            401,
            "Show the credentials of the webhook",
            headers={hdrs.WWW_AUTHENTICATE: 'Basic realm="plats"'},
        )
