"""Rows as the rest of the service leaves them, for what comes afterwards."""

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from shared.events import SessionClosed, SessionClosing
from tests.integration.volunteers.conftest import Answer, Json, Volunteers
from tests.support.samples import published, session_state

TENSTA = {
    "id": "tensta",
    "name": "Tensta bibliotek",
    "sms_name": "Tensta",
    "phone": "08-465 001 00",
    "address": "Tensta gång",
}
COACH = {"needed": 2, "task": "coach", "matched": True}
HOST = {"needed": 1, "task": "host"}
FRIEND = {"needed": 2, "task": "friend"}
STAFF = ("staff", "tensta")


def yesterday(hours: int = 24) -> datetime:
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=hours)


async def session(volunteers: Volunteers, starts_at: datetime, minutes: int = 40, **changes: object) -> UUID:
    """A session at Tensta that volunteers heard of."""
    state = session_state(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes), branch=TENSTA, **changes)
    await volunteers.hear(published(state))
    return state.session_id


async def person(  # noqa: PLR0913 - each is named at the call
    volunteers: Volunteers,
    name: str = "Amina Warsame",
    *,
    partner: str | None = None,
    tasks: tuple[str, ...] = ("coach", "host", "friend"),
    branches: tuple[str, ...] = ("tensta",),
    state: str = "active",
    language: str = "sv",
) -> UUID:
    """Somebody who helps."""
    id_, ref = uuid4(), uuid4()
    await volunteers.database.pool.execute(
        "INSERT INTO contact (ref, name, phone, reach, language) VALUES ($1, $2, '+46701740605', 'sms', $3)",
        ref,
        name,
        language,
    )
    await volunteers.database.pool.execute(
        """
        INSERT INTO volunteer (id, contact_ref, partner_id, state, tasks, branches) VALUES ($1, $2, $3, $4, $5, $6)
        """,
        id_,
        ref,
        partner and UUID(partner),
        state,
        list(tasks),
        list(branches),
    )
    return id_


async def coordinator(volunteers: Volunteers, partner: str | None) -> str:
    """A coordinator who signed in; gives the token."""
    ref = uuid4()
    await volunteers.database.pool.execute(
        "INSERT INTO contact (ref, name, email, reach, language) VALUES ($1, 'Eva', 'eva@example.se', 'email', 'sv')",
        ref,
    )
    await volunteers.database.pool.execute(
        "INSERT INTO coordinator (id, contact_ref, partner_id) VALUES ($1, $2, $3)",
        uuid4(),
        ref,
        partner and UUID(partner),
    )
    return await _signed_in(volunteers, ref)


async def signed_in(volunteers: Volunteers, volunteer_id: UUID) -> str:
    """The token of a volunteer who signed in."""
    row = await volunteers.row("SELECT contact_ref FROM volunteer WHERE id = $1", volunteer_id)
    return await _signed_in(volunteers, row["contact_ref"])


async def _signed_in(volunteers: Volunteers, ref: UUID) -> str:
    token = f"token-{uuid4()}"
    await volunteers.database.pool.execute(
        """
        INSERT INTO helper_session (token_hash, contact_ref, last_at, ends_at)
        VALUES ($1, $2, clock_timestamp(), clock_timestamp() + interval '1 year')
        """,
        hashlib.sha256(token.encode()).digest(),
        ref,
    )
    return token


async def shift(volunteers: Volunteers, session_id: UUID, volunteer_id: UUID, state: str = "on_duty") -> UUID:
    id_ = uuid4()
    await volunteers.database.pool.execute(
        """
        INSERT INTO shift (id, session_id, volunteer_id, during, state)
        SELECT $1, id, $3, tstzrange(starts_at, ends_at), $4 FROM session WHERE id = $2
        """,
        id_,
        session_id,
        volunteer_id,
        state,
    )
    return id_


async def assignment(volunteers: Volunteers, session_id: UUID, volunteer_id: UUID, state: str = "accepted") -> UUID:
    """A volunteer for a visitor's booking, whose share took the slot's minutes when they were asked."""
    id_, booking_id = uuid4(), uuid4()
    await volunteers.database.pool.execute(
        "INSERT INTO need (booking_id, booking_revision, session_id, state) VALUES ($1, 1, $2, 'covered')",
        booking_id,
        session_id,
    )
    await volunteers.database.pool.execute(
        """
        INSERT INTO assignment (id, booking_id, session_id, volunteer_id, during, state)
        SELECT $1, $2, id, $4, tstzrange(starts_at, ends_at), $5 FROM session WHERE id = $3
        """,
        id_,
        booking_id,
        session_id,
        volunteer_id,
        state,
    )
    await volunteers.database.pool.execute("UPDATE volunteer SET share = share + 40 WHERE id = $1", volunteer_id)
    return id_


def closed(session_id: UUID, revision: int = 1, *, held: bool = True) -> SessionClosed:
    """Booking tells how a session went."""
    return SessionClosed.of(
        session_id,
        SessionClosing(
            session_id=session_id,
            revision=revision,
            held=held,
            adults=3,
            children=0,
            staff_involved=False,
            organiser="library",
            place="branch",
            closed_group=False,
        ),
    )


async def ask(volunteers: Volunteers, token: str, method: str, path: str, body: object = None) -> Answer:
    """Ask as somebody who signed in with a code."""
    headers = {"Authorization": f"Bearer {token}"}
    return await volunteers.send(method, path, body, by=None, headers=headers)


async def file(volunteers: Volunteers, path: str, headers: dict[str, str]) -> tuple[int, bytes, Json]:
    """Ask for a file; gives the status, the bytes and the headers."""
    async with volunteers.http.get(f"{volunteers.url}{path}", headers=headers) as answer:
        return answer.status, await answer.read(), dict(answer.headers)
