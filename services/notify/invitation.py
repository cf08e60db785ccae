"""The calendar file of a mail (RFC 5545, RFC 5546): the session appears, moves and is struck out by itself.

Only who has a seat has an entry: nobody is to find in their calendar what they wait for. A reminder needs none, as the
entry is there already.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from icalendar import Event, vCalAddress, vText

from services.notify.messages import Date
from services.notify.render import Telling, entrance
from shared import calendars
from shared.calendars import Method, Occasion


def method(telling: Telling) -> Method | None:
    """PUBLISH, which asks for no answer: nobody would read it. Or CANCEL. None where no file belongs into the mail.

    All entries of a CANCEL are of one event (RFC 5546, 3.2.5), so that many dates are given back is published, too:
    each entry says that it is cancelled.
    """
    if telling.had_seat:
        return "PUBLISH" if telling.of_series else "CANCEL"
    return "PUBLISH" if telling.seated and telling.template not in _NOTHING_NEW else None


def calendar(telling: Telling, *, booking: UUID, sequence: int, organizer: str, method: Method, now: datetime) -> bytes:
    """The file. A calendar replaces what it has of a booking by what has the higher ``sequence``.

    Of a series it has an entry for each date, under the id of that date's booking: what is told later of one of them
    alone finds it.
    """
    one = Date(booking_id=booking, revision=sequence, session=telling.session)
    dates: Sequence[Date] = telling.dates if telling.of_series else (one,)
    events = [
        _event(replace(telling, session=date.session), date.booking_id, date.revision, organizer, now) for date in dates
    ]
    return calendars.calendar(events, method=method)


_NOTHING_NEW = {"reminder", "announced", "helper_found", "helper_missing"}
"""What changes nothing that the entry says."""


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
