"""Where a visitor's request comes from, also through the proxies in front of us."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Annotated, Literal, TypeAlias

from aiohttp import web
from pydantic import BeforeValidator
from pydantic_settings import NoDecode

from shared.auth import SERVICE_HEADER, require_service
from shared.logs import get_logger
from shared.settings import Settings

log = get_logger()

ADDRESS_HEADER = "Plats-Visitor-Address"
"""In which web passes a visitor's address on; believed only together with a service token."""

_FORWARDED = "X-Forwarded-For"

_WITH_PORT = re.compile(r"(?:\[(?P<six>[^]]+)\]|(?P<four>[0-9.]+))(?::[0-9]+)?")
"""As some proxies write it: ``192.0.2.7:5678``, ``[2001:db8::1]:443``. Without brackets no port is told apart."""

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network


def _listed(value: object) -> object:
    """Read ``10.0.0.0/8, 2001:db8::1``."""
    return tuple(ip_network(part) for part in value.replace(",", " ").split()) if isinstance(value, str) else value


Networks = Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_listed)]
"""Networks and single addresses, with commas or spaces between them."""


class VisitorSettings(Settings):
    """A service that visitors reach, perhaps through a proxy."""

    trusted_proxies: Networks = ()
    """Whose ``X-Forwarded-For`` is believed; nobody's by default, for whoever sends it chooses what it says."""


def address(text: str | None) -> Address | None:
    """An address as it counts: without a port, and an IPv4 one written as IPv6 is itself. None when it is none."""
    text = text or ""
    written = _WITH_PORT.fullmatch(text)
    try:
        found = ip_address((written["six"] or written["four"]) if written else text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def within(found: Address, networks: Iterable[Network]) -> bool:
    """Whether an address belongs to one of these networks."""
    return any(found in network for network in networks)


def visitor_address(request: web.Request, trusted: Networks) -> Address | None:
    """The nearest address that is not a trusted proxy's; None when such a proxy names something else.

    Each proxy adds on the right whom it heard from, so the list is read from there, and only as far as
    proxies of our own wrote it: what stands further to the left is the visitor's own claim.
    """
    found = address(request.remote)
    forwarded = _forwarded(request)
    if forwarded and found is not None and not within(found, trusted):
        _warn_once("untrusted")
    for told in reversed(forwarded):
        if found is None or not within(found, trusted):
            break
        found = address(told)
        if found is None:
            _warn_once("unreadable")
    return found


@cache
def _warn_once(reason: Literal["untrusted", "unreadable"]) -> None:
    """Say that addresses are not told as they should be: a proxy is set up wrong, or somebody makes them up.

    Once in a process's life, for it happens at every request or can be made to; never which address it was.
    """
    log.warning("forwarded_address_ignored", reason=reason)


def _forwarded(request: web.Request) -> list[str]:
    return [part.strip() for line in request.headers.getall(_FORWARDED, []) for part in line.split(",")]


_IPV6_SITE = 64
"""Bits. What one household or phone is given; behind them it has as many addresses as it likes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitors:
    """Tells whom a request is made for."""

    service: str
    """Which of our services is asked."""
    key: str
    """That one's own, in hex: web signs with it."""
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
            require_service(request, self.key, self.service, SERVICE_HEADER)
            if ADDRESS_HEADER in request.headers:
                return address(request.headers[ADDRESS_HEADER])
        return visitor_address(request, self.trusted_proxies)
