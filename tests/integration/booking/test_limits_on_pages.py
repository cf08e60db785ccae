"""What the limits mean on the pages: web with booking behind it, and catalog away."""

from collections.abc import AsyncIterator, Sequence
from ipaddress import ip_network
from typing import NamedTuple
from uuid import UUID, uuid4

import aiohttp
import pytest
from pydantic import SecretStr

from services.web.app import create_app
from services.web.settings import WebSettings
from shared.visitors import Network
from tests.integration.booking.conftest import KEY, Booking
from tests.support.apps import serving
from tests.support.samples import session_state
from tests.support.servers import free_port

LOOPBACK = ip_network("127.0.0.0/8")


class Page(NamedTuple):
    """What a browser got."""

    status: int
    text: str
    retry_after: str | None
    receipt: str
    """The cookie, as it is sent back."""


class Browser:
    """A visitor's browser, behind a proxy that says it came from ``address``."""

    def __init__(self, http: aiohttp.ClientSession, url: str, address: str) -> None:
        self.http = http
        self.url = url
        self.headers = {"X-Forwarded-For": address}

    async def book(self, session: UUID, language: str = "sv", **values: str) -> Page:
        form = {"name": "Sara", "by": "none", "adults": "1", "idempotency_key": str(uuid4())} | values
        return await self._ask("POST", f"/{language}/sessions/{session}/book", form)

    async def find(self, code: str, proof: str) -> Page:
        return await self._ask("POST", "/sv/my-booking", {"code": code, "proof": proof})

    async def open(self, path: str, receipt: str) -> Page:
        return await self._ask("GET", path, None, {"Cookie": receipt})

    async def _ask(self, method: str, path: str, form: object, headers: dict[str, str] | None = None) -> Page:
        async with self.http.request(
            method, f"{self.url}{path}", data=form, headers=self.headers | (headers or {}), allow_redirects=False
        ) as answer:
            receipt = answer.headers.get("Set-Cookie", "").partition(";")[0]
            return Page(answer.status, await answer.text(), answer.headers.get("Retry-After"), receipt)


def web(booking: Booking, trusted: Sequence[Network]) -> WebSettings:
    return WebSettings(
        key=SecretStr("0c" * 32),
        catalog_url=f"http://127.0.0.1:{free_port()}",
        booking_url=booking.url,
        key_booking=SecretStr(KEY),
        trusted_proxies=tuple(trusted),
    )


@pytest.fixture
async def url(booking: Booking) -> AsyncIterator[str]:
    async with serving(create_app(web(booking, [LOOPBACK]))) as address:
        yield address


async def offered(booking: Booking) -> UUID:
    return await booking.offer(session_state(capacity={"seats": 60}))


async def test_the_limit_is_for_the_visitors_own_address_whatever_they_claim(booking: Booking, url: str) -> None:
    """Fails when web passes on the peer's address, or what stands leftmost."""
    for n in range(20):
        browser = Browser(booking.http, url, f"198.51.100.{n}, 203.0.113.9")
        assert (await browser.book(await offered(booking))).status == 303
    session = await offered(booking)
    refused = await Browser(booking.http, url, "198.51.100.99, 203.0.113.9").book(session, name="Zebedeus")
    assert refused.status == 429
    assert "Försök igen om 60 minuter, eller ring biblioteket." in refused.text
    assert 3500 < int(refused.retry_after or 0) <= 3600
    assert 'value="Zebedeus"' in refused.text
    english = await Browser(booking.http, url, "203.0.113.9").book(session, "en")
    assert "Try again in 60 minutes, or call the library." in english.text
    assert (await Browser(booking.http, url, "203.0.113.10").book(session)).status == 303


async def test_without_trusted_proxies_nobody_says_who_they_are(booking: Booking) -> None:
    """From loopback, where no limit is. Fails when the header is believed of anybody."""
    session = await offered(booking)
    async with serving(create_app(web(booking, []))) as url:
        browser = Browser(booking.http, url, "203.0.113.9")
        assert {(await browser.book(session)).status for _ in range(21)} == {303}


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"by": "sms", "phone": "070-174 06 05"}, "Det här numret har använts till många bokningar."),
        ({"by": "email", "email": "sara@example.org"}, "Den här e-postadressen har använts till många bokningar."),
    ],
)
async def test_whoever_books_much_is_told_what_to_do_instead(
    booking: Booking, url: str, values: dict[str, str], told: str
) -> None:
    browser = Browser(booking.http, url, "203.0.113.9")
    for _ in range(5):
        assert (await browser.book(await offered(booking), **values)).status == 303
    refused = await browser.book(await offered(booking), **values)
    assert refused.status == 429
    help_ = "Ring biblioteket, så hjälper vi dig, eller försök igen om 24 timmar."
    assert refused.text.count(f"{told} {help_}") == 2, "in the summary and beside the field"
    assert all(f'value="{value}"' in refused.text for value in values.values())
    assert "Det går inte just nu" in refused.text
    assert (await browser.book(await offered(booking), by="none")).status == 303


async def test_too_many_tries_are_told_on_every_page_of_a_booking(booking: Booking, url: str) -> None:
    """With the right proof too, and with a receipt. Fails when 429 falls to another page's words."""
    browser = Browser(booking.http, url, "203.0.113.9")
    receipt = (await browser.book(await offered(booking))).receipt
    code = (await booking.row("SELECT code FROM contact"))["code"]
    for _ in range(5):
        assert (await browser.find(code, "zz")).status == 403
    refused = await browser.find(code, "sa")
    told = "Det har blivit många försök på kort tid. Försök igen om 15 minuter."
    assert (refused.status, told in refused.text, f'value="{code}"' in refused.text) == (429, True, True)
    assert 800 < int(refused.retry_after or 0) <= 900
    shown = await browser.open("/sv/my-booking", receipt)
    assert (shown.status, told in shown.text) == (429, True)
    ask = await browser.open("/sv/my-booking/cancel", receipt)
    assert ask.status == 429
    assert "Vänta lite och försök igen om 15 minuter. Dina bokningar finns kvar." in ask.text
    assert 800 < int(ask.retry_after or 0) <= 900
    assert (await browser.open("/sv/booked", receipt)).status == 200, "the code is there to write down"


async def test_the_receipt_of_an_erased_booking_is_forgotten(booking: Booking, url: str) -> None:
    """Fails when the browser keeps it: each look is then a wrong try of everybody at this address."""
    browser = Browser(booking.http, url, "203.0.113.9")
    receipt = (await browser.book(await offered(booking))).receipt
    await booking.database.pool.execute("DELETE FROM contact")
    gone = await browser.open("/sv/my-booking", receipt)
    assert (gone.status, "Din bokning går inte att visa längre." in gone.text) == (403, True)
    assert gone.receipt == 'plats_receipt=""'
    assert (await browser.open("/sv/my-booking", gone.receipt)).status == 200
