"""Those who help: volunteers' answers, to whoever is not signed in yet and to whoever is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pydantic import AwareDatetime

from services.web.staff import StaffService
from services.web.upstream import Service
from shared.auth import SERVICE_HEADER, service_token
from shared.models import Model
from shared.visitors import ADDRESS_HEADER, Networks, visitor_address

if TYPE_CHECKING:
    import aiohttp
    from aiohttp import web


class Token(Model):
    """What somebody who signed in shows from then on."""

    token: str
    ends_at: AwareDatetime


class VolunteersService(Service):
    """Who helps. What nobody has to be signed in for is limited by the visitor's address, which is passed on."""

    def __init__(self, http: aiohttp.ClientSession, url: str, key: str, trusted_proxies: Networks) -> None:
        super().__init__(http, url)
        self._key = key
        self._trusted_proxies = trusted_proxies

    def by(self, token: str) -> StaffService:
        """The service as whoever has this token may use it."""
        return StaffService(self, token)

    def _for(self, visitor: web.Request) -> dict[str, str]:
        return {
            SERVICE_HEADER: f"Bearer {service_token(self._key, 'volunteers')}",
            ADDRESS_HEADER: str(visitor_address(visitor, self._trusted_proxies) or ""),
        }

    async def interest(self, visitor: web.Request, body: dict[str, Any]) -> None:
        """Say that somebody would like to help.

        Raises:
            Problem: 422 for what cannot be right, 429 ``too-many-requests``.
        """
        await self.call("POST", "/v1/interest", json=body, headers=self._for(visitor))

    async def send_code(self, visitor: web.Request, reach: str) -> None:
        """Have a code sent to a number or mailbox; the answer is the same whoever has it.

        Raises:
            Problem: 422 for what is neither, 429 ``too-many-requests``.
        """
        await self.call("POST", "/v1/sign-in", json={"reach": reach}, headers=self._for(visitor))

    async def sign_in(self, visitor: web.Request, reach: str, code: str) -> Token:
        """Sign in with the code that was sent.

        Raises:
            Problem: 403 ``wrong-code``, also where none was sent; 429 after too many tries.
        """
        sent = {"reach": reach, "code": code}
        body = await self.call("POST", "/v1/sign-in/verify", json=sent, headers=self._for(visitor))
        return Token.model_validate_json(body)

    async def calendar(self, secret: str) -> bytes:
        """The calendar that whoever has its secret may read.

        Raises:
            Problem: 404, also for one that was revoked.
        """
        return await self.call("GET", f"/v1/calendar/{quote(secret, safe='')}.ics")
