"""Who comes to a session, as booking tells its staff."""

from __future__ import annotations

from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime

from services.web.upstream.bookings import Certificate, Party, Reach, ReachBy, State
from services.web.upstream.programme import Session
from shared.models import Model

Attendance: TypeAlias = Literal["came", "excused", "late_cancel", "no_show", "revoked"]


class StaffSession(Session):
    """One occasion, with what its staff need of it."""

    certificate: bool = False
    """Whether who was there may have it in writing."""


class Listed(Model):
    """One booking of a session."""

    id: UUID
    code: str | None
    name: str | None
    """None, as the code and the way to reach them, once the person was erased."""
    reach: Reach | None
    language: str
    party: Party
    seats: int
    state: State
    position: int | None
    answer_by: AwareDatetime | None
    to_call: bool
    reconfirmed: bool
    attendance: Attendance | None
    answers: dict[str, str | int | list[str]]


class SessionPeople(Model):
    """Who has a seat, who waits in order, who stands by, and who comes no more."""

    session_id: UUID
    capacity: int
    taken: int
    items: tuple[Listed, ...]

    def of(self, *states: State) -> tuple[Listed, ...]:
        """Those whose booking is one of these, in order."""
        return tuple(one for one in self.items if one.state in states)


class RevealedReach(Model):
    """How somebody is reached, with nothing hidden."""

    booking_id: UUID
    by: ReachBy
    phone: str | None
    email: str | None
    behalf_of: Literal["relative", "teacher", "colleague"] | None


class RevealedSession(Model):
    """The same of all who may have to be reached."""

    items: tuple[RevealedReach, ...]


class WalkedIn(Model):
    """How many came without a booking."""

    child: int
    young: int
    adult: int


class SessionCertificates(Model):
    """The certificates of a session."""

    given: bool
    items: tuple[Certificate, ...]


class Watched(Model):
    """How full a session is, in numbers that tell of nobody."""

    session_id: UUID
    status: str
    mode: str
    bookable: int
    taken: int
    came: int
    queued: int
    walk_ins: int


class WatchedDay(Model):
    """Some sessions, in the order of their starts."""

    items: tuple[Watched, ...]
