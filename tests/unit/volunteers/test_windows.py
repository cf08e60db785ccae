"""How long somebody has to answer, and when time alone goes on."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.volunteers.domain.windows import (
    FOR_A_SHIFT,
    FOR_A_VISITOR,
    answer_by,
    give_up_at,
    remind_at,
    untold_until,
)
from shared.hours import PermittedHours, Window

ZONE = ZoneInfo("Europe/Stockholm")
ALWAYS = PermittedHours(window=Window(time(0), None), zone=ZONE)
DAYTIME = PermittedHours(window=Window(time(9), time(19)), zone=ZONE)
START = datetime(2026, 3, 5, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "longest", "has"),
    [
        (timedelta(days=4), FOR_A_VISITOR, timedelta(hours=4)),
        (timedelta(hours=8), FOR_A_VISITOR, timedelta(hours=2)),
        (timedelta(minutes=40), FOR_A_VISITOR, timedelta(minutes=15)),
        (timedelta(minutes=10), FOR_A_VISITOR, timedelta(minutes=10)),
        (timedelta(days=8), FOR_A_SHIFT, timedelta(hours=24)),
    ],
)
def test_a_window_is_a_quarter_of_the_time_left(left: timedelta, longest: timedelta, has: timedelta) -> None:
    told = START - left
    assert answer_by(START, longest, told, ALWAYS) - told == has


def test_the_clock_stands_still_at_night() -> None:
    told = datetime(2026, 3, 1, 17, tzinfo=UTC)  # 18 on the wall, an hour before it closes
    assert answer_by(START, FOR_A_VISITOR, told, DAYTIME) == datetime(2026, 3, 2, 11, tzinfo=UTC)


def test_who_was_never_told_is_not_waited_for_for_ever() -> None:
    assert untold_until(START, START - timedelta(days=3)) == START - timedelta(days=2)
    assert untold_until(START, START - timedelta(hours=5)) == START - timedelta(minutes=30)
    assert untold_until(START, START - timedelta(minutes=40)) == START - timedelta(minutes=25)
    assert untold_until(START, START - timedelta(minutes=5)) == START


def test_a_visitor_is_told_an_hour_before_at_the_latest() -> None:
    assert give_up_at(START, START - timedelta(days=8), ALWAYS) == START - timedelta(days=7)
    assert give_up_at(START, START - timedelta(hours=4), ALWAYS) == START - timedelta(hours=3)
    assert give_up_at(START, START - timedelta(minutes=70), ALWAYS) == START - timedelta(minutes=60)
    assert give_up_at(START, START - timedelta(minutes=20), ALWAYS) <= START - timedelta(minutes=20)


def test_a_reminder_is_due_the_day_before_at_the_same_time_on_the_wall() -> None:
    starts_at = datetime(2026, 3, 29, 12, tzinfo=UTC)  # the clock went an hour ahead that night
    long_before = starts_at - timedelta(days=5)
    assert remind_at(starts_at, long_before, ZONE) == datetime(2026, 3, 28, 13, tzinfo=UTC)
    assert remind_at(starts_at, starts_at - timedelta(hours=20), ZONE) is None
