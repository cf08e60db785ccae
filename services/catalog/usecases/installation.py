"""Administrators decide when people are written to and how much is let through."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from services.catalog import store
from services.catalog.domain import Change, Difference, StaleRevision
from shared import audit, installation
from shared.events import INSTALLATION, InstallationChanged
from shared.installation import Decided, Rules
from shared.outbox import emit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.auth import Staff
    from shared.db import Connection


def differences(before: Rules, after: Rules) -> tuple[Difference, ...]:
    """What one decision makes different from another, in the words of the API."""
    compared = ((rule.name, getattr(before, rule.name), getattr(after, rule.name)) for rule in fields(Rules))
    return tuple(Difference(field=name, was=_shown(was), is_=_shown(is_)) for name, was, is_ in compared if was != is_)


def _shown(value: object) -> str | int:
    return value if isinstance(value, int) else str(value)


async def present(conn: Connection, usual: Rules) -> Decided:
    """What counts now: what was decided last, or else ``usual``."""
    return await installation.decided(conn) or Decided(revision=0, rules=usual)


async def decide(conn: Connection, by: Staff, wanted: Mapping[str, Any], usual: Rules, revision: int | None) -> Decided:
    """Decide what ``wanted`` says, by the names of the rules, and tell everybody; the same again changes nothing.

    Raises:
        StaleRevision: it was thought of from another revision than the present one.
    """
    await store.lock_installation(conn)
    before = await present(conn, usual)
    if revision is not None and revision != before.revision:
        raise await _stale(conn, before, revision, usual)
    rules = replace(before.rules, **wanted)
    changed = differences(before.rules, rules)
    if not changed:
        return before
    told = rules.told(before.revision + 1)
    await installation.keep(conn, told)
    names = [difference.field for difference in changed]
    await audit.note(conn, by, "limits-changed", "installation", INSTALLATION, branch=None, fields=names)
    await emit(conn, InstallationChanged.of(INSTALLATION, told))
    return await present(conn, usual)


async def _stale(conn: Connection, now: Decided, revision: int, usual: Rules) -> StaleRevision:
    then = await installation.earlier(conn, revision)
    since = differences(then.rules if then else usual, now.rules)
    at = now.at or await store.now(conn)
    return StaleRevision(
        now.revision, [Change(revision=now.revision, difference=one, at=at, by="admin") for one in since]
    )
