"""Things to test with: sessions as catalog publishes them, visitors as they write themselves."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.events import INSTALLATION, InstallationChanged, InstallationState, SessionPublished, SessionState

PHONE = "070-174 06 05"
E164 = "+46701740605"


def numbers() -> "list[str]":
    """The 95 Swedish mobile numbers that belong to nobody."""
    return [f"+467017406{last:02d}" for last in range(5, 100)]


def session_state(**changes: object) -> SessionState:
    """A language café at Kista, three days from now; ``changes`` replace fields of the event's data."""
    starts_at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
    state: dict[str, object] = {
        "session_id": uuid4(),
        "revision": 1,
        "kind": "language_cafe",
        "activity_id": uuid4(),
        "titles": {"sv": "Språkcafé", "en": "Language café"},
        "sms_titles": {"sv": "Språkcafé", "en": "Language café"},
        "place": "branch",
        "branch": {
            "id": "kista",
            "name": "Kista bibliotek",
            "sms_name": "Kista bibliotek",
            "phone": "08-465 004 00",
            "address": "Kista Galleria",
        },
        "languages": ("sv",),
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=90),
        "mode": "booking",
        "capacity": {"seats": 15, "walk_in": 0, "queue": 8},
        "counts": "persons",
    }
    return SessionState.model_validate(state | changes)


def published(state: SessionState) -> SessionPublished:
    """The event that tells of a session."""
    return SessionPublished.of(state.session_id, state)


def booking_body(session_id: UUID, **changes: object) -> dict[str, Any]:
    """What a visitor sends to book one seat, to be told by SMS."""
    body: dict[str, Any] = {
        "session_id": str(session_id),
        "party": {"adults": 1, "children": 0},
        "name": "Sara",
        "reach": {"by": "sms", "phone": PHONE},
        "language": "sv",
    }
    return body | changes


def decided(revision: int = 1, **rules: object) -> InstallationChanged:
    """Administrators decided for the whole installation; what is not named is as usual."""
    usual = {
        "permitted_hours": "09-19",
        "bookings_of_number": 5,
        "messages_to_number": 15,
        "bookings_from_network": 20,
        "sms_parts_a_day": 3000,
    }
    state = InstallationState.model_validate(usual | rules | {"revision": revision})
    return InstallationChanged.of(INSTALLATION, state)
