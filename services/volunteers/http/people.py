"""Those who help, for staff: the list, one of them, and what changes about them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from aiohttp import web
from pydantic import Field

from services.volunteers.domain.people import By, Contact, State, Volunteer, Way
from services.volunteers.http.api import api
from services.volunteers.http.bodies import (
    AvailabilityBody,
    AvailabilityView,
    Branch,
    Branches,
    Choices,
    Email,
    HoursAYear,
    Language,
    Languages,
    Name,
    NoteView,
    Phone,
    Revision,
    StepView,
    Tasks,
    VolunteerItem,
    shown,
)
from services.volunteers.http.staff import works_here
from services.volunteers.reach import reached
from services.volunteers.store import people as store
from services.volunteers.usecases import people as usecases
from services.volunteers.usecases import privacy
from shared import idempotency
from shared.events import Task
from shared.http import path_id
from shared.ids import new_id
from shared.keys import DATABASE, ZONE
from shared.models import Model, Strict
from shared.problems import Problem

if TYPE_CHECKING:
    from shared.db import Connection

_PAGE = 100

_STAFF = ("unauthorized", "forbidden")
_ONE = (*_STAFF, "unknown-volunteer")
_REACHED = ("unknown-partner", "invalid-phone", "invalid-email", "invalid")


class VolunteersQuery(Strict):
    """Which to show; everything is left open that is not given."""

    state: State | None = None
    branch: Branch | None = None
    task: Task | None = None
    q: str | None = Field(default=None, max_length=100)
    """A part of the name."""
    cursor: UUID | None = None


class Volunteers(Model):
    """Those who help at the libraries of who asks, by name."""

    items: tuple[VolunteerItem, ...]
    next: UUID | None


class ContactBody(Strict):
    """What somebody is called and how they are reached."""

    name: Name
    reach: Way
    phone: Phone | None = None
    email: Email | None = None
    language: Language = "sv"

    def contact(self) -> Contact:
        """As the rules know it.

        Raises:
            InvalidPhone, InvalidEmail: nobody would be reached like that.
        """
        by, phone, email = reached(self.reach, self.phone, self.email)
        return Contact(name=self.name, by=by, phone=phone, email=email, language=self.language)


class NewVolunteerBody(ContactBody):
    """Somebody whom staff add."""

    state: State = "talk"
    """Also a later step: who has helped for years is not introduced anew."""
    partner_id: UUID | None = None
    tasks: Tasks = ()
    topics: Choices = ()
    stages: Choices = ()
    subjects: Choices = ()
    branches: Branches = ()
    languages: Languages = ()
    hours_a_year: HoursAYear | None = None

    def volunteer(self) -> Volunteer:
        """As the rules know them.

        Raises:
            InvalidPhone, InvalidEmail: nobody would be reached like that.
        """
        alike = ("state", "partner_id", "tasks", "topics", "stages", "subjects", "branches", "hours_a_year")
        return Volunteer(
            id=new_id(),
            contact_ref=uuid4(),
            contact=self.contact(),
            languages={each.language: each.level for each in self.languages},
            **{name: getattr(self, name) for name in alike},
        )


class VolunteerPatch(Strict):
    """What shall be different about a volunteer; what is left out stays."""

    revision: Revision | None = None
    """The one that the change was made from."""
    name: Name | None = None
    phone: Phone | None = None
    email: Email | None = None
    reach: Way | None = None
    language: Language | None = None
    partner_id: UUID | None = None
    tasks: Tasks | None = None
    topics: Choices | None = None
    stages: Choices | None = None
    subjects: Choices | None = None
    branches: Branches | None = None
    languages: Languages | None = None
    hours_a_year: HoursAYear | None = None


_MAY_BE_NONE = frozenset({"phone", "email", "partner_id", "hours_a_year"})
"""What a null takes away. Elsewhere it is as if it was left out."""


def parted(body: Strict, contact: frozenset[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was given of the volunteer's own, and of their contact, as the rules name it."""
    given = {
        name: getattr(body, name)
        for name in body.model_fields_set - {"revision"}
        if name in _MAY_BE_NONE or getattr(body, name) is not None
    }
    if "languages" in given:
        given["languages"] = {each.language: each.level for each in given["languages"]}
    reach = {"by" if name == "reach" else name: given.pop(name) for name in contact & given.keys()}
    # An empty field of a form is none.
    return given, {name: value or None for name, value in reach.items()}


CONTACT = frozenset({"name", "phone", "email", "reach", "language"})


class VolunteerView(VolunteerItem):
    """Somebody who helps, with everything about them that staff see."""

    availability: AvailabilityView
    steps: tuple[StepView, ...]


class RevealedVolunteer(Model):
    """How somebody is reached, with nothing hidden."""

    id: UUID
    by: By
    phone: str | None
    email: str | None


class StateBody(Strict):
    """A step on the way."""

    state: State
    revision: Revision | None = None


class RegisterNoteBody(Strict):
    """That the police register's extract was seen. Nothing else of it may be kept (lag 2013:852)."""

    seen_on: date


@api.get("/v1/volunteers", problems=(*_STAFF, "invalid"))
async def volunteers(request: web.Request, query: VolunteersQuery) -> Volunteers:
    """List those who help at one's libraries, and those who named none (staff); all of them (administrators)."""
    staff = await works_here(request)
    wanted = store.Wanted(
        within=None if staff.role == "admin" else sorted(staff.branches),
        state=query.state,
        task=query.task,
        branch=query.branch,
        name=query.q or None,
        after=query.cursor,
    )
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        found = await store.found(conn, wanted, _PAGE + 1)
        page = found[:_PAGE]
        notes = await store.register_notes(conn, [one.id for one in page])
        day = await usecases.today(conn, request.app[ZONE])
    return Volunteers(
        items=tuple(VolunteerItem.of(one, notes.get(one.id), day) for one in page),
        next=page[-1].id if len(found) > _PAGE else None,
    )


@api.post(
    "/v1/volunteers",
    status=201,
    reply=VolunteerView,
    problems=(*_STAFF, *_REACHED, "still-running", "idempotency-key-reused"),
)
async def add_volunteer(request: web.Request, body: NewVolunteerBody) -> web.Response:
    """Add somebody who helps, or wants to (staff where they help)."""
    staff = await works_here(request)
    new = body.volunteer()

    async def work(conn: Connection) -> VolunteerView:
        return await _view(conn, await usecases.add(conn, staff, new), request)

    return await idempotency.perform(request, work, status=201)


@api.get("/v1/volunteers/{id}", problems=_ONE)
async def volunteer(request: web.Request) -> VolunteerView:
    """Show somebody who helps (staff where they help). The audit keeps who opened it."""
    staff = await works_here(request)
    id_ = volunteer_id(request)

    async def work(conn: Connection) -> VolunteerView:
        return await _view(conn, await usecases.opened(conn, staff, id_), request)

    return await request.app[DATABASE].transact(work)


@api.post("/v1/volunteers/{id}/reveal", problems=_ONE)
async def reveal_volunteer(request: web.Request) -> RevealedVolunteer:
    """Show somebody's whole number and address (staff where they help). The audit keeps who opened it."""
    staff = await works_here(request)
    id_ = volunteer_id(request)
    known = await request.app[DATABASE].transact(lambda conn: usecases.revealed(conn, staff, id_))
    contact = known.contact
    return RevealedVolunteer(id=known.id, by=contact.by, phone=contact.phone, email=contact.email)


@api.patch("/v1/volunteers/{id}", problems=(*_ONE, *_REACHED, "stale-revision"))
async def change_volunteer(request: web.Request, body: VolunteerPatch) -> VolunteerView:
    """Change what is known about somebody who helps (staff where they help)."""
    staff = await works_here(request)
    id_ = volunteer_id(request)
    own, contact = parted(body, CONTACT)

    async def work(conn: Connection) -> VolunteerView:
        after = await usecases.change(conn, staff, id_, own=own, contact=contact, revision=body.revision)
        return await _view(conn, after, request)

    return await request.app[DATABASE].transact(work)


@api.put("/v1/volunteers/{id}/availability", problems=(*_ONE, "invalid"))
async def set_availability(request: web.Request, body: AvailabilityBody) -> AvailabilityView:
    """Write when somebody can, as they told it (staff where they help)."""
    staff = await works_here(request)
    id_ = volunteer_id(request)
    told = body.told()
    return AvailabilityView.of(
        await request.app[DATABASE].transact(lambda conn: usecases.set_availability(conn, staff, id_, told))
    )


@api.post("/v1/volunteers/{id}/state", problems=(*_ONE, "not-possible-now", "stale-revision", "invalid"))
async def step_volunteer(request: web.Request, body: StateBody) -> VolunteerView:
    """Take somebody a step further on the way to helping, or out of it (staff where they help).

    What somebody who pauses or ends was to do is passed on.
    """
    staff = await works_here(request)
    id_ = volunteer_id(request)

    async def work(conn: Connection) -> VolunteerView:
        stepped = await usecases.step(conn, staff, id_, body.state, body.revision)
        return await _view(conn, stepped, request)

    return await request.app[DATABASE].transact(work)


@api.put("/v1/volunteers/{id}/register-note", problems=(*_ONE, "not-possible-now", "invalid"))
async def note_register(request: web.Request, body: RegisterNoteBody) -> VolunteerView:
    """Keep that one saw somebody's extract of the police register, which counts for 365 days (staff)."""
    staff = await works_here(request)
    id_ = volunteer_id(request)
    zone = request.app[ZONE]

    async def work(conn: Connection) -> VolunteerView:
        return await _view(conn, await usecases.note_register(conn, staff, id_, body.seen_on, zone), request)

    return await request.app[DATABASE].transact(work)


@api.delete("/v1/volunteers/{id}/register-note", problems=_ONE)
async def drop_register_note(request: web.Request) -> web.Response:
    """Forget that somebody's extract was seen (staff where they help); doing it again changes nothing.

    They are taken off what they had before them with children.
    """
    staff = await works_here(request)
    id_ = volunteer_id(request)
    zone = request.app[ZONE]
    await request.app[DATABASE].transact(lambda conn: usecases.drop_register_note(conn, staff, id_, zone))
    return web.Response(status=204)


@api.delete("/v1/volunteers/{id}", problems=_ONE)
async def erase_volunteer(request: web.Request) -> web.Response:
    """Forget who somebody was that helped, and pass on what they were to do (staff where they help).

    The hours they gave stay, as somebody's.
    """
    staff = await works_here(request)
    id_ = volunteer_id(request)
    await request.app[DATABASE].transact(lambda conn: privacy.erase_volunteer(conn, staff, id_))
    return web.Response(status=204)


def volunteer_id(request: web.Request) -> UUID:
    """Whom the path names.

    Raises:
        Problem: 404 for what is no id.
    """
    return path_id(request, "id", Problem("unknown-volunteer", 404, "There is no such volunteer"))


async def _view(conn: Connection, known: Volunteer, request: web.Request) -> VolunteerView:
    notes = await store.register_notes(conn, [known.id])
    day = await usecases.today(conn, request.app[ZONE])
    return VolunteerView(
        **shown(known),
        register_note=NoteView.of(notes.get(known.id), day),
        availability=AvailabilityView.of(await store.availability(conn, known.id)),
        steps=tuple(StepView.model_validate(step, from_attributes=True) for step in await store.steps(conn, known.id)),
    )
