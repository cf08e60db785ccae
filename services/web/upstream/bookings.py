"""What booking tells of seats, of those who wait, and of whose turn it is."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime

from shared.models import Model

Notice: TypeAlias = Literal["none", "pending", "sent", "delivered", "failed"]
ReachBy: TypeAlias = Literal["sms", "email", "call", "proxy", "none"]


class Party(Model):
    """Who comes."""

    adults: int
    children: int


class Reach(Model):
    """How the visitor is reached; ``hint`` is enough to recognise one's own number and no more."""

    by: ReachBy
    hint: str | None = None


class Meeting(Model):
    """How one gets into an online session."""

    link: str
    number: str = ""


State: TypeAlias = Literal["confirmed", "queued", "offered", "cancelled", "declined", "expired", "closed"]


class Booking(Model):
    """A booking, as its owner may see it."""

    id: UUID | None = None
    revision: int = 0
    """Raised by each change. Neither is told by a booking service of the version before."""
    code: str
    state: State
    position: int | None = None
    """The place in the queue while it is there: 1 is who gets the next seat."""
    answer_by: AwareDatetime | None = None
    """Until when an offer may be answered; None until its message has left."""
    cancelled_by: Literal["visitor", "staff", "library"] | None
    was: Literal["confirmed", "queued", "offered"] | None = None
    """What a cancelled booking was."""
    proof: str
    """What shows booking that it is the owner who asks."""
    session_id: UUID
    activity_id: UUID | None = None
    """What its session is a time of; one may change to another of its times."""
    party: Party
    name: str
    reach: Reach
    notice: Notice
    series_code: str | None = None
    """The code of all dates that were booked together with it."""
    certificate: bool = False
    """Whether its visitor may have it in writing now that they were there."""
    helper: Literal["sought", "found", "missing"] | None = None
    """How it stands with who helps them, where each visitor has somebody of their own."""
    meeting: Meeting | None = None


class Hold(Model):
    """Seats that are kept for a browser while its visitor still types."""

    hold: UUID
    session_id: UUID
    party: Party
    seats: int
    until: AwareDatetime
    longest: AwareDatetime
    """Nobody keeps them beyond this, however much is typed."""

    def keeps(self, session_id: UUID, now: datetime) -> bool:
        """Whether seats of this session are kept at ``now``."""
        return self.session_id == session_id and now < self.until


class BookedDate(Model):
    """A date that was booked, and what has become of it."""

    session_id: UUID
    starts_at: AwareDatetime
    code: str
    state: State = "confirmed"


class RefusedDate(Model):
    """A date that could not be had, and why, by the type of the problem."""

    session_id: UUID
    starts_at: AwareDatetime
    type: str


class SeriesBooking(Model):
    """Several dates booked together: one code for all, and one for each."""

    code: str
    proof: str
    booked: tuple[BookedDate, ...]
    """In the order of their starts; also those that were given back, or changed to another time."""
    refused: tuple[RefusedDate, ...]


class SeriesBookings(SeriesBooking):
    """The same as its owner may see it later."""

    party: Party
    name: str
    reach: Reach
    notice: Notice


class Certificate(Model):
    """That somebody was at a session."""

    name: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    hours: float
    branch_id: str
    municipality: str | None = None
    """What they answered to the question of this name."""


class Serving(Model):
    """Whose turn it is at a desk."""

    number: int
    place: int | None


class Tickets(Model):
    """How a library's line stands today."""

    now_serving: tuple[Serving, ...]
    """The newest call first, one for each desk."""
    waiting: int
    last_drawn: int
    """0 before the first."""
