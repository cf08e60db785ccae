"""What staff may tell everybody of a session, who hears it, and what they get."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime

from services.web.upstream.programme import Texts
from shared.models import Model

Channel: TypeAlias = Literal["sms", "email", "call", "door"]


class AnnouncementText(Model):
    """One of the things that may be told."""

    id: str
    texts: Texts
    """What is in braces is filled in."""


class Announcements(Model):
    """All of them."""

    items: tuple[AnnouncementText, ...]


class Reached(Model):
    """So many people who are told in the same way."""

    state: Literal["confirmed", "queued", "offered"]
    channel: Channel
    language: str
    bookings: int
    persons: int


class Told(Model):
    """How many are told how."""

    people: tuple[Reached, ...]
    to_call: int
    at_door: int

    @property
    def bookings(self) -> int:
        """How many are told, whoever tells them."""
        return sum(some.bookings for some in self.people)

    def by(self, *channels: Channel) -> int:
        """How many are told this way."""
        return sum(some.bookings for some in self.people if some.channel in channels)


class Announced(Model):
    """What was told, or would be."""

    id: UUID | None
    told: Told


class PreviewText(Model):
    """What some of them would get."""

    language: str
    text_language: str
    channel: Channel
    people: int
    subject: str | None
    text: str


class Preview(Model):
    """What would leave, and when."""

    sends_at: AwareDatetime
    texts: tuple[PreviewText, ...]
    parts: int
    cost: Decimal
