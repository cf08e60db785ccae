"""Signing in by the municipality's provider, coming back to where one was, and signing out."""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING
from uuid import UUID

from aiohttp import web
from yarl import URL

from services.web.keys import SETTINGS, SITE
from services.web.staff import Going, NotSignedIn, SentForm, store
from services.web.staff.boundary import SIGNED_IN
from services.web.staff.frame import PERSON, home, is_ours, leave, page, person, to
from services.web.staff.keys import PROVIDER
from services.web.staff.signed_in import BROWSER, COOKIE, cookie_name, drop_cookie, hashed, set_cookie
from services.web.transfer import over_tls
from shared.keys import DATABASE
from shared.logs import get_logger
from shared.problems import Problem

if TYPE_CHECKING:
    from services.web.staff import Vouched

log = get_logger()

_BROWSER_SECONDS = 1800


def roots() -> list[web.RouteDef]:
    """What has the same address in all languages."""
    return [
        web.get("/staff", begin),
        web.get("/staff/callback", came_back),
        web.get("/staff/signed-out", signed_out),
    ]


def routes(home: str) -> list[web.RouteDef]:
    """Where these are."""
    return [
        web.get(home, begin),
        web.get(f"{home}/sign-in", sign_in),
        web.post(f"{home}/sign-out", sign_out),
        web.get(f"{home}/kept/{{form}}", kept),
        web.post(f"{home}/kept/{{form}}/drop", drop),
    ]


async def begin(request: web.Request) -> web.Response:
    """``GET /staff``: what somebody types who works here leads to the day's sessions."""
    return to(request, "/today")


def _origin(request: web.Request) -> str:
    """Where the provider sends people back to: the public address, where it is known."""
    own = f"{'https' if over_tls(request) else 'http'}://{request.host}"
    return request.app[SETTINGS].public_url or own


async def sign_in(request: web.Request) -> web.Response:
    """``GET /{language}/staff/sign-in?back=``: go to the identity provider.

    Raises:
        Problem: 503 while it is away.
    """
    site, back = request.app[SITE], request.query.get("back", "")
    back = back if is_ours(back, tuple(site.catalogs.tags)) else f"{home(request)}/today"
    origin = URL(_origin(request))
    if origin.authority != request.host:
        # The cookie must be of the host that the provider sends them back to.
        return leave(request, str(origin.with_path(request.path).with_query(back=back)))
    going = await request.app[PROVIDER].going(f"{origin.origin()}/staff/callback")
    browser = request.cookies.get(cookie_name(request, BROWSER)) or secrets.token_urlsafe(24)
    sign_in = store.SignIn(
        browser_hash=hashed(browser),
        nonce=going.nonce,
        verifier=request.app[SIGNED_IN].seal(going.verifier),
        back=back,
    )
    async with request.app[DATABASE].transaction() as conn:
        await store.keep_sign_in(conn, hashed(going.state), sign_in)
    response = leave(request, going.address)
    set_cookie(request, response, BROWSER, browser, _BROWSER_SECONDS)
    return response


async def came_back(request: web.Request) -> web.Response:
    """``GET /staff/callback``: back from the identity provider, and on to where one wanted to go."""
    state = request.query.get("state", "")
    async with request.app[DATABASE].transaction() as conn:
        sign_in = await store.take_sign_in(conn, hashed(state))
    browser = request.cookies.get(cookie_name(request, BROWSER), "")
    if sign_in is None or not hmac.compare_digest(sign_in.browser_hash, hashed(browser)):
        return _failed(request, "not begun here")
    callback = f"{URL(_origin(request)).origin()}/staff/callback"
    verifier = request.app[SIGNED_IN].unseal(sign_in.verifier)
    going = Going(address="", state=state, nonce=sign_in.nonce, verifier=verifier)
    address = str(URL(callback).with_query(request.query))
    try:
        vouched = await request.app[PROVIDER].came_back(address, callback, going)
    except NotSignedIn as error:
        return _failed(request, str(error))
    return await _signed_in(request, vouched, sign_in.back)


async def _signed_in(request: web.Request, vouched: Vouched, back: str) -> web.Response:
    response = leave(request, back)
    await request.app[SIGNED_IN].begin(request, response, vouched)
    drop_cookie(request, response, BROWSER)
    log.info("staff_signed_in", role=vouched.staff.role if vouched.staff else None)
    return response


def _failed(request: web.Request, reason: str) -> web.Response:
    log.info("staff_not_signed_in", reason=reason)
    return request.app[SITE].page(request, "staff/not_signed_in.html", {"staff": home(request)}, status=400)


async def sign_out(request: web.Request) -> web.Response:
    """``POST /{language}/staff/sign-out``: signed out here, and of the provider."""
    signed_in = request.app[SIGNED_IN]
    await signed_in.end(signed_in.secret(request))
    back = f"{_origin(request)}/staff/signed-out"
    response = leave(request, await _out_of_provider(request, back) or back)
    drop_cookie(request, response, COOKIE)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


async def _out_of_provider(request: web.Request, back: str) -> str | None:
    """Where one signs out of the provider; None while it is away: out of here is what counts."""
    try:
        return await request.app[PROVIDER].signing_out(back)
    except Problem:
        return None


async def signed_out(request: web.Request) -> web.Response:
    """``GET /staff/signed-out``: nobody is signed in at this browser."""
    return request.app[SITE].page(request, "staff/signed_out.html", {"staff": home(request)})


def _form_id(request: web.Request) -> UUID:
    try:
        return UUID(request.match_info["form"])
    except ValueError as error:
        raise web.HTTPNotFound from error


async def kept(request: web.Request) -> web.Response:
    """``GET /{language}/staff/kept/{form}``: what somebody typed while they were signed out, to be sent now."""
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        sealed = await store.kept_form(conn, _form_id(request), request[PERSON].subject)
    if sealed is None:
        return to(request, "/today")
    form = SentForm.model_validate_json(request.app[SIGNED_IN].unseal(sealed))
    return page(request, "staff/kept.html", {"form": form, "form_id": _form_id(request)})


async def drop(request: web.Request) -> web.Response:
    """``POST /{language}/staff/kept/{form}/drop``: it is not wanted any more."""
    async with request.app[DATABASE].transaction() as conn:
        await store.forget_form(conn, _form_id(request), person(request).subject)
    return to(request, "/today")
