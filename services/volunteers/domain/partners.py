"""Organisations whose people help, and what each of those gives of their time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.volunteers.domain.refusals import Refusal

USUAL_HOURS_A_YEAR = 16
"""What a large employer gives each of its people for helping: two working days."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Partner:
    """An organisation whose people help."""

    id: UUID
    revision: int = 1
    name: str
    hours_a_year: int
    """What each of its people gives in a calendar year."""
    phone: str
    """The organisation's, for staff; empty where none is known."""
    active: bool = True
    """Whether its people are asked to help."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PartnerChange:
    """What somebody wants different about a partner; None is as it was."""

    name: str | None = None
    hours_a_year: int | None = None
    phone: str | None = None
    active: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One field that a change made different, at which revision, when, and by somebody in which role."""

    field: str
    was: str | int | bool
    is_: str | int | bool
    revision: int
    at: datetime
    by: str


class StaleRevision(Refusal):
    """Somebody else changed it after it was read; ``members`` tells what is different since then."""

    def __init__(self, revision: int, changes: Iterable[Difference]) -> None:
        super().__init__(f"it is at revision {revision}", "revision")
        self.members = {"revision": revision, "changes": [_member(change) for change in together(changes)]}


def changed(partner: Partner, change: PartnerChange) -> Partner:
    """The partner with a change made; the same object when it makes nothing different."""
    wanted: dict[str, Any] = {own.name: getattr(change, own.name) for own in fields(change)}
    result = replace(partner, **{name: value for name, value in wanted.items() if value is not None})
    return partner if result == partner else replace(result, revision=partner.revision + 1)


def differing(before: Partner, after: Partner) -> Sequence[str]:
    """The fields that are different, by the names under which they are sent."""
    told = (own.name for own in fields(PartnerChange))
    return [name for name in told if getattr(before, name) != getattr(after, name)]


def together(changes: Iterable[Difference]) -> Sequence[Difference]:
    """Several changes in their order as one: each field as it was at first and is at last."""
    found: dict[str, Difference] = {}
    for change in changes:
        was = found[change.field].was if change.field in found else change.was
        found[change.field] = replace(change, was=was)
    return [change for change in found.values() if change.was != change.is_]


def _member(change: Difference) -> Mapping[str, str | int | bool]:
    at = change.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return {
        "field": change.field,
        "was": change.was,
        "is": change.is_,
        "revision": change.revision,
        "at": at,
        "by": change.by,
    }
