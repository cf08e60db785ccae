"""One change for many: for the slots of a sitting, for a date of a series and those after it, or for all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from services.catalog.domain.refusals import Invalid, Refusal
from services.catalog.domain.sessions import CancelReason, Session, SessionChange, cancelled, changed
from services.catalog.domain.terms import TermsChange
from services.catalog.domain.wall import moment_of, on_the_wall

Scope: TypeAlias = Literal["one", "sitting", "following", "all"]
"""``following`` and ``all`` mean dates of the series, each with all its slots."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """What somebody wants different, and for how many."""

    change: SessionChange
    terms: TermsChange = field(default_factory=TermsChange)
    revision: int | None = None
    """The one the change was made from."""
    scope: Scope = "one"


@dataclass(frozen=True, kw_only=True, slots=True)
class Cancelling:
    """What somebody calls off, and why."""

    reason: CancelReason
    scope: Scope = "one"


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """A session of the group that the change came too late for."""

    id: UUID
    why: Literal["begun", "cancelled", "closed"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Sessions that somebody changes together; they chose one, and said how far it goes."""

    chosen: Session
    others: Sequence[Session] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """What became of a group: before and after of each that differs now, in the order of their starts."""

    sessions: tuple[tuple[Session, Session], ...]
    left_out: tuple[LeftOut, ...] = ()


def changed_together(group: Group, edit: Edit, now: datetime, zone: ZoneInfo) -> Changed:
    """The sessions with the same change made to each.

    A start moves by as much as the chosen one does by calendar and clock, so that 17.00 stays 17.00 when the clocks
    change; what differed before still does.

    Raises:
        Closed: the chosen one is cancelled or over, or its start would move although it has begun.
        Invalid: the change breaks a rule for one of them; the text names its date.
    """
    before = group.chosen
    after = changed(before, edit.change, edit.terms, now)
    longer = after.ends_at - after.starts_at != before.ends_at - before.starts_at
    if longer and before.sitting_id and edit.scope != "one":
        raise Invalid("slots follow each other; for longer or shorter ones make a new sitting", "ends_at")

    def same(other: Session) -> Session:
        return changed(other, _for_another(other, before, after, edit.change, zone), edit.terms, now)

    return _together(group, after, same, now, zone)


def cancelled_together(group: Group, reason: CancelReason, now: datetime, zone: ZoneInfo) -> Changed:
    """The sessions as none of them will be held.

    Raises:
        Closed: the chosen one is over.
    """
    after = cancelled(group.chosen, reason, now)
    return _together(group, after, lambda other: cancelled(other, reason, now), now, zone)


def _together(
    group: Group, after: Session, same: Callable[[Session], Session], now: datetime, zone: ZoneInfo
) -> Changed:
    found = [(group.chosen, after)]
    left_out: list[LeftOut] = []
    for other in group.others:
        if other.status == "cancelled":
            left_out.append(LeftOut(id=other.id, why="cancelled"))
        elif other.closed:
            left_out.append(LeftOut(id=other.id, why="closed"))
        elif other.starts_at <= now:
            left_out.append(LeftOut(id=other.id, why="begun"))
        else:
            try:
                found.append((other, same(other)))
            except Refusal as error:
                day = on_the_wall(other.starts_at, zone).date()
                raise type(error)(f"{day}: {error}", error.field) from error
    differing = sorted((pair for pair in found if pair[1] is not pair[0]), key=lambda pair: pair[0].starts_at)
    return Changed(sessions=tuple(differing), left_out=tuple(left_out))


def _for_another(
    other: Session, before: Session, after: Session, change: SessionChange, zone: ZoneInfo
) -> SessionChange:
    """A change of one session's time as it is for another one."""
    if change.starts_at is None and change.ends_at is None:
        return change
    shift = on_the_wall(after.starts_at, zone) - on_the_wall(before.starts_at, zone)
    starts_at = moment_of(on_the_wall(other.starts_at, zone) + shift, zone, "starts_at") if shift else other.starts_at
    length = after.ends_at - after.starts_at
    if length == before.ends_at - before.starts_at:
        length = other.ends_at - other.starts_at
    return replace(change, starts_at=starts_at, ends_at=starts_at + length)
