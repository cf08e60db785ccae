"""Who is asked to help a visitor, and why that person. Pure: the same people and wishes give the same answer.

First come the rules that nobody passes: on duty, active, the topic, the year's hours, the register note, not busy, not
asked before. Then the language, where somebody speaks it; then who has given the smallest share of their time, who was
assigned longest ago, and at last the id, so that the order in which people are looked at decides nothing.
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Literal
from uuid import UUID

Level = Literal["some", "good", "native"]

Unfit = Literal["not_active", "topic", "hours", "register_note", "busy", "asked"]
"""Why somebody on duty cannot be asked."""

Why = Mapping[str, str | int | Mapping[str, int] | None]
"""What decided for somebody: words and numbers, never a name."""

ANY_TOPIC = "other"
"""A topic that everybody helps with."""

_RANK: Mapping[str | None, int] = {"native": 0, "good": 1, "some": 2, None: 3}
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """Somebody on duty in a session, as far as it matters for who is asked."""

    volunteer_id: UUID
    shift_id: UUID | None = None
    active: bool = True
    languages: Mapping[str, Level] = field(default_factory=dict)
    topics: frozenset[str] = frozenset()
    share: int = 0
    """Minutes given, as a fair queue counts them: newcomers begin where the others are."""
    last_assigned_at: datetime | None = None
    minutes: int = 0
    """Done and promised in the calendar year of the session."""
    budget: int | None = None
    """Minutes in a calendar year; None: as many as they like."""
    note_until: date | None = None
    """The last day on which their register note is in force."""
    busy: bool = False
    """Whether they are asked, or have said yes, to something at that time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What a visitor wants help with."""

    language: str | None = None
    topic: str | None = None
    minutes: int
    day: date
    """Of the session, by the calendar on the wall."""
    register_note: bool = False
    asked: frozenset[UUID] = frozenset()
    """Who was asked for this visitor before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Who is asked, and why."""

    candidate: Candidate
    why: Why


def unfit(candidate: Candidate, wish: Wish) -> Unfit | None:
    """Which rule keeps somebody from being asked; None where none does."""
    rules: tuple[tuple[Unfit, bool], ...] = (
        ("asked", candidate.volunteer_id in wish.asked),
        ("not_active", not candidate.active),
        ("register_note", wish.register_note and not has_note(candidate.note_until, wish.day)),
        ("topic", not knows(candidate.topics, wish.topic)),
        ("busy", candidate.busy),
        ("hours", not within_budget(candidate.minutes, wish.minutes, candidate.budget)),
    )
    return next((reason for reason, keeps in rules if keeps), None)


def knows(topics: Container[str], topic: str | None) -> bool:
    """Whether somebody who knows these topics can help with one."""
    return topic in {None, ANY_TOPIC} or topic in topics


def has_note(until: date | None, day: date) -> bool:
    """Whether a register note is in force on a day."""
    return until is not None and day <= until


def within_budget(minutes: int, more: int, budget: int | None) -> bool:
    """Whether so many minutes more are within what somebody gives in a year."""
    return budget is None or minutes + more <= budget


def ranked(candidates: Iterable[Candidate], wish: Wish) -> list[Candidate]:
    """Who can be asked, the first to be asked first."""
    able = [one for one in candidates if unfit(one, wish) is None]
    return sorted(able, key=lambda one: _order(one, wish))


def choose(candidates: Sequence[Candidate], wish: Wish) -> Choice | None:
    """Whom to ask now, and why; None where nobody is left."""
    line = ranked(candidates, wish)
    if not line:
        return None
    first = line[0]
    others = Counter(reason for one in candidates if (reason := unfit(one, wish)))
    return Choice(
        candidate=first,
        why={
            "language": wish.language,
            "level": _level(first, wish),
            "topic": wish.topic,
            "candidates": len(line),
            "share": first.share,
            "next_share": line[1].share if len(line) > 1 else None,
            "last_assigned_at": first.last_assigned_at.isoformat() if first.last_assigned_at else None,
            "budget_left": None if first.budget is None else first.budget - first.minutes,
            "others": dict(sorted(others.items())),
        },
    )


def match(candidates: Sequence[Candidate], wishes: Sequence[Wish]) -> list[Choice | None]:
    """Whom to ask for each of several visitors of one session, in their order."""
    free = list(candidates)
    found = []
    for wish in wishes:
        choice = choose(free, wish)
        if choice:
            chosen = choice.candidate
            free = [given(one, wish.minutes) if one is chosen else one for one in free]
        found.append(choice)
    return found


def given(candidate: Candidate, minutes: int) -> Candidate:
    """Somebody who has just been asked: busy, and with so much more given."""
    return replace(candidate, busy=True, share=candidate.share + minutes, minutes=candidate.minutes + minutes)


def _level(candidate: Candidate, wish: Wish) -> Level | None:
    return candidate.languages.get(wish.language) if wish.language else None


def _order(candidate: Candidate, wish: Wish) -> tuple[int, int, datetime, UUID]:
    level = _RANK[_level(candidate, wish)]
    return level, candidate.share, candidate.last_assigned_at or _NEVER, candidate.volunteer_id
