from services.catalog.views.branches import BranchPage, Closure
from services.catalog.views.closures import ClosureView
from services.catalog.views.history import DifferenceView
from services.catalog.views.kinds import KindSettings
from services.catalog.views.sessions import StaffSessionView
from shared.models import Model


class BranchPreview(Model):
    """What a change of a library would mean."""

    changes: tuple[DifferenceView, ...]
    """What would be different; none is nothing."""
    sessions: int
    """How many coming sessions would show what is new of its name, telephone or address; none where that stays."""
    outside_hours: int
    """How many coming sessions would lie outside its hours that lie within them now; they would stay."""
    outside: tuple[StaffSessionView, ...]
    """The first of those."""


class ChangedBranch(BranchPage):
    """A library after a change."""

    sessions: int
    """How many coming sessions show what is new."""


class Planned(Model):
    """What is planned at a library on some days."""

    branch_id: str
    sessions: int


class ClosurePreview(Closure):
    """What shutting all libraries would mean."""

    planned: tuple[Planned, ...]
    """Where something is planned then: it would stay until somebody calls it off."""


class ClosureOfAll(ClosureView):
    """Days on which all libraries are shut, and what is planned then."""

    planned: tuple[Planned, ...]


class KindInUse(KindSettings):
    """A kind, what its new activities start from, and those there are."""

    activities: int
    """How many activities of it there are; a change of the kind leaves them as they are."""
