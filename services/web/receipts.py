"""What a browser keeps after a booking: code and proof, encrypted, for an hour, never in an address."""

import base64
import hashlib
import hmac

from aiohttp import web
from cryptography.fernet import Fernet, InvalidToken
from pydantic import ValidationError

from services.web.transfer import over_tls
from shared.models import Model

_COOKIE = "plats_receipt"
_SECONDS = 3600


class Receipt(Model):
    """What finds a booking again."""

    code: str
    proof: str


class Receipts:
    """Receipts in the visitor's browser, readable by us only."""

    def __init__(self, key: str) -> None:
        """Derive the cookie's key from the service's ``key`` (hex)."""
        derived = hmac.digest(bytes.fromhex(key), b"receipt cookie", hashlib.sha256)
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def read(self, request: web.Request) -> Receipt | None:
        """The receipt this browser carries, unless it is too old or not ours."""
        try:
            token = request.cookies.get(_COOKIE, "").encode("utf-8", "surrogateescape")
            return Receipt.model_validate_json(self._fernet.decrypt(token, ttl=_SECONDS))
        except (InvalidToken, ValidationError):
            return None

    def keep(self, request: web.Request, response: web.StreamResponse, receipt: Receipt) -> None:
        """Give the browser a receipt; one it has is replaced."""
        response.set_cookie(
            _COOKIE,
            self._fernet.encrypt(receipt.model_dump_json().encode()).decode(),
            max_age=_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=over_tls(request),  # a visitor who lies about it harms only their own cookie
        )

    def forget(self, response: web.StreamResponse) -> None:
        """Take the receipt back: the next person at this computer sees nothing."""
        response.del_cookie(_COOKIE)
