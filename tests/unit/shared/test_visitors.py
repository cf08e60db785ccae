from ipaddress import ip_address, ip_network

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict
from pydantic import ValidationError

from shared.visitors import VisitorSettings, visitor_address

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
        ("10.0.0.1", ["nonsense, 203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["203.0.113.9, nonsense"], None),
        ("10.0.0.1", [""], None),
    ],
)
def test_proxies_are_believed_as_far_as_they_are_ours(peer: str, forwarded: list[str], visitor: str | None) -> None:
    """Fails when the leftmost entry is taken, when anybody's header is, or when a muddle counts as the proxy."""
    headers = [("X-Forwarded-For", line) for line in forwarded]
    request = make_mocked_request("GET", "/", headers=CIMultiDict(headers)).clone(remote=peer)

    assert visitor_address(request, TRUSTED) == (ip_address(visitor) if visitor else None)


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
