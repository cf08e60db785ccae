"""A sitting: slots that follow each other, each a session of its own with its own seats and queue."""

from datetime import datetime, timedelta
from typing import TypeAlias

from services.catalog.domain.refusals import Invalid

Slot: TypeAlias = tuple[datetime, datetime]
"""When it starts and ends."""


def slots(starts_at: datetime, ends_at: datetime, minutes: int) -> tuple[Slot, ...]:
    """The slots of a sitting.

    Raises:
        Invalid: they do not fill it.
    """
    length = timedelta(minutes=minutes)
    number, left_over = divmod(ends_at - starts_at, length)
    if number < 1 or left_over:
        whole = round((ends_at - starts_at) / timedelta(minutes=1))
        raise Invalid(f"slots of {minutes} minutes do not fill {whole} minutes", "slot_minutes")
    return tuple((starts_at + nth * length, starts_at + (nth + 1) * length) for nth in range(number))
