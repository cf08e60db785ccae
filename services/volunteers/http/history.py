"""What one volunteer was asked, does and did, for staff."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from aiohttp import web

from services.volunteers.http.api import api
from services.volunteers.http.asking import libraries
from services.volunteers.http.people import volunteer_id
from services.volunteers.http.places import SessionView
from services.volunteers.http.staff import works_here
from services.volunteers.queries import history as queries
from services.volunteers.store import people as store
from services.volunteers.usecases.people import within
from shared.keys import DATABASE
from shared.models import Model


class AssignedView(Model):
    """Being on duty in a session, or helping one visitor of it, or having been asked to."""

    kind: Literal["shift", "visitor"]
    id: UUID
    session: SessionView
    state: str
    ended: str | None
    """Why it is not theirs any more."""
    booking_id: UUID | None
    topic: str | None
    looking_for_stand_in: bool
    outcome: str | None
    minutes: int | None


class AssignedList(Model):
    """All of it, the latest first, as far as it fits a page."""

    items: list[AssignedView]
    next: None = None


@api.get("/v1/volunteers/{id}/assignments", problems=("unauthorized", "forbidden", "unknown-volunteer"))
async def assigned(request: web.Request) -> AssignedList:
    """Show what somebody was asked, does and did at one's libraries (staff where they help)."""
    staff = await works_here(request)
    id_ = volunteer_id(request)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        within(staff, await store.volunteer(conn, id_))
        found = await queries.assigned(conn, id_, libraries(staff))
    return AssignedList(items=[AssignedView.model_validate(one, from_attributes=True) for one in found])
