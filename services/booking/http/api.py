"""The endpoints, and what they all need."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Literal, TypeVar
from uuid import UUID

from aiohttp import web
from pydantic import AfterValidator, AwareDatetime, Field, StrictBool, StrictFloat, StrictInt, StringConstraints

from services.booking import domain, limits, queries
from services.booking.domain import WrongProof
from services.booking.limits import Use
from services.booking.reach import By
from services.booking.store.helpers import Helper
from services.booking.usecases import booking as booking_usecases
from shared import codes, names
from shared.db import Connection
from shared.hours import PermittedHours
from shared.http import Api
from shared.keys import DATABASE, SECRET
from shared.models import Model, Strict
from shared.visitors import Visitors

T = TypeVar("T")

api = Api()

VISITORS = web.AppKey("visitors", Visitors)
HOURS = web.AppKey("hours", PermittedHours)
"""In which people are written to, and have time to answer."""

NOT_BOOKED = (
    "unknown-session",
    "closed",
    "sold-out",
    "already-booked",
    "party-too-large",
    "party-empty",
    "adult-missing",
    "unknown-question",
    "answer-missing",
    "invalid-answer",
    "invalid-phone",
    "invalid-email",
    "invalid",
)
"""Why there is no booking, by whomever and however it is asked for."""

MAX_PARTY = 500
"""More than any session's limit: what is beyond it is not a party but a slip of the finger."""

Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=names.MAX_LENGTH * 4),
    AfterValidator(names.display_name),
]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$", max_length=20)]
MAX_ANSWER = 240
"""Characters that are read at all; the rules allow far fewer."""
_Line = Annotated[str, StringConstraints(max_length=MAX_ANSWER)]
Answers = Annotated[
    dict[
        Annotated[str, StringConstraints(max_length=60)],
        _Line | StrictBool | StrictInt | StrictFloat | Annotated[list[_Line], Field(max_length=50)] | None,
    ],
    Field(max_length=50),
]
"""As far as one can say without knowing what was asked; the rules say the rest, and name what is wrong."""
State = Literal["confirmed", "queued", "offered", "cancelled", "declined", "expired", "closed"]


class Party(Strict):
    """Who comes. Adults and children are counted apart."""

    adults: int = Field(default=0, ge=0, le=MAX_PARTY)
    children: int = Field(default=0, ge=0, le=MAX_PARTY)

    def told(self) -> domain.Party:
        """As the rules know it."""
        return domain.Party(adults=self.adults, children=self.children)


class ReachBody(Strict):
    """The one way to be reached."""

    by: By
    phone: str | None = Field(default=None, max_length=40)
    email: str | None = Field(default=None, max_length=254)


class ReachView(Model):
    """How the person is reached, in a form that tells nobody else."""

    by: By
    hint: str | None


class MeetingView(Model):
    """How to get into an online session."""

    link: str
    number: str
    """To type into the meeting program instead; empty where there is none."""

    @classmethod
    def of(cls, booking: queries.KnownBooking) -> "MeetingView | None":
        """What a booking lets one into."""
        return cls(link=booking.meeting_link, number=booking.meeting_number or "") if booking.meeting_link else None


class BookingView(Model):
    """A booking, for the person it is for."""

    id: UUID
    revision: int
    """Raised by each change: who keeps a copy, like a calendar, knows by it which one is newer."""
    code: str
    series_code: str | None
    """What stands for all dates with which it was booked; none where it was booked alone."""
    state: State
    """``closed``: the session began before a seat came free; ``expired``: an offer was not answered in time."""
    position: int | None
    """Where a queued booking stands in the waiting list, 1 for its head."""
    answer_by: AwareDatetime | None
    """Until when a seat that is offered may be accepted; none until the person was told of it."""
    session_id: UUID
    activity_id: UUID | None
    """Of which other sessions the booking can be moved to."""
    party: Party
    name: str
    reach: ReachView
    language: str
    notice: Literal["none", "pending", "sent", "delivered", "failed"]
    """What became of the newest message to them."""
    late: bool
    cancelled_by: Literal["visitor", "staff", "library"] | None
    was: Literal["confirmed", "queued", "offered"] | None
    """What a cancelled booking was: a seat, a place in the waiting list, or a seat on offer."""
    answers: dict[str, str | int | list[str]]
    """To what the session asked, by the question's id."""
    certificate: bool
    """Whether they may have it in writing now that they were there."""
    helper: Helper | None
    """Where each visitor has a helper of their own: whether one is sought, found, or nobody will come."""
    proof: str
    """What proves this booking, for whoever just made it."""
    meeting: MeetingView | None
    """For who has a seat in an online session that is held, and shows code and proof."""

    @classmethod
    def of(cls, booking: queries.KnownBooking) -> "BookingView":
        """Show a booking."""
        return cls(
            id=booking.id,
            revision=booking.revision,
            code=codes.shown(booking.code),
            series_code=booking.series_code and codes.shown(booking.series_code),
            state=booking.state,
            position=booking.position,
            answer_by=booking.answer_by,
            session_id=booking.session_id,
            activity_id=booking.activity_id,
            party=Party(adults=booking.adults, children=booking.children),
            name=booking.name,
            reach=ReachView(by=booking.reach.by, hint=booking.reach.hint),
            language=booking.language,
            notice=booking.notice,
            late=booking.late,
            cancelled_by=booking.cancelled_by,
            was=booking.was,
            answers=dict(booking.answers),
            certificate=booking.certificate,
            helper=booking.helper,
            proof=codes.proof(name=booking.name, phone=booking.reach.phone),
            meeting=MeetingView.of(booking),
        )


async def proven(request: web.Request, proof: str) -> queries.KnownBooking:
    """The booking whose code the path holds, for whoever can prove that it is theirs.

    Raises:
        WrongProof: unknown code or wrong proof; the caller never learns which.
        SeriesCode: it is theirs, and stands for several bookings.
        Problem: 429 after too many of those.
    """
    code = request.match_info["code"]
    return await prove(request, lambda conn: queries.proven_booking(conn, code, proof))


async def prove(request: web.Request, look: Callable[[Connection], Awaitable[T | None]]) -> T:
    """What somebody proves to be theirs by the code in the path.

    Raises:
        WrongProof, Problem: as :func:`proven` does.
    """
    secret = request.app[SECRET]
    network = request.app[VISITORS].network(request)
    tries = [
        Use.of(limits.WRONG_PROOFS_OF_CODE, secret, codes.plain(request.match_info["code"])),
        *([Use.of(limits.WRONG_PROOFS_FROM_NETWORK, secret, network)] if network else []),
    ]
    known = await request.app[DATABASE].transact(lambda conn: booking_usecases.prove(conn, look, tries))
    if known is None:
        raise WrongProof("the code and the proof do not belong together")
    return known
