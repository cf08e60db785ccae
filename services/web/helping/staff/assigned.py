"""What a volunteer is asked to do, does and did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from shared.models import Model


class Where(Model):
    """A library."""

    id: str
    name: str


class AssignedSession(Model):
    """When and where something is."""

    id: UUID
    titles: Mapping[str, str]
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    sitting_id: UUID | None
    """What it is a slot of: its slots are taken together."""
    task: str
    branch: Where


class Assigned(Model):
    """Being on duty in a session, or helping one visitor of it."""

    kind: Literal["shift", "visitor"]
    id: UUID
    state: str
    session: AssignedSession
    booking_id: UUID | None = None
    language: str | None = None
    """In which the visitor would like to be helped; the coordinator of a partner is told."""
    topic: str | None = None
    outcome: str | None = None
    minutes: int | None = None
    slots: tuple[tuple[UUID, UUID], ...] = ()
    """Of a sitting the ids of all its shifts, this one's among them, each with its session's."""

    @property
    def sessions(self) -> dict[UUID, UUID]:
        """The ids of the shifts or the assignment that this is, each with its session's."""
        return dict(self.slots or ((self.id, self.session.id),))

    @property
    def chosen(self) -> str:
        """What stands for it in a form: its kind and ids."""
        return f"{self.kind}:{','.join(map(str, self.sessions))}"


class AssignedList(Model):
    """All of it, the latest first."""

    items: tuple[Assigned, ...]

    @property
    def in_order(self) -> list[Assigned]:
        """The earliest first, with the shifts of a sitting that are alike as one."""
        together: dict[object, list[Assigned]] = {}
        for one in reversed(self.items):
            alone = one.kind == "visitor" or one.session.sitting_id is None
            key = one.id if alone else (one.session.sitting_id, one.state)
            together.setdefault(key, []).append(one)
        return [_as_one(slots) for slots in together.values()]


def _as_one(slots: list[Assigned]) -> Assigned:
    first = slots[0]
    session = first.session.model_copy(update={"ends_at": max(one.session.ends_at for one in slots)})
    return first.model_copy(update={"session": session, "slots": tuple((one.id, one.session.id) for one in slots)})
