from uuid import UUID

from services.catalog.domain import BookedBy, CapacityFrom, Counts, Mode
from services.catalog.views.texts import Texts
from shared.events import Question
from shared.models import Model


class Capacity(Model):
    """The seats an activity's new sessions start with."""

    seats: int
    walk_in: int
    queue: int


class ActivityView(Model):
    """What happens at sessions, in each language there is."""

    id: UUID
    revision: int
    archived: bool
    """Nothing new is planned of it."""
    kind: str
    kind_labels: Texts
    titles: Texts
    sms_titles: Texts
    summaries: Texts
    audiences: Texts
    """Who it is for, where that is narrower than its kind."""
    bring: Texts
    """What to have along, where it is not what its kind says."""
    led_by: Texts
    languages: tuple[str, ...]
    level: str | None
    minutes: int
    mode: Mode
    counts: Counts
    party_max: int
    children: bool
    booked_by: BookedBy
    late_cancel_hours: int
    fill_from_hours: int
    """From so long before the start a seat goes to the first party of the waiting list that fits, not only to its
    head."""
    offer_minutes: int
    """How long an offer of a seat may be answered, where the start is far away."""
    reminder_hours: int
    """How long before the start people are reminded; 0 is never."""
    reconfirm: bool
    """Whether the reminder of a full session asks everybody to say that they come."""
    ask: tuple[Question, ...]
    """What a booking is asked for."""
    certificate: bool
    """Whether who was there may have it in writing."""
    capacity_from: CapacityFrom
    """``staffing``: no more seats than there are helpers, once somebody says how many."""
    helpers_needed: int
    """How many volunteers; 0 where the library's own people do it."""
    register_note: bool
    """Whether it is work with children, for which their register extract has to have been seen."""
    capacity: Capacity


class Activities(Model):
    """A page of activities; ``next`` is the cursor of the following one."""

    items: tuple[ActivityView, ...]
    next: str | None
