"""How many came, as it is shown."""

from datetime import date
from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime

from services.booking.domain import Number, Sums
from shared.models import Model

By: TypeAlias = Literal["session", "branch", "week", "month"]


class NumberView(Model):
    """How many, as far as it may be told."""

    count: int | None
    """None where it is less than five, or would tell of so few."""
    whole: bool
    """Whether that is all. Otherwise it is the least: some sessions are told of in a wider sum only."""

    @classmethod
    def of(cls, number: Number) -> "NumberView":
        """Show a number."""
        return cls(count=number.count, whole=number.whole)


class SumsView(Model):
    """What may be told of some sessions. People are counted in persons."""

    held: int
    not_held: int
    not_closed: int
    """Over, and nobody has said how they went: nothing of them is in the numbers."""
    seats: int
    """Of those that were held."""
    visitors: NumberView
    ages: dict[str, NumberView]
    """``adults`` and ``children``."""
    fill: NumberView
    """Percent of the seats that somebody was there for; not ``whole`` where it is that of some sessions only."""
    no_shows: NumberView
    unmet: NumberView
    """Who wanted a seat and was never offered one."""
    channels: dict[str, NumberView]
    """How they booked: ``web``, ``desk``, ``series``; ``drop_in`` did not. ``other`` is too few to be told apart."""
    languages: dict[str, NumberView]
    """Of those with a booking; the same in each row, ``other`` if there are any."""

    @classmethod
    def of(cls, sums: Sums) -> "SumsView":
        """Show what may be told."""
        return cls.model_validate(sums, from_attributes=True)


class RowView(Model):
    """One session, library, week or month."""

    first: date
    last: date
    """The days it is of, both of them included."""
    branch_id: str | None
    """None of a week or month of several libraries."""
    session_id: UUID | None
    activity_id: UUID | None
    kind: str | None
    starts_at: AwareDatetime | None
    """These are of a session only."""
    sums: SumsView


class Figures(Model):
    """How many came: in rows, and all together. A sum may tell what no row does."""

    by: By
    items: list[RowView]
    total: SumsView
    next: None = None
