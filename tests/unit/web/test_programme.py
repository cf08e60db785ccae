from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.web.offers import Offer, days, offer
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


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, Offer.BOOK),
        ({"mode": "mixed"}, Offer.BOOK),
        ({"mode": "drop_in", "bookable": False}, Offer.COME),
        ({"seats": {"capacity": 15, "left": 0}}, Offer.FULL),
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


def test_days_are_local_and_leave_out_what_is_over() -> None:
    late = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)  # 00.30 the next day in Stockholm
    over = session(starts_at=NOW - timedelta(hours=2), ends_at=NOW)

    shown = days([over, session(), session(starts_at=late, ends_at=late + timedelta(hours=1))], STOCKHOLM, NOW)

    assert [(day.date.isoformat(), len(day.cards)) for day in shown] == [("2026-03-03", 1), ("2026-03-04", 1)]
