"""What administrators decided for the whole installation, and where each service looks it up.

Every service has the decisions in its own database: catalog where they are made, the others as they hear of them. They
are read in the transaction that goes by them, so that every process follows as soon as its database knows.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Self

from shared.events import InstallationState
from shared.hours import PermittedHours, Window

if TYPE_CHECKING:
    import asyncpg

    from shared.db import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """When people may be written to, and how much is let through before somebody has to look."""

    permitted_hours: Window
    bookings_of_number: int = 5
    """New bookings with one number, or one mailbox, in any 24 hours."""
    messages_to_number: int = 15
    """What one number, or one mailbox, gets in any 24 hours."""
    bookings_from_network: int = 20
    """New bookings from one network address in any hour."""
    sms_parts_a_day: int = 3000
    """The money stop: SMS parts that may leave on one local day, over all numbers."""

    @classmethod
    def of(cls, state: InstallationState) -> Self:
        """What an event tells."""
        values = {rule.name: getattr(state, rule.name) for rule in fields(cls)}
        return cls(**values | {"permitted_hours": Window.parse(state.permitted_hours)})

    def told(self, revision: int) -> InstallationState:
        """As the others hear of it."""
        values = {rule.name: getattr(self, rule.name) for rule in fields(self)}
        return InstallationState(**values | {"permitted_hours": str(self.permitted_hours), "revision": revision})


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """Rules, and which decision they are."""

    revision: int
    """0 for what the environment says while nobody has decided anything."""
    rules: Rules
    at: datetime | None = None

    @classmethod
    def from_row(cls, row: asyncpg.Record) -> Self:
        """Read a row that has all columns."""
        values = dict(row)
        revision, at = values.pop("revision"), values.pop("decided_at")
        rules = Rules(**values | {"permitted_hours": Window.parse(values["permitted_hours"])})
        return cls(revision=revision, rules=rules, at=at)


async def decided(conn: Connection) -> Decided | None:
    """What was decided last; None where nobody has: then the environment's values count."""
    row = await conn.fetchrow(
        """
        SELECT revision, permitted_hours, bookings_of_number, messages_to_number, bookings_from_network,
            sms_parts_a_day, decided_at
        FROM installation ORDER BY revision DESC LIMIT 1
        """
    )
    return Decided.from_row(row) if row else None


async def earlier(conn: Connection, revision: int) -> Decided | None:
    """What was decided then."""
    row = await conn.fetchrow(
        """
        SELECT revision, permitted_hours, bookings_of_number, messages_to_number, bookings_from_network,
            sms_parts_a_day, decided_at
        FROM installation WHERE revision = $1
        """,
        revision,
    )
    return Decided.from_row(row) if row else None


async def keep(conn: Connection, told: InstallationState) -> bool:
    """Keep a decision; tells whether it was news. One that comes late is kept too, and changes nothing."""
    news: bool | None = await conn.fetchval(
        """
        INSERT INTO installation (
            revision, permitted_hours, bookings_of_number, messages_to_number, bookings_from_network, sms_parts_a_day
        ) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT DO NOTHING RETURNING true
        """,
        told.revision,
        told.permitted_hours,
        told.bookings_of_number,
        told.messages_to_number,
        told.bookings_from_network,
        told.sms_parts_a_day,
    )
    return news is True


async def hours(conn: Connection, usual: PermittedHours) -> PermittedHours:
    """When people may be written to: as was decided, or else ``usual``."""
    found = await decided(conn)
    return replace(usual, window=found.rules.permitted_hours) if found else usual
