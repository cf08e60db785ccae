"""A branch's programme as a list: what makes two lines of it the same, and where they differ."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.catalog.domain.sessions import Place, Status
from services.catalog.domain.terms import Mode

Same: TypeAlias = tuple[UUID, datetime, Place]
"""What is one session: an activity that starts at a time in a place. Everything else of it may be corrected."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A session as the list shows it; times to the minute. Of one that is asked for, None is left to the activity."""

    activity_id: UUID
    starts_at: datetime
    ends_at: datetime | None
    seats: int | None
    walk_in: int | None
    queue: int | None
    mode: Mode | None
    place: Place
    room: str
    theme: str
    """In Swedish."""
    status: Status

    @property
    def same(self) -> Same:
        """What it is one session by."""
        return self.activity_id, self.starts_at, self.place


def differing(wanted: Listed, there: Listed) -> list[str]:
    """The fields that somebody wants otherwise than they are; what is left empty is as it is.

    A draft that was published meanwhile, or is not on offer any more, is no difference; what was called off is one,
    unless the list says so too.
    """
    named = [field.name for field in fields(Listed) if field.name != "status"]
    found = [name for name in named if getattr(wanted, name) not in {None, "", getattr(there, name)}]
    return [*found, *(["status"] if there.status == "cancelled" != wanted.status else [])]
