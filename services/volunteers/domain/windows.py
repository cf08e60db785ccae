"""How long somebody has to answer, and when time alone goes on."""

from datetime import UTC, datetime, timedelta, tzinfo

from shared.hours import PermittedHours

SHORTEST = timedelta(minutes=15)
"""What anybody has to answer in any case."""

FOR_A_VISITOR = timedelta(hours=4)
"""What a volunteer has at most who is asked to help a visitor: others may have to be asked after them."""

FOR_A_SHIFT = timedelta(hours=24)
"""... and who is asked to be on duty."""

FOR_COORDINATORS = timedelta(hours=24)
"""What those have at most who look for somebody by hand."""

PART_OF_TIME_LEFT = 4
"""No question takes more than one part in so many of the time that is left to the start."""

_UNTOLD = timedelta(hours=24)
"""After which somebody whom no message reached is passed over."""

_LAST_CALL = timedelta(minutes=30)
"""So long before the start nobody is waited for any more who does not even know that they are asked."""

_HONEST_BEFORE = timedelta(minutes=60)
"""So long before the start a visitor is told at the latest that nobody will help: before they set out."""


def answer_by(starts_at: datetime, longest: timedelta, told_at: datetime, hours: PermittedHours) -> datetime:
    """Until when somebody may answer who is told then: a quarter of the time left, the start at the latest.

    The clock stands still outside permitted hours.
    """
    return hours.after(told_at, _running(starts_at, longest, told_at), starts_at)


def untold_until(starts_at: datetime, asked_at: datetime) -> datetime:
    """Until when somebody is waited for whom no message has reached yet."""
    return min(max(min(asked_at + _UNTOLD, starts_at - _LAST_CALL), asked_at + SHORTEST), starts_at)


def give_up_at(starts_at: datetime, alarmed_at: datetime, hours: PermittedHours) -> datetime:
    """When a visitor is told that nobody was found, unless coordinators find somebody: it may have been already."""
    looking = hours.after(alarmed_at, _running(starts_at, FOR_COORDINATORS, alarmed_at), starts_at)
    return min(looking, starts_at - _HONEST_BEFORE)


def remind_at(starts_at: datetime, since: datetime, zone: tzinfo) -> datetime | None:
    """When somebody is reminded of what they said yes to: the day before at the same time on the wall.

    None for who said so after that.
    """
    wall = starts_at.astimezone(zone).replace(tzinfo=None) - timedelta(days=1)
    due = wall.replace(tzinfo=zone).astimezone(UTC)
    return due if since < due else None


def _running(starts_at: datetime, longest: timedelta, since: datetime) -> timedelta:
    return max(min(longest, (starts_at - since) / PART_OF_TIME_LEFT), SHORTEST)
