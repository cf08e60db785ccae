"""Who is believed: tokens of the identity provider, and those of our own services."""

import asyncio
import time
from collections.abc import AsyncIterator

import aiohttp
import jwt
import pytest
from aiohttp import web

from shared.auth import IdentityProvider, Trust, require_service, service_token
from shared.http import middleware
from shared.problems import Problem
from shared.service import client
from tests.support.apps import serving
from tests.support.identity import Issuer

KEY = "0a" * 32


@pytest.fixture
async def guarded(issuer: Issuer) -> AsyncIterator[str]:
    """A server with one door for staff and one for services."""
    async with client() as session:
        provider = IdentityProvider(lambda: session, Trust(issuer=issuer.url, audience="plats"))

        async def staff(request: web.Request) -> web.Response:
            person = await provider.staff(request)
            return web.json_response(
                {"role": person.role, "kista": person.may("kista", "staff"), "farsta": person.may("farsta", "staff")}
            )

        async def service(request: web.Request) -> web.Response:
            require_service(request, KEY, "booking")
            return web.json_response({})

        app = web.Application(middlewares=[middleware])
        app.router.add_get("/staff", staff)
        app.router.add_get("/service", service)
        async with serving(app) as url:
            yield url


async def status(http: aiohttp.ClientSession, url: str, token: str | None) -> int:
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    async with http.get(url, headers=headers) as answer:
        assert answer.status == 200 or answer.content_type == "application/problem+json"
        assert answer.status != 401 or answer.headers["WWW-Authenticate"].startswith("Bearer")
        return answer.status


async def test_staff_act_at_their_branches_and_administrators_everywhere(
    guarded: str, issuer: Issuer, http: aiohttp.ClientSession
) -> None:
    async with http.get(f"{guarded}/staff", headers=issuer.headers("staff", "kista")) as answer:
        assert await answer.json() == {"role": "staff", "kista": True, "farsta": False}
    async with http.get(f"{guarded}/staff", headers=issuer.headers("admin")) as answer:
        assert await answer.json() == {"role": "admin", "kista": True, "farsta": True}
    async with http.get(f"{guarded}/staff", headers=issuer.headers("coordinator", "kista")) as answer:
        assert await answer.json() == {"role": "coordinator", "kista": False, "farsta": False}


async def test_nobody_else_passes(guarded: str, issuer: Issuer, http: aiohttp.ClientSession) -> None:
    now = int(time.time())
    good = issuer.token("staff", "kista")
    header, payload, signature = good.split(".")
    forged = jwt.encode({"iss": issuer.url, "aud": "plats", "sub": "x", "exp": now + 60}, "k" * 32, algorithm="HS256")
    refused = {
        "none": None,
        "empty": "",
        "no token": "nonsense",
        "expired": issuer.token("staff", "kista", exp=now - 1),
        "for somebody else": issuer.token("staff", "kista", aud="other"),
        "of somebody else": issuer.token("staff", "kista", iss="https://elsewhere.example"),
        "another signature": f"{header}.{payload}.{signature[::-1]}",
        "another algorithm": forged,
        "unsigned": jwt.encode({"sub": "x"}, "", algorithm="none"),
    }
    found = {name: await status(http, f"{guarded}/staff", token) for name, token in refused.items()}
    assert found == dict.fromkeys(refused, 401)
    assert await status(http, f"{guarded}/staff", issuer.token(None)) == 403
    assert await status(http, f"{guarded}/staff", issuer.token("visitor", "kista")) == 403


async def test_services_prove_themselves_for_a_minute(guarded: str, http: aiohttp.ClientSession) -> None:
    now = int(time.time())
    old = jwt.encode({"iss": "plats", "aud": "booking", "exp": now - 1}, bytes.fromhex(KEY), algorithm="HS256")
    for_ever = jwt.encode({"iss": "plats", "aud": "booking"}, bytes.fromhex(KEY), algorithm="HS256")
    assert await status(http, f"{guarded}/service", service_token(KEY, "booking")) == 200
    for token in (old, for_ever, service_token(KEY, "catalog"), service_token("0b" * 32, "booking"), None):
        assert await status(http, f"{guarded}/service", token) == 401


async def test_a_provider_that_changes_its_key_is_believed_and_its_old_key_no_more() -> None:
    """Fails when keys are asked for once, or what was known stays believed."""
    issuer = Issuer()
    async with serving(issuer.app()) as issuer.url, client() as session:
        trust = Trust(issuer=issuer.url, audience="plats")
        provider = IdentityProvider(lambda: session, trust, ask_at_most_every=0)
        before = issuer.token("staff", "kista")
        assert (await provider.verified(before, "plats"))["sub"] == "test-person"
        issuer.rotate()
        assert (await provider.verified(issuer.token("staff", "kista"), "plats"))["sub"] == "test-person"
        with pytest.raises(jwt.InvalidKeyError):
            await provider.verified(before, "plats")


class _Stuck(Issuer):
    """A provider that stops answering when it is asked for its keys again."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.goes_on = asyncio.Event()

    async def _configuration(self, request: web.Request) -> web.Response:
        self.asked += 1
        if self.asked > 1:
            await self.goes_on.wait()
        return await super()._configuration(request)


async def test_whoever_sends_a_token_of_an_unknown_key_keeps_nobody_else_waiting() -> None:
    """Fails when known keys wait for a provider that is slow: anybody can have it asked."""
    issuer = _Stuck()
    async with serving(issuer.app()) as issuer.url, client() as http:
        provider = IdentityProvider(lambda: http, Trust(issuer=issuer.url, audience="plats"), ask_at_most_every=0)
        good = issuer.token("staff", "kista")
        await provider.verified(good, "plats")
        unknown = jwt.encode({"sub": "x"}, "k" * 32, algorithm="HS256", headers={"kid": "nobody's"})
        waiting = asyncio.create_task(provider.verified(unknown, "plats"))
        try:
            while issuer.asked < 2:  # noqa: ASYNC110 - the provider is another task of ours
                await asyncio.sleep(0)
            async with asyncio.timeout(3):
                assert (await provider.verified(good, "plats"))["sub"] == "test-person"
        finally:
            issuer.goes_on.set()
        with pytest.raises(jwt.InvalidKeyError):
            await waiting


class _Garbled(Issuer):
    """A provider in trouble: what it publishes cannot be read."""

    configuration, keys = "{}", "{}"

    async def _configuration(self, _: web.Request) -> web.Response:
        return web.Response(text=self.configuration, content_type="application/json")

    async def _keys(self, _: web.Request) -> web.Response:
        return web.Response(text=self.keys, content_type="application/json")


@pytest.mark.parametrize(("configuration", "keys"), [("{", ""), ("{}", ""), (None, "{"), (None, '{"keys": []}')])
async def test_a_provider_that_cannot_be_understood_is_away(configuration: str | None, keys: str) -> None:
    """Fails when that breaks requests, or makes good tokens bad ones."""
    issuer = _Garbled()
    async with serving(issuer.app()) as issuer.url, client() as http:
        issuer.configuration = configuration or f'{{"jwks_uri": "{issuer.url}/jwks"}}'
        issuer.keys = keys
        provider = IdentityProvider(lambda: http, Trust(issuer=issuer.url, audience="plats"))
        with pytest.raises(Problem) as refused:
            await provider.verified(issuer.token("staff", "kista"), "plats")
        assert refused.value.document.status == 503
