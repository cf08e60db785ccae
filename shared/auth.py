"""Who is asking: staff by their municipality's OpenID provider, services by short tokens of their own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp
import jwt
from aiohttp import hdrs, web

from shared.claims import ClaimRules, Role
from shared.logs import get_logger
from shared.problems import Problem

if TYPE_CHECKING:
    from shared.claims import Claims

log = get_logger()

SERVICE_HEADER = "Plats-Service"
"""In which a service shows its own token when it asks on behalf of somebody else."""

SERVICE_TOKEN_SECONDS = 60
_KEYS_FRESH_SECONDS = 3600


@dataclass(frozen=True, kw_only=True, slots=True)
class Staff:
    """Somebody who works here, as the identity provider vouches for them."""

    subject: str
    role: Role
    branches: frozenset[str]

    def may(self, branch: str, *roles: Role) -> bool:
        """Whether one of ``roles`` is theirs, at this branch. An administrator's is everywhere."""
        return self.role == "admin" or (self.role in roles and branch in self.branches)


def unauthorized(detail: str) -> Problem:
    """No token, or one nobody vouches for."""
    return Problem(
        "unauthorized", 401, "Please sign in", detail=detail, headers={hdrs.WWW_AUTHENTICATE: 'Bearer realm="plats"'}
    )


def forbidden(detail: str) -> Problem:
    """Known, but not allowed to do this here."""
    return Problem("forbidden", 403, "Your role does not allow this", detail=detail)


def bearer(request: web.Request, header: str = hdrs.AUTHORIZATION) -> str:
    """The token a request carries.

    Raises:
        Problem: 401 when there is none.
    """
    scheme, _, token = request.headers.get(header, "").partition(" ")
    if scheme.lower() != "bearer" or not token or not token.isascii():
        raise unauthorized(f"send an access token: {header}: Bearer ...")
    return token.strip()


@dataclass(frozen=True, kw_only=True, slots=True)
class Trust:
    """Whose word counts about who works here: what a service is told of its installation's identity provider."""

    issuer: str
    audience: str
    claims: ClaimRules = field(default_factory=ClaimRules)

    def staff(self, claims: Claims) -> Staff | None:
        """Whom verified claims describe; None where they have no role here."""
        role = self.claims.role_of(claims)
        if role is None:
            return None
        return Staff(subject=str(claims["sub"]), role=role, branches=self.claims.branches_of(claims))


class IdentityProvider:
    """Verifies tokens with the provider's published keys, asked for again when an unknown key appears."""

    def __init__(
        self, http: Callable[[], aiohttp.ClientSession], trust: Trust, *, ask_at_most_every: float = 10
    ) -> None:
        """Trust a provider; ``ask_at_most_every`` so many seconds it is asked for keys it may have made anew."""
        self._http = http
        self._trust = trust
        self._hurry = ask_at_most_every
        self._found: dict[str, Any] = {}
        self._keys: dict[str, jwt.PyJWK] = {}
        self._asked: float | None = None
        self._asking = asyncio.Lock()

    async def staff(self, request: web.Request) -> Staff:
        """The member of staff who sent a request.

        Raises:
            Problem: 401 for a missing, expired or forged token, 403 for a token without a role here.
        """
        token = bearer(request)
        try:
            claims = await self.verified(token, self._trust.audience)
        except jwt.PyJWTError as error:
            raise unauthorized(f"the access token is not valid: {type(error).__name__}") from error
        found = self._trust.staff(claims)
        if found is None:
            raise forbidden("this account has no role in Plats")
        return found

    async def verified(self, token: str, audience: str) -> Claims:
        """What a token says that this provider signed for ``audience``, and that is still good.

        Raises:
            jwt.PyJWTError: it is not so.
            Problem: 503 while the provider's keys are not known.
        """
        key = await self._key(jwt.get_unverified_header(token).get("kid", ""))
        claims: Claims = jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            audience=audience,
            issuer=self._trust.issuer,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
        return claims

    async def endpoint(self, name: str) -> str:
        """Where the provider does what its published configuration calls ``name``; empty where it does not.

        Raises:
            Problem: 503 while it is away and was never asked.
        """
        async with self._asking:
            if self._stale() or not self._found:
                await self._ask()
        if not self._found:
            raise _no_sign_in()
        return str(self._found.get(name, ""))

    async def administrator(self, request: web.Request, otherwise: str) -> Staff:
        """The administrator who sent a request; ``otherwise`` tells everybody else why not.

        Raises:
            Problem: 401 or 403.
        """
        staff = await self.staff(request)
        if staff.role != "admin":
            raise forbidden(otherwise)
        return staff

    async def _key(self, kid: str) -> jwt.PyJWK:
        # A key that is known waits for nobody: whoever sends tokens of unknown ones has the provider asked.
        if kid not in self._keys or self._stale(kid):
            async with self._asking:
                if self._stale(kid):
                    await self._ask()
        if not self._keys:
            raise _no_sign_in()
        try:
            return self._keys[kid]
        except KeyError:
            raise jwt.InvalidKeyError("unknown key") from None

    def _stale(self, kid: str | None = None) -> bool:
        """Whether to ask again: now and then, and for an unknown key, but never in a hurry."""
        if self._asked is None:
            return True
        known = bool(self._found) if kid is None else kid in self._keys
        return time.monotonic() - self._asked > (_KEYS_FRESH_SECONDS if known else self._hurry)

    async def _ask(self) -> None:
        self._asked = time.monotonic()
        try:
            async with self._http().get(f"{self._trust.issuer}/.well-known/openid-configuration") as found:
                found.raise_for_status()
                configuration = await found.json()
            async with self._http().get(configuration["jwks_uri"]) as keys:
                keys.raise_for_status()
                published = jwt.PyJWKSet.from_dict(await keys.json())
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, jwt.PyJWKSetError) as error:
            # What cannot be read is the provider's trouble, and nobody's token is the worse for it.
            log.warning("identity_provider_away", reason=type(error).__name__)
            return
        self._found = configuration
        self._keys = {key.key_id: key for key in published.keys if key.key_id}


def _no_sign_in() -> Problem:
    return Problem("unavailable", 503, "Sign-in is not available now")


def service_token(key: str, audience: str) -> str:
    """A token for one of our own services, made for this call and good for a minute."""
    now = int(time.time())
    claims = {"iss": "plats", "aud": audience, "iat": now, "exp": now + SERVICE_TOKEN_SECONDS}
    return jwt.encode(claims, bytes.fromhex(key), algorithm="HS256")


def require_service(request: web.Request, key: str, audience: str, header: str = hdrs.AUTHORIZATION) -> None:
    """Let only our own services pass.

    Raises:
        Problem: 401 for anything but a fresh token signed with this service's key.
    """
    try:
        jwt.decode(
            bearer(request, header),
            bytes.fromhex(key),
            algorithms=["HS256"],
            audience=audience,
            issuer="plats",
            options={"require": ["exp", "iss", "aud"]},
        )
    except jwt.PyJWTError as error:
        raise unauthorized("for Plats' own services only") from error
