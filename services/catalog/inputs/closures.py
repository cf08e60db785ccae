from services.catalog.inputs.fields import LocalDate, Reasons
from shared.models import Strict


class ClosureBody(Strict):
    """Days on which a branch is shut, both included."""

    first: LocalDate
    last: LocalDate | None = None
    """Left out: it is one day."""
    reasons: Reasons
