"""What volunteers tells those who help, and those who coordinate them, of themselves."""

from __future__ import annotations

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


class Me(Model):
    """Whoever is signed in with a code."""

    name: str
    role: str = "volunteer"

    @property
    def volunteer(self) -> bool:
        """Whether they help themselves."""
        return self.role == "volunteer"

    @property
    def coordinator(self) -> bool:
        """Whether they coordinate others."""
        return self.role == "coordinator"


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
