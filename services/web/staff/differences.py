"""What a change made different about a session, in the words of the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.web.rendering import msgid
from services.web.staff.frame import services
from shared.models import Model

if TYPE_CHECKING:
    from aiohttp import web

_FIELDS: Mapping[str, str] = {
    "starts_at": msgid("Börjar"),
    "ends_at": msgid("Slutar"),
    "branch_id": msgid("Bibliotek"),
    "place": msgid("Plats"),
    "room": msgid("Rum"),
    "host": msgid("Vem som håller i det"),
    "status": msgid("Läge"),
    "theme": msgid("Tema"),
    "meeting": msgid("Möteslänk"),
    "helpers": msgid("Antal hjälpare"),
    "helpers_needed": msgid("Volontärer som behövs"),
    "register_note": msgid("Arbete med barn"),
    "opens_at": msgid("Bokningen öppnar"),
    "closes_at": msgid("Bokningen stänger"),
    "mode": msgid("Sätt att boka"),
    "capacity.seats": msgid("Antal platser"),
    "capacity.walk_in": msgid("Platser för drop-in"),
    "capacity.queue": msgid("Platser i kön"),
    "activity_id": msgid("Aktivitet"),
}
"""What fields are called; others are rare enough to be one word for all."""

_OTHER = msgid("Något annat")


def label(field: str) -> str:
    """What a field is called, by its name in catalog's API."""
    return _FIELDS.get(field, _OTHER)


class Difference(Model):
    """One field that a change made different."""

    field: str
    was: object = None
    is_: object = Field(default=None, alias="is")

    @property
    def label(self) -> str:
        """What the field is called."""
        return label(self.field)

    @property
    def before(self) -> object:
        """What it was."""
        return _read(self.field, self.was)

    @property
    def after(self) -> object:
        """What it became."""
        return _read(self.field, self.is_)


def _read(field: str, value: object) -> object:
    """A value as the pages show it: a moment where the field is one."""
    return datetime.fromisoformat(value) if field.endswith("_at") and isinstance(value, str) else value


class Change(Model):
    """One change: what it made different, when, and by somebody in which role. By whom, the audit knows."""

    at: AwareDatetime
    by: Literal["staff", "admin", "coordinator"]
    changes: tuple[Difference, ...]


class _History(Model):
    items: tuple[Change, ...]


async def history(request: web.Request, session_id: UUID) -> Sequence[Change]:
    """What became of a session since it was planned, the newest change first."""
    return (await services(request).catalog.get(_History, f"/v1/sessions/{session_id}/history")).items
