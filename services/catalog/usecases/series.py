from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog import domain, store
from services.catalog.domain import Invalid, PlannedSeries, Series, Skipped
from services.catalog.red_days import red_days
from services.catalog.usecases.planning import offer
from shared.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from zoneinfo import ZoneInfo

    from services.catalog.domain import NewSeries
    from services.catalog.school_holidays import Calendar
    from shared.db import Connection


async def plan_series(conn: Connection, new: NewSeries, zone: ZoneInfo, schools: Calendar) -> PlannedSeries:
    """Tell what a series would be, without making it.

    Raises:
        Invalid: one of its dates breaks a rule, nothing is left of them, or its activity or branch does not exist.
    """
    activity = await store.activity(conn, new.activity_id)
    domain.check_in_use(activity)
    if not await store.branches(conn, {new.branch_id}):
        raise Invalid("there is no such branch", "branch_id")
    off = {**_school_holidays(new, schools), **await _off(conn, new)}
    return domain.planned_series(new, activity, off, domain.Clock(now=await store.now(conn), zone=zone), new_id)


async def create_series(conn: Connection, new: NewSeries, zone: ZoneInfo, schools: Calendar) -> PlannedSeries:
    """Plan all dates of a series, and tell of each unless they are drafts; all of them or none.

    Raises:
        Invalid: see :func:`plan_series`.
    """
    plan = await plan_series(conn, new, zone, schools)
    await store.put_series(conn, [plan.series])
    await offer(conn, plan.sessions)
    return plan


async def put_series(conn: Connection, wanted: Iterable[NewSeries]) -> None:
    """Keep series whose sessions are made apart, as they go on for ever, and which of their dates fall away now."""
    kept = []
    for new in wanted:
        off = await _off(conn, new)
        skipped = tuple(off[day] for day in new.days if day in off)
        kept.append(
            Series(
                id=new.id,
                activity_id=new.activity_id,
                branch_id=new.branch_id,
                rule=new.rule,
                skipped=skipped,
                skip=new.skip,
            )
        )
    await store.put_series(conn, kept)


def _school_holidays(new: NewSeries, schools: Calendar) -> Mapping[date, Skipped]:
    """The school holidays between the first date and the last, if they are to fall away."""
    if "school_holiday" not in new.skip:
        return {}
    first, last = new.days[0], new.days[-1]
    if last > schools.known_until:
        raise Invalid(f"school holidays are known until {schools.known_until}", "skip.school_holidays")
    found = schools.between(first, last).items()
    return {day: Skipped(day=day, why="school_holiday", names=names) for day, names in found}


async def _off(conn: Connection, new: NewSeries) -> Mapping[date, Skipped]:
    """The other days that fall away between the first date and the last, each for its weightiest reason."""
    first, last = new.days[0], new.days[-1]
    off: dict[date, Skipped] = {}
    if "closure" in new.skip:
        for closure in await store.closures(conn, first, last):
            if closure.branch_id in {new.branch_id, None}:
                days = [day for day in new.days if closure.first_day <= day <= closure.last_day]
                off |= {day: Skipped(day=day, why="closure", names=closure.reasons) for day in days}
    if "red_day" in new.skip:
        off |= {day: Skipped(day=day, why="red_day", names=names) for day, names in red_days(first, last).items()}
    return off | {day: Skipped(day=day, why="exception", names=why) for day, why in new.exceptions.items()}
