"""When people may be written to."""

from datetime import UTC, datetime, time, timedelta

import pytest

from services.notify.domain import Policy, permitted_from
from shared.hours import PermittedHours, Window
from tests.unit.notify.samples import STOCKHOLM

USUAL = Window(time(9), time(19))
ALL_DAY = Window(time(0), None)


def local(text: str, *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM, fold=fold).astimezone(UTC)


def _from(now: datetime, starts: datetime, template: str = "rescheduled", window: Window = USUAL) -> datetime:
    hours = PermittedHours(window=window, zone=STOCKHOLM)
    policy = Policy(hours=hours, lookup_delay=timedelta(0), sms_parts_a_day=100)
    return permitted_from(now, template, starts, policy)


@pytest.mark.parametrize(
    ("now", "starts", "expected"),
    [
        ("2026-03-03T10:00", "2026-03-10T17:00", "2026-03-03T10:00"),
        ("2026-03-03T08:59:59", "2026-03-10T17:00", "2026-03-03T09:00"),
        ("2026-03-03T18:59:59", "2026-03-10T17:00", "2026-03-03T18:59:59"),
        ("2026-03-03T19:00", "2026-03-10T17:00", "2026-03-04T09:00"),
        ("2026-03-31T23:30", "2026-04-10T17:00", "2026-04-01T09:00"),
        # Saturdays and Sundays are days like others: libraries are open, and cafés on Mondays are to be offered.
        ("2026-03-07T10:00", "2026-03-10T17:00", "2026-03-07T10:00"),
        ("2026-03-07T21:00", "2026-03-10T17:00", "2026-03-08T09:00"),
        # It starts within twelve hours: from 7 to 21.
        ("2026-03-03T19:30", "2026-03-04T07:00", "2026-03-03T19:30"),
        ("2026-03-03T20:00", "2026-03-04T09:00", "2026-03-04T07:00"),
        ("2026-03-03T21:00", "2026-03-04T08:30", "2026-03-04T07:00"),
        ("2026-03-03T06:00", "2026-03-03T17:00", "2026-03-03T07:00"),
        # Not yet within twelve hours, but it will be before nine.
        ("2026-03-03T19:30", "2026-03-04T08:00", "2026-03-03T20:00"),
        ("2026-03-03T19:30", "2026-03-04T10:00", "2026-03-04T07:00"),
        ("2026-03-03T19:30", "2026-03-04T20:30", "2026-03-04T08:30"),
        ("2026-03-03T19:30", "2026-03-04T22:00", "2026-03-04T09:00"),
        # The night of 28 to 29 March is an hour shorter, that of 24 to 25 October an hour longer.
        ("2026-03-28T22:00", "2026-04-10T17:00", "2026-03-29T09:00"),
        ("2026-03-28T22:00", "2026-03-29T17:00", "2026-03-29T07:00"),
        ("2026-10-24T22:00", "2026-11-10T17:00", "2026-10-25T09:00"),
        ("2026-10-24T22:00", "2026-10-25T17:00", "2026-10-25T07:00"),
    ],
)
def test_news_wait_for_permitted_hours(now: str, starts: str, expected: str) -> None:
    assert _from(local(now), local(starts)) == local(expected)


def test_nights_of_a_time_change_have_their_length() -> None:
    starts = local("2026-12-01T17:00")
    assert _from(local("2026-03-28T22:00"), starts) - local("2026-03-28T22:00") == timedelta(hours=10)
    assert _from(local("2026-10-24T22:00"), starts) - local("2026-10-24T22:00") == timedelta(hours=12)


def test_an_hour_that_comes_twice_is_permitted_twice() -> None:
    window = Window(time(2), time(3))
    starts = local("2026-12-01T17:00")
    for fold in (0, 1):
        now = local("2026-10-25T02:30", fold=fold)
        assert _from(now, starts, window=window) == now


def test_an_hour_that_is_skipped_opens_when_it_would_have() -> None:
    window = Window(time(2), time(4))
    assert _from(local("2026-03-29T01:00"), local("2026-12-01T17:00"), window=window) == local("2026-03-29T03:00")


@pytest.mark.parametrize("template", ["offered", "offer_expired", "reminder"])
@pytest.mark.parametrize(
    ("now", "starts", "expected"),
    [
        ("2026-03-03T21:30", "2026-03-10T17:00", "2026-03-04T09:00"),
        ("2026-03-03T19:30", "2026-03-04T07:00", "2026-03-03T19:30"),
        ("2026-03-28T22:00", "2026-03-29T17:00", "2026-03-29T07:00"),
        ("2026-10-24T22:00", "2026-10-25T17:00", "2026-10-25T07:00"),
    ],
    ids=["at night", "soon", "the night that is short", "the night that is long"],
)
def test_what_comes_with_time_waits_for_permitted_hours(template: str, now: str, starts: str, expected: str) -> None:
    """Fails when a seat that comes free at night wakes the next in the queue."""
    assert _from(local(now), local(starts), template) == local(expected)


@pytest.mark.parametrize(
    "template", ["confirmed", "accepted", "queued", "declined", "moved", "shrunk", "code_again", "cancelled"]
)
def test_what_the_visitor_waits_for_goes_at_once(template: str) -> None:
    night = local("2026-03-03T03:00")
    assert _from(night, local("2026-03-10T17:00"), template) == night


@pytest.mark.parametrize("template", ["session_cancelled", "rescheduled"])
def test_what_the_library_changed_waits(template: str) -> None:
    assert _from(local("2026-03-03T03:00"), local("2026-03-10T17:00"), template) == local("2026-03-03T09:00")


def test_an_installation_may_permit_the_whole_day() -> None:
    night = local("2026-03-03T03:00")
    assert _from(night, local("2026-03-10T17:00"), window=ALL_DAY) == night


def test_a_session_that_has_begun_is_not_urgent() -> None:
    assert _from(local("2026-03-03T20:00"), local("2026-03-03T17:00")) == local("2026-03-04T09:00")
