"""Signing in with a code that is sent to a phone or mailbox."""

from __future__ import annotations

import asyncio
from typing import Annotated

from aiohttp import web
from pydantic import AwareDatetime, StringConstraints

from services.volunteers import limits
from services.volunteers.domain.refusals import WrongCode
from services.volunteers.http.api import VISITORS, api
from services.volunteers.reach import typed
from services.volunteers.store import signing_in as store
from services.volunteers.usecases import signing_in as usecases
from shared.auth import bearer
from shared.codes import ascii_digits
from shared.keys import DATABASE, SECRET
from shared.models import Model, Strict

ANSWER_AFTER = 0.1
"""Seconds from a question for a code to its answer: many times what it takes longer when somebody gets one."""

ReachText = Annotated[str, StringConstraints(min_length=1, max_length=254)]


class SignInBody(Strict):
    """Where the code shall go."""

    reach: ReachText
    """A mobile number or an e-mail address."""


class VerifyBody(SignInBody):
    """The code that came."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=40)]


class CodeSent(Model):
    """Nothing is told."""


class HelperToken(Model):
    """What to show from now on: ``Authorization: Bearer``. It is good for twelve hours after each use."""

    token: str
    ends_at: AwareDatetime
    """When it ends, however often it is used."""


@api.post("/v1/sign-in", status=202, problems=("invalid-phone", "invalid-email", "too-many-requests", "invalid"))
async def send_sign_in(request: web.Request, body: SignInBody) -> CodeSent:
    """Send a code to a number or address of somebody who helps or coordinates.

    Neither the answer nor its time tells whether there is anybody.
    """
    reached = typed(body.reach)
    secret = request.app[SECRET]
    asked = limits.of_sign_in(secret, reached, request.app[VISITORS].network(request))
    clock = asyncio.get_running_loop()
    due = clock.time() + ANSWER_AFTER
    await request.app[DATABASE].transact(lambda conn: usecases.ask(conn, reached, secret, asked))
    await asyncio.sleep(due - clock.time())
    return CodeSent()


@api.post(
    "/v1/sign-in/verify",
    problems=("wrong-code", "invalid-phone", "invalid-email", "too-many-requests", "invalid"),
)
async def sign_in(request: web.Request, body: VerifyBody) -> HelperToken:
    """Sign in with a code; a wrong one and none at all get the same answer."""
    reached = typed(body.reach)
    code = "".join(sign for sign in ascii_digits(body.code) if sign.isdecimal())
    secret = request.app[SECRET]
    tries = limits.of_wrong_code(secret, request.app[VISITORS].network(request))
    signed_in = await request.app[DATABASE].transact(lambda conn: usecases.verify(conn, reached, code, secret, tries))
    if signed_in is None:
        raise WrongCode("this is not the newest code that was sent there, or it is over", "code")
    return HelperToken(token=signed_in.token, ends_at=signed_in.ends_at)


@api.delete("/v1/sign-in", problems=("unauthorized",))
async def sign_out(request: web.Request) -> web.Response:
    """Have the token that is shown count no more; doing it again changes nothing."""
    token = usecases.hashed(bearer(request))
    await request.app[DATABASE].transact(lambda conn: store.end(conn, token))
    return web.Response(status=204)
