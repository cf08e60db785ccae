"""What other programs read of a session: schema.org's Event."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.web.offers import Offer
from services.web.structured import Reader, event
from tests.unit.web.test_programme import session

STOCKHOLM = ZoneInfo("Europe/Stockholm")
READER = Reader("sv", STOCKHOLM, "https://plats.example.se/sv")
ADDRESS = "https://plats.example.se/sv/sessions/00000000-0000-0000-0000-000000000001"


def test_a_session_is_told_in_full() -> None:
    """Fails when a time has no offset, a price or an address is missing, or the branch is not where it is."""
    told = event(session(audiences={"sv": "Från 16 år"}, theme={"sv": "Mat"}), Offer.BOOK, READER)

    assert told == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Språkcafé",
        "description": "Mat",
        "url": ADDRESS,
        "startDate": "2026-03-03T17:00:00+01:00",
        "endDate": "2026-03-03T18:30:00+01:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": "Kista bibliotek",
            "address": {"@type": "PostalAddress", "streetAddress": "Kista Galleria", "addressCountry": "SE"},
        },
        "organizer": {
            "@type": "Library",
            "name": "Kista bibliotek",
            "telephone": "08-465 004 00",
            "url": "https://plats.example.se/sv/branches/kista",
        },
        "isAccessibleForFree": True,
        "inLanguage": ["sv"],
        "audience": {"@type": "Audience", "audienceType": "Från 16 år"},
        "offers": {
            "@type": "Offer",
            "price": 0,
            "priceCurrency": "SEK",
            "availability": "https://schema.org/InStock",
            "url": f"{ADDRESS}/book",
        },
        "maximumAttendeeCapacity": 15,
        "remainingAttendeeCapacity": 6,
    }


@pytest.mark.parametrize(
    ("facts", "offered", "expected"),
    [
        ({}, Offer.CANCELLED, {"eventStatus": "https://schema.org/EventCancelled", "offers": None}),
        ({}, Offer.COME, {"offers": None, "maximumAttendeeCapacity": None}),
        ({"counts": "bookings"}, Offer.BOOK, {"maximumAttendeeCapacity": None, "remainingAttendeeCapacity": None}),
        ({"counts": "children"}, Offer.BOOK, {"maximumAttendeeCapacity": None, "remainingAttendeeCapacity": None}),
        ({"languages": []}, Offer.BOOK, {"inLanguage": None}),
        (
            {"place": "online"},
            Offer.BOOK,
            {
                "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
                "location": {"@type": "VirtualLocation", "url": ADDRESS},
            },
        ),
        (
            {"place": "outreach", "room": "Folkets hus"},
            Offer.BOOK,
            {"location": {"@type": "Place", "name": "Folkets hus"}},
        ),
    ],
)
def test_only_what_is_true_of_a_session_is_told(
    facts: dict[str, Any], offered: Offer, expected: dict[str, Any]
) -> None:
    """Fails when a cancelled session looks held, seats are said to be people, or an online one has an address."""
    told = event(session(**facts), offered, READER)

    assert {name: told.get(name) for name in expected} == expected


@pytest.mark.parametrize("offered", [Offer.FULL, Offer.QUEUE, Offer.DOOR])
def test_a_full_session_is_sold_out(offered: Offer) -> None:
    """Whether one may wait or not. Fails when a queue is told as a free place."""
    told: dict[str, Any] = event(session(seats={"capacity": 15, "left": 0}), offered, READER)

    assert (told["offers"]["availability"], told["remainingAttendeeCapacity"]) == ("https://schema.org/SoldOut", 0)


def test_without_a_public_address_none_is_made_up() -> None:
    """Fails when a relative address, or one that only holds inside, is told to others."""
    assert "url" not in str(event(session(place="online"), Offer.BOOK, Reader("sv", STOCKHOLM, "")))
