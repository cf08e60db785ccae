"""A calendar program that gets the library's mails in order."""

from datetime import datetime
from typing import Any, NamedTuple

from icalendar import Calendar


class Entry(NamedTuple):
    """What it has of one event."""

    sequence: int
    status: str
    starts_at: datetime
    method: str


def entries(mail: dict[str, Any]) -> dict[str, Entry]:
    """The entries of a mail's file, by their ids."""
    [file] = mail["attachments"]
    calendar = Calendar.from_ical(file["text"])
    events: list[Any] = calendar.walk("VEVENT")
    return {
        str(event["UID"]): Entry(event["SEQUENCE"], str(event["STATUS"]), event["DTSTART"].dt, str(calendar["METHOD"]))
        for event in events
    }


def take_in(calendar: dict[str, Entry], mail: dict[str, Any]) -> None:
    """Replace what it has by what the mail brings: only a higher sequence counts (RFC 5546, 2.1.5)."""
    for uid, entry in entries(mail).items():
        assert uid not in calendar or entry.sequence > calendar[uid].sequence
        calendar[uid] = entry
