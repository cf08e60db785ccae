from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from services.notify import store
from services.notify.messages import CARRIED_BY, ENDING, TEMPLATES, Draft, Subject, of_series
from services.notify.store import SessionStatus
from services.notify.usecases.gathering import GATHERED_WITHIN
from shared.db import Connection
from shared.events import SeriesBooking, SeriesCancellation, SessionRef, SessionState
from shared.inbox import NotYet
from shared.logs import get_logger

log = get_logger()


async def learn_session(conn: Connection, facts: SessionState) -> None:
    """Keep what catalog says of a session."""
    await store.learn_session(conn, facts)


async def end_session(conn: Connection, session: SessionRef, status: SessionStatus) -> None:
    """Keep that a session is no longer on offer."""
    await store.end_session(conn, session.session_id, session.revision, status)


async def tell(conn: Connection, about: Subject, draft: Draft, *, facts_revision: int = 1) -> None:
    """Decide that somebody is told; ``facts_revision`` is what must be known of the session to tell it right.

    Nothing is told that the end of what it is about has overtaken, or newer news, or that something else tells as well:
    newer news of the same kind, or what is still unsent and has all of it.

    Raises:
        NotYet: catalog's word on the session is still on its way.
    """
    if about.session_id:
        known = await store.facts_revision(conn, about.session_id)
        if known is None or known < facts_revision:
            raise NotYet(f"session {about.session_id} in revision {facts_revision}")
    ended = await store.learn(conn, about, ended=draft.template in ENDING)
    overtaken = ended is not None and ended > about.revision
    if overtaken or await _tell_with_later(conn, about, draft):
        log.info("message_overtaken", about=str(about.id), template=draft.template)
        return
    unsent = await store.supersede(conn, about, draft.supersedes)
    if draft.template in {"rescheduled", "assignment_rescheduled"}:
        draft = replace(draft, parameters=draft.parameters.with_changes_of(*unsent))
    added = await store.add_message(conn, about, draft)
    if added and draft.template == "rescheduled" and about.series_booking_id:
        await store.wait_for_others(conn, added, GATHERED_WITHIN)
    carriers = CARRIED_BY.get(draft.template)
    if added and draft.silent:
        await store.set_aside(conn, added, "dropped", "known")
    elif added and carriers and await store.lock_unsent(conn, about, carriers):
        await store.set_aside(conn, added, "dropped", "carried")


async def tell_series(
    conn: Connection, series: SeriesBooking | SeriesCancellation, draft: Draft, session_ids: Collection[UUID]
) -> None:
    """Decide that somebody is told of several dates at once, these.

    The summary waits for what is silent about each date: it has their entries in the calendar, under the ids by which
    later news of one of them are known.

    Raises:
        NotYet: catalog's word on a session, or booking's on a date, is still on its way.
    """
    series_id = series.series_booking_id
    if not session_ids:  # each of them was told to be over by itself
        return
    last = await store.last_session(conn, session_ids)
    if draft.template in ENDING:
        heard = await store.ended_dates(conn, series_id, session_ids)
    else:
        heard = await store.booked_dates(conn, series_id)
    if last is None or heard < len(session_ids):
        raise NotYet(f"dates of series booking {series_id}")
    await tell(conn, of_series(series, last), draft)


async def end_silently(conn: Connection, about: Subject) -> None:
    """Keep that something is over, of which nobody is told; what is still unsent is not told any more."""
    await store.learn(conn, about, ended=True)
    await store.supersede(conn, about, TEMPLATES)


async def _tell_with_later(conn: Connection, about: Subject, draft: Draft) -> bool:
    """Whether newer news make this void, or newer news of the same kind tell it too: texts have the newest facts.

    One that is still unsent is made to. One that was sent, or is being sent, told only what it knew of.
    """
    later = await store.lock_later(conn, about)
    same = [message for message in later if message.draft.tells_like(draft)]
    if any(draft.template in message.draft.supersedes for message in later if message not in same):
        return True
    for message in same:
        if message.state == "pending":
            parameters = message.draft.parameters.with_changes_of(draft.parameters)
            await store.set_parameters(conn, message.id, parameters)
            return True
    told = {change for message in same for change in message.draft.parameters.changed}
    return bool(same) and told.issuperset(draft.parameters.changed)
