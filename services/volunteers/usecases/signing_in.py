"""Signing in with a code that is sent: those who help have no account with anybody who could vouch for them.

Each runs inside one transaction of its caller.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from services.volunteers.store import signing_in as store
from services.volunteers.store.signing_in import SignIn
from shared import limits
from shared.events import Notice, VolunteerNotified
from shared.ids import new_id
from shared.outbox import emit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from services.volunteers.reach import Reached
    from shared.db import Connection
    from shared.limits import Use

LASTS = timedelta(minutes=15)
"""A code works for so long."""

TRIES = 5
"""Wrong ones until it works no more: of a million codes nobody guesses one with these."""

_DIGITS = 6
_AT_MOST = 3
"""Who share a number or address: each gets a code of their own, and the code says who it is."""

_TOKEN_BYTES = 32


async def ask(conn: Connection, reached: Reached, secret: str, asked: Sequence[Use]) -> None:
    """Have a code sent to whoever has this number or address and may sign in; nobody learns whether anybody does.

    Raises:
        Problem: 429 after too many.
    """
    await limits.spend(conn, asked)
    codes = set[str]()
    for somebody in await store.reached_by(conn, reached.phone, reached.email, _AT_MOST):
        code = _new_code(codes)
        codes.add(code)
        id_ = new_id()
        made = SignIn(
            id=id_,
            contact_ref=somebody.ref,
            by="email" if reached.email else "sms",
            code=code,
            code_hash=_hashed(secret, id_, code),
        )
        ends_at = await store.make(conn, made, LASTS)
        told = Notice(
            notice_id=id_,
            revision=1,
            contact_ref=somebody.ref,
            language=somebody.language,
            notice="sign_in",
            until=ends_at,
        )
        await emit(conn, VolunteerNotified.of(id_, told))


def _new_code(taken: set[str]) -> str:
    while (code := f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}") in taken:
        pass
    return code


def _hashed(secret: str, sign_in_id: UUID, code: str) -> bytes:
    """What is kept of a code: it has so few digits that a hash without our key could be tried out."""
    return hmac.digest(bytes.fromhex(secret), sign_in_id.bytes + code.encode(), hashlib.sha256)


class SignedIn(NamedTuple):
    """What somebody shows from now on, and until when at the latest."""

    token: str
    ends_at: datetime


async def verify(conn: Connection, reached: Reached, code: str, secret: str, tries: Sequence[Use]) -> SignedIn | None:
    """Sign in whoever was sent this code; None where nobody was, which counts against all codes sent there.

    Raises:
        Problem: 429 after too many of those.
    """
    await limits.allow(conn, tries)
    people = await store.reached_by(conn, reached.phone, reached.email, _AT_MOST)
    sent = await store.open_for(conn, [somebody.ref for somebody in people], TRIES)
    for each in sent:
        if hmac.compare_digest(each.code_hash, _hashed(secret, each.id, code)):
            await store.used(conn, each.id)
            token = secrets.token_urlsafe(_TOKEN_BYTES)
            return SignedIn(token, await store.begin(conn, each.contact_ref, hashed(token)))
    await store.tried(conn, [each.id for each in sent])
    await limits.count(conn, tries)
    return None


def hashed(token: str) -> bytes:
    """What is kept of a token: it is as long as a key, so that no salt could help who has the hash."""
    return hashlib.sha256(token.encode()).digest()
