"""The same request twice is one effect and one answer (draft-ietf-httpapi-idempotency-key-header).

The key's row is written in the same transaction as the effect, so either both are there or neither. A
request that arrives while the first is still running waits for it, and is told so when that takes too long.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

import asyncpg
from aiohttp import web
from pydantic import BaseModel

from shared import http, problems
from shared.keys import DATABASE, REFUSALS, SECRET
from shared.problems import Problem

if TYPE_CHECKING:
    from shared.db import Connection

HEADER = "Idempotency-Key"
KEPT_HOURS = 48
MAX_KEY = 200


class Answer(NamedTuple):
    """What the client gets, now and each time it asks again."""

    status: int
    body: dict[str, Any]


def fingerprint(secret: str, body: bytes) -> bytes:
    """A keyed digest of a request: a plain one of a phone number could be guessed back."""
    return hmac.digest(bytes.fromhex(secret), body, hashlib.sha256)


def check_key(key: str | None) -> str | None:
    """The Idempotency-Key header, when it is one.

    Raises:
        Problem: 422 when it is empty, longer than 200 characters, or not of printable ASCII.
    """
    if key is not None and not (0 < len(key) <= MAX_KEY and key.isascii() and key.isprintable()):
        raise Problem("invalid", 422, "The Idempotency-Key must have 1 to 200 characters of ASCII", field=HEADER)
    return key


async def once(
    conn: Connection,
    *,
    scope: str,
    key: str,
    fingerprint: bytes,
    work: Callable[[], Awaitable[Answer]],
) -> Answer:
    """Do ``work`` the first time this key is seen; give its answer again ever after.

    ``work`` runs in the caller's transaction and returns refusals as answers too, having undone what it did.

    Raises:
        Problem: 422 for the same key with another request, 409 while the first is still running.
    """
    try:
        claimed = await conn.fetchval(
            """
            INSERT INTO idempotency (scope, key, fingerprint) VALUES ($1, $2, $3)
            ON CONFLICT DO NOTHING RETURNING true
            """,
            scope,
            key,
            fingerprint,
        )
    except asyncpg.LockNotAvailableError as error:
        raise Problem("still-running", 409, "The first request with this key is still running") from error
    if not claimed:
        return await _again(conn, scope, key, fingerprint)
    answer = await work()
    await conn.execute(
        "UPDATE idempotency SET status = $3, body = $4 WHERE scope = $1 AND key = $2",
        scope,
        key,
        answer.status,
        answer.body,
    )
    return answer


async def perform(
    request: web.Request,
    work: Callable[[Connection], Awaitable[BaseModel]],
    *,
    status: int,
) -> web.Response:
    """Run ``work`` in one transaction and reply; under an Idempotency-Key only once.

    A refusal is an answer too: what was done is undone, and the refusal is what the key gives from then on.

    Raises:
        Problem: see :func:`once`; without a key also every refusal.
    """
    return reply(await perform_once(request, work, status=status))


async def perform_once(
    request: web.Request,
    work: Callable[[Connection], Awaitable[BaseModel]],
    *,
    status: int,
) -> Answer:
    """Do what :func:`perform` does, for who has more to do before they reply.

    Raises:
        Problem: see :func:`once`; without a key also every refusal.
    """
    key = check_key(request.headers.get(HEADER))
    database = request.app[DATABASE]
    if key is None:
        return Answer(status, (await database.transact(work)).model_dump(mode="json"))
    digest = fingerprint(request.app[SECRET], request.path.encode() + b"\n" + await request.read())
    scope = f"{request.method} {http.route(request)}"
    refusals = request.app[REFUSALS]

    async def keyed(conn: Connection) -> Answer:
        async def attempt() -> Answer:
            try:
                async with conn.transaction():
                    return Answer(status, (await work(conn)).model_dump(mode="json"))
            except tuple(refusals) as error:
                document = http.refused(error, refusals).document
                return Answer(document.status, document.model_dump(mode="json", exclude_defaults=True))

        return await once(conn, scope=scope, key=key, fingerprint=digest, work=attempt)

    return await database.transact(keyed)


def reply(answer: Answer) -> web.Response:
    """An answer as it goes out."""
    kind = "application/json" if answer.status < HTTPStatus.BAD_REQUEST else problems.CONTENT_TYPE
    return web.json_response(
        answer.body, status=answer.status, content_type=kind, headers={"Cache-Control": "no-store"}
    )


async def _again(conn: Connection, scope: str, key: str, fingerprint: bytes) -> Answer:
    row = await conn.fetchrow(
        "SELECT fingerprint, status, body FROM idempotency WHERE scope = $1 AND key = $2",
        scope,
        key,
    )
    if row is None:
        raise Problem("still-running", 409, "The first request with this key is still running")
    if not hmac.compare_digest(row["fingerprint"], fingerprint):
        raise Problem("idempotency-key-reused", 422, "This Idempotency-Key was used for another request", field=HEADER)
    return Answer(row["status"], row["body"])


async def forget(conn: Connection) -> None:
    """Delete answers nobody asks for any more."""
    await conn.execute("DELETE FROM idempotency WHERE created_at < now() - make_interval(hours => $1)", KEPT_HOURS)
