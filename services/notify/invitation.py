"""The calendar file of a mail (RFC 5545, RFC 5546): the session appears, moves and is struck out by itself."""

from datetime import datetime
from uuid import UUID

from icalendar import Event, vCalAddress, vText

from services.notify.messages import ENDING
from services.notify.render import Telling, entrance, where
from shared import calendars
from shared.calendars import Method, Occasion


def method(telling: Telling) -> Method:
    """PUBLISH, which asks for no answer: nobody would read it. Or CANCEL."""
    return "CANCEL" if telling.template in ENDING else "PUBLISH"


def calendar(telling: Telling, *, booking: UUID, sequence: int, organizer: str, now: datetime) -> bytes:
    """The file. A calendar replaces what it has of this booking by what has the higher ``sequence``."""
    return calendars.calendar([_event(telling, booking, sequence, organizer, now)], method=method(telling))


def _event(telling: Telling, booking: UUID, sequence: int, organizer: str, now: datetime) -> Event:
    event = calendars.event(
        Occasion(
            uid=str(booking),
            sequence=sequence,
            stamp=now,
            starts_at=telling.session.starts_at,
            ends_at=telling.session.ends_at,
            zone=telling.zone,
            title=telling.title,
            location=where(telling),
            description="\n".join(f"{fact.label}: {fact.value}" for fact in entrance(telling)),
            join=telling.meeting.link if telling.meeting else "",
            cancelled=telling.template in ENDING,
        )
    )
    address = vCalAddress(f"mailto:{organizer}")
    address.params["CN"] = vText(telling.host)
    event.add("organizer", address)
    return event
