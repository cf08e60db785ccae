"""Calendar files, read back by the library that phones' calendars agree with."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from shared import calendars
from shared.calendars import Occasion

STOCKHOLM = ZoneInfo("Europe/Stockholm")
CAFE = Occasion(
    uid="cafe@plats",
    sequence=3,
    stamp=datetime(2026, 2, 20, 10, tzinfo=UTC),
    starts_at=datetime(2026, 3, 3, 16, tzinfo=UTC),
    ends_at=datetime(2026, 3, 3, 17, 30, tzinfo=UTC),
    zone=STOCKHOLM,
    title="Språkcafé; för alla, även dig",
    location="Kista bibliotek",
    description="Ta med kaffe,\noch en vän.",
    url="https://plats.example.org/s/1?a=b;c,d",
)


def _read(*occasions: Occasion, name: str = "", refresh: timedelta | None = None) -> tuple[Calendar, list[Any]]:
    """The calendar as a program reads it, and what is in it."""
    made = calendars.calendar([calendars.event(occasion) for occasion in occasions], name=name, refresh=refresh)
    assert all(line.endswith(b"\r") and len(line) <= 76 for line in made.split(b"\n")[:-1])
    read = Calendar.from_ical(made)
    assert isinstance(read, Calendar)
    return read, read.events


def test_an_occasion_says_when_where_and_what() -> None:
    """Fails when a text is not escaped, and when the time is given in another zone than the one it happens in."""
    read, [event] = _read(CAFE)
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("cafe@plats", 3, "CONFIRMED")
    assert event["DTSTART"].params["TZID"] == "Europe/Stockholm"
    assert event.start == datetime(2026, 3, 3, 17, tzinfo=STOCKHOLM)
    assert event.end == datetime(2026, 3, 3, 18, 30, tzinfo=STOCKHOLM)
    assert event["DTSTAMP"].dt == CAFE.stamp
    assert (event["SUMMARY"], event["LOCATION"], event["DESCRIPTION"], event["URL"]) == (
        CAFE.title,
        CAFE.location,
        CAFE.description,
        CAFE.url,
    )
    assert "CONFERENCE" not in event
    assert {"METHOD", "NAME", "X-WR-CALNAME", "REFRESH-INTERVAL"}.isdisjoint(read)


def test_what_is_not_known_is_not_said() -> None:
    """Fails when an empty text becomes an empty line, which some programs show."""
    _, [event] = _read(replace(CAFE, location="", description="", url=""))
    assert {"LOCATION", "DESCRIPTION", "URL"}.isdisjoint(event)


def test_an_online_meeting_stands_where_programs_look_for_it() -> None:
    """Fails when the address is left out of any of the three: none of them is read by every program."""
    link = "https://meet.example.org/a,b;c?d=e"
    _, [event] = _read(replace(CAFE, location="online", join=link))
    assert event["LOCATION"] == link
    assert event["URL"] == link
    [conference] = event.conferences
    assert conference.uri == link
    assert event["CONFERENCE"].params["VALUE"] == "URI"


def test_what_is_cancelled_says_so() -> None:
    _, [event] = _read(replace(CAFE, cancelled=True))
    assert event["STATUS"] == "CANCELLED"


def test_a_feed_has_a_name_and_says_how_often_to_ask() -> None:
    """Fails when only the one name or pace is given that newer, or older, programs read."""
    read, [] = _read(name="Kista bibliotek", refresh=timedelta(hours=1))
    assert (read["NAME"], read["X-WR-CALNAME"]) == ("Kista bibliotek", "Kista bibliotek")
    assert read.refresh_interval == timedelta(hours=1)
    assert read["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert read["X-PUBLISHED-TTL"] == "PT1H"


@pytest.mark.parametrize(
    "starts_at",
    [
        datetime(2026, 3, 29, 15, tzinfo=UTC),
        datetime(2026, 10, 25, 16, tzinfo=UTC),
        datetime(2027, 7, 1, 15, tzinfo=UTC),
    ],
    ids=["summer time begins", "summer time ends", "the last of a long feed"],
)
def test_the_zone_in_the_file_gives_the_right_hour(starts_at: datetime) -> None:
    """Fails when the zone's rules end before the file does."""
    read, [_, event] = _read(CAFE, replace(CAFE, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)))
    [zone] = read.timezones
    wall_clock = event["DTSTART"].dt.replace(tzinfo=None)
    assert wall_clock.hour == 17
    assert wall_clock.replace(tzinfo=zone.to_tz(lookup_tzid=False)).astimezone(UTC) == starts_at


def test_the_same_is_the_same_file() -> None:
    """Fails when a file tells when it was written: nobody could ask whether it changed."""
    assert calendars.calendar([calendars.event(CAFE)]) == calendars.calendar([calendars.event(CAFE)])
