"""What has become of a booking, by what booking says and what the clock does."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.web.receipts import Receipt
from services.web.standing import Standing, standing
from services.web.upstream import Booking
from tests.unit.web.test_programme import NOW, session

BEFORE, DURING, AFTER = NOW + timedelta(hours=1), NOW - timedelta(hours=1), NOW - timedelta(hours=3)


def booking(state: str, **facts: object) -> Booking:
    """Sara's booking."""
    usual: dict[str, Any] = {
        "code": "K7F-4MQ",
        "state": state,
        "cancelled_by": None,
        "proof": "0605",
        "session_id": UUID(int=1),
        "party": {"adults": 1, "children": 0},
        "name": "Sara",
        "reach": {"by": "sms", "hint": "070-… 05"},
        "notice": "sent",
    }
    return Booking.model_validate(usual | facts)


@pytest.mark.parametrize(
    ("state", "before", "during", "after"),
    [
        ("confirmed", Standing.BOOKED, Standing.BEGUN, Standing.OVER),
        ("queued", Standing.QUEUED, Standing.CLOSED, Standing.CLOSED),
        ("offered", Standing.OFFERED, Standing.EXPIRED, Standing.EXPIRED),
        ("cancelled", Standing.CANCELLED, Standing.CANCELLED, Standing.CANCELLED),
        ("declined", Standing.DECLINED, Standing.DECLINED, Standing.DECLINED),
        ("expired", Standing.EXPIRED, Standing.EXPIRED, Standing.EXPIRED),
        ("closed", Standing.CLOSED, Standing.CLOSED, Standing.CLOSED),
    ],
)
def test_the_clock_closes_what_booking_has_not_closed_yet(
    state: str, before: Standing, during: Standing, after: Standing
) -> None:
    """Fails when somebody is said to wait for a seat in what goes on, or a seat is said to be no more."""
    starts = (BEFORE, DURING, AFTER)

    told = [
        standing(booking(state), session(starts_at=start, ends_at=start + timedelta(hours=2)), NOW) for start in starts
    ]

    assert told == [before, during, after]


@pytest.mark.parametrize("state", ["confirmed", "queued", "offered"])
def test_what_the_library_does_not_hold_is_called_off_for_all_who_have_or_wait_for_a_seat(state: str) -> None:
    """Before booking has heard of it too. Fails when who waits is told to wait on."""
    assert standing(booking(state), session(status="cancelled"), NOW) is Standing.CALLED_OFF
    assert standing(booking("cancelled", cancelled_by="library"), None, NOW) is Standing.CALLED_OFF


@pytest.mark.parametrize("state", ["declined", "expired", "closed"])
def test_what_was_over_before_is_not_called_off_as_well(state: str) -> None:
    assert standing(booking(state), session(status="cancelled"), NOW).value == state


def test_while_catalog_is_away_a_booking_is_what_booking_says() -> None:
    states = {"confirmed": Standing.BOOKED, "queued": Standing.QUEUED, "offered": Standing.OFFERED}

    assert {state: standing(booking(state), None, NOW) for state in states} == states


@pytest.mark.parametrize(("minutes", "expected"), [(1, Standing.OFFERED), (0, Standing.EXPIRED)])
def test_an_offer_is_over_when_its_time_is(minutes: int, expected: Standing) -> None:
    """Fails when two buttons stay that nobody can press any more."""
    until = NOW + timedelta(minutes=minutes)

    assert standing(booking("offered", answer_by=until), session(), NOW) is expected


def test_only_a_seat_is_a_seat() -> None:
    """Fails when a calendar confirms a place in the queue."""
    assert {one for one in Standing if one.is_seated} == {Standing.BOOKED, Standing.BEGUN, Standing.OVER}


@pytest.mark.parametrize(("state", "queued"), [("confirmed", False), ("queued", True), ("offered", True)])
def test_a_receipt_knows_whether_it_is_of_a_seat(state: str, queued: bool) -> None:  # noqa: FBT001 - an outcome
    """Fails when the page says "booked" to somebody in the queue while booking cannot be asked."""
    assert Receipt.of(booking(state)).queued is queued
