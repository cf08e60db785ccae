from typing import Annotated, Literal

from pydantic import Field

from services.catalog.domain import MOST_DATES, CapacityFrom, Mode, Place
from services.catalog.inputs.fields import (
    CapacityBody,
    CapacityField,
    Helpers,
    Host,
    Line,
    LocalDate,
    Minutes,
    Reasons,
    SlotMinutes,
    Slug,
)
from services.catalog.inputs.sessions import MeetingBody
from shared.models import Strict


class SkipBody(Strict):
    """Which days fall away of themselves."""

    closures: bool = True
    red_days: bool = True
    school_holidays: bool = False


class ExceptionBody(Strict):
    """A date of the rule on which nothing is held, and why."""

    date: LocalDate
    reason: Reasons


class SeriesBody(Strict):
    """A new series; capacity, mode and length, where left out, come from the activity."""

    branch_id: Slug
    first: LocalDate
    """The first local day that may be a date."""
    time: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    """When it begins on each date, by the clock on the wall: ``17:00``."""
    minutes: Minutes | None = None
    """How long it is on each date, all slots together."""
    rule: Annotated[Line, Field(min_length=1, max_length=300)]
    """Parts of an RRULE (RFC 5545) with an end, like ``FREQ=WEEKLY;BYDAY=TU;UNTIL=2027-06-01``."""
    skip: SkipBody = SkipBody()
    except_: Annotated[tuple[ExceptionBody, ...], Field(alias="except", max_length=MOST_DATES)] = ()
    slot_minutes: SlotMinutes | None = None
    """Each date is a sitting in slots of this length."""
    capacity: CapacityField = CapacityBody()
    capacity_from: CapacityFrom | None = None
    helpers_needed: Helpers | None = None
    """How many volunteers; 0 where the library's own people do it."""
    register_note: bool | None = None
    """Whether it is work with children, for which their register extract has to have been seen."""
    mode: Mode | None = None
    place: Place = "branch"
    room: Annotated[Line, Field(max_length=60)] = ""
    host: Host = ""
    """Who of the staff holds it, for colleagues only."""
    meeting: MeetingBody | None = None
    status: Literal["draft", "published"] = "published"
    opens_days_before: Annotated[int, Field(strict=True, ge=0, le=730)] | None = None
    """Newcomers may book from the beginning of the day that is so many before each date; left out: at once."""
