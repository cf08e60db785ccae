"""Answers that are the same for everybody, as they travel."""

import gzip
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from services.web.transfer import for_everybody
from tests.support.apps import serving

PAGE = "<p>Språkcafé</p>" * 200


@pytest.fixture
async def page() -> AsyncIterator[str]:
    """The address of a page whose words are in ``?text=``, else ``PAGE``, and whose status is in ``?status=``."""

    async def show(request: web.Request) -> web.Response:
        text, status = request.query.get("text", PAGE), int(request.query.get("status", "200"))
        return for_everybody(request, text, "text/html", status=status)

    app = web.Application()
    app.router.add_get("/", show)
    async with serving(app) as address:
        yield f"{address}/"


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(auto_decompress=False, headers={"Accept-Encoding": ""}) as session:
        yield session


@pytest.mark.parametrize(
    ("accepted", "coding"), [("br, gzip, deflate", "gzip"), ("deflate", None), ("gzip;q=0", None), ("", None)]
)
async def test_it_is_compressed_for_those_who_understand(
    page: str, browser: aiohttp.ClientSession, accepted: str, coding: str | None
) -> None:
    """Fails with aiohttp's own choice, which looks for the word only and takes ``deflate`` first."""
    answer = await browser.get(page, headers={"Accept-Encoding": accepted})

    content = await answer.read()
    assert answer.headers.get("Content-Encoding") == coding
    assert (gzip.decompress(content) if coding else content).decode() == PAGE
    assert len(content) == int(answer.headers["Content-Length"])
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


async def test_it_is_sent_when_it_has_changed(page: str, browser: aiohttp.ClientSession) -> None:
    """Fails when the tag comes from the address instead of the content, or 304 forgets how long it may be kept."""
    first = await browser.get(page, headers={"Accept-Encoding": "gzip"})
    known = {"If-None-Match": f'"x", {first.headers["ETag"]}', "Accept-Encoding": "gzip"}

    same = await browser.get(page, headers=known)
    changed = await browser.get(page, params={"text": "Nytt"}, headers=known)

    assert first.headers["Cache-Control"] == "no-cache"
    assert (same.status, await same.read()) == (304, b"")
    assert [same.headers[name] for name in ("ETag", "Cache-Control", "Vary")] == [
        first.headers["ETag"],
        "no-cache",
        "Accept-Encoding",
    ]
    assert (changed.status, gzip.decompress(await changed.read())) == (200, b"Nytt")


async def test_what_is_no_success_is_sent_each_time(page: str, browser: aiohttp.ClientSession) -> None:
    """Fails when a page that is not there becomes one that has not changed."""
    known = {"If-None-Match": "*", "Accept-Encoding": "gzip"}

    answer = await browser.get(page, params={"status": "404"}, headers=known)

    assert (answer.status, gzip.decompress(await answer.read()).decode()) == (404, PAGE)
    assert "ETag" not in answer.headers


async def test_head_and_an_empty_text_are_answered_too(page: str, browser: aiohttp.ClientSession) -> None:
    head = await browser.head(page, headers={"Accept-Encoding": "gzip"})
    empty = await browser.get(page, params={"text": ""}, headers={"Accept-Encoding": "gzip"})

    assert (head.status, await head.read()) == (200, b"")
    assert gzip.decompress(await empty.read()) == b""
