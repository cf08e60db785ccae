"""Who is signed in, as pages see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.claims import Role


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody who is signed in, and what they may do here as their identity provider last said.

    Pages go by it to show what is of use. What is allowed, each service decides by the token itself.
    """

    subject: str
    name: str
    role: Role | None
    branches: frozenset[str]
    token: str
    """Their access token, which goes along with every call on their behalf."""
    csrf: str
    """What every form of theirs carries: a page of another site cannot know it."""
    branch: str | None
    """The library they chose last; None is all that are theirs."""

    @property
    def is_admin(self) -> bool:
        """Whether everything of every library is theirs."""
        return self.role == "admin"

    @property
    def works_here(self) -> bool:
        """Whether the staff's pages are for them."""
        return self.is_admin or (self.role == "staff" and bool(self.branches))

    def may(self, branch: str) -> bool:
        """Whether they work at a library."""
        return self.is_admin or (self.role == "staff" and branch in self.branches)
