"""Signing in at the real local provider, staying signed in, and not being so any more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import NamedTuple

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from deploy.local.up import SPEAKS_PLAIN_HTTP
from services.web.app import create_app
from shared.db import Database
from tests.support.apps import serving
from tests.support.clock import Clock
from tests.support.databases import Databases
from tests.support.front import web_settings
from tests.support.pages import Browser, Shown
from tests.support.provider import SECRET, Provider, provider
from tests.support.servers import free_port

FORM = "0197f0a0-0000-7000-8000-000000000001"
INSIDE = f"/sv/staff/kept/{FORM}"
"""A page that needs no other service."""


class Front(NamedTuple):
    """Web at its address, with the provider that signs its staff in."""

    app: web.Application
    url: str
    provider: Provider
    clock: Clock
    database: Database
    http: aiohttp.ClientSession

    def browser(self) -> Browser:
        """A new browser."""
        return Browser(self.http, lambda: self.url)

    async def going(self, browser: Browser, page: str = INSIDE) -> str:
        """Ask for a page, and give where one is sent to sign in."""
        asked = await browser.get(page)
        assert asked.location.startswith("/sv/staff/sign-in?back="), asked.location
        return (await browser.get(asked.location)).location

    async def sign_in(self, browser: Browser, person: str = "sara", page: str = INSIDE) -> Shown:
        """Sign in to see a page; gives the answer one comes back to."""
        back = await self.provider.sign_in(await self.going(browser, page), person)
        return await browser.get(URL(back).raw_path_qs)


@pytest.fixture
async def front(
    databases: Databases,
    http: aiohttp.ClientSession,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Front]:
    for name, value in SPEAKS_PLAIN_HTTP.items():
        monkeypatch.setenv(name, value)
    dsn, port = await databases.create("web"), free_port()
    clock = Clock(dsn)
    await clock.install()
    url = f"http://127.0.0.1:{port}"
    async with provider(tmp_path_factory.mktemp("identity"), url) as identity:
        app = create_app(
            web_settings(database=dsn, identity_issuer=identity.url, identity_client_secret=SECRET, public_url=url)
        )
        async with serving(app, port), Database(dsn, name="test") as database:
            yield Front(app, url, identity, clock, database, http)


async def is_in(browser: Browser) -> bool:
    """Whether somebody is signed in: then there is nothing kept for them, and they are sent to the day."""
    return (await browser.get(INSIDE)).location == "/sv/staff/today"


async def test_one_comes_back_to_the_page_one_wanted_with_a_cookie_that_only_we_and_only_here_can_read(
    front: Front,
) -> None:
    browser = front.browser()
    shown = await front.sign_in(browser, page="/sv/staff/calls?branch=kista")
    assert (shown.status, shown.location) == (303, "/sv/staff/calls?branch=kista")
    [cookie] = [line for line in shown.headers.getall("Set-Cookie") if "plats_staff" in line]
    assert cookie.startswith(f"__Host-plats_staff_{URL(front.url).port}=")
    flags = {part.strip() for part in cookie.split(";")[1:]}
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} <= flags
    assert not any(flag.startswith("Domain") for flag in flags)
    assert await is_in(browser)
    kept = await front.database.pool.fetchrow("SELECT * FROM staff_session")
    assert kept is not None
    secret = next(value for name, value in browser.cookies.items() if "plats_staff" in name)
    assert secret.encode() not in repr(dict(kept)).encode(), "who reads the database is not signed in"
    assert b"eyJ" not in kept["tokens"], "and has no token"


async def test_a_sign_in_ends_only_in_the_browser_where_it_began_and_only_once(front: Front) -> None:
    browser, another = front.browser(), front.browser()
    going = await front.going(browser)
    back = URL(await front.provider.sign_in(going, "sara")).raw_path_qs
    await front.going(another)
    stolen = await another.get(back)
    assert (stolen.status, await is_in(another)) == (400, False)
    again = await browser.get(back)
    assert (again.status, await is_in(browser)) == (400, False), "its state is used up"
    assert "Inloggningen gick inte" in again.text


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE sign_in SET nonce = 'another'",
        "UPDATE sign_in SET began_at = began_at - interval '31 minutes'",
        "DELETE FROM sign_in",
    ],
)
async def test_what_does_not_belong_to_this_sign_in_is_refused(front: Front, spoil: str) -> None:
    browser = front.browser()
    back = await front.provider.sign_in(await front.going(browser), "sara")
    await front.database.pool.execute(spoil)
    assert (await browser.get(URL(back).raw_path_qs)).status == 400
    assert not await is_in(browser)


async def test_who_did_not_sign_in_there_is_not_signed_in_here(front: Front) -> None:
    browser = front.browser()
    state = URL(await front.going(browser)).query["state"]
    refused = await browser.get(f"/staff/callback?state={state}&error=access_denied")
    assert (refused.status, await is_in(browser)) == (400, False)


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org/sv/staff", "/sv/", "/sv/staffing", ""])
async def test_one_is_never_sent_elsewhere(front: Front, back: str) -> None:
    browser = front.browser()
    going = (await browser.get(str(URL("/sv/staff/sign-in").with_query(back=back)))).location
    shown = await browser.get(URL(await front.provider.sign_in(going, "sara")).raw_path_qs)
    assert shown.location == "/sv/staff/today"


async def test_another_name_of_this_machine_leads_to_the_one_where_the_cookie_will_be(front: Front) -> None:
    port = URL(front.url).port
    async with front.http.get(
        f"{front.url}/sv/staff/sign-in?back=/sv/staff/calls",
        headers={"Host": f"localhost:{port}"},
        allow_redirects=False,
    ) as answer:
        assert answer.headers["Location"] == f"{front.url}/sv/staff/sign-in?back=/sv/staff/calls"


async def test_who_does_nothing_for_an_hour_signs_in_again_and_pages_that_renew_themselves_are_nobody(
    front: Front,
) -> None:
    browser = front.browser()
    await front.sign_in(browser)
    for _ in range(2):
        await front.clock.advance(timedelta(minutes=55))
        assert await is_in(browser)
    await front.clock.advance(timedelta(minutes=31))
    assert (await _automatic(front, browser)) == 303, "still signed in, and not kept so"
    await front.clock.advance(timedelta(minutes=31))
    assert (await _automatic(front, browser)) == 401, "it is never led to sign in"
    assert not await is_in(browser)


async def _automatic(front: Front, browser: Browser) -> int:
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    headers = {"Cookie": cookies, "Plats-Automatic": "1"}
    async with front.http.get(f"{front.url}{INSIDE}", headers=headers, allow_redirects=False) as answer:
        return answer.status


async def test_after_a_working_day_one_signs_in_again_in_any_case(front: Front) -> None:
    browser = front.browser()
    await front.sign_in(browser)
    for _ in range(11):
        await front.clock.advance(timedelta(minutes=54))
        assert await is_in(browser)
    await front.clock.advance(timedelta(minutes=10))
    assert not await is_in(browser)


async def test_a_role_that_is_taken_away_is_gone_within_minutes(front: Front) -> None:
    browser = front.browser()
    await front.sign_in(browser)
    try:
        await front.provider.give("sara", "")
        assert await is_in(browser), "what was said five minutes ago still counts"
        await front.clock.advance(timedelta(minutes=5))
        shown = await browser.get(INSIDE)
        assert (shown.status, "har ingen roll i Plats" in shown.text) == (403, True)
    finally:
        await front.provider.give("sara", "staff", "kista")


async def test_who_works_at_another_library_from_now_on_goes_on_there(front: Front) -> None:
    """Fails when the library they worked with stays chosen: each page would be refused until they sign out."""
    browser = front.browser()
    await front.sign_in(browser)
    try:
        await front.provider.give("sara", "staff", "rinkeby")
        await front.clock.advance(timedelta(minutes=5))
        shown = await browser.get("/sv/staff/nowhere")
        assert ("rinkeby" in shown.source, "kista" in shown.source) == (True, False)
    finally:
        await front.provider.give("sara", "staff", "kista")


async def test_many_pages_at_once_renew_it_once(front: Front) -> None:
    """Fails when each asks for itself: the provider takes a second use of a renewal for theft, and ends them all."""
    browser = front.browser()
    await front.sign_in(browser)
    for _ in range(2):
        await front.clock.advance(timedelta(minutes=10))
        assert all(await asyncio.gather(*(is_in(browser) for _ in range(12))))


async def test_signing_out_ends_it_here_and_there(front: Front) -> None:
    browser = front.browser()
    await front.sign_in(browser)
    before = dict(browser.cookies)
    csrf = (await browser.get("/sv/staff/nowhere")).source.split('name="csrf" value="')[1].split('"')[0]
    shown = await browser.post("/sv/staff/sign-out", {"csrf": csrf})
    there = URL(shown.headers["Refresh"].removeprefix("0; url="))
    assert str(there).startswith(front.provider.url)
    assert set(there.query) == {"client_id", "post_logout_redirect_uri"}, "no name is in an address"
    assert not any("plats_staff" in name for name in browser.cookies)
    browser.cookies = before
    assert not await is_in(browser), "what was copied is worth nothing"


async def test_what_was_typed_waits_for_who_typed_it(front: Front) -> None:
    sara, amir = front.browser(), front.browser()
    await front.sign_in(sara)
    await front.clock.advance(timedelta(minutes=61))
    sent = await sara.post("/sv/staff/desk?branch=kista", {"name": "Åsa & Bo <3", "csrf": "old"})
    assert sent.status == 200, "a page that leads on: a form may not lead to another server"
    way = URL(sent.headers["Refresh"].removeprefix("0; url="))
    kept = way.query["back"]
    back = await front.provider.sign_in((await sara.get(str(way))).location, "sara")
    shown = await sara.follow(await sara.get(URL(back).raw_path_qs))
    assert "Det du skrev finns kvar" in shown.text
    assert 'action="/sv/staff/desk?branch=kista"' in shown.source
    assert 'name="name" value="Åsa &amp; Bo &lt;3"' in shown.source
    await front.sign_in(amir, "amir")
    assert (await amir.get(kept)).location == "/sv/staff/today", "it is nobody else's"
    row = await front.database.pool.fetchrow("SELECT * FROM kept_form")
    assert row is not None
    assert "Åsa" not in str(dict(row))
