"""What the limits mean on the pages: web with booking behind it, and catalog away."""

from collections.abc import AsyncIterator, Sequence
from ipaddress import ip_network
from uuid import UUID

import aiohttp
import pytest
from pydantic import SecretStr

from services.web.app import create_app
from services.web.settings import WebSettings
from shared.visitors import Network
from tests.integration.booking.conftest import KEY, Booking
from tests.support.apps import serving
from tests.support.front import web_settings
from tests.support.pages import RECEIPT, Browser, Shown
from tests.support.samples import session_state
from tests.support.servers import free_port

LOOPBACK = ip_network("127.0.0.0/8")


def browser(http: aiohttp.ClientSession, url: str, address: str) -> Browser:
    """A visitor's browser, behind a proxy that says it came from ``address``."""
    return Browser(http, lambda: url, {"X-Forwarded-For": address})


async def book(visitor: Browser, session: UUID, language: str = "sv", **answers: str) -> Shown:
    """Book for one, to be reached by nothing."""
    return await visitor.book(session, {"name": "Sara", "by": "none"} | answers, language)


async def find(visitor: Browser, code: str, proof: str) -> Shown:
    """Look a booking up."""
    return await visitor.post("/sv/my-booking", {"code": code, "proof": proof})


def web(booking: Booking, trusted: Sequence[Network]) -> WebSettings:
    return web_settings(
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
        visitor = browser(booking.http, url, f"198.51.100.{n}, 203.0.113.9")
        assert (await book(visitor, await offered(booking))).status == 303
    session = await offered(booking)
    refused = await book(browser(booking.http, url, "198.51.100.99, 203.0.113.9"), session, name="Zebedeus")
    assert refused.status == 429
    assert "Försök igen om 60 minuter, eller ring biblioteket." in refused.text
    assert 3500 < int(refused.headers["Retry-After"]) <= 3600
    assert "Zebedeus Ändra namn" in refused.text
    english = await book(browser(booking.http, url, "203.0.113.9"), session, "en")
    assert "Try again in 60 minutes, or call the library." in english.text
    assert (await book(browser(booking.http, url, "203.0.113.10"), session)).status == 303


async def test_without_trusted_proxies_nobody_says_who_they_are(booking: Booking) -> None:
    """From loopback, where no limit is. Fails when the header is believed of anybody."""
    session = await offered(booking)
    async with serving(create_app(web(booking, []))) as url:
        visitor = browser(booking.http, url, "203.0.113.9")
        assert {(await book(visitor, session)).status for _ in range(21)} == {303}


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
    visitor = browser(booking.http, url, "203.0.113.9")
    for _ in range(5):
        assert (await book(visitor, await offered(booking), **values)).status == 303
    refused = await book(visitor, await offered(booking), **values)
    assert refused.status == 429
    help_ = "Ring biblioteket, så hjälper vi dig, eller försök igen om 24 timmar."
    assert refused.text.count(f"{told} {help_}") == 2, "in the summary and beside the field"
    assert all(f'value="{value}"' in refused.source for value in values.values())
    assert "Det går inte just nu" in refused.text
    assert (await book(visitor, await offered(booking), by="none")).status == 303


async def test_too_many_tries_are_told_on_every_page_of_a_booking(booking: Booking, url: str) -> None:
    """With the right proof too, and with a receipt. Fails when 429 falls to another page's words."""
    visitor = browser(booking.http, url, "203.0.113.9")
    await book(visitor, await offered(booking))
    code = (await booking.row("SELECT code FROM contact"))["code"]
    for _ in range(5):
        assert (await find(visitor, code, "zz")).status == 403
    refused = await find(visitor, code, "sa")
    told = "Det har blivit många försök på kort tid. Försök igen om 15 minuter."
    assert (refused.status, told in refused.text, refused.value("code")) == (429, True, code)
    assert 800 < int(refused.headers["Retry-After"]) <= 900
    shown = await visitor.get("/sv/my-booking")
    assert (shown.status, told in shown.text) == (429, True)
    ask = await visitor.get("/sv/my-booking/cancel")
    assert ask.status == 429
    assert "Vänta lite och försök igen om 15 minuter. Dina bokningar finns kvar." in ask.text
    assert 800 < int(ask.headers["Retry-After"]) <= 900
    assert (await visitor.get("/sv/booked")).status == 200, "the code is there to write down"


async def test_the_receipt_of_an_erased_booking_is_forgotten(booking: Booking, url: str) -> None:
    """Fails when the browser keeps it: each look is then a wrong try of everybody at this address."""
    visitor = browser(booking.http, url, "203.0.113.9")
    await book(visitor, await offered(booking))
    await booking.database.pool.execute("DELETE FROM contact")
    gone = await visitor.get("/sv/my-booking")
    assert (gone.status, "Din bokning går inte att visa längre." in gone.text) == (403, True)
    assert RECEIPT not in visitor.cookies
    assert (await visitor.get("/sv/my-booking")).status == 200
