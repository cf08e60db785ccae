"""Style sheet, fonts and images, as a browser gets them."""

import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from services.web.assets import Assets
from tests.support.apps import serving

SHEET = b".a { color: red }" * 100
FILES = {
    "plats.css": ("plats.0123456789ab.css", SHEET),
    "chair.svg": ("chair.0123456789ab.svg", b"<svg/>"),
    "live.js": ("live.0123456789ab.js", b"0"),
    "sans.woff2": ("sans.0123456789ab.woff2", b"wOF2"),
    "site.webmanifest": ("site.0123456789ab.webmanifest", b"{}"),
}
TYPES = {
    "plats.css": "text/css; charset=utf-8",
    "chair.svg": "image/svg+xml",
    "live.js": "text/javascript; charset=utf-8",
    "sans.woff2": "font/woff2",
    "site.webmanifest": "application/manifest+json",
}
BROTLI = b"as brotli"


@pytest.fixture
def assets(tmp_path: Path) -> Assets:
    """What a build leaves, with a sheet that is worth compressing."""
    for served, content in FILES.values():
        (tmp_path / served).write_bytes(content)
    (tmp_path / "plats.0123456789ab.css.br").write_bytes(BROTLI)
    (tmp_path / "plats.0123456789ab.css.gz").write_bytes(gzip.compress(SHEET))
    (tmp_path / "manifest.json").write_text(json.dumps({name: served for name, (served, _) in FILES.items()}))
    return Assets(tmp_path)


@pytest.fixture
async def url(assets: Assets) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/static/{name}", assets.serve)
    async with serving(app) as address:
        yield address


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    """A client that shows what came over the wire, and asks for no compression by itself."""
    async with aiohttp.ClientSession(auto_decompress=False, headers={"Accept-Encoding": ""}) as session:
        yield session


@pytest.mark.parametrize("name", FILES)
async def test_each_file_has_its_type_and_is_kept_for_a_year(
    url: str, browser: aiohttp.ClientSession, assets: Assets, name: str
) -> None:
    """Fails when a type comes from the machine's own table, or a font claims to be text."""
    answer = await browser.get(url + assets.path(name))

    assert answer.status == 200
    assert answer.headers["Content-Type"] == TYPES[name]
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert await answer.read() == FILES[name][1]


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5, BR;q=0", "gzip"),
        ("br; q=0.000, gzip; q=0", None),
        ("identity", None),
        ("", None),
        (";;,,", None),
    ],
)
async def test_a_browser_gets_the_smallest_form_it_understands(
    url: str, browser: aiohttp.ClientSession, assets: Assets, accepted: str, coding: str | None
) -> None:
    """Fails when a coding with weight 0 is taken for a wish, or a cache may mix the forms up."""
    answer = await browser.get(url + assets.path("plats.css"), headers={"Accept-Encoding": accepted})

    assert answer.headers.get("Content-Encoding") == coding
    assert answer.headers["Vary"] == "Accept-Encoding"
    content = await answer.read()
    assert (gzip.decompress(content) if coding == "gzip" else content) == (BROTLI if coding == "br" else SHEET)


async def test_what_a_browser_has_is_not_sent_again(url: str, browser: aiohttp.ClientSession, assets: Assets) -> None:
    """Fails when the tag of one form is not that of another, as after a browser's update."""
    address = url + assets.path("plats.css")
    first = await browser.get(address, headers={"Accept-Encoding": "br"})

    again = await browser.get(address, headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})
    other = await browser.get(address, headers={"If-None-Match": 'W/"another"'})

    assert (again.status, await again.read()) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    assert (other.status, await other.read()) == (200, SHEET)


async def test_head_tells_of_the_file_without_it(url: str, browser: aiohttp.ClientSession, assets: Assets) -> None:
    answer = await browser.head(url + assets.path("plats.css"))

    assert (answer.status, answer.headers["Content-Length"], await answer.read()) == (200, str(len(SHEET)), b"")


@pytest.mark.parametrize("name", ["plats.css", "manifest.json", "plats.0123456789ab.css.br", "%2e%2e%2fapp.py"])
async def test_nothing_else_is_served(url: str, browser: aiohttp.ClientSession, name: str) -> None:
    """Fails when files are looked for on the disk instead of among those that were made."""
    assert (await browser.get(f"{url}/static/{name}")).status == 404


def test_without_a_build_it_says_what_to_do(tmp_path: Path, assets: Assets) -> None:
    """Fails when a bare FileNotFoundError or KeyError is all one gets."""
    with pytest.raises(FileNotFoundError, match=r"\./plats build"):
        Assets(tmp_path / "nowhere")
    with pytest.raises(LookupError, match=r"new\.js was not there .* \./plats build"):
        assets.path("new.js")
