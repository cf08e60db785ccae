"""When people are reminded."""

from datetime import UTC, datetime, timedelta, tzinfo

from services.booking.domain.terms import Terms


def remind_at(terms: Terms, seated_at: datetime, zone: tzinfo) -> datetime | None:
    """When somebody is reminded who has a seat since ``seated_at``; None for who got it after that, or where nobody is.

    So many hours before the start by the clock on the wall: the day before at the same time, also where that day has
    23 or 25 hours. A time that the clock skips is the one that it shows instead; one that comes twice is the first.
    """
    if not terms.reminder_hours:
        return None
    wall = terms.starts_at.astimezone(zone).replace(tzinfo=None) - timedelta(hours=terms.reminder_hours)
    due = wall.replace(tzinfo=zone).astimezone(UTC)
    return due if seated_at < due else None
