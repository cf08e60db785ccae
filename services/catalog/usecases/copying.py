"""A library's term planned as an earlier one was: each of its series again, on the new term's own days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from services.catalog import domain, recurrence, store
from services.catalog.domain import GoingOn, HeldSeries, Invalid, Manner, NewSeries, NewTerm
from services.catalog.usecases.planning import offer
from services.catalog.usecases.series import plan_series
from shared import audit
from shared.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from services.catalog.domain import Conflict
    from services.catalog.school_holidays import Calendar
    from shared.auth import Staff
    from shared.db import Connection

LONGEST_TERM = timedelta(days=400)


@dataclass(frozen=True, kw_only=True, slots=True)
class TermCopy:
    """Which of a library's days were a term, both included, and which ones shall be like them."""

    branch_id: str
    from_: date
    to: date
    first: date
    last: date
    series: frozenset[UUID] | None
    """Those that go on; None is all."""
    status: Literal["draft", "published"]


async def plan_term(conn: Connection, wish: TermCopy, zone: ZoneInfo, schools: Calendar) -> NewTerm:
    """See what a term like an earlier one would be; nobody else adds one to the library until the transaction ends.

    Raises:
        UnknownBranch: there is no such branch.
        Invalid: the days are none, or a series that is named has none of them.
    """
    _check_days(wish)
    await store.lock_programme(conn, wish.branch_id)
    found = [_held(one) for one in await store.held_series(conn, {wish.branch_id}, wish.from_, wish.to)]
    ours = [one for one in found if one.sessions and one.series.branch_id == wish.branch_id]
    held = [one for one in ours if wish.series is None or one.series.id in wish.series]
    if wish.series and len(held) < len(wish.series):
        raise Invalid("there is no such series in that term", "series")
    copies = await store.copies(conn, [one.series.id for one in held], wish.first, wish.last)
    series = [await _going_on(conn, one, wish, copies.get(one.series.id), (zone, schools)) for one in held]
    return NewTerm(series=series, conflicts=await _conflicts(conn, wish, series))


async def copy_term(conn: Connection, staff: Staff, wish: TermCopy, zone: ZoneInfo, schools: Calendar) -> NewTerm:
    """Plan a term like an earlier one, and tell of its sessions unless they are drafts.

    A series that goes on already is not made twice, and one that cannot go on stops no other.

    Raises:
        UnknownBranch: there is no such branch.
        Invalid: see :func:`plan_term`.
    """
    term = await plan_term(conn, wish, zone, schools)
    plans = [one.plan for one in term.series if one.plan]
    await store.put_series(conn, [plan.series for plan in plans])
    await offer(conn, [session for plan in plans for session in plan.sessions])
    for plan in plans:
        await audit.note(conn, staff, "planned", "series", plan.series.id, branch=wish.branch_id)
    return term


def _check_days(wish: TermCopy) -> None:
    for first, last, field in ((wish.from_, wish.to, "to"), (wish.first, wish.last, "last")):
        if last < first:
            raise Invalid("the last day is before the first one", field)
        if last - first > LONGEST_TERM:
            raise Invalid(f"at most {LONGEST_TERM.days} days fit", field)


def _held(one: HeldSeries) -> HeldSeries:
    """Without what was called off or withdrawn: that is not how it goes on."""
    return replace(one, sessions=tuple(found for found in one.sessions if found.status in {"draft", "published"}))


async def _going_on(
    conn: Connection, held: HeldSeries, wish: TermCopy, there: UUID | None, where: tuple[ZoneInfo, Calendar]
) -> GoingOn:
    zone, schools = where
    how = domain.manner(held.sessions, zone)
    if there:
        return GoingOn(held=held, how=how, there=there)
    try:
        plan = await plan_series(conn, _again(held, how, wish, zone), zone, schools)
    except Invalid as refusal:
        return GoingOn(held=held, how=how, refusal=refusal)
    return GoingOn(held=held, how=how, plan=plan)


def _again(held: HeldSeries, how: Manner, wish: TermCopy, zone: ZoneInfo) -> NewSeries:
    began = held.sessions[0].series_date or wish.from_
    rule, first = recurrence.again(held.series.rule, began, how.when.shift, wish.first, wish.last)
    new = NewSeries(
        id=new_id(),
        activity_id=held.series.activity_id,
        branch_id=wish.branch_id,
        rule=rule,
        days=recurrence.dates(rule, first, how.when.at, zone),
        at=how.when.at,
        status=wish.status,
    )
    return domain.again(held, how, new, zone)


async def _conflicts(
    conn: Connection, wish: TermCopy, series: Sequence[GoingOn]
) -> Mapping[UUID, tuple[Conflict, ...]]:
    wanted = [domain.occupied(session) for one in series if one.plan for session in one.plan.sessions]
    if not wanted:
        return {}
    there = await store.occupied(
        conn,
        {wish.branch_id},
        {one.host for one in wanted},
        min(one.starts_at for one in wanted),
        max(one.ends_at for one in wanted),
    )
    return domain.conflicts(wanted, [*there, *wanted])
