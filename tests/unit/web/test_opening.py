"""When a library is open."""

from datetime import date
from typing import Any

import pytest

from services.web.opening import on, staffed_next, week
from services.web.upstream import BranchDetail

TUESDAY = date(2026, 11, 24)
SATURDAY = date(2026, 11, 28)


def span(weekday: int, opens: str, closes: str, *, staffed: bool = True) -> dict[str, Any]:
    return {"weekday": weekday, "opens": opens, "closes": closes, "staffed": staffed}


def library(hours: list[dict[str, Any]], closures: list[dict[str, Any]] | None = None) -> BranchDetail:
    known = {"id": "kista", "name": "Kista bibliotek", "phone": "08-465 004 00", "address": ""}
    return BranchDetail.model_validate({**known, "hours": hours, "closures": closures or []})


WEEKDAYS = [span(day, "10:00", "19:00") for day in range(5)]
SHUT = {"first": "2026-11-24", "last": "2026-11-26", "reasons": {"sv": "Vi målar om"}}


def test_hours_without_staff_are_told_apart_and_in_order() -> None:
    """Fails when what is served by nobody is shown as if somebody were there."""
    hours = [span(1, "19:00", "21:00", staffed=False), *WEEKDAYS, span(1, "07:00", "10:00", staffed=False)]

    found = on(library(hours), TUESDAY)

    assert [one.opens.hour for one in found.hours] == [7, 10, 19]
    assert [one.opens.hour for one in found.staffed] == [10]
    assert [one.opens.hour for one in found.unstaffed] == [7, 19]


@pytest.mark.parametrize(
    ("day", "shut"),
    [
        (date(2026, 11, 23), False),
        (date(2026, 11, 24), True),
        (date(2026, 11, 26), True),
        (date(2026, 11, 27), False),
    ],
)
def test_a_closure_holds_from_its_first_day_to_its_last(day: date, shut: bool) -> None:  # noqa: FBT001 - a column
    """Fails when a closure begins or ends a day early or late."""
    found = on(library(WEEKDAYS, [SHUT]), day)

    assert (not found.hours, dict(found.reasons)) == (shut, {"sv": "Vi målar om"} if shut else {})


@pytest.mark.parametrize(
    ("hours", "day", "opens"),
    [
        (WEEKDAYS, SATURDAY, date(2026, 11, 30)),
        (WEEKDAYS, date(2026, 11, 23), date(2026, 11, 27)),  # over the closure
        ([span(6, "09:00", "18:00", staffed=False), *WEEKDAYS], SATURDAY, date(2026, 11, 30)),
        ([], SATURDAY, None),
    ],
)
def test_the_next_day_it_opens_for_everybody(hours: list[dict[str, Any]], day: date, opens: date | None) -> None:
    """Fails when a closure, or hours for those with an agreement, count as open, or nothing known never ends."""
    found = staffed_next(library(hours, [SHUT]), day)

    assert (found and found.date) == opens


def test_an_ordinary_week_has_seven_days_from_monday() -> None:
    """Fails when days without hours are left out, so that the others move up."""
    assert [len(spans) for spans in week(library([span(6, "12:00", "16:00"), span(0, "10:00", "19:00")]))] == [
        *[1, 0, 0, 0, 0, 0, 1]
    ]
