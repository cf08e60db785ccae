"""Signing in by the municipality's own provider: OpenID Connect, code flow with PKCE, state and nonce.

oauthlib writes and reads what is said to the provider, PyJWT reads the tokens, our own client carries both.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

import aiohttp
import jwt
from aiohttp import hdrs
from oauthlib.oauth2 import OAuth2Error, WebApplicationClient
from yarl import URL

from shared.auth import IdentityProvider
from shared.logs import get_logger
from shared.models import Model
from shared.problems import Problem

if TYPE_CHECKING:
    from services.web.settings import WebSettings
    from shared.auth import Staff
    from shared.claims import Claims

log = get_logger()

_USUAL_LIFE = 300
"""Seconds an access token is taken to be good for where the provider does not say."""


class NotSignedIn(Exception):  # noqa: N818 - it says what is so
    """The provider does not vouch for somebody: their sign-in failed, or it ended."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Going:
    """Somebody on the way to the provider: where they go, and what must be the same when they come back."""

    address: str
    state: str
    nonce: str
    verifier: str


class Tokens(Model):
    """What the provider gave for somebody."""

    access: str
    refresh: str | None
    good_for: float
    """Seconds for which ``access`` was good when it came."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Vouched:
    """Somebody as the provider describes them."""

    subject: str
    name: str
    staff: Staff | None
    """None: they have no role here."""
    tokens: Tokens


class Provider:
    """The identity provider, as the pages use it."""

    def __init__(self, http: Callable[[], aiohttp.ClientSession], settings: WebSettings) -> None:
        self._http = http
        self._settings = settings
        self._trust = settings.trust
        self._identity = IdentityProvider(http, self._trust)

    async def going(self, callback: str) -> Going:
        """Send somebody to sign in, and then to ``callback``.

        Raises:
            Problem: 503 while nobody knows where that is.
        """
        client = self._client()
        verifier = client.create_code_verifier(64)
        state, nonce = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        address = client.prepare_request_uri(
            await self._identity.endpoint("authorization_endpoint"),
            redirect_uri=callback,
            scope=self._settings.identity_scope,
            state=state,
            code_challenge=client.create_code_challenge(verifier, "S256"),
            code_challenge_method="S256",
            nonce=nonce,
        )
        return Going(address=address, state=state, nonce=nonce, verifier=verifier)

    async def came_back(self, address: str, callback: str, going: Going) -> Vouched:
        """Who it is that came back to ``address``.

        Raises:
            NotSignedIn: they did not sign in, or what came does not belong to what was asked.
            Problem: 503 while the provider is away.
        """
        client = self._client()
        try:
            code = client.parse_request_uri_response(address, state=going.state)["code"]
        except OAuth2Error as error:
            raise NotSignedIn(error.error or "refused") from error
        # Where a provider names itself in its answer, it is the one that was asked (RFC 9207).
        if URL(address).query.get("iss", self._trust.issuer) != self._trust.issuer:
            raise NotSignedIn("another issuer answered")
        told = await self._ask(
            client,
            client.prepare_request_body(code=code, redirect_uri=callback, code_verifier=going.verifier),
        )
        identity = await self._verified(str(told.get("id_token", "")), self._settings.identity_client_id)
        if not secrets.compare_digest(str(identity.get("nonce", "")), going.nonce):
            raise NotSignedIn("the identity token is of another sign-in")
        return await self._vouched(told, str(identity["sub"]), _name(identity))

    async def renewed(self, tokens: Tokens, subject: str, name: str) -> Vouched:
        """The same person with new tokens, and with what they may do now.

        Raises:
            NotSignedIn: the provider does not vouch for them any more.
            Problem: 503 while it is away.
        """
        if tokens.refresh is None:
            raise NotSignedIn("the provider gave nothing to renew with")
        client = self._client()
        told = await self._ask(client, client.prepare_refresh_body(refresh_token=tokens.refresh))
        told = {"refresh_token": tokens.refresh} | told
        return await self._vouched(told, subject, name)

    async def signing_out(self, back: str) -> str | None:
        """Where somebody signs out of the provider too, to be sent ``back`` then; None where that is nowhere.

        The pages say who they are, and not whom they ask for: an identity token has a name in it, and no address may.
        """
        address = await self._identity.endpoint("end_session_endpoint")
        if not address:
            return None
        client = self._settings.identity_client_id
        return str(URL(address).update_query(client_id=client, post_logout_redirect_uri=back))

    def _client(self) -> WebApplicationClient:
        return WebApplicationClient(self._settings.identity_client_id)

    async def _ask(self, client: WebApplicationClient, body: str) -> dict[str, Any]:
        address = await self._identity.endpoint("token_endpoint")
        secret = self._settings.identity_client_secret.get_secret_value()
        # Each part is written as in a form before they are joined (RFC 6749, 2.3.1).
        authorization = aiohttp.encode_basic_auth(quote_plus(self._settings.identity_client_id), quote_plus(secret))
        headers = {
            hdrs.CONTENT_TYPE: "application/x-www-form-urlencoded",
            hdrs.ACCEPT: "application/json",
            hdrs.AUTHORIZATION: authorization,
        }
        try:
            async with self._http().post(address, data=body, headers=headers) as answer:
                told = await answer.text()
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("identity_provider_away", reason=type(error).__name__)
            raise _away() from error
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.warning("identity_provider_failed", status=answer.status)
            raise _away()
        try:
            found: dict[str, Any] = client.parse_request_body_response(told)
        except OAuth2Error as error:
            raise NotSignedIn(error.error or "refused") from error
        return found

    async def _vouched(self, told: dict[str, Any], subject: str, name: str) -> Vouched:
        access = str(told["access_token"])
        claims = await self._verified(access, self._trust.audience)
        if claims["sub"] != subject:
            raise NotSignedIn("the tokens are of two people")
        return Vouched(
            subject=subject,
            name=name,
            staff=self._trust.staff(claims),
            tokens=Tokens(
                access=access,
                refresh=told.get("refresh_token"),
                good_for=max(0.0, float(str(claims["exp"])) - time.time()),
            ),
        )

    async def _verified(self, token: str, audience: str) -> Claims:
        try:
            return await self._identity.verified(token, audience)
        except jwt.PyJWTError as error:
            raise NotSignedIn(f"a token is not valid: {type(error).__name__}") from error


def _away() -> Problem:
    return Problem("unavailable", 503, "Sign-in is not available now")


def _name(claims: Claims) -> str:
    """What to call somebody: their name, or what the provider has instead of it."""
    return str(claims.get("name") or claims.get("preferred_username") or claims["sub"])[:100]
