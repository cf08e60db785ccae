"""What a series and a sitting are made of, by calendar and clock."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.catalog.domain import (
    Clock,
    Invalid,
    NewSeries,
    PlannedSeries,
    Session,
    Skipped,
    TermsChange,
    planned_series,
    slots,
)
from tests.unit.catalog.test_domain import CAFE, NOW

STOCKHOLM = ZoneInfo("Europe/Stockholm")
TUESDAYS = tuple(date(2026, 3, 10) + timedelta(weeks=week) for week in range(6))
"""Clocks go forward on 29 March, between the third and the fourth."""
WISH = NewSeries(
    id=UUID(int=9), activity_id=CAFE.id, branch_id="kista", rule="FREQ=WEEKLY;COUNT=6", days=TUESDAYS, at=time(17)
)
RED = Skipped(day=TUESDAYS[1], why="red_day", names={"sv": "Helgdag"})


def ids() -> Iterator[UUID]:
    return (UUID(int=number) for number in count(100))


def plan(wish: NewSeries = WISH, off: Mapping[date, Skipped] | None = None, now: datetime = NOW) -> PlannedSeries:
    numbers = ids()
    return planned_series(wish, CAFE, off or {}, Clock(now=now, zone=STOCKHOLM), lambda: next(numbers))


def local(session: Session) -> str:
    return f"{session.starts_at.astimezone(STOCKHOLM):%Y-%m-%d %H.%M}"


def test_seventeen_stays_seventeen_when_the_clocks_change() -> None:
    """Fails when weeks are added to a moment: after 29 March it would be 18.00."""
    for days in (TUESDAYS, tuple(date(2026, 10, 13) + timedelta(weeks=week) for week in range(4))):
        made = plan(replace(WISH, days=days)).sessions
        assert [local(session) for session in made] == [f"{day} 17.00" for day in days]
        assert {session.starts_at.hour for session in made} == {15, 16}
        assert {session.ends_at - session.starts_at for session in made} == {timedelta(minutes=90)}


def test_each_session_knows_its_series_and_the_date_it_came_from() -> None:
    made = plan().sessions

    assert [(session.series_id, session.series_date, session.sitting_id) for session in made] == [
        (WISH.id, day, None) for day in TUESDAYS
    ]
    assert len({session.id for session in made}) == len(made)


def test_dates_that_fall_away_are_named_with_the_reason() -> None:
    planned = plan(off={RED.day: RED})

    assert planned.series.skipped == (RED,)
    assert [session.series_date for session in planned.sessions] == [day for day in TUESDAYS if day != RED.day]


def test_what_has_begun_falls_away() -> None:
    """Fails when the whole day falls away, or a start that is now is still offered."""
    starts = datetime(2026, 3, 17, 16, tzinfo=UTC)
    for now, left in ((starts - timedelta(seconds=1), 5), (starts, 4)):
        planned = plan(now=now)
        assert len(planned.sessions) == left
        assert {skipped.why for skipped in planned.series.skipped} == {"past"}


def test_a_time_that_the_clocks_jump_over_is_refused_by_name() -> None:
    """Fails when 02.30 on 29 March becomes 01.30 or 03.30 without a word."""
    wish = replace(WISH, days=(date(2026, 3, 28), date(2026, 3, 29)), at=time(2, 30))
    with pytest.raises(Invalid, match=r"2026-03-29 has no 02\.30") as refused:
        plan(wish)

    assert refused.value.field == "time"
    gone = Skipped(day=date(2026, 3, 29), why="exception", names={"sv": "Natten"})
    assert len(plan(wish, off={gone.day: gone}).sessions) == 1


def test_a_time_that_comes_twice_is_the_first_one() -> None:
    (session,) = plan(replace(WISH, days=(date(2026, 10, 25),), at=time(2, 30))).sessions

    assert session.starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_each_date_is_a_sitting_where_slots_are_wished_for() -> None:
    made = plan(replace(WISH, minutes=120, slot_minutes=40, days=TUESDAYS[:2])).sessions

    assert [local(session)[-5:] for session in made] == ["17.00", "17.40", "18.20"] * 2
    assert len({session.sitting_id for session in made}) == 2
    assert {session.series_date for session in made if session.sitting_id == made[0].sitting_id} == {TUESDAYS[0]}


def test_booking_opens_when_the_day_begins_that_is_so_many_before() -> None:
    made = plan(replace(WISH, opens_days_before=14)).sessions

    opens = [session.opens_at.astimezone(STOCKHOLM) for session in made if session.opens_at]
    assert [f"{moment:%Y-%m-%d %H.%M}" for moment in opens] == [f"{day - timedelta(days=14)} 00.00" for day in TUESDAYS]


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (replace(WISH, minutes=100, slot_minutes=40), "slot_minutes"),
        (replace(WISH, minutes=30, slot_minutes=40), "slot_minutes"),
        (replace(WISH, exceptions={date(2026, 3, 11): {"sv": "Ledigt"}}), "except.0.date"),
        (replace(WISH, terms=TermsChange(walk_in=3)), "capacity.walk_in"),
        (replace(WISH, days=(date(2029, 3, 1),)), "rule"),
        (replace(WISH, days=(date(2026, 2, 1),)), "rule"),
        (
            replace(WISH, minutes=1000, slot_minutes=5, days=tuple(TUESDAYS[0] + timedelta(days=n) for n in range(9))),
            "rule",
        ),
    ],
)
def test_what_no_series_may_be_is_refused_whole_and_names_the_field(wish: NewSeries, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        plan(wish)

    assert refused.value.field == field


def test_slots_follow_each_other_and_fill_the_sitting() -> None:
    start = datetime(2026, 3, 4, 13, tzinfo=UTC)
    made = slots(start, start + timedelta(hours=2), 40)

    assert (made[0][0], made[-1][1]) == (start, start + timedelta(hours=2))
    assert all(before[1] == after[0] for before, after in pairwise(made))
