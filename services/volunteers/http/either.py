"""Requests that those who help and staff both make, at one address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.volunteers.http.api import IDENTITY
from services.volunteers.http.helper import helper
from shared.auth import bearer

if TYPE_CHECKING:
    from aiohttp import web

    from services.volunteers.domain.people import Helper
    from shared.auth import Staff

_PARTS_OF_AN_ACCESS_TOKEN = 3
"""Header, claims and signature with full stops between (RFC 7519); a token of our own has none."""


async def staff_or_helper(request: web.Request) -> Staff | Helper:
    """Whoever sent this request: somebody who works here, or who signed in with a code.

    Raises:
        Problem: 401 for a token of neither, 403 for one without a role here.
    """
    if len(bearer(request).split(".")) == _PARTS_OF_AN_ACCESS_TOKEN:
        return await request.app[IDENTITY].staff(request)
    return await helper(request)
