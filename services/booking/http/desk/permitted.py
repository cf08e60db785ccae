"""Who stands behind the desk: staff of the library that a request is about."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from aiohttp import web
from pydantic import StringConstraints

from services.booking.domain import UnknownSession
from services.booking.store import sessions
from shared.auth import IdentityProvider, Staff, forbidden
from shared.http import path_id
from shared.keys import DATABASE
from shared.problems import Problem

IDENTITY = web.AppKey("identity", IdentityProvider)

BranchId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
"""As catalog calls a library; booking keeps no list of them, and goes by who may work where."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """Who asks, and about a session of which library."""

    staff: Staff
    branch: str
    session_id: UUID


async def at_branch(request: web.Request, branch: str) -> Staff:
    """Who asks, if they work in this library.

    Raises:
        Problem: 401 or 403.
    """
    staff = await request.app[IDENTITY].staff(request)
    if not staff.may(branch, "staff"):
        raise forbidden("only this branch's staff and administrators do this")
    return staff


async def about_session(request: web.Request, session_id: UUID) -> Desk:
    """Who asks about a session, if they work in the library that hosts it.

    Raises:
        UnknownSession: nobody knows it.
        Problem: 401 or 403.
    """
    staff = await request.app[IDENTITY].staff(request)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        branch = await sessions.branch_of(conn, session_id)
    if branch is None:
        raise UnknownSession("there is no such session")
    if not staff.may(branch, "staff"):
        raise forbidden("only this branch's staff and administrators see and change its bookings")
    return Desk(staff=staff, branch=branch, session_id=session_id)


async def permitted(request: web.Request) -> Desk:
    """The session of a path, for the staff of its library.

    Raises:
        UnknownSession: nobody knows it.
        Problem: 401 or 403.
    """
    return await about_session(
        request, path_id(request, "session", Problem("unknown-session", 404, "There is no such session"))
    )


def booking_of(request: web.Request) -> UUID:
    """The booking of a path.

    Raises:
        Problem: 404 for what is no id.
    """
    return path_id(request, "booking", Problem("unknown-booking", 404, "There is no such booking"))
