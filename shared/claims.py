"""From what an identity provider says of somebody to their role and libraries here, as the installation is told.

Municipalities' providers differ in what they can send: Entra ID has lists of application roles and of group ids,
Keycloak keeps roles inside another claim, some send one word. All of that is a rule here, and no code.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from shared.models import Strict

Role: TypeAlias = Literal["staff", "admin", "coordinator"]

_HIGHEST_FIRST: tuple[Role, ...] = ("admin", "staff", "coordinator")

Claims: TypeAlias = Mapping[str, object]


class ClaimRules(Strict):
    """Which claims to read, and what their values mean; ``PLATS_IDENTITY_CLAIMS`` holds them as JSON."""

    role: str = "plats_role"
    """The claim with somebody's role or roles; a dot leads into a claim: ``realm_access.roles``."""
    roles: Mapping[str, Role] = {"staff": "staff", "admin": "admin", "coordinator": "coordinator"}
    """What its values mean; others mean nothing."""
    branches: str = "plats_branches"
    """The claim with the libraries where they work."""
    branch_of: Mapping[str, str] | None = None
    """Which library each value means, as for the ids of groups; others mean none. None: the values are libraries."""

    def role_of(self, claims: Claims) -> Role | None:
        """The highest role that somebody has; None for who has none here."""
        given = {self.roles.get(value) for value in _values(claims, self.role)}
        return next((role for role in _HIGHEST_FIRST if role in given), None)

    def branches_of(self, claims: Claims) -> frozenset[str]:
        """The libraries where somebody works."""
        values = _values(claims, self.branches)
        if self.branch_of is None:
            return frozenset(values)
        return frozenset(self.branch_of[value] for value in values if value in self.branch_of)


def _values(claims: Claims, path: str) -> list[str]:
    """The words of a claim, whether it is one or a list; a claim that is called so with its dots goes first."""
    found: object = claims.get(path)
    if found is None:
        found = claims
        for step in path.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
    listed = found if isinstance(found, list | tuple) else [found]
    return [value for value in listed if isinstance(value, str) and value]
