"""The kinds of activity: one row each. Only new activities read them; everything else knows terms."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.catalog.domain import Terms


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """What an activity of this kind starts from."""

    id: str
    labels: Mapping[str, str]
    sms_labels: Mapping[str, str]
    """At most 14 characters each, so that a confirmation fits one SMS."""
    minutes: int
    terms: Terms


_ROWS = (
    Kind(
        id="language_cafe",
        labels={"sv": "Språkcafé", "en": "Language café"},
        sms_labels={"sv": "Språkcafé", "en": "Language café"},
        minutes=90,
        terms=Terms(mode="booking", counts="persons", seats=15, queue=8, party_max=4, children=True),
    ),
    Kind(
        id="homework_help",
        labels={"sv": "Läxhjälp", "en": "Homework help"},
        sms_labels={"sv": "Läxhjälp", "en": "Homework help"},
        minutes=120,
        terms=Terms(mode="booking", counts="persons", seats=20, queue=10, party_max=4, children=True),
    ),
    Kind(
        id="digital_coaching",
        labels={"sv": "Digital coachning", "en": "Digital coaching"},
        sms_labels={"sv": "Digital hjälp", "en": "Digital help"},
        minutes=40,
        terms=Terms(mode="booking", counts="bookings", seats=3, party_max=1, children=False),
    ),
    Kind(
        id="it_host",
        labels={"sv": "IT-värd", "en": "IT host"},
        sms_labels={"sv": "IT-värd", "en": "IT host"},
        minutes=120,
        terms=Terms(mode="drop_in", counts="persons", seats=10, party_max=2, children=True),
    ),
    Kind(
        id="story_time",
        labels={"sv": "Sagostund", "en": "Story time"},
        sms_labels={"sv": "Sagostund", "en": "Story time"},
        minutes=30,
        terms=Terms(mode="booking", counts="children", seats=15, queue=5, party_max=6, children=True),
    ),
    Kind(
        id="class_visit",
        labels={"sv": "Klassbesök", "en": "Class visit"},
        sms_labels={"sv": "Klassbesök", "en": "Class visit"},
        minutes=60,
        terms=Terms(
            mode="booking", counts="bookings", seats=1, queue=2, party_max=34, children=True, late_cancel_hours=48
        ),
    ),
    Kind(
        id="staff_training",
        labels={"sv": "Personalutbildning", "en": "Staff training"},
        sms_labels={"sv": "Utbildning", "en": "Staff training"},
        minutes=180,
        terms=Terms(
            mode="booking", counts="persons", seats=25, queue=10, party_max=5, children=False, late_cancel_hours=72
        ),
    ),
)

KINDS: Mapping[str, Kind] = {kind.id: kind for kind in _ROWS}
