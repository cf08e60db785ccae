"""The session that a staff page is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.web.pages.sessions import session_id
from services.web.staff import services
from services.web.upstream import StaffSession

if TYPE_CHECKING:
    from uuid import UUID

    from aiohttp import web


async def session_of(request: web.Request) -> StaffSession:
    """The session an address names.

    Raises:
        Problem: 404 ``unknown-session``, 403 for another library's.
    """
    return await session_by(request, session_id(request))


async def session_by(request: web.Request, id_: UUID) -> StaffSession:
    """A session as its staff see it, whatever became of it.

    Raises:
        Problem: 404 ``unknown-session``, 403 for another library's.
    """
    return await services(request).catalog.get(StaffSession, f"/v1/planning/sessions/{id_}")
