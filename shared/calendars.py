"""Occasions as calendar programs read them (iCalendar: RFC 5545, RFC 7986): one in a file, or many in a feed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from icalendar import Calendar, Conference, Event, vDuration

MEDIA = "text/calendar"

Method: TypeAlias = Literal["PUBLISH", "CANCEL"]
"""RFC 5546: here is something that needs no answer, or strike it out."""

_YEAR = timedelta(days=366)
"""So far around what happens does a file know the clock's changes: both of a year, however short the file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Occasion:
    """Something that happens, its texts chosen already."""

    uid: str
    """The same for ever: by it a program knows again what it has."""
    sequence: int
    """Raised by each change: what has the higher one replaces the other."""
    stamp: datetime
    """When this was written, or last changed where the same thing is to give the same file."""
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    """Where it happens: an occasion keeps its wall-clock time if the rules of summer time change."""
    title: str
    location: str = ""
    description: str = ""
    url: str = ""
    """Its page."""
    join: str = ""
    """The https address by which one gets into it when it is online; only for those who have a seat."""
    cancelled: bool = False


def event(occasion: Occasion) -> Event:
    """The entry of one occasion. Whoever has more to say of it adds it.

    The address of an online meeting stands where programs look for it: few read CONFERENCE, most make a button of
    an address they find as the place, and some show nothing but the URL.
    """
    made = Event()
    made.add("uid", occasion.uid)
    made.add("sequence", occasion.sequence)
    made.add("dtstamp", occasion.stamp)
    made.add("dtstart", occasion.starts_at.astimezone(occasion.zone))
    made.add("dtend", occasion.ends_at.astimezone(occasion.zone))
    made.add("summary", occasion.title)
    made.add("status", "CANCELLED" if occasion.cancelled else "CONFIRMED")
    texts = {
        "location": occasion.join or occasion.location,
        "description": occasion.description,
        "url": occasion.join or occasion.url,
    }
    for name, text in texts.items():
        if text:
            made.add(name, text)
    if occasion.join:
        made.add("conference", Conference(occasion.join, feature="VIDEO").to_uri())
    return made


def calendar(
    events: Sequence[Event], *, name: str = "", method: Method | None = None, refresh: timedelta | None = None
) -> bytes:
    """The file.

    Args:
        events: What is in it; none is fine.
        name: What a program calls a feed. A file to add to somebody's own calendar has none: some programs would
            make a calendar of that name.
        method: What a program that got the file by mail is to do with it.
        refresh: How often a program that follows a feed may ask again.
    """
    made = Calendar()
    made.add("prodid", "-//Plats//Plats//SV")
    made.add("version", "2.0")
    if method:
        made.add("method", method)
    if name:
        made.calendar_name = name
    if refresh:
        made.add("refresh-interval", refresh, parameters={"VALUE": "DURATION"})
        made.add("x-published-ttl", vDuration(refresh))  # for programs older than RFC 7986
    for entry in events:
        made.add_component(entry)
    if events:
        first, last = min(entry.start for entry in events), max(entry.end for entry in events)
        made.add_missing_timezones(_day(first) - _YEAR, _day(last) + _YEAR)
    file: bytes = made.to_ical()
    return file


def _day(at: date) -> date:
    return at.date() if isinstance(at, datetime) else at
