"""What booking tells staff at the desk."""

from __future__ import annotations

from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime

from services.web.upstream import Meeting, Party, Reach, State
from shared.models import Model

Attendance: TypeAlias = Literal["came", "excused", "late_cancel", "no_show", "revoked"]
AgeGroup: TypeAlias = Literal["child", "young", "adult"]


class MadeBooking(Model):
    """What was booked just now."""

    id: UUID
    session_id: UUID


class DeskBooking(Model):
    """A booking in front of staff."""

    id: UUID
    session_id: UUID
    activity_id: UUID | None
    code: str
    name: str
    reach: Reach
    language: str
    party: Party
    state: State
    position: int | None
    answer_by: AwareDatetime | None
    notice: Literal["none", "pending", "sent", "delivered", "failed"]
    attendance: Attendance | None
    meeting: Meeting | None = None


class FoundBooking(Model):
    """A booking among those that somebody may mean."""

    id: UUID
    session_id: UUID
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    code: str
    name: str
    reach: Reach
    language: str
    party: Party
    state: State
    answer_by: AwareDatetime | None
    attendance: Attendance | None


class FoundBookings(Model):
    """Those it may be, the first session first."""

    items: tuple[FoundBooking, ...]


class Capacity(Model):
    """Seats as staff set them."""

    seats: int
    walk_in: int
    queue: int


class SeatsNow(Model):
    """How full a session is, counted as it counts."""

    session_id: UUID
    branch_id: str
    closed: bool
    """Whether it is written down how it went."""
    capacity: Capacity
    bookable: int
    """Seats that can be booked: without the reserve for those who walk in."""
    taken: int
    free: int
    overhang: int
    confirmed: int
    held: int
    offered: int
    queued: int
    """Parties that wait."""
    walk_ins: int


class SeatsOfSessions(Model):
    """How full some sessions are."""

    items: tuple[SeatsNow, ...]


class WalkIns(Model):
    """How many came without a booking, by age group."""

    session_id: UUID
    child: int
    young: int
    adult: int
    reserve: int | None
    """The seats that are kept for them; None where none are."""
    used: int


class Ticket(Model):
    """A number in a library's line, and nothing of who holds it."""

    id: UUID
    number: int
    state: Literal["waiting", "called", "served", "gave-up"]
    place: int | None
    """At which desk it was called."""
    drawn_at: AwareDatetime
    called_at: AwareDatetime | None
    calls: int


class TicketsOfDay(Model):
    """A library's numbers of today."""

    items: tuple[Ticket, ...]
