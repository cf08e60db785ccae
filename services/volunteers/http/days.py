"""Local days in what is asked for, and the moments they begin at."""

from datetime import date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from shared.models import Strict

LocalDate = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]


class Period(Strict):
    """Local days, ``to`` exclusive."""

    from_: Annotated[LocalDate, Field(alias="from")]
    to: LocalDate


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a local day begins."""
    return datetime.combine(day, time(), zone)
