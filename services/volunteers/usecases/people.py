"""What staff do with those who help, and they themselves; each runs inside one transaction of its caller."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from services.volunteers.domain import people as domain
from services.volunteers.domain.assigning import note_until
from services.volunteers.domain.partners import StaleRevision
from services.volunteers.domain.people import Availability, Contact, Note, State, Volunteer
from services.volunteers.domain.refusals import Forbidden, NotPossibleNow
from services.volunteers.reach import reached
from services.volunteers.store import people as store
from services.volunteers.store import signing_in
from services.volunteers.usecases import handing_over, notices
from shared import audit, installation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from shared.auth import Staff
    from shared.db import Connection
    from shared.hours import PermittedHours

THEMSELVES = "volunteer"
"""Who noted a step that nobody who works here did."""

_NOTES_AT_ONCE = 50


def within(staff: Staff, volunteer: Volunteer) -> Volunteer:
    """The volunteer, for who may see and change them: staff where they help, and administrators.

    Raises:
        Forbidden: they help at other libraries.
    """
    if staff.role == "admin" or (staff.role == "staff" and staff.branches):
        if staff.role == "admin" or not volunteer.branches or staff.branches.intersection(volunteer.branches):
            return volunteer
        raise Forbidden("they help at other libraries than yours")
    raise Forbidden("only staff of a library and administrators see those who help")


def library(staff: Staff, volunteer: Volunteer) -> str | None:
    """At which library something was done about them, as the audit has it; None where that is not one."""
    common = sorted(staff.branches.intersection(volunteer.branches) or staff.branches)
    return common[0] if common else None


async def add(conn: Connection, staff: Staff, new: Volunteer) -> Volunteer:
    """Add somebody whom staff know.

    Raises:
        Forbidden: they would help at other libraries than those of the staff.
        UnknownPartner: there is no such partner.
    """
    within(staff, new)
    await store.insert(conn, new)
    await store.note_step(conn, new.id, new.state, staff.subject)
    await _stepped(conn, new, new.state)
    await audit.note(conn, staff, "created", "volunteer", new.id, branch=library(staff, new))
    return new


async def interested(conn: Connection, new: Volunteer) -> None:
    """Keep that somebody wants to help; who said so before under the same name and number is not there twice.

    Raises:
        UnknownPartner: there is no such partner.
    """
    if await store.known_as(conn, new.contact):
        return
    await store.insert(conn, new)
    await store.note_step(conn, new.id, new.state, THEMSELVES)


async def opened(conn: Connection, staff: Staff, volunteer_id: UUID) -> Volunteer:
    """Read somebody, and keep who did.

    Raises:
        UnknownVolunteer, Forbidden: there is nobody of that id, or elsewhere.
    """
    known = within(staff, await store.volunteer(conn, volunteer_id))
    await audit.note(conn, staff, "opened", "volunteer", volunteer_id, branch=library(staff, known))
    return known


async def revealed(conn: Connection, staff: Staff, volunteer_id: UUID) -> Volunteer:
    """Read how somebody is reached, and keep who did.

    Raises:
        UnknownVolunteer, Forbidden: there is nobody of that id, or elsewhere.
    """
    known = within(staff, await store.volunteer(conn, volunteer_id))
    fields = [name for name in ("phone", "email") if getattr(known.contact, name)]
    await audit.note(conn, staff, "revealed", "volunteer", volunteer_id, branch=library(staff, known), fields=fields)
    return known


async def change(
    conn: Connection,
    staff: Staff,
    volunteer_id: UUID,
    *,
    own: Mapping[str, Any],
    contact: Mapping[str, Any],
    revision: int | None,
) -> Volunteer:
    """Change what is known about somebody; gives them as they are then.

    With another number or address they sign in anew: what they had may be in somebody else's hands.

    Raises:
        UnknownVolunteer, Forbidden: there is nobody of that id, or elsewhere.
        StaleRevision: the change was made from another revision than the present one.
        UnknownPartner: there is no such partner.
        InvalidPhone, InvalidEmail: nobody would be reached like that.
    """
    before = within(staff, await _at(conn, volunteer_id, revision))
    after = domain.changed(before, own, _works(before.contact, contact))
    if after is before:
        return before
    within(staff, after)
    await store.update(conn, after)
    if after.contact.reached_elsewhere(before.contact):
        await signing_in.sign_out_everywhere(conn, after.contact_ref)
    fields = domain.differing(before, after)
    await audit.note(conn, staff, "changed", "volunteer", volunteer_id, branch=library(staff, before), fields=fields)
    return after


async def change_oneself(
    conn: Connection, volunteer_id: UUID, *, own: Mapping[str, Any], contact: Mapping[str, Any]
) -> None:
    """Change what somebody tells of themselves.

    Raises:
        UnknownVolunteer: they are nobody any more.
        InvalidPhone, InvalidEmail: they would not be reached like that.
    """
    before = await store.lock(conn, volunteer_id)
    after = domain.changed(before, own, _works(before.contact, contact))
    if after is not before:
        await store.update(conn, after)


def _works(known: Contact, given: Mapping[str, Any]) -> Contact:
    """How somebody is reached after a change.

    Raises:
        InvalidPhone, InvalidEmail: nobody would be reached like that.
    """
    wanted = replace(known, **given)
    by, phone, email = reached(wanted.by, wanted.phone, wanted.email)
    return replace(wanted, by=by, phone=phone, email=email)


async def _at(conn: Connection, volunteer_id: UUID, revision: int | None) -> Volunteer:
    """Hold somebody who is at the revision that is spoken of.

    Raises:
        UnknownVolunteer: there is nobody of that id.
        StaleRevision: somebody else changed them meanwhile.
    """
    known = await store.lock(conn, volunteer_id)
    if revision is not None and revision != known.revision:
        raise StaleRevision(known.revision, [])
    return known


async def step(
    conn: Connection,
    staff: Staff,
    volunteer_id: UUID,
    wanted: State,
    revision: int | None = None,
) -> Volunteer:
    """Take somebody a step further on the way, or out of it; the step they are at already changes nothing.

    Who pauses or leaves gives what was theirs to do to others.

    Raises:
        UnknownVolunteer, Forbidden: there is nobody of that id, or elsewhere.
        StaleRevision: somebody else changed them meanwhile.
        NotPossibleNow: that step does not follow on theirs.
    """
    before = within(staff, await store.volunteer(conn, volunteer_id))
    if wanted in _AWAY and domain.may_follow(before.state, wanted):
        # The turns with their sessions come first, as they do for everybody else who holds both.
        await handing_over.left(conn, volunteer_id)
    known = within(staff, await _at(conn, volunteer_id, revision))
    if known.state == wanted:
        return known
    if not domain.may_follow(known.state, wanted):
        raise NotPossibleNow(f"{wanted} does not follow on {known.state}", "state")
    await store.step(conn, volunteer_id, wanted, staff.subject)
    await _stepped(conn, known, wanted)
    if wanted in _AWAY:
        await handing_over.left(conn, volunteer_id)  # what they were given before their row was ours
    await audit.note(conn, staff, "stepped", "volunteer", volunteer_id, branch=library(staff, known), fields=[wanted])
    return await store.volunteer(conn, volunteer_id)


_AWAY: frozenset[State] = frozenset({"paused", "ended"})


async def _stepped(conn: Connection, known: Volunteer, state: State) -> None:
    """What follows from a step."""
    match state:
        case "active":
            await store.catch_up(conn, known.id)
            await notices.tell(conn, known.contact_ref, "welcome", known.id)
        case "ended":
            await signing_in.sign_out_everywhere(conn, known.contact_ref)
        case _:
            pass


async def set_availability(conn: Connection, staff: Staff, volunteer_id: UUID, told: Availability) -> Availability:
    """Write when somebody can, as they told staff.

    Raises:
        UnknownVolunteer, Forbidden: there is nobody of that id, or elsewhere.
    """
    known = within(staff, await store.lock(conn, volunteer_id))
    await store.write_availability(conn, volunteer_id, told)
    branch = library(staff, known)
    await audit.note(conn, staff, "changed", "volunteer", volunteer_id, branch=branch, fields=["availability"])
    return await store.availability(conn, volunteer_id)


async def set_own_availability(conn: Connection, volunteer_id: UUID, told: Availability) -> None:
    """Write when somebody can, as they say themselves.

    Raises:
        UnknownVolunteer: they are nobody any more.
    """
    await store.lock(conn, volunteer_id)
    await store.write_availability(conn, volunteer_id, told)


async def note_register(conn: Connection, staff: Staff, volunteer_id: UUID, seen_on: date, zone: ZoneInfo) -> Volunteer:
    """Keep that staff saw the police register's extract; nothing else of it is kept.

    Where it ends earlier than was known, what they were to do with children after that goes to others.

    Raises:
        UnknownVolunteer, Forbidden: there is nobody of that id, or elsewhere.
        NotPossibleNow: that day has not come, or is so long ago that it counts no more.
    """
    within(staff, await store.volunteer(conn, volunteer_id))
    note = Note(seen_on=seen_on, seen_by=staff.subject)
    if not note.counts_on(await today(conn, zone)):
        raise NotPossibleNow("it counts for 365 days from the day on which it was seen", "seen_on")
    # An earlier day than was noted before: the turns with their sessions come first.
    await handing_over.without_note(conn, volunteer_id, note_until(seen_on), zone)
    known = within(staff, await store.lock(conn, volunteer_id))
    await store.keep_note(conn, volunteer_id, note)
    await handing_over.without_note(conn, volunteer_id, note_until(seen_on), zone)
    await store.touch(conn, volunteer_id)
    await audit.note(conn, staff, "noted", "register-note", volunteer_id, branch=library(staff, known))
    return await store.volunteer(conn, volunteer_id)


async def drop_register_note(conn: Connection, staff: Staff, volunteer_id: UUID, zone: ZoneInfo) -> None:
    """Forget that the extract was seen; what they were to do with children goes to others.

    Doing it again changes nothing.

    Raises:
        UnknownVolunteer, Forbidden: there is nobody of that id, or elsewhere.
    """
    within(staff, await store.volunteer(conn, volunteer_id))
    await handing_over.without_note(conn, volunteer_id, None, zone)
    known = within(staff, await store.lock(conn, volunteer_id))
    await handing_over.without_note(conn, volunteer_id, None, zone)  # what they were given before their row was ours
    if await store.drop_note(conn, volunteer_id):
        await store.touch(conn, volunteer_id)
        await audit.note(conn, staff, "erased", "register-note", volunteer_id, branch=library(staff, known))


async def remind_of_notes(conn: Connection, usual: PermittedHours) -> int:
    """Remind some of those whose note ends soon and who work among children, each once; tells how many they were.

    Nobody outside the hours in which people are written to.
    """
    now: datetime = await conn.fetchval("SELECT clock_timestamp()")
    hours = await installation.hours(conn, usual)
    if hours.first(now, now) > now:
        return 0
    seen_before = now.astimezone(hours.zone).date() - domain.NOTE_LASTS + domain.NOTE_REMINDER
    ending = await store.notes_ending(conn, seen_before, sorted(domain.CHILDREN), _NOTES_AT_ONCE)
    for each in ending:
        ends_on = Note(seen_on=each.seen_on, seen_by="").ends_on
        await notices.tell(conn, each.contact_ref, "register_note", f"{each.seen_on}", day=ends_on)
    return len(ending)


async def today(conn: Connection, zone: ZoneInfo) -> date:
    """The day it is here, by the database's clock."""
    found: date = await conn.fetchval("SELECT (clock_timestamp() AT TIME ZONE $1)::date", zone.key)
    return found
