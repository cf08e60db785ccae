"""The web service at its address, with the services behind it away."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import aiohttp
import pytest
from pydantic import SecretStr

from services.web.app import create_app
from shared.http import MAX_BODY
from tests.support.apps import serving
from tests.support.front import web_settings
from tests.support.pages import Browser
from tests.support.servers import free_port

KEY = SecretStr("0c" * 32)
SESSION = "0197f0a0-0000-7000-8000-000000000001"
FORM = {"name": "Sara", "by": "sms", "phone": "070-174 06 05", "adults": "3"}


@pytest.fixture
async def url() -> AsyncIterator[str]:
    away = f"http://127.0.0.1:{free_port()}"
    settings = web_settings(key=KEY, catalog_url=away, booking_url=away, key_booking=KEY)
    async with serving(create_app(settings)) as address:
        yield address


@pytest.mark.parametrize(
    ("accepted", "home"),
    [
        ("", "/sv/"),
        ("en-US,en;q=0.9", "/en/"),
        ("ja, en;q=0.5, sv;q=0.8", "/sv/"),
        ("ja", "/sv/"),
        ("en;q=0", "/sv/"),
        ("en;q=often, x;;;", "/sv/"),
    ],
)
async def test_the_front_door_opens_in_the_browsers_language(
    url: str, http: aiohttp.ClientSession, accepted: str, home: str
) -> None:
    answer = await http.get(f"{url}/", headers={"Accept-Language": accepted}, allow_redirects=False)

    assert (answer.status, answer.headers["Location"]) == (303, home)
    assert answer.headers["Vary"] == "Accept-Language"


async def test_services_that_are_away_are_told_kindly_in_the_visitors_language(
    url: str, http: aiohttp.ClientSession
) -> None:
    swedish, english = await http.get(f"{url}/sv/"), await http.get(f"{url}/en/")

    assert (swedish.status, english.status) == (503, 503)
    assert '<html lang="sv" dir="ltr">' in (page := await swedish.text())
    assert "Vi är strax tillbaka" in page
    assert "We will be back soon" in await english.text()
    assert "Retry-After" in swedish.headers


async def test_a_booking_that_cannot_be_made_now_loses_nothing(url: str, http: aiohttp.ClientSession) -> None:
    """Fails when a page of the booking needs catalog, or when the answers are gone after a failure."""
    browser = Browser(http, lambda: url)
    sent = await browser.book(SESSION, FORM | {"name": "Åsa O'Neil"})

    assert (sent.status, sent.title) == (503, "Fel: Hur når vi dig? – Boka plats – Plats")
    assert sent.value("phone") == "070-174 06 05"
    assert "3 personer Ändra antal" in sent.text
    assert "Åsa O'Neil Ändra namn" in sent.text
    assert "Det du har skrivit finns kvar." in sent.text
    again = await browser.get(f"/en/sessions/{SESSION}/book/reach")
    assert (again.status, again.value("phone")) == (200, "070-174 06 05")
    assert (await browser.get(f"/sv/sessions/{SESSION}/book")).value("adults") == "3"
    assert (await browser.get(f"/sv/sessions/{SESSION}/book/name")).value("name") == "Åsa O'Neil"


async def test_without_catalog_nobody_begins_to_book(url: str, http: aiohttp.ClientSession) -> None:
    """Fails when questions are asked that may be the wrong ones."""
    answer = await Browser(http, lambda: url).get(f"/sv/sessions/{SESSION}/book")

    assert (answer.status, "Vi är strax tillbaka" in answer.text) == (503, True)


@pytest.mark.parametrize("path", ["/sv/nowhere", "/fi/", "/sv/sessions/none", "/static/plats.css", "/sv/booked/x"])
async def test_what_is_not_there_is_a_page_that_says_so(url: str, http: aiohttp.ClientSession, path: str) -> None:
    answer = await http.get(f"{url}{path}")

    assert answer.status == 404
    assert answer.content_type == "text/html"
    assert 'href="/sv/"' in await answer.text()


async def test_the_language_switch_stays_on_the_page(url: str, http: aiohttp.ClientSession) -> None:
    page = await (await http.get(f"{url}/sv/sessions/none?a=%C3%A5&b=1")).text()

    assert 'href="/en/sessions/none?a=%C3%A5&amp;b=1" lang="en"' in page


@pytest.mark.parametrize("path", ["/sv/", "/sv/my-booking", "/sv/nowhere", "/health/live", "/static/nothing.css"])
async def test_every_answer_carries_the_headers_that_protect(url: str, http: aiohttp.ClientSession, path: str) -> None:
    """Fails when a page may load from elsewhere or run what stands in it, or another site may frame or read it."""
    headers = (await http.get(f"{url}{path}")).headers

    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    ours = ["style-src", "font-src", "img-src", "script-src", "connect-src", "manifest-src", "form-action"]
    nobodys = ["default-src", "base-uri", "frame-ancestors"]
    assert policy == dict.fromkeys(ours, "'self'") | dict.fromkeys(nobodys, "'none'")
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]


async def test_a_browser_that_came_over_tls_is_to_do_so_from_now_on(url: str, http: aiohttp.ClientSession) -> None:
    """Fails when it is said without TLS, where no browser believes it and trying out on one's machine would suffer."""
    through_proxy = await http.get(f"{url}/sv/my-booking", headers={"X-Forwarded-Proto": "https"})

    assert through_proxy.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in (await http.get(f"{url}/sv/my-booking")).headers


async def test_personal_pages_are_sent_as_they_are(url: str, http: aiohttp.ClientSession) -> None:
    """Fails when a page with something of somebody's is compressed (BREACH) or known by its content."""
    answer = await http.get(f"{url}/sv/my-booking", headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in answer.headers
    assert "ETag" not in answer.headers


async def test_personal_pages_are_kept_nowhere_but_for_back_to_a_form_that_was_sent(
    url: str, http: aiohttp.ClientSession
) -> None:
    assert (await http.get(f"{url}/sv/my-booking")).headers["Cache-Control"] == "no-store"
    assert (await http.post(f"{url}/sv/my-booking")).headers["Cache-Control"] == "private, no-cache"


async def test_style_and_images_are_kept_for_a_year_under_their_content(url: str, http: aiohttp.ClientSession) -> None:
    page = await (await http.get(f"{url}/sv/my-booking")).text()
    style = page.split('rel="stylesheet" href="')[1].split('"')[0]

    answer = await http.get(f"{url}{style}")

    assert (answer.status, answer.content_type) == (200, "text/css")
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Origin": "odd"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
        ({"Origin": "null"}, 303),
        ({}, 303),
    ],
)
async def test_posts_from_other_sites_are_refused(
    url: str, http: aiohttp.ClientSession, headers: dict[str, str], status: int
) -> None:
    answer = await http.post(f"{url}/sv/my-booking/forget", headers=headers, allow_redirects=False)

    assert answer.status == status
    if status == 403:
        assert "Det här kom från en annan webbplats" in await answer.text()


async def test_a_post_from_this_address_is_taken(url: str, http: aiohttp.ClientSession) -> None:
    answer = await http.post(f"{url}/sv/my-booking/forget", headers={"Origin": url}, allow_redirects=False)

    assert answer.status == 303


@pytest.mark.parametrize("path", ["/en/booked", "/en/my-booking/cancel"])
async def test_without_a_receipt_one_is_asked_for_the_code(url: str, http: aiohttp.ClientSession, path: str) -> None:
    answer = await http.get(f"{url}{path}", allow_redirects=False)

    assert (answer.status, answer.headers["Location"]) == (303, "/en/my-booking")


@pytest.mark.parametrize("cookie", [b"gAAAAABforged", b"\xff", b"\xc3\xa5", b'"\\377"', b""])
async def test_a_forged_receipt_is_none(url: str, cookie: bytes) -> None:
    status, page = await exchange(
        url, b"GET /en/my-booking", b"Cookie: plats_receipt=" + cookie + b"; plats_draft=" + cookie
    )

    assert status == 200
    assert "Your code" in page


async def test_an_address_that_only_takes_forms_leads_to_the_page_of_the_form(
    url: str, http: aiohttp.ClientSession
) -> None:
    """Fails when who loads anew what stands in the address line above a refusal cannot get on from there."""
    answer = await http.get(f"{url}/sv/my-booking/people?x=1", allow_redirects=False)

    assert (answer.status, answer.headers.get("Location")) == (303, "/sv/my-booking")


async def exchange(url: str, request: bytes, *headers: bytes) -> tuple[int, str]:
    """Send a request byte by byte as given, as no browser would; gives the answer's status and text."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(b"\r\n".join([request + b" HTTP/1.1", b"Host: plats", b"Connection: close", *headers, b"", b""]))
    head, _, body = (await reader.read()).decode().partition("\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    return int(head.split()[1]), body


@pytest.mark.parametrize(
    "request_line",
    [b"OPTIONS *", b"OPTIONS /sv/", b"CONNECT plats:80", b"TRACE /sv/", b"GET //", b"GET http://plats/x"],
)
async def test_odd_requests_get_a_page_too(url: str, request_line: bytes) -> None:
    status, page = await exchange(url, request_line)

    assert status in {400, 403, 404, 405}
    assert "<h1>" in page


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"name=%FF%FE", "application/x-www-form-urlencoded"),
        (b"name=\xff\xfe", "application/x-www-form-urlencoded"),
        (b"name=Sara", "application/x-www-form-urlencoded; charset=klingon"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b'{"name": "Sara"}', "application/json"),
        (b"", "multipart/form-data"),
    ],
)
async def test_a_body_that_is_no_form_is_a_mistake_and_no_breakdown(
    url: str, http: aiohttp.ClientSession, body: bytes, content_type: str
) -> None:
    answer = await http.post(f"{url}/sv/my-booking", data=body, headers={"Content-Type": content_type})

    assert answer.status in {400, 415, 422}
    assert answer.content_type == "text/html"


async def test_a_huge_body_is_refused_with_a_page(url: str, http: aiohttp.ClientSession) -> None:
    answer = await http.post(f"{url}/sv/my-booking", data={"code": "x" * MAX_BODY})

    assert answer.status == 413
    assert "Det gick inte att läsa det du skickade" in await answer.text()


async def test_health_metrics_and_api_document_are_like_those_of_other_services(
    url: str, http: aiohttp.ClientSession
) -> None:
    assert (await http.get(f"{url}/health/live")).status == 200
    ready = await http.get(f"{url}/health/ready")
    assert ready.status == 503, "where staff's sign-ins are kept is away, and readiness says so"
    assert (await ready.json())["checks"] == {"running": True, "database": False, "live": False}
    await http.get(f"{url}/sv/my-booking")
    assert "my-booking" in await (await http.get(f"{url}/metrics")).text()
    assert (await (await http.get(f"{url}/openapi.json")).json())["openapi"] == "3.1.0"
