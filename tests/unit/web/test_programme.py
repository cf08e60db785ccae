from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.web.offers import Offer, cards, days, offer, together
from services.web.upstream import Session

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def session(**facts: object) -> Session:
    """A bookable language café at 17.00 local time, but for ``facts``."""
    usual: dict[str, Any] = {
        "id": UUID(int=1),
        "status": "published",
        "kind": "language_cafe",
        "kind_labels": {"sv": "Språkcafé"},
        "titles": {"sv": "Språkcafé"},
        "summaries": {},
        "place": "branch",
        "branch": {"id": "kista", "name": "Kista bibliotek", "phone": "08-465 004 00", "address": "Kista Galleria"},
        "room": "",
        "languages": ["sv"],
        "level": None,
        "starts_at": datetime(2026, 3, 3, 16, tzinfo=UTC),
        "ends_at": datetime(2026, 3, 3, 17, 30, tzinfo=UTC),
        "mode": "booking",
        "counts": "persons",
        "party_max": 4,
        "children": False,
        "seats": {"capacity": 15, "left": 6},
        "bookable": True,
    }
    return Session.model_validate(usual | facts)


FULL: dict[str, Any] = {"seats": {"capacity": 15, "left": 0}}
WAITING: dict[str, Any] = {"queue": {"capacity": 8, "left": 5}}
CLASS: dict[str, Any] = {"counts": "bookings", "children": True}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, Offer.BOOK),
        ({"mode": "mixed"}, Offer.BOOK),
        ({"mode": "drop_in", "bookable": False}, Offer.COME),
        (FULL, Offer.FULL),
        (FULL | {"queue": {"capacity": 8, "left": 0}}, Offer.FULL),
        (FULL | {"queue": {"capacity": 8, "left": 1}}, Offer.QUEUE),
        (FULL | WAITING | {"starts_at": NOW + timedelta(minutes=30)}, Offer.QUEUE),
        (FULL | WAITING | {"starts_at": NOW + timedelta(minutes=29)}, Offer.DOOR),
        (FULL | {"starts_at": NOW + timedelta(minutes=29)}, Offer.DOOR),
        (FULL | WAITING | {"starts_at": NOW + timedelta(minutes=29), "place": "online"}, Offer.FULL),
        (FULL | WAITING | {"starts_at": NOW + timedelta(minutes=29)} | CLASS, Offer.FULL),
        (FULL | WAITING | {"booked_by": "staff"}, Offer.ASK),
        (WAITING | {"starts_at": NOW + timedelta(minutes=29)}, Offer.BOOK),
        ({"bookable": False, "seats": {"capacity": 15, "left": 0}}, Offer.CLOSED),
        ({"starts_at": NOW}, Offer.STARTED),
        ({"starts_at": NOW, "mode": "drop_in"}, Offer.COME),
        ({"starts_at": NOW - timedelta(hours=2), "ends_at": NOW, "mode": "drop_in"}, Offer.STARTED),
        ({"status": "withdrawn", "mode": "drop_in"}, Offer.CLOSED),
        ({"status": "withdrawn", "booked_by": "staff"}, Offer.CLOSED),
        ({"starts_at": NOW, "status": "cancelled"}, Offer.CANCELLED),
        ({"mode": "drop_in", "status": "cancelled"}, Offer.CANCELLED),
    ],
)
def test_what_a_visitor_can_do(facts: dict[str, Any], expected: Offer) -> None:
    assert offer(session(**facts), NOW) is expected


def test_what_is_kept_for_oneself_is_free_for_oneself() -> None:
    """Fails when whoever holds the last seats is told that it is full, or more are said to be free than there are."""
    mixed = session(seats={"capacity": 24, "walk_in": 8, "left": 0})

    assert offer(mixed, NOW) is Offer.FULL
    assert mixed.with_own(2).seats.left == 2
    assert offer(mixed.with_own(2), NOW) is Offer.BOOK
    assert mixed.with_own(2).with_own(20).seats.left == 16


@pytest.mark.parametrize(("capacity", "left", "waiting"), [(8, 8, 0), (8, 5, 3), (8, 0, 8), (0, 0, 0), (2, 4, 0)])
def test_how_many_wait_is_what_the_queue_has_no_room_for(capacity: int, left: int, waiting: int) -> None:
    assert session(queue={"capacity": capacity, "left": left}).queue.waiting == waiting


def test_days_are_local_and_leave_out_what_is_over() -> None:
    late = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)  # 00.30 the next day in Stockholm
    over = session(starts_at=NOW - timedelta(hours=2), ends_at=NOW)

    shown = days([over, session(), session(starts_at=late, ends_at=late + timedelta(hours=1))], STOCKHOLM, NOW)

    assert [(day.date.isoformat(), len(day.cards)) for day in shown] == [("2026-03-03", 1), ("2026-03-04", 1)]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"opens_at": NOW + timedelta(seconds=1)}, Offer.NOT_YET),
        ({"opens_at": NOW}, Offer.BOOK),
        ({"closes_at": NOW}, Offer.SHUT),
        ({"closes_at": NOW + timedelta(seconds=1)}, Offer.BOOK),
        (FULL | WAITING | {"opens_at": NOW + timedelta(days=1), "bookable": False}, Offer.NOT_YET),
        ({"opens_at": NOW + timedelta(days=1), "mode": "drop_in"}, Offer.COME),
        ({"opens_at": NOW + timedelta(days=1), "status": "cancelled"}, Offer.CANCELLED),
    ],
)
def test_booking_opens_and_closes_at_its_time(facts: dict[str, Any], expected: Offer) -> None:
    """Fails when somebody is led to a form that booking refuses, or away from one that it takes."""
    assert offer(session(**facts), NOW) is expected


def test_the_slots_of_a_sitting_stand_together_where_its_first_one_stands() -> None:
    """Fails when another session between two slots parts them, or a slot alone is called a sitting."""
    one, other = UUID(int=100), UUID(int=101)
    times = [
        session(id=UUID(int=1), sitting_id=one, seats=FULL["seats"]),
        session(id=UUID(int=2)),
        session(id=UUID(int=3), sitting_id=one),
        session(id=UUID(int=4), sitting_id=other),
    ]

    shown = together(cards(times, NOW))

    assert [card.session.id.int for card in shown] == [3, 2, 4], "what is free is offered first"
    assert [[slot.session.id.int for slot in card.slots] for card in shown] == [[1, 3], [], []]
    assert (shown[0].offer, shown[0].free) == (Offer.BOOK, 1)
