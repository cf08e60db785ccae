"""The way to a booking, or into the queue: one question on each page, and what is known on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from services.web import questions
from services.web.faults import Fault
from services.web.forms import BookingForm, Way, tail
from services.web.parties import Fields

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from services.web.offers import Card
    from services.web.upstream import Hold, Question, Session


class Step(NamedTuple):
    """A page with a question."""

    path: str
    """Below the way's own address."""
    template: str
    asks: tuple[str, ...]
    """The names of its fields."""
    questions: tuple[Question, ...] = ()
    """Those of them that the library wrote."""


DATES = Step("/dates", "book_dates.html", ("dates",))
"""Of a series only: which of its dates."""
PARTY = Step("", "book_party.html", ("adults", "children"))
NAME = Step("/name", "book_name.html", ("name",))
REACH = Step("/reach", "book_reach.html", ("by", "phone", "email"))
ANSWERS = "/answers/"
"""Where the library's own questions are, by the id of the first on each page."""


def _told(asked: tuple[Question, ...]) -> Step:
    fields = tuple(map(questions.field, asked))
    return Step(f"{ANSWERS}{asked[0].id}", "book_answers.html", fields, asked)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a visitor is asked about a session, and has answered."""

    session_id: UUID
    way: Way
    session: Session | None
    """As it is for them, what is kept for them being free; None while catalog is away."""
    fields: Fields
    form: BookingForm
    hold: Hold | None
    """What is kept for this browser, of whichever session."""
    kept: bool
    """Whether the answers were given about this session."""
    dates: tuple[Card, ...] = ()
    """Of a series: the coming ones, with what one can do about each."""
    carried: bool = False
    """Whether they were given about another one before it."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """The pages this takes; somebody who can only come alone is not asked how many come."""
        dates = (DATES,) if self.way is Way.SERIES else ()
        party = (PARTY,) if self.fields.adults else ()
        return (*dates, *party, *map(_told, questions.pages(self.ask)), NAME, REACH)

    @property
    def ask(self) -> tuple[Question, ...]:
        """What the library asks; nothing while catalog is away, which only delays it: booking asks again."""
        return self.session.ask if self.session else ()

    def after(self, step: Step) -> Step:
        """Where one goes on from a page: to what is open, for whoever comes back to change one answer.

        Everybody sees every page once: somebody may have come with answers about another session.
        """
        if self.kept:
            return self.missing(REACH) or REACH
        return self.steps[self.steps.index(step) + 1]

    @property
    def chosen(self) -> list[Session]:
        """The dates of a series that shall be booked; booking says of which it has no more seats."""
        return [date.session for date in self.dates if tail(date.session) in self.form.tails]

    @property
    def here(self) -> Hold | None:
        """What is kept of this session."""
        return self.hold if self.hold and self.hold.session_id == self.session_id else None

    @property
    def own(self) -> Hold | None:
        """What is kept of it for exactly this party."""
        return self.here if self.here and self.knows_party and self.here.party == self.form.party else None

    @property
    def fits(self) -> bool:
        """Whether there are seats for all of the party, as far as catalog knows."""
        left = self.fields.left
        return left is not None and self.knows_party and self.fields.taken_by(self.form.party) <= left

    @property
    def lacks_seats(self) -> bool:
        """Whether more are wanted than there are, as far as is known: nothing is kept, and catalog has too few."""
        asks = self.way is Way.BOOK and not self.form.tried and self.session is not None
        return asks and self.knows_party and not (self.own or self.fits)

    @property
    def knows_party(self) -> bool:
        """Whether it can be said for how many a seat is wanted, be there so many or not."""
        return PARTY not in self.steps or not self.party_faults()

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
        return self.form.faults(self._wanted, self.ask, self.way)

    def party_faults(self) -> list[Fault]:
        """What is wrong with the party; whether there are seats for it is booking's to say."""
        return self.form.party_faults(replace(self.fields, left=None))

    @property
    def _wanted(self) -> Fields:
        """What the session wants to know.

        Who is on their way to it may have its last seats already, and who queues has time to wait for them.
        """
        counted = self.carried and self.way is Way.BOOK
        return self.fields if counted else replace(self.fields, left=None)

    def _is_answered(self, step: Step) -> bool:
        if step.questions:
            seen = all(question.id in self.form.answers for question in step.questions)
            return seen and not questions.faults(step.questions, self.form.answers)
        if step is DATES:
            return bool(self.chosen)
        return not (self.form.name_faults() if step is NAME else self.form.party_faults(self._wanted))
