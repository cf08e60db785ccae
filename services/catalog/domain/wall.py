"""The clock on the wall, which people go by."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from services.catalog.domain.refusals import Invalid


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """The present time, and where the clock is that people go by."""

    now: datetime
    zone: ZoneInfo


def on_the_wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """What calendar and clock show at a moment."""
    return moment.astimezone(zone).replace(tzinfo=None)


def moment_of(shown: datetime, zone: ZoneInfo, field: str) -> datetime:
    """The moment at which calendar and clock show this; the first one, where they show it twice.

    Raises:
        Invalid: they never do, because the clocks go forward over it.
    """
    moment = shown.replace(tzinfo=zone).astimezone(UTC)
    if on_the_wall(moment, zone) != shown:
        raise Invalid(f"{shown:%Y-%m-%d} has no {shown:%H.%M}: the clocks go forward over it", field)
    return moment
