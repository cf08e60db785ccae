from datetime import date

from services.catalog.domain import StopKind
from services.catalog.views.texts import Texts
from shared.models import Model


class BranchView(Model):
    """A library, and how to reach it."""

    id: str
    name: str
    phone: str
    address: str
    district: str
    stop: str
    """The nearest stop of public transport, in Swedish; empty where none is known."""
    stop_kind: StopKind
    """What stops there; empty where none is known."""
    stop_name: str


class Branches(Model):
    """All libraries, in Swedish alphabetical order."""

    items: tuple[BranchView, ...]
    next: None = None


class Hours(Model):
    """A stretch of a weekday when one may come in, by the clock on the wall: ``10:00``."""

    weekday: int
    """0 is Monday."""
    opens: str
    closes: str
    staffed: bool
    """Not staffed: for those with an agreement and a card."""


class Closure(Model):
    """Days on which a library is shut, both included."""

    first: date
    last: date
    reasons: Texts


class BranchPage(BranchView):
    """A library, where it is and when it is open; the closures of the coming 60 days, red days among them."""

    revision: int
    sms_name: str
    """What it is called in an SMS."""
    latitude: float
    longitude: float
    hours: tuple[Hours, ...]
    closures: tuple[Closure, ...]
