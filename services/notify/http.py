import hmac

from aiohttp import encode_basic_auth, hdrs, web
from pydantic import ValidationError
from yarl import URL

from services.notify import usecases
from services.notify.channels.sms import RECEIPTS, ProviderId
from services.notify.domain import Receipt
from services.notify.settings import NotifySettings
from shared.http import Api
from shared.keys import DATABASE
from shared.logs import get_logger
from shared.models import Model
from shared.problems import Problem, invalid

log = get_logger()

api = Api()

SETTINGS = web.AppKey("settings", NotifySettings)


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


def _require_provider(request: web.Request, settings: NotifySettings) -> None:
    """Let only the provider pass: it shows the credentials that stand in the webhook's address.

    Raises:
        Problem: 401 otherwise.
    """
    webhook = URL(settings.sms_webhook.get_secret_value())
    expected = encode_basic_auth(webhook.user or "", webhook.password or "")
    given = request.headers.get(hdrs.AUTHORIZATION, "")
    if not hmac.compare_digest(given.encode(errors="surrogateescape"), expected.encode()):
        log.warning("receipt_refused", credentials=bool(given))
        raise Problem(
            "unauthorized",
            401,
            "Show the credentials of the webhook",
            headers={hdrs.WWW_AUTHENTICATE: 'Basic realm="plats"'},
        )
