"""Who of the library's friends is asked for which of the hours without staff: fairly, and the same each time.

The rule, as it is told to people: nobody twice within four weeks as long as there is somebody who can and has no turn
within them; of those, whoever has had the fewest turns, then whoever's last is longest ago. Only where nobody else is
left may somebody come again sooner, and never twice within a week.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal, TypeAlias
from uuid import UUID

from services.volunteers.domain.people import Availability

MONTH = timedelta(weeks=4)
"""Between two turns of somebody, as long as others can."""

WEEK = timedelta(weeks=1)
"""Between two turns of somebody in any case."""

Can: TypeAlias = Literal["weekly", "exception", "untold"]
"""How it is known that somebody can: by their week, by a day they named, or they never said when they can."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Friend:
    """Somebody who may be asked."""

    id: UUID
    branches: frozenset[str]
    """Where they help; none named is anywhere."""
    availability: Availability
    busy: Sequence[tuple[datetime, datetime]] = ()
    """When they are somewhere else already."""
    turns: Sequence[datetime] = ()
    """When their turns as a friend begin: lately and from now on, those that they are asked for among them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """A session that friends keep open."""

    id: UUID
    branch_id: str
    starts_at: datetime
    ends_at: datetime
    missing: int
    """How many more are to be asked."""
    not_again: frozenset[UUID] = frozenset()
    """Who is in it, or has said no to it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """Somebody to be asked, and why they."""

    hours_id: UUID
    friend_id: UUID
    can: Can
    turns: int
    """How many they had before this one, lately and in the time that is planned."""
    last: datetime | None
    """The turn of theirs before this one."""
    sooner: bool
    """Whether it is within four weeks of another of theirs: nobody else was left."""
    others: int
    """How many others could have come."""


@dataclass(slots=True)
class _Plan:
    """What is planned so far."""

    turns: dict[UUID, list[datetime]]
    busy: dict[UUID, list[tuple[datetime, datetime]]]
    made: list[Turn] = field(default_factory=list)
    chosen: dict[UUID, set[UUID]] = field(default_factory=dict)


def proposed(all_hours: Iterable[Hours], friends: Iterable[Friend], zone: tzinfo) -> list[Turn]:
    """Who is to be asked for what; the same whatever order things are given in.

    First everybody has turns four weeks apart, and only then are gaps filled by those who come again sooner: so that
    nobody comes again before all who can have come.
    """
    known = sorted(friends, key=lambda friend: friend.id)
    plan = _Plan(
        turns={friend.id: sorted(friend.turns) for friend in known},
        busy={friend.id: list(friend.busy) for friend in known},
    )
    ordered = sorted(all_hours, key=lambda hours: (hours.starts_at, hours.id))
    for apart in (MONTH, WEEK):
        for hours in ordered:
            _fill(hours, known, plan, apart, zone)
    place = {hours.id: index for index, hours in enumerate(ordered)}
    return sorted(plan.made, key=lambda turn: place[turn.hours_id])


def _fill(hours: Hours, friends: Sequence[Friend], plan: _Plan, apart: timedelta, zone: tzinfo) -> None:
    chosen = plan.chosen.setdefault(hours.id, set())
    if len(chosen) >= hours.missing:
        return
    able = {friend.id: can for friend in friends if (can := _able(friend, hours, plan, zone)) is not None}
    while len(chosen) < hours.missing:
        free = [id_ for id_ in able if id_ not in chosen and _apart(plan.turns[id_], hours.starts_at) >= apart]
        if not free:
            return
        next_ = min(free, key=lambda id_: _rank(plan.turns[id_], hours.starts_at, id_))
        turns = plan.turns[next_]
        plan.made.append(
            Turn(
                hours_id=hours.id,
                friend_id=next_,
                can=able[next_],
                turns=len(turns),
                last=max((at for at in turns if at < hours.starts_at), default=None),
                sooner=_apart(turns, hours.starts_at) < MONTH,
                others=len(able) - 1 - len(chosen & able.keys()),
            )
        )
        turns.append(hours.starts_at)
        plan.busy[next_].append((hours.starts_at, hours.ends_at))
        chosen.add(next_)


def _rank(turns: Sequence[datetime], at: datetime, id_: UUID) -> tuple[int, float, UUID]:
    last = max((turn for turn in turns if turn < at), default=None)
    return len(turns), 0 if last is None else last.timestamp(), id_


def _apart(turns: Sequence[datetime], at: datetime) -> timedelta:
    """How far from any other turn."""
    return min((abs(at - turn) for turn in turns), default=timedelta.max)


def _able(friend: Friend, hours: Hours, plan: _Plan, zone: tzinfo) -> Can | None:
    """How it is known that somebody can come; None where they cannot."""
    if friend.id in hours.not_again or (friend.branches and hours.branch_id not in friend.branches):
        return None
    if any(starts < hours.ends_at and hours.starts_at < ends for starts, ends in plan.busy[friend.id]):
        return None
    return can(friend.availability, hours.starts_at, hours.ends_at, zone)


def can(availability: Availability, starts_at: datetime, ends_at: datetime, zone: tzinfo) -> Can | None:
    """How it is known that somebody can be there the whole time; None where they said they cannot."""
    starts, ends = starts_at.astimezone(zone), ends_at.astimezone(zone)
    named = _named(availability, starts.date())
    if named is not None:
        return "exception" if named else None
    if not availability.weekly:
        return "untold"
    if starts.date() != ends.date():
        return None
    covered = starts.time()
    for one in sorted(availability.weekly, key=lambda each: (each.starts, each.ends)):
        if one.weekday == starts.weekday() and one.starts <= covered < one.ends:
            covered = one.ends
    return "weekly" if covered >= ends.time() else None


def _named(availability: Availability, day: date) -> bool | None:
    """What they said of a day by name; where they said both, that they cannot."""
    said = [one.available for one in availability.exceptions if one.first_day <= day <= one.last_day]
    return all(said) if said else None


def one_more(hours: Hours) -> Hours:
    """The same session with one chair to fill: of somebody who is in it, and would like to be replaced."""
    return replace(hours, missing=1)


def why(turn: Turn) -> Mapping[str, object]:
    """Why somebody is asked, as it is kept."""
    return {
        "can": turn.can,
        "turns": turn.turns,
        "last": turn.last.isoformat() if turn.last else None,
        "sooner": turn.sooner,
        "others": turn.others,
    }
