"""The calendar file, read back by the library that phones' calendars agree with."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from icalendar import Calendar

from services.notify import invitation
from services.notify.render import Telling
from tests.unit.notify.samples import STOCKHOLM, WORDINGS, online, telling

NOW = datetime(2026, 2, 20, 10, tzinfo=UTC)


def _file(about: Telling, booking: UUID, sequence: int = 1) -> tuple[Calendar, Any]:
    """The calendar and its one event."""
    method = invitation.method(about)
    assert method
    made = invitation.calendar(
        about, booking=booking, sequence=sequence, organizer="plats@example.org", method=method, now=NOW
    )
    assert all(line.endswith(b"\r") for line in made.split(b"\n")[:-1])
    calendar = Calendar.from_ical(made)
    assert isinstance(calendar, Calendar)
    [event] = calendar.walk("VEVENT")
    return calendar, event


def test_a_confirmation_is_published_in_local_time() -> None:
    booking = uuid4()
    calendar, event = _file(telling(), booking)
    assert calendar["METHOD"] == "PUBLISH"
    assert event["UID"] == str(booking)
    assert event["SEQUENCE"] == 1
    assert event["DTSTART"].dt == datetime(2026, 3, 3, 17, tzinfo=STOCKHOLM)
    assert event["DTSTART"].params["TZID"] == "Europe/Stockholm"
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=90)
    assert event["DTSTAMP"].dt == NOW
    assert event["SUMMARY"] == "Språkcafé"
    assert event["LOCATION"] == "Kista bibliotek, Kista Galleria"
    assert event["STATUS"] == "CONFIRMED"
    assert event["ORGANIZER"] == "mailto:plats@example.org"
    [zone] = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/Stockholm"


def test_an_online_session_opens_from_the_calendar() -> None:
    """Fails when the number, or any of the places where a program looks for the address, is left out."""
    about = telling(facts=online())
    _, event = _file(about, uuid4())
    link = "https://meet.example.org/j/123?pwd=a&b=c"
    assert (event["LOCATION"], event["URL"]) == (link, link)
    assert [conference.uri for conference in event.conferences] == [link]
    assert event["DESCRIPTION"] == f"Länk: {link}\nMötesnummer: 123 456 789"


def test_nobody_gets_into_an_online_session_without_a_seat() -> None:
    """Fails when the address stays in the calendar of somebody who has given the seat back."""
    made, event = _file(telling("cancelled by the visitor", facts=online()), uuid4())
    assert event["LOCATION"] == "online"
    assert b"meet.example.org" not in made.to_ical()


HAVE_AN_ENTRY = {
    "confirmed",
    "accepted",
    "moved",
    "fewer people",
    "code again",
    "new time",
    "new place",
    "new time and place",
    *(name for name in WORDINGS if name.startswith("series")),
}
LOSE_IT = {"session cancelled", "session cancelled, next time", "cancelled by staff", "cancelled by the visitor"}


@pytest.mark.parametrize("wording", WORDINGS)
def test_only_who_has_a_seat_has_it_in_the_calendar(wording: str) -> None:
    """Fails when who waits finds the session there, or when something is struck out that never was there."""
    methods = dict.fromkeys(HAVE_AN_ENTRY, "PUBLISH") | dict.fromkeys(LOSE_IT, "CANCEL")
    assert invitation.method(telling(wording)) == methods.get(wording)


@pytest.mark.parametrize("wording", sorted(LOSE_IT))
def test_a_cancellation_strikes_the_event_out(wording: str) -> None:
    booking = uuid4()
    calendar, event = _file(telling(wording), booking, sequence=3)
    assert calendar["METHOD"] == "CANCEL"
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (str(booking), 3, "CANCELLED")
