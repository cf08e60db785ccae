"""The way to a booking: one question on each page, and what is known on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from services.web.forms import BookingForm, Fault, Fields

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from services.web.upstream import Session


class Step(NamedTuple):
    """A page with a question."""

    path: str
    """Below the session's own address."""
    template: str
    asks: tuple[str, ...]
    """The names of its fields."""


PARTY = Step("book", "book_party.html", ("adults", "children"))
NAME = Step("book/name", "book_name.html", ("name",))
REACH = Step("book/reach", "book_reach.html", ("by", "phone", "email"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a visitor is asked about a session, and has answered."""

    session_id: UUID
    session: Session | None
    """None while catalog is away."""
    fields: Fields
    form: BookingForm
    kept: bool
    """Whether the answers were given about this session."""
    carried: bool = False
    """Whether they were given about another one before it."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """The pages this takes; somebody who can only come alone is not asked how many come."""
        return (PARTY, NAME, REACH) if self.fields.adults else (NAME, REACH)

    def missing(self, before: Step) -> Step | None:
        """The first page before this one whose question is open, or answered in a way that cannot be."""
        for step in self.steps[: self.steps.index(before)]:
            if not self._is_answered(step):
                return step
        return None

    def at_fault(self, faults: Iterable[Fault]) -> Step:
        """The first page that asks for something that is wrong; the last one for what is wrong with all."""
        fields = {fault.field for fault in faults}
        return next((step for step in self.steps if fields.intersection(step.asks)), REACH)

    def faults(self) -> list[Fault]:
        """What keeps the answers from being sent on, in the order of the questions."""
        return self.form.faults(self._wanted)

    @property
    def _wanted(self) -> Fields:
        """What the session wants to know; whoever is on their way to it may have its last seats already."""
        return self.fields if self.carried else replace(self.fields, left=None)

    def _is_answered(self, step: Step) -> bool:
        return not (self.form.name_faults() if step is NAME else self.form.party_faults(self._wanted))
