from uuid import UUID

from shared.models import Model


class LineErrorView(Model):
    """What is wrong with a line of a table."""

    line: int
    column: str
    """Its heading."""
    detail: str


class Imported(Model):
    """What a table adds to a programme."""

    rows: int
    to_create: int
    """Sessions that are not there yet."""
    unchanged: int
    """Lines of which the session is there already, as the line says."""
    errors: tuple[LineErrorView, ...]
    """While there is one, nothing is added."""
    sessions: tuple[UUID, ...] = ()
    """What was added; nothing in a preview."""
