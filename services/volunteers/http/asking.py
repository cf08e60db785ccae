"""Who asks about a shift or an assignment: the volunteer whose it is, or staff of its library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from services.volunteers.domain.assigning import UnknownSession
from services.volunteers.domain.refusals import Forbidden, UnknownAssignment
from services.volunteers.http.either import staff_or_helper
from services.volunteers.store import assignments, sessions, shifts
from shared.auth import Staff
from shared.http import path_id
from shared.keys import DATABASE
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Collection

    from aiohttp import web

    from shared.db import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """About which assignment or shift, and who: the volunteer, or staff of its library."""

    id: UUID
    volunteer_id: UUID | None = None
    staff: Staff | None = None
    branch: str | None = None


async def about(request: web.Request) -> Asking:
    """The assignment or shift of a path, and who asks.

    Raises:
        UnknownAssignment: there is none of that id.
        Forbidden: staff of another library.
        Problem: 401 or 403.
    """
    who = await staff_or_helper(request)
    id_ = assignment_id(request)
    if not isinstance(who, Staff):
        if who.volunteer_id is None:
            raise Forbidden("this is for those who help themselves")
        return Asking(id=id_, volunteer_id=who.volunteer_id)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        of = await assignments.find(conn, id_) or await shifts.find(conn, id_)
        if of is None:
            raise UnknownAssignment("there is no such assignment")
        return Asking(id=id_, staff=who, branch=await of_library(conn, who, of.session_id))


async def of_library(conn: Connection, staff: Staff, session_id: UUID) -> str:
    """The library of a session, for its staff and administrators.

    Raises:
        UnknownSession: nobody knows it.
        Forbidden: they work elsewhere.
    """
    session = await sessions.find(conn, session_id)
    if session is None:
        raise UnknownSession("there is no such session")
    if not staff.may(session.branch_id, "staff"):
        raise Forbidden("only this branch's staff and administrators see and change who helps there")
    return session.branch_id


def libraries(staff: Staff, wanted: str | None = None) -> Collection[str] | None:
    """Whose libraries' business somebody may see, narrowed to one if they want; None is every library.

    Raises:
        Forbidden: they work at none, or not at the one they want.
    """
    if staff.role == "admin":
        return None if wanted is None else {wanted}
    if staff.role != "staff" or not staff.branches or (wanted is not None and wanted not in staff.branches):
        raise Forbidden("only this branch's staff and administrators see who helps there")
    return staff.branches if wanted is None else {wanted}


def assignment_id(request: web.Request) -> UUID:
    """The assignment or shift of a path."""
    return path_id(request, "id", Problem("unknown-assignment", 404, "There is no such assignment"))


def session_id(request: web.Request) -> UUID:
    """The session of a path."""
    return path_id(request, "id", Problem("unknown-session", 404, "There is no such session"))


def booking_id(request: web.Request) -> UUID:
    """The booking of a path."""
    return path_id(request, "booking", Problem("unknown-need", 404, "Nobody seeks help under that booking"))
