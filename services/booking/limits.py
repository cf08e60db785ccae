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
from operator import attrgetter
from uuid import UUID

from aiohttp import hdrs

from services.booking.reach import Reach
from shared import installation
from shared.db import Connection
from shared.installation import Rules
from shared.problems import Problem

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_QUARTER = timedelta(minutes=15)


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


BOOKINGS_OF_PHONE = Limit(
    name="bookings of phone",
    most=5,
    within=_DAY,
    detail="this number has been used for many bookings today: call the library and they will help",
    field="reach.phone",
    decided=attrgetter("bookings_of_number"),
)
BOOKINGS_OF_PHONE_IN_SESSION = Limit(
    name="bookings of phone in session",
    most=3,  # families share phones
    within=_DAY,
    detail="this number has been used for several bookings of this session: call the library and they will help",
    field="reach.phone",
)
BOOKINGS_OF_EMAIL = Limit(
    name="bookings of email",
    most=5,
    within=_DAY,
    detail="this e-mail address has been used for many bookings today: call the library and they will help",
    field="reach.email",
    decided=attrgetter("bookings_of_number"),
)
BOOKINGS_OF_EMAIL_IN_SESSION = Limit(
    name="bookings of email in session",
    most=3,
    within=_DAY,
    detail="this address has been used for several bookings of this session: call the library and they will help",
    field="reach.email",
)
BOOKINGS_FROM_NETWORK = Limit(
    name="bookings from network",
    most=20,
    within=_HOUR,
    detail="many bookings came from your network in a short time: try again later or call the library",
    decided=attrgetter("bookings_from_network"),
)
BOOKINGS_FROM_NETWORK_IN_SESSION = Limit(
    name="bookings from network in session",
    most=8,  # a school class, a carrier's phones or a library's wifi have one address together
    within=_DAY,
    detail="several bookings of this session came from your network: call the library and they will help",
)
SERIES_FROM_NETWORK = Limit(
    name="series from network",
    most=4,  # half of what may book one date: each of these takes seats in all of them
    within=_DAY,
    detail="this series was booked several times from your network: book its dates singly, or call the library",
)
MOVES_OF_BOOKING = Limit(
    name="moves of booking",
    most=4,  # each is told: who booked in another's name must leave room for what that person must hear
    within=_DAY,
    detail="this booking was changed several times today: call the library and they will help",
)
HOLDS_FROM_NETWORK = Limit(
    name="holds from network",
    most=60,  # three for each booking: who changes their mind, or the party, asks anew
    within=_HOUR,
    detail="seats were held many times from your network in a short time: book without, or try again later",
    decided=lambda rules: 3 * rules.bookings_from_network,
)
HOLDS_FROM_NETWORK_IN_SESSION = Limit(
    name="holds from network in session",
    most=2,  # fewer than may book it from there: holding costs nothing and tells nothing, and one may book without
    within=_HOUR,
    detail="seats of this session were held several times from your network: book without, or try again later",
)
CODES_TO_PHONE = Limit(
    name="codes to phone",
    most=5,
    within=_DAY,
    detail="codes were asked for with this number several times today: call the library and they will help",
    field="reach.phone",
)
CODES_TO_PHONE_IN_HOUR = Limit(
    name="codes to phone in hour",
    most=3,
    within=_HOUR,
    detail="codes were asked for with this number several times: wait a little, or call the library",
    field="reach.phone",
)
CODES_TO_EMAIL = Limit(
    name="codes to email",
    most=5,
    within=_DAY,
    detail="codes were asked for with this address several times today: call the library and they will help",
    field="reach.email",
)
CODES_TO_EMAIL_IN_HOUR = Limit(
    name="codes to email in hour",
    most=3,
    within=_HOUR,
    detail="codes were asked for with this address several times: wait a little, or call the library",
    field="reach.email",
)
CODES_FROM_NETWORK = Limit(
    name="codes from network",
    most=20,
    within=_HOUR,
    detail="codes were asked for many times from your network: try again later or call the library",
)
WRONG_PROOFS_OF_CODE = Limit(
    name="wrong proofs of code",
    most=5,
    within=_QUARTER,
    detail="there were many wrong tries: wait a little and try again",
)
WRONG_PROOFS_FROM_NETWORK = Limit(
    name="wrong proofs from network",
    most=20,
    within=_QUARTER,
    detail="there were many wrong tries: wait a little and try again",
)


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


def of_booking(secret: str, reach: Reach, network: str | None) -> list[Use]:
    """What booking counts against: every address given, however they want to be reached, and the network.

    Several dates of a series at once are one of these: they are one message, and what may be taken of each date is
    limited by :func:`in_session`, and of all by :func:`of_series`.
    """
    return _uses(
        secret,
        (BOOKINGS_OF_PHONE, reach.phone),
        (BOOKINGS_OF_EMAIL, reach.email and reach.email.casefold()),
        (BOOKINGS_FROM_NETWORK, network),
    )


def in_session(secret: str, reach: Reach, network: str | None, session_id: UUID) -> list[Use]:
    """What a seat counts against in one session; ``network`` None where nobody knows, or it has no limits."""
    return _uses(
        secret,
        *(
            (limit, who and f"{who}\n{session_id}")
            for limit, who in (
                (BOOKINGS_OF_PHONE_IN_SESSION, reach.phone),
                (BOOKINGS_OF_EMAIL_IN_SESSION, reach.email and reach.email.casefold()),
                (BOOKINGS_FROM_NETWORK_IN_SESSION, network),
            )
        ),
    )


def of_series(secret: str, network: str | None, series_id: UUID) -> list[Use]:
    """What several dates at once count against: nobody takes a whole term from others with a few requests."""
    return _uses(secret, (SERIES_FROM_NETWORK, network and f"{network}\n{series_id}"))


def _uses(secret: str, *counted: tuple[Limit, str | None]) -> list[Use]:
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
