"""Calendars, read back as a calendar program reads them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from services.catalog.feeds import Entry, Feed, written
from shared.calendars import Occasion

STOCKHOLM = ZoneInfo("Europe/Stockholm")
TUESDAY = Occasion(
    uid="01a20170-1edf-7768-9b1c-164374968730@plats",
    sequence=3,
    stamp=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
    starts_at=datetime(2026, 3, 24, 16, tzinfo=UTC),
    ends_at=datetime(2026, 3, 24, 17, 30, tzinfo=UTC),
    zone=STOCKHOLM,
    title="Språkcafé; prata, läs & skriv",
    location="Kista bibliotek, Kista Galleria",
    description="Resor\nVi pratar svenska.",
)


def feed(*occasions: Occasion) -> Feed:
    entries = tuple(Entry(occasion=occasion, category="Språkcafé, samtal") for occasion in occasions)
    return Feed(name="Kista bibliotek", entries=entries)


def read(*occasions: Occasion) -> tuple[Calendar, list[Event]]:
    calendar = Calendar.from_ical(written(feed(*occasions)).body)
    return calendar, calendar.events


def test_an_entry_has_what_one_needs_to_come() -> None:
    """Fails when a sign with a meaning of its own in such files is left as it is."""
    calendar, (event,) = read(TUESDAY)

    assert (event["summary"], event["location"]) == ("Språkcafé; prata, läs & skriv", "Kista bibliotek, Kista Galleria")
    assert event["description"] == "Resor\nVi pratar svenska."
    assert (event.uid, event.sequence, event["status"]) == (TUESDAY.uid, 3, "CONFIRMED")
    assert event.categories == ["Språkcafé, samtal"]
    assert event.DTSTAMP == event.LAST_MODIFIED == TUESDAY.stamp
    assert (calendar.calendar_name, calendar.refresh_interval) == ("Kista bibliotek", timedelta(hours=1))
    assert calendar["refresh-interval"].params["VALUE"] == "DURATION"


def test_the_clock_on_the_wall_is_right_on_both_sides_of_a_change_of_the_clock() -> None:
    """Fails when times are written in another zone, or the file's own rules for the zone are wrong for a date."""
    weeks = [
        replace(
            TUESDAY,
            uid=f"{week}@plats",
            starts_at=datetime(2026, month, day, 17, tzinfo=STOCKHOLM).astimezone(UTC),
            ends_at=datetime(2026, month, day, 18, tzinfo=STOCKHOLM).astimezone(UTC),
        )
        for week, (month, day) in enumerate([(3, 24), (3, 31), (10, 20), (10, 27)])
    ]
    calendar, events = read(*weeks)

    starts = [at for event in events if isinstance(at := event.start, datetime)]
    assert [at.hour for at in starts] == [17] * 4
    assert {event["dtstart"].params["TZID"] for event in events} == {"Europe/Stockholm"}
    (zone,) = calendar.timezones
    ours = zone.to_tz()
    for week, start, event in zip(weeks, starts, events, strict=True):
        assert start.replace(tzinfo=ours).astimezone(UTC) == week.starts_at
        assert event.end == week.ends_at


def test_what_is_called_off_is_struck_out() -> None:
    _, (event,) = read(replace(TUESDAY, cancelled=True, sequence=4))

    assert (event["status"], event.sequence, event.uid) == ("CANCELLED", 4, TUESDAY.uid)


def test_the_same_feed_is_the_same_file_and_any_other_is_not() -> None:
    """Fails when the moment of writing is in the file, or something of the feed is not in its tag."""
    first = written(feed(TUESDAY))
    written.cache_clear()

    assert written(feed(TUESDAY)) == first
    for changes in ({"title": "Fika"}, {"sequence": 4}, {"cancelled": True}, {"url": "https://plats.example/sv"}):
        assert written(feed(replace(TUESDAY, **changes))).etag != first.etag


def test_a_feed_without_anything_is_a_calendar() -> None:
    calendar, events = read()

    assert (calendar.calendar_name, events) == ("Kista bibliotek", [])
