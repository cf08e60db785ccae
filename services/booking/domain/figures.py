"""What is counted of a session, so that it can be told when nobody remembers who was there."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from services.booking.domain.answers import Answers
from services.booking.domain.attendance import is_away
from services.booking.domain.terms import Question, Terms

FEWEST = 5
"""A group of fewer is not shown: who knows some of them would learn something of the others."""

Name: TypeAlias = Literal["capacity", "outcome", "language", "channel", "age", "answer", "walk_in"]

_ABOUT_PEOPLE: frozenset[Name] = frozenset({"language", "channel", "age", "answer", "walk_in"})
"""What tells something of people; how many seats there were and what became of them does not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """A booking as far as it is counted."""

    state: str
    attendance: str | None
    was: str | None
    """What a cancelled one was."""
    cancelled_by: str | None
    language: str
    channel: str
    adults: int
    children: int
    answers: Answers

    @property
    def outcome(self) -> str:
        """What became of it. ``unmet`` wanted a seat and was never offered one; of ``seated`` nobody said who came."""
        match self.state:
            case "confirmed":
                return self.attendance or "seated"
            case "cancelled" if self.was == "queued":
                return "unmet"
            case "cancelled" if self.attendance:
                return self.attendance
            case "cancelled":
                return "session_cancelled" if self.cancelled_by == "library" else "cancelled"
            case "closed":
                return "unmet"
            case _:
                return self.state

    @property
    def was_there(self) -> bool:
        """Whether it had a seat to the end, and nobody missed it."""
        return self.state == "confirmed" and not is_away(self.attendance)


@dataclass(frozen=True, kw_only=True, slots=True)
class Left:
    """A booking that changed to another session."""

    seats: int
    late: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """How many bookings and persons are of one kind."""

    figure: Name
    question: str = ""
    """Of an answer: to which."""
    value: str
    bookings: int
    total: int
    """Persons; of a number that was asked for the sum of the answers, of the capacity the seats, with those
    for who walks in."""


_Key: TypeAlias = tuple[Name, str, str]


def figures(
    terms: Terms, bookings: Sequence[Counted], left: Sequence[Left], walk_ins: Mapping[str, int]
) -> list[Figure]:
    """Count a session; ``walk_ins`` are those who came without a booking, by age group.

    Languages, channels, ages and answers are those of the bookings that had a seat to the end and were not missed.
    """
    counted, total = Counter[_Key](), Counter[_Key]()

    def add(key: _Key, much: int) -> None:
        counted[key] += 1
        total[key] += much

    for one in bookings:
        add(("outcome", "", one.outcome), one.adults + one.children)
    for gone in left:
        add(("outcome", "", "moved_late" if gone.late else "moved"), gone.seats)
    for one in bookings:
        if one.was_there:
            for key, much in _of_people(terms.ask, one):
                add(key, much)
    rows = [
        Figure(figure=key[0], question=key[1], value=key[2], bookings=counted[key], total=total[key]) for key in total
    ]
    came = [Figure(figure="walk_in", value=group, bookings=0, total=people) for group, people in walk_ins.items()]
    return [Figure(figure="capacity", value="seats", bookings=0, total=terms.seats), *rows, *came]


def renewed(before: Sequence[Figure], now: Sequence[Figure], *, erased: bool) -> list[Figure]:
    """What a session counts when it is counted again, perhaps after people were ``erased``.

    What they answered, and that they changed to another session, goes with them: there the former count stands.
    """
    rows = {(one.figure, one.question, one.value): one for one in now if not (erased and one.figure == "answer")}
    for one in before:
        key = one.figure, one.question, one.value
        if (one.figure == "answer" and erased) or (one.value in _LEFT and _fewer(rows.get(key), one)):
            rows[key] = one
    return list(rows.values())


_LEFT = frozenset({"moved", "moved_late"})


def _fewer(now: Figure | None, before: Figure) -> bool:
    return now is None or now.bookings < before.bookings


def _of_people(ask: Sequence[Question], one: Counted) -> Iterable[tuple[_Key, int]]:
    persons = one.adults + one.children
    yield ("language", "", one.language), persons
    yield ("channel", "", one.channel), persons
    if one.adults:
        yield ("age", "", "adults"), one.adults
    if one.children:
        yield ("age", "", "children"), one.children
    for question in ask:
        answer = one.answers.get(question.id)
        if answer is None or not question.counted:
            continue
        if isinstance(answer, int):
            yield ("answer", question.id, "sum"), answer
        else:
            for option in [answer] if isinstance(answer, str) else answer:
                yield ("answer", question.id, option), persons


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A figure as it may be shown; without numbers where the group is too small."""

    figure: Name
    question: str
    value: str
    bookings: int | None
    total: int | None


def shown(rows: Sequence[Figure]) -> list[Shown]:
    """The figures without small groups.

    What is known of all together would tell how many those are that are left out: the next smallest are left out with
    them until they are no small group either. What is told of many sessions follows another rule (:mod:`bundles`).
    """
    hidden: set[int] = set()
    groups: dict[tuple[Name, str], list[int]] = {}
    for n, row in enumerate(rows):
        if row.figure in _ABOUT_PEOPLE:
            groups.setdefault((row.figure, row.question), []).append(n)
    for members in groups.values():
        by_size = sorted(members, key=lambda n: (_size(rows[n]), rows[n].value))
        left_out = 0
        for n in by_size:
            if _size(rows[n]) >= FEWEST and (left_out == 0 or left_out >= FEWEST):
                break
            left_out += _size(rows[n])
            hidden.add(n)
    return [_shown(row, hide=n in hidden) for n, row in enumerate(rows)]


def _size(row: Figure) -> int:
    """How many the group is: of a number's sum, those who answered."""
    return row.bookings if row.figure == "answer" and row.value == "sum" else row.total


def _shown(row: Figure, *, hide: bool) -> Shown:
    return Shown(
        figure=row.figure,
        question=row.question,
        value=row.value,
        bookings=None if hide else row.bookings,
        total=None if hide else row.total,
    )
