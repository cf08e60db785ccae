"""What administrators decide for the whole installation, and what follows from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias


class Bounds(NamedTuple):
    """Between which numbers something may be decided, both included."""

    least: int
    most: int


BOUNDS: Mapping[str, Bounds] = {
    "bookings_of_number": Bounds(1, 50),
    "messages_to_number": Bounds(3, 100),
    "bookings_from_network": Bounds(1, 1000),
    "sms_parts_a_day": Bounds(0, 100_000),
}
"""What may be decided at all. Beyond that it is a slip of the finger, or no limit any more."""

SHORTEST_HOURS = 4
"""Of a day: who is offered a seat needs time to answer, and offers must get around."""

ConsequenceId: TypeAlias = Literal[
    "waits-for-morning",
    "early-or-late",
    "booked-earlier-counts",
    "families-share-numbers",
    "confirmations-held-back",
    "schools-share-addresses",
    "only-cancellations-by-sms",
    "few-messages-a-day",
]

_WHOLE_DAY = (0, 24)
_EARLY, _LATE = 7, 21
"""Hours in which most people are up; a session within twelve hours is told of from the one to the other anyway."""

_FAMILY = 3
"""Bookings with one number that a family makes without anybody meaning harm."""

_TOLD_OF_EACH = 3
"""Messages about one booking as it goes: that it is booked, a reminder, a change."""

_CLASS = 10
"""Bookings within an hour from one address where a class or a library's wifi books together."""

_SMALLEST_DAY = 200
"""SMS parts that a few libraries need on an ordinary day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """The rules of an installation, as numbers: hours of a day, and how many."""

    opens: int
    closes: int
    bookings_of_number: int
    messages_to_number: int
    bookings_from_network: int
    sms_parts_a_day: int

    @property
    def hours(self) -> tuple[int, int]:
        """From when till when people are written to."""
        return self.opens, self.closes

    @property
    def of_a_number(self) -> tuple[int, int]:
        """What one number may book, and what it gets."""
        return self.bookings_of_number, self.messages_to_number

    @property
    def too_few_messages(self) -> bool:
        """Whether a number that books as much as it may does not get everything that is to be told."""
        return self.messages_to_number < _TOLD_OF_EACH * self.bookings_of_number


@dataclass(frozen=True, kw_only=True, slots=True)
class Consequence:
    """Something that whoever decides should know before."""

    field: str
    id: ConsequenceId


Follows: TypeAlias = Callable[[Decision, Decision], bool]
"""Whether something follows when the second is decided after the first."""

_FOLLOWS: Mapping[Consequence, Follows] = {
    Consequence(field="permitted_hours", id="waits-for-morning"): lambda was, is_: (
        is_.hours not in {was.hours, _WHOLE_DAY}
    ),
    Consequence(field="permitted_hours", id="early-or-late"): lambda was, is_: (
        was.hours != is_.hours and (is_.opens < _EARLY or is_.closes > _LATE)
    ),
    Consequence(field="bookings_of_number", id="booked-earlier-counts"): lambda was, is_: (
        is_.bookings_of_number < was.bookings_of_number
    ),
    Consequence(field="bookings_of_number", id="families-share-numbers"): lambda was, is_: (
        is_.bookings_of_number < min(was.bookings_of_number, _FAMILY)
    ),
    Consequence(field="messages_to_number", id="confirmations-held-back"): lambda was, is_: (
        is_.too_few_messages and was.of_a_number != is_.of_a_number
    ),
    Consequence(field="bookings_from_network", id="schools-share-addresses"): lambda was, is_: (
        is_.bookings_from_network < min(was.bookings_from_network, _CLASS)
    ),
    Consequence(field="sms_parts_a_day", id="only-cancellations-by-sms"): lambda was, is_: (
        is_.sms_parts_a_day == 0 < was.sms_parts_a_day
    ),
    Consequence(field="sms_parts_a_day", id="few-messages-a-day"): lambda was, is_: (
        0 < is_.sms_parts_a_day < min(was.sms_parts_a_day, _SMALLEST_DAY)
    ),
}


def consequences(before: Decision, after: Decision) -> tuple[Consequence, ...]:
    """What follows from deciding anew, of what is different."""
    return tuple(consequence for consequence, follows in _FOLLOWS.items() if follows(before, after))
