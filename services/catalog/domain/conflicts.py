"""Two things at once in one room, or held by one person: told, never refused, as it may be meant."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Literal, TypeAlias
from uuid import UUID

from services.catalog.domain.sessions import LONGEST, Place, Session

Same: TypeAlias = Literal["room", "host"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Occupied:
    """A time for which a session takes a room and a person."""

    id: UUID
    activity_id: UUID
    branch_id: str
    place: Place
    room: str
    host: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """What else there is at the same time, and what both need."""

    same: tuple[Same, ...]
    other: Occupied


def occupied(session: Session) -> Occupied:
    """What a session takes."""
    return Occupied(
        id=session.id,
        activity_id=session.activity_id,
        branch_id=session.branch_id,
        place=session.place,
        room=session.room,
        host=session.host,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
    )


def conflicts(wanted: Iterable[Occupied], there: Iterable[Occupied]) -> Mapping[UUID, tuple[Conflict, ...]]:
    """What of all that is there, in the order of its starts, is in the way of each that is wanted; by the latter's id.

    What is wanted may be among what is there: nothing is in its own way.
    """
    by_start = sorted(there, key=attrgetter("starts_at", "id"))
    starts = [other.starts_at for other in by_start]
    return {one.id: found for one in wanted if (found := tuple(_in_the_way(one, by_start, starts)))}


def _in_the_way(one: Occupied, by_start: Sequence[Occupied], starts: Sequence[datetime]) -> Iterator[Conflict]:
    near = slice(bisect_left(starts, one.starts_at - LONGEST), bisect_left(starts, one.ends_at))
    for other in by_start[near]:
        same = _same(one, other)
        if other.ends_at > one.starts_at and other.id != one.id and same:
            yield Conflict(same=same, other=other)


def _same(one: Occupied, other: Occupied) -> tuple[Same, ...]:
    rooms = one.branch_id == other.branch_id and one.place == other.place != "online" and _alike(one.room, other.room)
    found: dict[Same, bool] = {"room": rooms, "host": _alike(one.host, other.host)}
    return tuple(what for what, is_same in found.items() if is_same)


def _alike(one: str, other: str) -> bool:
    return bool(one) and one.casefold() == other.casefold()
