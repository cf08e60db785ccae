"""What a visitor's browser keeps for us: encrypted, for an hour, out of the reach of scripts, never in an address."""

import base64
import hashlib
import hmac
from typing import Generic, TypeVar

from aiohttp import web
from cryptography.fernet import Fernet, InvalidToken
from pydantic import ValidationError

from services.web.transfer import over_tls
from shared.models import Model

_SECONDS = 3600
CLEARED = {"Clear-Site-Data": '"cache"'}
"""Goes with an answer that takes cookies back: forms with faults, which Back would show, go as well."""

M = TypeVar("M", bound=Model)


class SealedCookie(Generic[M]):
    """A cookie that holds a model, readable by us only."""

    def __init__(self, name: str, model: type[M], key: str) -> None:
        """Derive the cookie's own key from the service's ``key`` (hex) and its ``name``."""
        self._name = name
        self._model = model
        derived = hmac.digest(bytes.fromhex(key), name.encode(), hashlib.sha256)
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def read(self, request: web.Request) -> M | None:
        """What this browser carries, unless it is too old or not ours."""
        try:
            token = request.cookies.get(self._name, "").encode("utf-8", "surrogateescape")
            return self._model.model_validate_json(self._fernet.decrypt(token, ttl=_SECONDS))
        except (InvalidToken, ValidationError):
            return None

    def keep(self, request: web.Request, response: web.StreamResponse, value: M) -> None:
        """Have the browser carry this for an hour from now, in place of what it has."""
        response.set_cookie(
            self._name,
            self._fernet.encrypt(value.model_dump_json(exclude_defaults=True).encode()).decode(),
            max_age=_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=over_tls(request),  # a visitor who lies about this harms only their own cookie
        )

    def forget(self, response: web.StreamResponse) -> None:
        """Take it back: the next person at this computer sees nothing."""
        response.del_cookie(self._name)
