"""Whom staff have to tell by voice, and what they say."""

from __future__ import annotations

from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime

from services.web.upstream.bookings import Party, ReachBy, State
from shared.models import Model

Outcome: TypeAlias = Literal["reached", "told_at_door", "left_message", "no_answer", "wrong_number"]


class Call(Model):
    """Somebody who has to be told by voice."""

    id: UUID
    booking_id: UUID
    session_id: UUID
    starts_at: AwareDatetime
    state: State
    name: str
    by: ReachBy
    phone: str | None
    at_door: bool
    language: str
    party: Party
    template: str
    reason: str
    message_id: UUID | None
    offer: bool
    """Whether a seat is kept for them that they do not know of."""
    attempts: int
    tried_at: AwareDatetime | None
    outcome: Outcome | None
    open: bool


class Calls(Model):
    """All of a library, the next session first."""

    items: tuple[Call, ...]


class Words(Model):
    """What to say to one of them."""

    language: str
    text: str
    swedish: str | None
    still_so: bool
