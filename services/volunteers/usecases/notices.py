"""Telling those who help something that is about no assignment of theirs, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias
from uuid import UUID

from services.volunteers.store import notices as store
from shared.events import Notice, VolunteerNotified
from shared.outbox import emit

if TYPE_CHECKING:
    from datetime import date, datetime

    from shared.db import Connection

Kind: TypeAlias = Literal["register_note", "alarm", "welcome", "handed_over"]


async def tell(  # noqa: PLR0913 - each is named at the call
    conn: Connection,
    contact_ref: UUID,
    kind: Kind,
    about: UUID | str,
    *,
    session_id: UUID | None = None,
    until: datetime | None = None,
    day: date | None = None,
    count: int | None = None,
) -> bool:
    """Have somebody told, unless they were told that ``kind`` of news ``about`` this before; gives whether it is news.

    Who was erased is told nothing.
    """
    language = await store.language(conn, contact_ref)
    notice_id = language and await store.keep(conn, contact_ref, kind, str(about))
    if not language or not isinstance(notice_id, UUID):
        return False
    told = Notice(
        notice_id=notice_id,
        revision=1,
        contact_ref=contact_ref,
        language=language,
        notice=kind,
        session_id=session_id,
        until=until,
        day=day,
        count=count,
    )
    await emit(conn, VolunteerNotified.of(notice_id, told))
    return True
