from typing import Annotated

from pydantic import Field

from services.catalog.domain import BookedBy, CapacityFrom, Counts, Mode
from services.catalog.inputs.fields import CapacityBody, CapacityField, Helpers, Minutes
from shared.models import Strict


class TermsBody(Strict):
    """How something is held and booked; what is left out is as it was before."""

    minutes: Minutes | None = None
    mode: Mode | None = None
    counts: Counts | None = None
    party_max: Annotated[int, Field(strict=True, ge=1, le=100)] | None = None
    children: bool | None = None
    booked_by: BookedBy | None = None
    late_cancel_hours: Annotated[int, Field(strict=True, ge=0, le=720)] | None = None
    fill_from_hours: Annotated[int, Field(strict=True)] | None = None
    """From so long before the start a seat goes to the first party of the waiting list that fits, not only to its
    head."""
    offer_minutes: Annotated[int, Field(strict=True)] | None = None
    """How long an offer of a seat may be answered, where the start is far away."""
    reminder_hours: Annotated[int, Field(strict=True)] | None = None
    """How long before the start people are reminded, by the clock on the wall; 0 is never."""
    reconfirm: bool | None = None
    """Whether the reminder of a full session asks everybody to say that they come."""
    certificate: bool | None = None
    """Whether who was there may have it in writing."""
    capacity_from: CapacityFrom | None = None
    """``staffing``: no more seats than there are helpers, once somebody says how many."""
    helpers_needed: Helpers | None = None
    """How many volunteers; 0 where the library's own people do it."""
    register_note: bool | None = None
    """Whether it is work with children, for which their register extract has to have been seen."""
    capacity: CapacityField = CapacityBody()


class KindPatch(TermsBody):
    """What new activities of a kind shall start from; what is left out stays."""

    revision: Annotated[int, Field(strict=True, ge=1)] | None = None
    """The one that the change was made from."""
