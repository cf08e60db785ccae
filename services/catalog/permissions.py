"""Who may change which part of the programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog.domain import Forbidden

if TYPE_CHECKING:
    from shared.auth import Staff


def permit(staff: Staff, branch_id: str) -> None:
    """Let a branch's own staff and administrators pass.

    Raises:
        Forbidden: it is another branch's business.
    """
    if not staff.may(branch_id, "staff"):
        raise Forbidden("only this branch's staff and administrators change its programme")


def permitted(staff: Staff, branch_id: str | None) -> frozenset[str] | None:
    """The branches of whose plans somebody may see all: the one they name, or theirs; None is every one there is.

    Raises:
        Forbidden: it is another branch's business, or they work at none.
    """
    if branch_id:
        permit(staff, branch_id)
        return frozenset({branch_id})
    permit_somewhere(staff)
    return None if staff.role == "admin" else staff.branches


def permit_somewhere(staff: Staff) -> None:
    """Let the staff of any branch and administrators pass, where a thing belongs to no branch.

    Raises:
        Forbidden: the person works at no branch.
    """
    if staff.role != "admin" and not any(staff.may(branch, "staff") for branch in staff.branches):
        raise Forbidden("only staff of a branch and administrators do this")


def permit_administrator(staff: Staff) -> None:
    """Let administrators pass, where a thing is the whole installation's.

    Raises:
        Forbidden: the person is none.
    """
    if staff.role != "admin":
        raise Forbidden("only administrators do this")
