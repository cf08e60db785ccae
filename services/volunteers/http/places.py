"""Sessions as those who help, and those who look after them, see them."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from shared.models import Model


class LibraryView(Model):
    """The library where one helps, and whom one rings there."""

    id: str
    name: str
    address: str
    phone: str


class SessionView(Model):
    """What, when and where."""

    id: UUID
    titles: dict[str, str]
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    """Of the last one, where several of a sitting are shown as one."""
    sitting_id: UUID | None
    task: str
    place: Literal["branch", "online", "outreach"]
    room: str
    branch: LibraryView
