"""Who of those who help is signed in at a browser: it holds volunteers' token, encrypted, out of the reach of scripts.

Nothing is kept here: how long a token is good, and that it is not any more, volunteers says.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken

from services.web.staff.signed_in import cookie_name, drop_cookie, set_cookie

if TYPE_CHECKING:
    from aiohttp import web

_COOKIE = "__Host-plats_helper"
_SECONDS = 30 * 24 * 3600
"""As long as a token can be good at most."""


class SignedInHelpers:
    """Those who are signed in."""

    def __init__(self, key: str) -> None:
        """Read and write with the service's ``key`` (hex)."""
        own = bytes.fromhex(key)
        self._fernet = Fernet(base64.urlsafe_b64encode(hmac.digest(own, b"helper tokens", hashlib.sha256)))
        self._csrf_key = hmac.digest(own, b"helper forms", hashlib.sha256)

    def begin(self, request: web.Request, response: web.StreamResponse, token: str) -> None:
        """Sign somebody in at this browser, whoever was before."""
        set_cookie(request, response, _COOKIE, self._fernet.encrypt(token.encode()).decode(), _SECONDS)

    def token(self, request: web.Request) -> str | None:
        """What this browser holds, where it is ours."""
        sealed = request.cookies.get(cookie_name(request, _COOKIE), "").encode("utf-8", "surrogateescape")
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            return None

    def end(self, request: web.Request, response: web.StreamResponse) -> None:
        """Nobody is signed in at this browser any more."""
        drop_cookie(request, response, _COOKIE)

    def csrf(self, token: str) -> str:
        """What the forms of whoever holds ``token`` carry: a page of another site cannot know it."""
        return hmac.new(self._csrf_key, token.encode(), hashlib.sha256).hexdigest()
