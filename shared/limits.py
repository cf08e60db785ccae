"""Against abuse: how often something may be done in a rolling window, exact over all replicas.

What counts is a row in the database until its window is over, by the database's clock. Whoever asks first
takes turns with everybody who asks for the same subject (a number, a network, a code) until its transaction
ends, so that requests at once cannot pass a limit together.

What was refused for another reason is undone with its transaction and does not count: it takes no seat and
sends no message, and behind one network address there may be a whole school. Requests as such are limited
where connections are, by the proxy in front. Only that somebody has a seat already is told at the price of a
booking: it says of a person where they are going.
"""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import hdrs

from shared import installation
from shared.db import Connection
from shared.installation import Rules
from shared.problems import Problem


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """So many in any stretch of time this long."""

    name: str
    """Goes into the keyed hash: the same number is another subject under another limit."""
    most: int
    within: timedelta
    detail: str
    field: str | None = None
    decided: Callable[[Rules], int] | None = None
    """What administrators decided instead of ``most``, where it is for them to decide."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """Something limited that somebody wants to do."""

    limit: Limit
    subject: bytes

    @classmethod
    def of(cls, limit: Limit, secret: str, subject: str) -> "Use":
        """By ``subject``, of which only a hash with the service's key (hex) is kept."""
        text = f"{limit.name}\n{subject}"
        return cls(limit=limit, subject=hmac.digest(bytes.fromhex(secret), text.encode(), hashlib.sha256))


def uses(secret: str, *counted: tuple[Limit, str | None]) -> list[Use]:
    """What of these counts: a limit by whom it counts, and who that is where it is known."""
    return [Use.of(limit, secret, who) for limit, who in counted if who]


async def allow(conn: Connection, uses: Sequence[Use]) -> None:
    """Wait for our turn with each subject, and go on if all of these may be done once more.

    Raises:
        Problem: 429 ``too-many-requests`` with the seconds until all of them may, in ``Retry-After``. It is no
            refusal of the domain's, so that no Idempotency-Key remembers it: later the answer is another.
    """
    if not uses:
        return
    # In an order of their own, so that two requests with the same subjects cannot wait for each other.
    await conn.execute(
        "SELECT pg_advisory_xact_lock(turn) FROM unnest($1::bigint[]) AS turn",
        sorted(int.from_bytes(use.subject[:8], signed=True) for use in uses),
    )
    most = await _most(conn, uses)
    # The window is full as long as its n-th newest row counts. The statement began after the turn was ours.
    full = await conn.fetchrow(
        """
        SELECT place, ceil(extract(epoch FROM spent.ends_at - statement_timestamp()))::int AS seconds
        FROM unnest($1::bytea[], $2::int[]) WITH ORDINALITY AS wanted (subject, most, place)
        CROSS JOIN LATERAL (
            SELECT ends_at FROM limit_use
            WHERE subject = wanted.subject AND ends_at > statement_timestamp()
            ORDER BY ends_at DESC OFFSET wanted.most - 1 LIMIT 1
        ) AS spent
        ORDER BY seconds DESC, place LIMIT 1
        """,
        [use.subject for use in uses],
        most,
    )
    if full:
        raise _too_many(uses[full["place"] - 1].limit, full["seconds"])


async def _most(conn: Connection, uses: Sequence[Use]) -> list[int]:
    """How often each of these may be done: as administrators decided, or as it is written here."""
    decided = await installation.decided(conn) if any(use.limit.decided for use in uses) else None
    return [use.limit.decided(decided.rules) if decided and use.limit.decided else use.limit.most for use in uses]


async def count(conn: Connection, uses: Sequence[Use]) -> None:
    """Have these count from now on, in a transaction that was allowed to."""
    if not uses:
        return
    await conn.execute(
        """
        INSERT INTO limit_use (subject, ends_at)
        SELECT subject, statement_timestamp() + lasts FROM unnest($1::bytea[], $2::interval[]) AS used (subject, lasts)
        """,
        [use.subject for use in uses],
        [use.limit.within for use in uses],
    )


async def spend(conn: Connection, uses: Sequence[Use]) -> None:
    """Do :func:`allow` and :func:`count` at once, for what has no other part in its transaction.

    Raises:
        Problem: 429, as ``allow`` does.
    """
    await allow(conn, uses)
    await count(conn, uses)


def _too_many(limit: Limit, seconds: int) -> Problem:
    return Problem(
        "too-many-requests",
        429,
        "Too many in a short time",
        detail=limit.detail,
        field=limit.field,
        headers={hdrs.RETRY_AFTER: str(seconds)},
    )


async def forget(conn: Connection) -> None:
    """Delete what no longer counts."""
    await conn.execute("DELETE FROM limit_use WHERE ends_at <= now()")
