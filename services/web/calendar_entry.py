"""A booking as a file that the visitor's own calendar takes in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from icalendar import Alarm

from services.web.rendering import msgid
from services.web.upstream import unavailable
from shared import calendars
from shared.calendars import Occasion
from shared.i18n import choose

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from services.web.upstream import Booking, Session
    from shared.i18n import Language

_REMINDED = timedelta(hours=2)
"""Time to get there, or to give the place to somebody else: that is what the calendar was asked for."""

_ONLINE = msgid("På nätet")
_CODE = msgid("Din kod")
_ENTRANCE = msgid("Så kommer du in")
_NUMBER = msgid("Mötesnummer:")
_PHONE = msgid("Ring biblioteket:")


def entry(
    booking: Booking, session: Session, *, stands: bool, language: Language, zone: ZoneInfo, now: datetime
) -> bytes:
    """The file, with the same name and number as the one in the mail: a calendar that has both shows one.

    Raises:
        Problem: 503 while it is unknown which booking this is in a calendar.
    """
    if booking.id is None:
        raise unavailable()
    title = choose(session.titles, language.tag)
    made = calendars.event(
        Occasion(
            uid=str(booking.id),
            sequence=booking.revision,
            stamp=now,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            zone=zone,
            title=title,
            location=language.gettext(_ONLINE) if session.place == "online" else _where(session),
            description="\n".join(_lines(booking, session, language)),
            join=booking.meeting.link if booking.meeting else "",
            cancelled=not stands,
        )
    )
    if stands and now < session.starts_at:
        made.add_component(_alarm(title))
    return calendars.calendar([made], method="PUBLISH")


def _where(session: Session) -> str:
    """Library, room and address, as far as there are; the room alone says where it is when it is elsewhere."""
    branch = session.branch
    parts = (branch.name, session.room, branch.address) if session.place == "branch" else (session.room or branch.name,)
    return ", ".join(part for part in parts if part)


def _lines(booking: Booking, session: Session, language: Language) -> Iterator[str]:
    say = language.gettext
    yield f"{say(_CODE)}: {booking.code}"
    if booking.meeting:
        yield f"{say(_ENTRANCE)}: {booking.meeting.link}"
        if booking.meeting.number:
            yield f"{say(_NUMBER)} {booking.meeting.number}"
    yield f"{say(_PHONE)} {session.branch.phone}"


def _alarm(title: str) -> Alarm:
    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("trigger", -_REMINDED)
    made.add("description", title)
    return made
