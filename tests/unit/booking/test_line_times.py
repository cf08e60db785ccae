"""How long an offer may be answered and when people are reminded: at night, near the start, when the clock changes."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain import answer_by, remind_at
from shared.hours import PermittedHours, Window
from tests.unit.booking.samples import TERMS

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HOURS = PermittedHours(window=Window(time(9), time(19)), zone=STOCKHOLM)
FOUR_HOURS = timedelta(hours=4)


def local(text: str, *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("told", "starts", "expected"),
    [
        # A week ahead: four hours, in permitted hours only.
        ("2026-03-03T10:00", "2026-03-10T17:00", "2026-03-03T14:00"),
        ("2026-03-03T17:30", "2026-03-10T17:00", "2026-03-04T11:30"),
        ("2026-03-03T15:00", "2026-03-10T17:00", "2026-03-03T19:00"),
        ("2026-03-06T18:00", "2026-03-13T17:00", "2026-03-07T12:00"),  # over a Friday night, into the weekend
        # Nearer: a quarter of the time that is left, and a quarter of an hour at least.
        ("2026-03-10T09:00", "2026-03-10T17:00", "2026-03-10T11:00"),
        ("2026-03-10T15:00", "2026-03-10T17:00", "2026-03-10T15:30"),
        ("2026-03-10T16:15", "2026-03-10T17:00", "2026-03-10T16:30"),
        ("2026-03-10T16:30", "2026-03-10T17:00", "2026-03-10T16:45"),
        ("2026-03-10T16:50", "2026-03-10T17:00", "2026-03-10T17:00"),  # never beyond the start
        # The last twelve hours run from 7 to 21.
        ("2026-03-09T18:30", "2026-03-10T08:00", "2026-03-10T08:00"),  # 3:22:30, of which 2:30 are permitted
        ("2026-03-09T20:00", "2026-03-10T08:30", "2026-03-10T08:30"),
        ("2026-03-09T19:30", "2026-03-10T12:30", "2026-03-10T11:00"),  # nothing before 00.30, and from 7 then
        ("2026-03-10T07:00", "2026-03-10T10:00", "2026-03-10T07:45"),
        # The night to 29 March is an hour shorter, that to 25 October an hour longer; their offers are not.
        ("2026-03-28T18:00", "2026-04-10T17:00", "2026-03-29T12:00"),
        ("2026-10-24T18:00", "2026-11-10T17:00", "2026-10-25T12:00"),
    ],
)
def test_until_when_an_offer_may_be_answered(told: str, starts: str, expected: str) -> None:
    assert answer_by(local(starts), FOUR_HOURS, local(told), HOURS) == local(expected)


moments = st.integers(0, 14 * 24 * 60).map(lambda minutes: local("2026-03-20T00:00") + timedelta(minutes=minutes))


@given(moments, moments, st.integers(0, 60))
def test_who_is_told_a_moment_later_may_answer_no_less_long(starts: datetime, told: datetime, minutes: int) -> None:
    """So that a text that was written just before it left promises nothing that is not kept."""
    later = told + timedelta(minutes=minutes)
    permitted = (
        later < starts and HOURS.after(told, later - told, starts) == later and HOURS.first(told, starts) == told
    )
    if permitted:
        assert answer_by(starts, FOUR_HOURS, told, HOURS) <= answer_by(starts, FOUR_HOURS, later, HOURS) <= starts


@pytest.mark.parametrize(
    ("starts", "hours", "expected"),
    [
        ("2026-03-10T17:00", 24, "2026-03-09T17:00"),
        ("2026-03-10T17:00", 72, "2026-03-07T17:00"),
        ("2026-03-10T17:00", 2, "2026-03-10T15:00"),
        # The clock goes forward in the night to 29 March and back in that to 25 October: the same time the day before.
        ("2026-03-29T17:00", 24, "2026-03-28T17:00"),
        ("2026-03-29T10:00", 24, "2026-03-28T10:00"),
        ("2026-10-25T17:00", 24, "2026-10-24T17:00"),
        ("2026-10-25T10:00", 24, "2026-10-24T10:00"),
        ("2026-03-30T02:30", 24, "2026-03-29T03:30"),  # half past two does not exist there
        ("2026-10-26T02:30", 24, "2026-10-25T02:30"),  # and comes twice here: the first
    ],
)
def test_when_people_are_reminded(starts: str, hours: int, expected: str) -> None:
    terms = replace(TERMS, starts_at=local(starts), ends_at=local(starts) + FOUR_HOURS, reminder_hours=hours)
    due = local(expected)
    assert remind_at(terms, due - timedelta(microseconds=1), STOCKHOLM) == due
    assert remind_at(terms, due, STOCKHOLM) is None, "who books within that time knows"


def test_where_nobody_is_reminded_nobody_is() -> None:
    assert remind_at(replace(TERMS, reminder_hours=0), TERMS.starts_at - timedelta(days=30), STOCKHOLM) is None
