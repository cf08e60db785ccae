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
    topic: str | None = None
    outcome: str | None = None
    minutes: int | None = None


class AssignedList(Model):
    """All of it, in the order of time."""

    items: tuple[Assigned, ...]
