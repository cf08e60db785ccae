"""Those who help and those who coordinate, for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from uuid import UUID

from aiohttp import web

from services.volunteers.domain.people import Contact, Coordinates, Helper, Note, State, Volunteer, Way
from services.volunteers.http.api import api
from services.volunteers.http.bodies import (
    AvailabilityBody,
    AvailabilityView,
    Branches,
    HelperReach,
    Language,
    LanguageBody,
    Languages,
    NoteView,
    shown,
)
from services.volunteers.http.helper import coordinator, helper
from services.volunteers.http.people import parted
from services.volunteers.queries import people as queries
from services.volunteers.store import coordinators as coordinator_store
from services.volunteers.store import people as store
from services.volunteers.usecases import people as usecases
from shared.auth import forbidden
from shared.events import Task
from shared.keys import DATABASE, ZONE
from shared.models import Model, Strict

if TYPE_CHECKING:
    from services.volunteers.queries.people import Given
    from shared.db import Connection

_MOST = 1000
"""People of one partner on one page: its coordinator looks at all of them."""

_CONTACT = frozenset({"language", "reach"})


class GivenView(Model):
    """What somebody gives of their time in this calendar year, in minutes."""

    year: int
    done: int
    planned: int
    budget: int | None
    """None where there is no limit."""

    @classmethod
    def of(cls, given: Given) -> GivenView:
        """Show it."""
        return cls(year=given.year, done=given.done, planned=given.planned, budget=given.budget)


class VolunteerProfile(Model):
    """What a volunteer sees of themselves."""

    id: UUID
    revision: int
    state: State
    partner_id: UUID | None
    partner: str | None
    """What it is called."""
    tasks: tuple[Task, ...]
    topics: tuple[str, ...]
    stages: tuple[str, ...]
    subjects: tuple[str, ...]
    branches: tuple[str, ...]
    """None named is anywhere."""
    languages: tuple[LanguageBody, ...]
    availability: AvailabilityView
    register_note: NoteView | None
    hours: GivenView


class CoordinatorProfile(Model):
    """What a coordinator sees of themselves."""

    id: UUID
    partner_id: UUID | None
    partner: str | None
    """Whose people they coordinate; without one they are the library's own."""
    branches: tuple[str, ...]


class MeView(Model):
    """Whoever is signed in with a code."""

    name: str
    role: Literal["volunteer", "coordinator"]
    """Who is both helps first of all."""
    language: str
    reach: HelperReach
    profile: VolunteerProfile | None
    """Of who helps."""
    coordinates: CoordinatorProfile | None
    """Of who coordinates."""


class MePatch(Strict):
    """What somebody changes about themselves; what is left out stays."""

    language: Language | None = None
    reach: Way | None = None
    """One of those that the library knows a number or address for."""
    branches: Branches | None = None
    languages: Languages | None = None
    availability: AvailabilityBody | None = None


class PersonView(Model):
    """Somebody who helps, for the coordinator of their organisation: nothing of visitors or the register."""

    id: UUID
    name: str
    state: State
    tasks: tuple[Task, ...]
    branches: tuple[str, ...]
    languages: tuple[LanguageBody, ...]
    hours: GivenView


class People(Model):
    """The people of one's organisation, by name."""

    items: tuple[PersonView, ...]
    next: None = None


@api.get("/v1/me", problems=("unauthorized",))
async def me(request: web.Request) -> MeView:
    """Who is signed in, with what they give of their time."""
    somebody = await helper(request)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return await _view(conn, somebody, request)


@api.patch("/v1/me", problems=("unauthorized", "forbidden", "invalid-phone", "invalid-email", "invalid"))
async def change_me(request: web.Request, body: MePatch) -> MeView:
    """Change what one tells of oneself (volunteers). A new number or address is told to the library."""
    somebody = await helper(request)
    volunteer_id = somebody.volunteer_id
    if volunteer_id is None:
        raise forbidden("this is for those who help themselves")
    own, contact = parted(body, _CONTACT)
    availability = own.pop("availability", None)

    async def work(conn: Connection) -> MeView:
        await usecases.change_oneself(conn, volunteer_id, own=own, contact=contact)
        if availability is not None:
            await usecases.set_own_availability(conn, volunteer_id, availability.told())
        return await _view(conn, somebody, request)

    return await request.app[DATABASE].transact(work)


@api.get("/v1/me/people", problems=("unauthorized", "forbidden"))
async def people(request: web.Request) -> People:
    """List the people of one's organisation and what they give of their time (its coordinators)."""
    partner_id = (await coordinator(request)).partner_id
    if partner_id is None:
        raise forbidden("this is for the coordinators of partners")
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        found = await store.found(conn, store.Wanted(partner_id=partner_id), _MOST)
        given = await queries.given(conn, [one.id for one in found], request.app[ZONE])
    return People(items=tuple(_person(one, given[one.id]) for one in found))


def _person(known: Volunteer, given: Given) -> PersonView:
    return PersonView.model_validate({**shown(known), "hours": GivenView.of(given)})


async def _view(conn: Connection, somebody: Helper, request: web.Request) -> MeView:
    contact: Contact | None = None
    profile = coordinates = None
    if somebody.coordinator:
        contact, coordinates = await _coordinates(conn, somebody.coordinator)
    if somebody.volunteer_id:
        known = await store.volunteer(conn, somebody.volunteer_id)
        contact, profile = known.contact, await _profile(conn, known, request)
    assert contact  # noqa: S101 - who is neither has no token that counts
    return MeView(
        name=contact.name,
        role="volunteer" if profile else "coordinator",
        language=contact.language,
        reach=HelperReach.of(contact),
        profile=profile,
        coordinates=coordinates,
    )


async def _coordinates(conn: Connection, known: Coordinates) -> tuple[Contact, CoordinatorProfile]:
    found = await coordinator_store.coordinator(conn, known.id)
    partner = await queries.partner_name(conn, found.partner_id)
    return found.contact, CoordinatorProfile(
        id=found.id, partner_id=found.partner_id, partner=partner, branches=tuple(found.branches)
    )


async def _profile(conn: Connection, known: Volunteer, request: web.Request) -> VolunteerProfile:
    zone = request.app[ZONE]
    note: Note | None = (await store.register_notes(conn, [known.id])).get(known.id)
    given = (await queries.given(conn, [known.id], zone))[known.id]
    return VolunteerProfile.model_validate(
        {
            **shown(known),
            "partner": await queries.partner_name(conn, known.partner_id),
            "availability": AvailabilityView.of(await store.availability(conn, known.id)),
            "register_note": NoteView.of(note, await usecases.today(conn, zone)),
            "hours": GivenView.of(given),
        }
    )
