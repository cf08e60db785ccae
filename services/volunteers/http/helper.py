"""Who is asking, of those who help or coordinate: they signed in with a code and show a token of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.volunteers.domain.people import Coordinates, Helper
from services.volunteers.store import signing_in
from services.volunteers.usecases.signing_in import hashed
from shared.auth import bearer, forbidden, unauthorized
from shared.keys import DATABASE

if TYPE_CHECKING:
    from uuid import UUID

    from aiohttp import web

__all__ = ["Coordinates", "Helper", "coordinator", "hashed", "helper", "volunteer"]


async def helper(request: web.Request) -> Helper:
    """Whoever signed in with a code and sent this request.

    Raises:
        Problem: 401 for a token that is not ours or no longer good, or for somebody who neither helps nor coordinates
            any more.
    """
    token = bearer(request)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        found = await signing_in.helper(conn, hashed(token))
    if found is None:
        raise unauthorized("sign in with a code: this token is not valid, or no longer")
    return found


async def volunteer(request: web.Request) -> UUID:
    """The volunteer who sent this request.

    Raises:
        Problem: 401 as :func:`helper` does, 403 for who only coordinates.
    """
    found = await helper(request)
    if found.volunteer_id is None:
        raise forbidden("this is for those who help themselves")
    return found.volunteer_id


async def coordinator(request: web.Request) -> Coordinates:
    """The coordinator who sent this request.

    Raises:
        Problem: 401 as :func:`helper` does, 403 for who only helps.
    """
    found = await helper(request)
    if found.coordinator is None:
        raise forbidden("this is for coordinators")
    return found.coordinator
