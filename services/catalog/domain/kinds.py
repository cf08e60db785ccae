"""What new activities of a kind start from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from services.catalog.domain.history import TOLD_OF_TERMS
from services.catalog.domain.terms import Terms, TermsChange, adapted


@dataclass(frozen=True, kw_only=True, slots=True)
class Usual:
    """How a kind's activities are usually held and booked. Each is copied from it once and goes its own way."""

    kind: str
    revision: int = 1
    minutes: int
    terms: Terms


TOLD_OF_USUAL: Mapping[str, Callable[[Usual], Any]] = {"minutes": attrgetter("minutes"), **TOLD_OF_TERMS}
"""The fields whose changes are kept, by the names under which they are sent."""


def changed_usual(usual: Usual, change: TermsChange, minutes: int | None) -> Usual:
    """What a kind starts from with a change made; the same object when it makes nothing different.

    Raises:
        Invalid: the terms contradict each other.
    """
    result = replace(usual, terms=adapted(usual.terms, change), minutes=minutes or usual.minutes)
    return usual if result == usual else replace(result, revision=usual.revision + 1)
