from datetime import date

from services.catalog.domain import BookedBy, CapacityFrom, Counts, Mode
from services.catalog.kinds import Audience
from services.catalog.views.activities import Capacity
from services.catalog.views.branches import BranchView, Closure
from services.catalog.views.texts import Lines, Texts
from shared.models import Model


class KindView(Model):
    """A kind of activity, explained to somebody who has never heard of it."""

    id: str
    labels: Texts
    plain: Texts
    """What it is, in one plain sentence."""
    audience: Audience
    bring: Texts
    covers: Lines
    """What one gets help with; empty where it needs no list."""
    declines: Lines
    """What nobody there will do."""


class KindTerms(Model):
    """How activities are held and booked; an activity's own fields of the same names tell what each means."""

    minutes: int
    mode: Mode
    counts: Counts
    capacity: Capacity
    party_max: int
    children: bool
    booked_by: BookedBy
    late_cancel_hours: int
    fill_from_hours: int
    offer_minutes: int
    reminder_hours: int
    reconfirm: bool
    certificate: bool
    capacity_from: CapacityFrom
    helpers_needed: int
    register_note: bool


class KindSettings(KindView):
    """A kind, and what its new activities start from."""

    revision: int
    terms: KindTerms
    suggested: KindTerms
    """What Plats suggests: the terms, where no administrator set them otherwise."""


class Kinds(Model):
    """All kinds of activity."""

    items: tuple[KindSettings, ...]
    next: None = None


class Choices(Model):
    """What one can look for in the programme."""

    kinds: tuple[KindView, ...]
    branches: tuple[BranchView, ...]
    languages: tuple[str, ...]
    """Of coming sessions, the most common first."""
    first: date | None
    """The local date of the first coming session, and of the last."""
    last: date | None
    closures: tuple[Closure, ...]
    """Of all branches, in the coming 60 days."""
