"""A clock that stands still at night."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.hours import PermittedHours, Window

STOCKHOLM = ZoneInfo("Europe/Stockholm")
USUAL = PermittedHours(window=Window(time(9), time(19)), zone=STOCKHOLM)
ALL_DAY = PermittedHours(window=Window(time(0), None), zone=STOCKHOLM)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


@pytest.mark.parametrize(
    ("since", "hours", "starts", "expected"),
    [
        ("2026-03-03T10:00", 4, "2026-03-10T17:00", "2026-03-03T14:00"),
        ("2026-03-03T17:00", 4, "2026-03-10T17:00", "2026-03-04T11:00"),  # two hours today, two tomorrow
        ("2026-03-03T22:00", 4, "2026-03-10T17:00", "2026-03-04T13:00"),
        ("2026-03-03T15:00", 4, "2026-03-10T17:00", "2026-03-03T19:00"),  # to the minute: not the next morning
        # It starts the next evening: the last twelve hours run from 7 to 21, those before from 9 to 19.
        ("2026-03-03T18:00", 4, "2026-03-04T18:00", "2026-03-04T10:00"),
        ("2026-03-03T18:00", 4, "2026-03-04T08:00", "2026-03-04T08:00"),  # ... and to the start at the latest
        ("2026-03-03T20:30", 1, "2026-03-04T08:15", "2026-03-04T07:30"),  # until 21, and from 7
        # Weekends are days like others; the night to 29 March is an hour shorter, that to 25 October an hour longer.
        ("2026-03-06T18:00", 2, "2026-03-13T17:00", "2026-03-07T10:00"),
        ("2026-03-28T18:00", 2, "2026-04-10T17:00", "2026-03-29T10:00"),
        ("2026-10-24T18:00", 2, "2026-11-10T17:00", "2026-10-25T10:00"),
        ("2026-03-03T17:00", 0, "2026-03-10T17:00", "2026-03-03T17:00"),
        ("2026-03-10T17:00", 1, "2026-03-10T17:00", "2026-03-10T17:00"),
    ],
)
def test_time_runs_in_permitted_hours_only(since: str, hours: float, starts: str, expected: str) -> None:
    assert USUAL.after(local(since), timedelta(hours=hours), local(starts)) == local(expected)


@pytest.mark.parametrize(("since", "expected"), [("2026-03-29T01:00", 4), ("2026-10-25T01:00", 4)])
def test_where_the_whole_day_is_permitted_time_runs_as_it_does(since: str, expected: int) -> None:
    """Also over an hour that is skipped or comes twice."""
    starts = local("2026-12-01T17:00")
    assert ALL_DAY.after(local(since), timedelta(hours=expected), starts) - local(since) == timedelta(hours=expected)


moments = st.datetimes(datetime(2026, 3, 26), datetime(2026, 4, 2), timezones=st.just(UTC)).map(  # noqa: DTZ001 - zone given
    lambda at: at.replace(second=0, microsecond=0)
)


@given(moments, st.integers(0, 20 * 60), moments)
def test_it_is_as_if_every_permitted_minute_were_counted(since: datetime, minutes: int, starts: datetime) -> None:
    """Around the night on which the clocks go forward. Fails when two windows of a day overlap and count twice."""
    at, left = since, minutes
    while left and at < starts:
        left -= USUAL.first(at, starts) == at
        at += timedelta(minutes=1)
    counted = min(at, starts) if not left else starts
    given_back = USUAL.after(since, timedelta(minutes=minutes), starts)
    if minutes and since < starts:
        assert given_back == counted
    assert given_back <= max(starts, since)
