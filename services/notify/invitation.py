"""The calendar file of a mail (RFC 5545, RFC 5546): the session appears, moves and is struck out by itself.

Only who has a seat has an entry: nobody is to find in their calendar what they wait for. A reminder needs none, as the
entry is there already.
"""

from datetime import datetime
from uuid import UUID

from icalendar import Event, vCalAddress, vText

from services.notify.render import Telling, entrance
from shared import calendars
from shared.calendars import Method, Occasion


def method(telling: Telling) -> Method | None:
    """PUBLISH, which asks for no answer: nobody would read it. Or CANCEL. None where no file belongs into the mail."""
    if telling.had_seat:
        return "CANCEL"
    return "PUBLISH" if telling.seated and telling.template != "reminder" else None


def calendar(telling: Telling, *, booking: UUID, sequence: int, organizer: str, method: Method, now: datetime) -> bytes:
    """The file. A calendar replaces what it has of this booking by what has the higher ``sequence``."""
    event = _event(telling, booking, sequence, organizer, now)
    return calendars.calendar([event], method=method)


def _event(telling: Telling, booking: UUID, sequence: int, organizer: str, now: datetime) -> Event:
    event = calendars.event(
        Occasion(
            uid=str(booking),
            sequence=sequence,
            stamp=now,
            starts_at=telling.session.starts_at,
            ends_at=telling.session.ends_at,
            zone=telling.zone,
            title=telling.occasion.title,
            location=telling.occasion.where,
            description="\n".join(f"{fact.label}: {fact.value}" for fact in entrance(telling)),
            join=telling.meeting.link if telling.meeting else "",
            cancelled=telling.had_seat,
        )
    )
    address = vCalAddress(f"mailto:{organizer}")
    address.params["CN"] = vText(telling.host)
    event.add("organizer", address)
    return event
