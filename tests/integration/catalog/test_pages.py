"""The catalog's programme on the pages of web: sent to a browser once, and again when it has changed."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from pydantic import SecretStr

from services.web.app import create_app
from tests.integration.catalog.conftest import KEY, Catalog, soon
from tests.support.apps import serving
from tests.support.front import web_settings
from tests.support.servers import free_port


@pytest.fixture
async def url(catalog: Catalog) -> AsyncIterator[str]:
    away = f"http://127.0.0.1:{free_port()}"
    key = SecretStr(KEY)
    async with serving(
        create_app(web_settings(key=key, catalog_url=catalog.url, booking_url=away, key_booking=key))
    ) as address:
        yield address


async def test_the_programme_is_sent_compressed_and_again_when_it_has_changed(
    catalog: Catalog, url: str, http: aiohttp.ClientSession
) -> None:
    """Fails when the programme counts as personal, or its tag stays when a session is called off."""
    session = await catalog.session(starts_at=soon(1).isoformat())
    first = await http.get(f"{url}/sv/", headers={"Accept-Encoding": "gzip"})
    known = {"If-None-Match": first.headers["ETag"]}

    same = await http.get(f"{url}/sv/", headers=known)
    other_language = await http.get(f"{url}/en/", headers=known)
    await catalog.cancel(session)
    changed = await http.get(f"{url}/sv/", headers=known)

    assert (first.status, first.headers["Content-Encoding"]) == (200, "gzip")
    assert "Set-Cookie" not in first.headers
    assert [same.status, other_language.status, changed.status] == [304, 200, 200]
