from services.catalog.views.sessions import SessionView
from shared.models import Model


class NearBranch(Model):
    """A library, and how far it is as the crow flies."""

    id: str
    km: float


class Near(Model):
    """A place somebody looked for, and the nearest libraries, the nearest first."""

    name: str
    branches: tuple[NearBranch, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The libraries, the nearest first."""
        return tuple(branch.id for branch in self.branches)


class Places(Model):
    """Names that ``near`` knows: places, libraries and districts, the likeliest first."""

    items: tuple[str, ...]
    next: None = None


class Sessions(Model):
    """A page of the programme in order of start.

    With a cursor ``next`` is that of the following page, with page numbers ``total`` is what all pages hold.
    """

    items: tuple[SessionView, ...]
    next: str | None
    total: int | None
    near: Near | None


class Nearest(Model):
    """What exists nearest to a search, and the wishes given up for it, in that order.

    They are ``free``, ``q``, ``language``, ``when``, ``where`` and ``kind``.
    """

    items: tuple[SessionView, ...]
    dropped: tuple[str, ...]


class Alternatives(Model):
    """Where one gets in now instead, the best first."""

    items: tuple[SessionView, ...]
