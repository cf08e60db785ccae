"""How many came, as booking tells it."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime

from services.web.upstream.programme import Texts
from shared.models import Model

FiguresBy: TypeAlias = Literal["month", "week", "branch", "session"]


class Number(Model):
    """How many, as far as it may be told."""

    count: int | None
    """None where it is less than five, or would tell of so few."""
    whole: bool
    """Whether that is all; otherwise it is the least."""


class Sums(Model):
    """What is told of some sessions."""

    held: int
    not_held: int
    not_closed: int
    seats: int
    visitors: Number
    ages: dict[str, Number]
    fill: Number
    no_shows: Number
    unmet: Number
    channels: dict[str, Number]
    languages: dict[str, Number]


class FiguresRow(Model):
    """One session, library, week or month."""

    first: date
    last: date
    branch_id: str | None
    session_id: UUID | None
    activity_id: UUID | None
    kind: str | None
    starts_at: AwareDatetime | None
    sums: Sums


class Figures(Model):
    """How many came: in rows, and all together."""

    by: FiguresBy
    items: tuple[FiguresRow, ...]
    total: Sums


class ActivityTitles(Model):
    """What an activity is called."""

    id: UUID
    titles: Texts
