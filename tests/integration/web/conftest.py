"""The pages as visitors get them: web in front of a real catalog on a real database."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Callable, Mapping
from typing import NamedTuple

import aiohttp
import pytest
from pydantic import SecretStr

from services.catalog.app import create_app as create_catalog
from services.web.app import create_app as create_web
from services.web.settings import WebSettings
from shared.db import Database
from tests.integration.booking.conftest import KEY as BOOKING_KEY
from tests.integration.booking.conftest import opened as booking_opened
from tests.integration.catalog.conftest import Catalog
from tests.integration.catalog.conftest import settings as catalog_settings
from tests.integration.web.house import House
from tests.support.apps import serving
from tests.support.databases import Databases
from tests.support.front import web_settings
from tests.support.identity import Issuer
from tests.support.pages import Browser, words
from tests.support.servers import free_port

PUBLIC = "https://plats.example.se"

_KEY = SecretStr("0c" * 32)


class Page(NamedTuple):
    """An answer as a person sees it."""

    status: int
    source: str
    headers: dict[str, str]

    @property
    def title(self) -> str:
        """What the browser's tab says."""
        return html.unescape(self.source.split("<title>")[1].split("</title>")[0])

    @property
    def text(self) -> str:
        """What stands on it, without header and footer."""
        main = self.source.split("<main", 1)[-1].split("</main>")[0]
        return words(main)

    def links(self, text: str) -> list[str]:
        """Where the links go that say so."""
        links = re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', self.source, re.DOTALL)
        return [html.unescape(address) for address, inside in links if text in words(inside)]


class Front:
    """The web service at its address."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self.url = url
        self.http = http

    async def get(
        self, path: str, *, follow: bool = True, headers: Mapping[str, str] | None = None, **query: str
    ) -> Page:
        """Open a page."""
        address = f"{self.url}{path}"
        async with self.http.get(address, params=query, allow_redirects=follow, headers=headers) as answer:
            return Page(answer.status, await answer.text(), dict(answer.headers))


@pytest.fixture
async def catalog(databases: Databases, http: aiohttp.ClientSession, issuer: Issuer) -> AsyncIterator[Catalog]:
    dsn = await databases.create("catalog")
    app = create_catalog(catalog_settings(dsn, issuer))
    async with Database(dsn, name="test") as database, serving(app) as url:
        yield Catalog(url, database, http, issuer)


def _web(catalog: Catalog, public_url: str = "") -> WebSettings:
    """Web in front of the catalog; booking is away."""
    away = f"http://127.0.0.1:{free_port()}"
    return web_settings(key=_KEY, catalog_url=catalog.url, booking_url=away, key_booking=_KEY, public_url=public_url)


@pytest.fixture
async def front(catalog: Catalog, http: aiohttp.ClientSession) -> AsyncIterator[Front]:
    """The pages of an installation that does not know where visitors find it."""
    async with serving(create_web(_web(catalog))) as url:
        yield Front(url, http)


@pytest.fixture
async def known(catalog: Catalog, http: aiohttp.ClientSession) -> AsyncIterator[Front]:
    """The pages of an installation that knows its public address."""
    async with serving(create_web(_web(catalog, PUBLIC))) as url:
        yield Front(url, http)


@pytest.fixture
async def house(catalog: Catalog, databases: Databases, http: aiohttp.ClientSession) -> AsyncIterator[House]:
    async with booking_opened(await databases.create("booking"), http, issuer=catalog.issuer.url) as booking:
        made = House(catalog, booking)
        settings = web_settings(
            key=_KEY,
            catalog_url=catalog.url,
            booking_url=booking.url,
            key_booking=SecretStr(BOOKING_KEY),
        )
        async with serving(create_web(settings)) as made.url:
            yield made


@pytest.fixture
def browser(house: House, http: aiohttp.ClientSession) -> Browser:
    return Browser(http, lambda: house.url)


@pytest.fixture
def another(house: House, http: aiohttp.ClientSession) -> Callable[[], Browser]:
    """Other people's browsers."""
    return lambda: Browser(http, lambda: house.url)
