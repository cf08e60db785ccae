"""The calendar file of a mail (RFC 5545, RFC 5546): the session appears, moves and is struck out by itself."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

from services.notify.messages import ENDING
from services.notify.render import Telling, where


def method(telling: Telling) -> str:
    """PUBLISH, which asks for no answer: nobody would read it. Or CANCEL."""
    return "CANCEL" if telling.template in ENDING else "PUBLISH"


def calendar(telling: Telling, *, booking: UUID, sequence: int, organizer: str, now: datetime) -> bytes:
    """The file. A calendar replaces what it has of this booking by what has the higher ``sequence``."""
    made = Calendar()
    made.add("prodid", "-//Plats//notify//SV")
    made.add("version", "2.0")
    made.add("method", method(telling))
    made.add_component(_event(telling, booking, sequence, organizer, now))
    day = telling.session.starts_at.date()
    made.add_missing_timezones(day - timedelta(days=366), day + timedelta(days=366))
    file: bytes = made.to_ical()
    return file


def _event(telling: Telling, booking: UUID, sequence: int, organizer: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", str(booking))
    event.add("sequence", sequence)
    event.add("dtstamp", now)
    event.add("dtstart", _local(telling.session.starts_at, telling.zone))
    event.add("dtend", _local(telling.session.ends_at, telling.zone))
    event.add("summary", telling.title)
    event.add("location", where(telling))
    event.add("status", "CANCELLED" if telling.template in ENDING else "CONFIRMED")
    address = vCalAddress(f"mailto:{organizer}")
    address.params["CN"] = vText(telling.host)
    event.add("organizer", address)
    return event


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone)
