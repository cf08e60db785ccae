"""How a session went, as its staff said."""

from __future__ import annotations

from typing import Literal, TypeAlias

from shared.models import Model

Organiser: TypeAlias = Literal["library", "library_with_partner", "other_municipal", "external"]
Place: TypeAlias = Literal["branch", "outreach", "online"]


class Closing(Model):
    """What is counted at the end."""

    revision: int
    held: bool
    adults: int
    children: int
    staff_involved: bool
    organiser: Organiser
    place: Place
    closed_group: bool
