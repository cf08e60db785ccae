from typing import Annotated, Any

from pydantic import AfterValidator, Field

from services.catalog.domain.installation import BOUNDS, SHORTEST_HOURS
from shared.hours import Window
from shared.models import Strict


def _hours(text: str) -> str:
    window = Window.parse(text)
    if window.length.total_seconds() < SHORTEST_HOURS * 3600:
        raise ValueError(f"leave at least {SHORTEST_HOURS} hours a day")
    return str(window)


def _within(name: str) -> Any:  # noqa: ANN401 - what pydantic's Field gives
    bounds = BOUNDS[name]
    return Field(strict=True, ge=bounds.least, le=bounds.most)


BookingsOfNumber = Annotated[int, _within("bookings_of_number")]
MessagesToNumber = Annotated[int, _within("messages_to_number")]
BookingsFromNetwork = Annotated[int, _within("bookings_from_network")]
SmsPartsADay = Annotated[int, _within("sms_parts_a_day")]


class InstallationPatch(Strict):
    """What shall count from now on; what is left out stays."""

    permitted_hours: Annotated[str, Field(max_length=5), AfterValidator(_hours)] | None = None
    """In which people are written to: ``09-19``, whole hours by the clock on the wall."""
    bookings_of_number: BookingsOfNumber | None = None
    """New bookings with one number or mailbox in any 24 hours."""
    messages_to_number: MessagesToNumber | None = None
    """What one number or mailbox gets in any 24 hours."""
    bookings_from_network: BookingsFromNetwork | None = None
    """New bookings from one network address in any hour."""
    sms_parts_a_day: SmsPartsADay | None = None
    """The money stop: SMS parts that may leave on one local day."""
    revision: Annotated[int, Field(strict=True, ge=0)] | None = None
    """The revision this change was made from; another present one is refused."""
