from uuid import UUID

from services.catalog.views.branches import Closure
from services.catalog.views.sessions import StaffSessionView
from shared.models import Model


class ClosureView(Closure):
    """Days on which a library is shut, as its staff set them."""

    id: UUID
    everywhere: bool
    """Whether all libraries are: then it is none of one library's own."""


class Closures(Model):
    """The closures of a library, or of all, that are not over, in order; red days are none."""

    items: tuple[ClosureView, ...]
    next: None = None


class NewClosure(ClosureView):
    """A new closure, and what is planned on those days: it stays until somebody calls it off."""

    sessions: tuple[StaffSessionView, ...]
