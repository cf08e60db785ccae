"""Who is signed in at a browser: found by a cookie, renewed by the provider, ended by time or by choice."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import secrets
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet

from services.web.staff import store
from services.web.staff.people import Person
from services.web.staff.provider import NotSignedIn, Tokens, Vouched
from shared.problems import Problem

if TYPE_CHECKING:
    from aiohttp import web

    from services.web.settings import WebSettings
    from services.web.staff.provider import Provider
    from shared.db import Database

COOKIE = "__Host-plats_staff"
BROWSER = "__Host-plats_sign_in"

_RENEW_WITH_LEFT = timedelta(seconds=60)
"""So early that whoever else asks meanwhile goes on with what they have."""
_LOOK_AGAIN_AFTER = 0.1
_LOOKS = 100


def cookie_name(request: web.Request, name: str) -> str:
    """A cookie's name at this address: browsers share cookies between the ports of a host, where others may run."""
    port = request.url.explicit_port
    return f"{name}_{port}" if port else name


def set_cookie(request: web.Request, response: web.StreamResponse, name: str, value: str, seconds: int) -> None:
    """Have a browser keep something of a sign-in: out of the reach of scripts, for this host and path only.

    ``Lax``, as one comes back from the provider by a link from another site.
    """
    response.set_cookie(
        cookie_name(request, name), value, max_age=seconds, path="/", httponly=True, secure=True, samesite="Lax"
    )


def drop_cookie(request: web.Request, response: web.StreamResponse, name: str) -> None:
    """Take it back."""
    response.del_cookie(cookie_name(request, name), path="/", secure=True, httponly=True, samesite="Lax")


def hashed(secret: str) -> bytes:
    """As what a browser holds is kept here: random enough that no salt is needed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()


class SignedIn:
    """Those who are signed in."""

    def __init__(self, settings: WebSettings, database: Database, provider: Provider) -> None:
        self._settings = settings
        self._database = database
        self._provider = provider
        key = bytes.fromhex(settings.key.get_secret_value())
        self._csrf_key = hmac.digest(key, b"staff forms", hashlib.sha256)
        self._fernet = Fernet(base64.urlsafe_b64encode(hmac.digest(key, b"staff tokens", hashlib.sha256)))

    def seal(self, text: str) -> bytes:
        """What is kept so that only we read it."""
        return self._fernet.encrypt(text.encode())

    def unseal(self, sealed: bytes) -> str:
        """What was sealed."""
        return self._fernet.decrypt(sealed).decode()

    async def begin(self, request: web.Request, response: web.StreamResponse, vouched: Vouched) -> None:
        """Sign somebody in at this browser, whoever was before."""
        if before := self.secret(request):
            await self.end(before)
        secret = secrets.token_urlsafe(32)
        session = self._session(hashed(secret), vouched)
        async with self._database.transaction() as conn:
            await store.begin(conn, session)
        set_cookie(request, response, COOKIE, secret, self._settings.staff_hours * 3600)

    def secret(self, request: web.Request) -> str:
        """What this browser holds; empty where it holds nothing."""
        return request.cookies.get(cookie_name(request, COOKIE), "")

    async def find(self, request: web.Request) -> store.Session | None:
        """Whose browser this is, also where their time is over; None for nobody's."""
        secret = self.secret(request)
        if not secret:
            return None
        settings = self._settings
        async with self._database.pool.acquire(timeout=2) as conn:
            return await store.find(conn, hashed(secret), idle=settings.staff_idle, longest=settings.staff_longest)

    async def person(self, request: web.Request, session: store.Session) -> Person:
        """Somebody with a token that services accept now.

        Raises:
            NotSignedIn: the provider does not vouch for them any more.
            Problem: 503 while the provider is away and their token is not good any more.
        """
        if session.good_for < _RENEW_WITH_LEFT:
            session = await self._renewed(request, session)
        return Person(
            subject=session.subject,
            name=session.name,
            role=session.role,
            branches=session.branches,
            token=self._tokens(session).access,
            csrf=self.csrf(self.secret(request)),
            branch=session.branch,
        )

    async def used(self, session: store.Session) -> None:
        """They did something, and stay signed in."""
        async with self._database.transaction() as conn:
            await store.used(conn, session.id_hash)

    async def choose(self, request: web.Request, branch: str | None) -> None:
        """They work with this library from now on."""
        async with self._database.transaction() as conn:
            await store.choose(conn, hashed(self.secret(request)), branch)

    async def end(self, secret: str) -> None:
        """Sign somebody out here."""
        async with self._database.transaction() as conn:
            await store.end(conn, hashed(secret))

    def csrf(self, secret: str) -> str:
        """What the forms of whoever holds ``secret`` carry."""
        return hmac.new(self._csrf_key, secret.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()

    def _session(self, id_hash: bytes, vouched: Vouched) -> store.Session:
        staff = vouched.staff
        branches = staff.branches if staff else frozenset[str]()
        return store.Session(
            id_hash=id_hash,
            subject=vouched.subject,
            name=vouched.name,
            role=staff.role if staff else None,
            branches=branches,
            tokens=self.seal(vouched.tokens.model_dump_json()),
            good_for=timedelta(seconds=vouched.tokens.good_for),
            branch=min(branches) if branches else None,
            over=False,
        )

    def _tokens(self, session: store.Session) -> Tokens:
        return Tokens.model_validate_json(self.unseal(session.tokens))

    async def _renewed(self, request: web.Request, session: store.Session) -> store.Session:
        """The same session with new tokens. One process asks for them; meanwhile the others go on with the old.

        Whose token is over already waits for the one that asks.
        """
        for _ in range(_LOOKS):
            async with self._database.transaction() as conn:
                ours = await store.claim_renewal(conn, session.id_hash, session.tokens)
            if ours:
                return await self._renew(session)
            if session.good_for > timedelta():
                return session
            await asyncio.sleep(_LOOK_AGAIN_AFTER)
            found = await self.find(request)
            if found is None or found.over:
                raise NotSignedIn("signed out meanwhile")
            if found.tokens != session.tokens and found.good_for > timedelta():
                return found
            session = found
        raise NotSignedIn("nobody renewed it")

    async def _renew(self, session: store.Session) -> store.Session:
        try:
            vouched = await self._provider.renewed(self._tokens(session), session.subject, session.name)
        except (NotSignedIn, Problem):
            async with self._database.transaction() as conn:
                await store.give_up_renewal(conn, session.id_hash)
            if session.good_for > timedelta():
                return session  # good for the rest of it, in which the provider may be back
            raise
        renewed = replace(self._session(session.id_hash, vouched), branch=session.branch)
        async with self._database.transaction() as conn:
            await store.renew(conn, renewed)
        return renewed
