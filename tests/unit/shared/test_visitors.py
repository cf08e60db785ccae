from ipaddress import ip_address, ip_network

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict
from pydantic import ValidationError
from structlog.testing import capture_logs

from shared import visitors
from shared.visitors import VisitorSettings, visitor_address


def request(peer: str, forwarded: list[str]) -> web.Request:
    """A request from ``peer``, with these lines of X-Forwarded-For."""
    headers = CIMultiDict([("X-Forwarded-For", line) for line in forwarded])
    return make_mocked_request("GET", "/", headers=headers).clone(remote=peer)


TRUSTED = (ip_network("10.0.0.0/8"), ip_network("2001:db8:ff::/48"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "visitor"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1", "203.0.113.9, 10.0.0.2"], "203.0.113.9"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("::ffff:10.0.0.1", ["2001:db8::1, 2001:db8:ff::2"], "2001:db8::1"),
        ("10.0.0.1", ["203.0.113.9:5678"], "203.0.113.9"),
        ("10.0.0.1", ["[2001:db8::1]:443, [2001:db8:ff::2]"], "2001:db8::1"),
        ("10.0.0.1", ["[::ffff:203.0.113.9]:443, 10.0.0.2:80"], "203.0.113.9"),
        ("10.0.0.1", ["2001:db8::443"], "2001:db8::443"),
        ("10.0.0.1", ["203.0.113.9:http"], None),
        ("10.0.0.1", ["[2001:db8::1"], None),
        ("10.0.0.1", ["nonsense, 203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["203.0.113.9, nonsense"], None),
        ("10.0.0.1", [""], None),
    ],
)
def test_proxies_are_believed_as_far_as_they_are_ours(peer: str, forwarded: list[str], visitor: str | None) -> None:
    """Fails when the leftmost entry is taken, when anybody's header is, or when a muddle counts as the proxy.

    Also when a port makes an address unreadable.
    """
    assert visitor_address(request(peer, forwarded), TRUSTED) == (ip_address(visitor) if visitor else None)


@pytest.mark.parametrize(
    ("peer", "forwarded", "reasons"),
    [
        ("203.0.113.9", ["198.51.100.1"], ["untrusted"]),
        ("10.0.0.1", ["203.0.113.9, nonsense"], ["unreadable"]),
        ("10.0.0.1", ["nonsense, 203.0.113.9, 10.0.0.2"], []),
        ("203.0.113.9", [], []),
    ],
)
def test_addresses_that_are_not_believed_are_logged_once(peer: str, forwarded: list[str], reasons: list[str]) -> None:
    """Without the address. Fails when nothing is logged, when each request is, or when what is usual is."""
    visitors._warn_once.cache_clear()  # noqa: SLF001 - once in a process, and each example needs a new one
    with capture_logs() as logs:
        for _ in range(2):
            visitor_address(request(peer, forwarded), TRUSTED)
    told = [{"event": "forwarded_address_ignored", "log_level": "warning", "reason": reason} for reason in reasons]
    assert logs == told


@pytest.mark.parametrize(
    ("text", "networks"),
    [
        ("", ()),
        ("10.0.0.0/8, 2001:db8:ff::/48", TRUSTED),
        ("192.0.2.7 ::1", (ip_network("192.0.2.7/32"), ip_network("::1/128"))),
    ],
)
def test_networks_are_written_side_by_side(text: str, networks: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLATS_KEY", "00")
    monkeypatch.setenv("PLATS_TRUSTED_PROXIES", text)
    assert VisitorSettings().trusted_proxies == networks


@pytest.mark.parametrize("text", ["everybody", "10.0.0.1/8", "10.0.0.0/33"])
def test_networks_that_are_none_are_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLATS_KEY", "00")
    monkeypatch.setenv("PLATS_TRUSTED_PROXIES", text)
    with pytest.raises(ValidationError):
        VisitorSettings()
