"""Who is asking, as far as the limits per network address want to know."""

from dataclasses import dataclass
from ipaddress import ip_network

from aiohttp import web

from shared.auth import SERVICE_HEADER, require_service
from shared.visitors import ADDRESS_HEADER, Address, Networks, address, visitor_address, within

_IPV6_SITE = 64
"""Bits. What one household or phone is given; behind them it has as many addresses as it likes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitors:
    """Tells whom a request is made for."""

    key: str
    """This service's own, in hex: web signs with it."""
    trusted_proxies: Networks
    exempt: Networks
    """Networks without limits: the library's own computers and wifi share an address."""

    def network(self, request: web.Request) -> str | None:
        """The visitor's network, which the limits count by; None for one that has no limits.

        An address that web passes on but nobody can read counts as one network that all such share:
        a muddled header must not open the door.

        Raises:
            Problem: 401 for a service token that is not ours.
        """
        found = self._address(request)
        if found is None:
            return "unknown"
        if found.is_loopback or within(found, self.exempt):
            return None
        bits = found.max_prefixlen if found.version == 4 else _IPV6_SITE  # noqa: PLR2004 - IPv4
        return str(ip_network((found, bits), strict=False))

    def _address(self, request: web.Request) -> Address | None:
        """As web tells it, in a request that shows our token; else where the request comes from."""
        if SERVICE_HEADER in request.headers:
            require_service(request, self.key, "booking", SERVICE_HEADER)
            if ADDRESS_HEADER in request.headers:
                return address(request.headers[ADDRESS_HEADER])
        return visitor_address(request, self.trusted_proxies)
