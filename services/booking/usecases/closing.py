"""Staff close a session: how it went is kept, and what is counted of it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from services.booking import domain
from services.booking.domain import Closing
from services.booking.store import closings, figures, sessions
from services.booking.store.closings import Closed
from services.booking.usecases.turns import finish
from shared.db import Connection
from shared.events import SessionClosed, SessionClosing
from shared.outbox import emit


async def close(conn: Connection, session_id: UUID, closing: Closing) -> Closed:
    """Close a session; the same again changes nothing.

    Raises:
        UnknownSession: there is none.
        AlreadyClosed: somebody has closed it with other figures.
        NotBegun, NotHeld: it cannot have been so.
    """
    locked = await sessions.lock_session(conn, session_id)
    before = await closings.find(conn, session_id)
    if before is None:
        domain.may_be_closed(locked.session.terms, closing, locked.now)
        await finish(conn, locked, domain.decide(locked.session, [], locked.now))
        return await _kept(conn, session_id, Closed(revision=1, closing=closing))
    if before.closing != closing:
        raise domain.AlreadyClosed("somebody has closed it with other figures: correct those instead")
    return before


async def correct(conn: Connection, session_id: UUID, changes: Mapping[str, Any], revision: int | None) -> Closed:
    """Correct how a closed session went; what is so already raises no revision.

    ``revision`` is the one that whoever corrects has seen; None corrects whatever stands there.

    Raises:
        UnknownSession: there is none.
        NotClosed: nobody has closed it.
        StaleRevision: somebody else has corrected it since that revision.
        NotHeld: it cannot have been so.
    """
    locked = await sessions.lock_session(conn, session_id)
    before = await closings.find(conn, session_id)
    if before is None:
        raise domain.NotClosed("nobody has closed this session")
    closing = domain.corrected(before.closing, changes)
    if closing == before.closing:
        return before
    if revision not in {None, before.revision}:
        raise domain.StaleRevision(before.revision)
    domain.may_be_closed(locked.session.terms, closing, locked.now)
    return await _kept(conn, session_id, Closed(revision=before.revision + 1, closing=closing))


async def _kept(conn: Connection, session_id: UUID, closed: Closed) -> Closed:
    await closings.put(conn, session_id, closed)
    await fold(conn, session_id)
    facts = SessionClosing(session_id=session_id, revision=closed.revision, **asdict(closed.closing))
    await emit(conn, SessionClosed.of(session_id, facts))
    return closed


async def require_unclosed(conn: Connection, session_id: UUID) -> None:
    """Let nobody take or give back a seat whose session has been counted; its row is held.

    Raises:
        Closed: staff have closed it.
    """
    if await closings.find(conn, session_id):
        raise domain.Closed("the session was closed: correct who came instead")


async def fold(conn: Connection, session_id: UUID) -> None:
    """Count a session and its bookings, closed or not; again, it is counted anew.

    Before people are erased this keeps what they were counted as.

    Raises:
        UnknownSession: there is none.
    """
    locked = await sessions.lock_session(conn, session_id)
    bookings, left = await figures.counted(conn, session_id)
    walk_ins = await figures.walked_in(conn, session_id)
    counted = domain.figures(locked.session.terms, bookings, left, walk_ins)
    if before := await figures.of_session(conn, session_id):
        counted = domain.renewed(before, counted, erased=await figures.is_anybody_erased(conn, session_id))
    await figures.replace(conn, session_id, counted)
