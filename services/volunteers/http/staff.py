"""Who works here and may see those who help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.volunteers.domain.refusals import Forbidden
from services.volunteers.http.api import IDENTITY

if TYPE_CHECKING:
    from aiohttp import web

    from shared.auth import Staff


async def works_here(request: web.Request) -> Staff:
    """Whoever sent a request, if they are an administrator or staff of any library.

    Raises:
        Problem: 401 for a token that is missing, expired or forged.
        Forbidden: the person is neither.
    """
    staff = await request.app[IDENTITY].staff(request)
    if staff.role != "admin" and not (staff.role == "staff" and staff.branches):
        raise Forbidden("only staff of a library and administrators see those who help")
    return staff
