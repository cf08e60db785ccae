"""What volunteers tells those who help, and those who coordinate them, of themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from services.web.upstream import Texts
from shared.models import Model

_KINDS = {
    "coach": "digital_coaching",
    "homework": "homework_help",
    "host": "language_cafe",
    "story": "story_time",
    "friend": "library_friend",
}
"""The kind of activity whose pictogram stands for a task."""


class Reached(Model):
    """How somebody is reached; of number and address enough to recognise one's own."""

    by: Literal["sms", "email", "call"]
    phone: str | None
    email: str | None

    @property
    def ways(self) -> tuple[str, ...]:
        """How they could choose to be."""
        return (*(("sms",) if self.phone else ()), *(("email",) if self.email else ()))


class Spoken(Model):
    """A language that somebody speaks, and how well."""

    language: str
    level: Literal["some", "good", "native"]


class Weekly(Model):
    """When somebody usually can, on one day of the week."""

    weekday: int
    """0 is Monday."""
    starts: time
    ends: time


class Except(Model):
    """Days that differ from the week."""

    first_day: date
    last_day: date
    available: bool


class Availability(Model):
    """When somebody can."""

    weekly: tuple[Weekly, ...] = ()
    exceptions: tuple[Except, ...] = ()


class RegisterNote(Model):
    """That the police register's extract was seen."""

    ends_on: date
    valid: bool


class Profile(Model):
    """What somebody who helps sees of themselves."""

    state: str
    partner: str | None = None
    tasks: tuple[str, ...]
    topics: tuple[str, ...]
    branches: tuple[str, ...]
    """None named is anywhere."""
    languages: tuple[Spoken, ...]
    availability: Availability
    register_note: RegisterNote | None


class Coordinates(Model):
    """Whose people somebody coordinates; without a partner they are the library's own."""

    partner_id: UUID | None
    partner: str | None


class Me(Model):
    """Whoever is signed in with a code: somebody who helps, who coordinates others, or both."""

    name: str
    language: str
    reach: Reached
    profile: Profile | None = None
    coordinates: Coordinates | None = None

    @property
    def volunteer(self) -> bool:
        """Whether they help themselves."""
        return self.profile is not None

    @property
    def coordinator(self) -> bool:
        """Whether they coordinate others: a partner's people, or the library's own."""
        return self.coordinates is not None

    @property
    def reports(self) -> bool:
        """Whether there is a partner whose people they coordinate, and whose hours they report."""
        return self.coordinates is not None and self.coordinates.partner_id is not None

    @property
    def active(self) -> bool:
        """Whether they are asked to help by now."""
        return self.profile is not None and self.profile.state == "active"


class Where(Model):
    """The library where one helps, and whom one rings there."""

    name: str
    address: str = ""
    phone: str


class HelpedSession(Model):
    """A session as those who help in it see it."""

    id: UUID
    titles: Texts
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    place: Literal["branch", "online", "outreach"]
    room: str = ""
    branch: Where
    task: str
    sitting_id: UUID | None = None

    @property
    def kind(self) -> str:
        """The kind of activity whose pictogram it has."""
        return _KINDS.get(self.task, "")


class Doing(Model):
    """What somebody is asked to do, does or did: to be on duty in a session, or to help one visitor of it."""

    kind: Literal["shift", "visitor"]
    id: UUID
    session: HelpedSession
    state: str
    answer_by: AwareDatetime | None = None
    language: str | None = None
    """In which the visitor would like to be helped."""
    topic: str | None = None
    booking_id: UUID | None = None
    pledged: bool = False
    looking_for_stand_in: bool = False
    in_return: AwareDatetime | None = None
    """When the turn of their own begins that another takes for this one: a question to swap."""
    passing_on: bool = False
    """Whether another friend is asked to take it, or to swap."""
    outcome: str | None = None
    minutes: int | None = None

    @property
    def is_question(self) -> bool:
        """Whether they have not answered yet."""
        return self.state in {"asked", "proposed"}

    @property
    def is_theirs(self) -> bool:
        """Whether it is theirs to do."""
        return self.state in {"on_duty", "accepted"}

    @property
    def to_pledge(self) -> bool:
        """Whether it is theirs to help a visitor without their own word on the rules: others gave it to them."""
        return self.kind == "visitor" and self.is_theirs and not self.pledged

    @property
    def can_swap(self) -> bool:
        """Whether it is a turn that friends swap among themselves."""
        return self.kind == "shift" and self.is_theirs and self.session.task == "friend"

    @property
    def can_tell(self) -> bool:
        """Whether they say how it went, or put right what they said, once it has begun."""
        return self.kind == "visitor" and self.state in {"accepted", "done"}


class Mine(Model):
    """Everything that is somebody's, by when it is."""

    questions: tuple[Doing, ...] = ()
    today: tuple[Doing, ...] = ()
    next: tuple[Doing, ...] = ()
    past: tuple[Doing, ...] = ()

    @property
    def all(self) -> tuple[Doing, ...]:
        """All of it."""
        return (*self.questions, *self.today, *self.next, *self.past)

    def shown(self, doings: Iterable[Doing]) -> list[Doing]:
        """These, without being on duty where there is a visitor of theirs then: that one says all."""
        visited = {one.session.id for one in self.all if one.kind == "visitor" and (one.is_theirs or one.outcome)}
        return [one for one in doings if one.kind == "visitor" or one.session.id not in visited]


class OpenShift(Model):
    """A session, or a sitting of several, that somebody could help in."""

    session: HelpedSession
    """Of a sitting the first, with the end of the last."""
    needed: int
    helpers: int
    sitting: int
    """How many sessions it is."""

    @property
    def gap(self) -> int:
        """How many more are needed; 0 where somebody on duty would like to be replaced."""
        return max(0, self.needed - self.helpers)


class OpenShifts(Model):
    """Those that somebody could help in, soonest first."""

    items: tuple[OpenShift, ...]


class OfferedShift(Model):
    """A shift that somebody offered themselves for."""

    id: UUID
    state: str


class Offered(Model):
    """All that one answer was for."""

    items: tuple[OfferedShift, ...]


class Exchange(Model):
    """A turn of another friend's that could be had for one's own."""

    shift_id: UUID
    first_name: str
    title: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime


class Exchanges(Model):
    """All of them, the nearest first."""

    items: tuple[Exchange, ...]


class TaskHours(Model):
    """What was given to one task."""

    task: str
    times: int
    minutes: int


class Hours(Model):
    """What somebody gave in a calendar year, and gives."""

    year: int
    years: tuple[int, ...]
    """In which they gave anything, the latest first."""
    tasks: tuple[TaskHours, ...]
    minutes: int
    planned_minutes: int
    budget_hours: int | None
    left_minutes: int | None
    """Of the budget, with what is planned taken off."""


class CalendarKnown(Model):
    """Whether somebody has a private calendar, and since when."""

    made_at: AwareDatetime | None


class CalendarSecret(Model):
    """What the address of a private calendar ends with."""

    secret: str
