"""How long people's details are kept after their session: what was decided, and by what right (decision 0020).

Every service has the decision in its own database, where ``plats purge decide`` records it in each.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.db import Connection

LONGEST = 3650
"""Days; longer than that is no erasure."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """Somebody who may decided for how long details are kept."""

    reference: str
    """Under which it is found among the municipality's papers."""
    decided_on: date
    days: int
    """After the end of a session."""
    recorded_by: str = field(compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Old:
    """How much is older than some days, and would be erased."""

    people: int = 0
    """Whose details these are, counted once for each booking of theirs."""
    sessions: int = 0
    """After which they are kept."""


async def decision(conn: Connection) -> Decision | None:
    """What was decided last; None where nobody has: then nothing about people is deleted by its age."""
    found = await recorded(conn)
    return found and found[0]


async def recorded(conn: Connection) -> tuple[Decision, datetime] | None:
    """What was decided last, and when it was recorded."""
    row = await conn.fetchrow(
        """
        SELECT reference, decided_on, days, recorded_by, recorded_at
        FROM erasure_decision ORDER BY id DESC LIMIT 1
        """
    )
    if row is None:
        return None
    values = dict(row)
    at = values.pop("recorded_at")
    return Decision(**values), at


async def record(conn: Connection, new: Decision) -> bool:
    """Keep what was decided; tells whether that was news. The same again changes nothing, whoever records it."""
    await conn.execute("LOCK TABLE erasure_decision IN SHARE ROW EXCLUSIVE MODE")
    known = await decision(conn)
    if known == new:
        return False
    await conn.execute(
        "INSERT INTO erasure_decision (reference, decided_on, days, recorded_by) VALUES ($1, $2, $3, $4)",
        new.reference,
        new.decided_on,
        new.days,
        new.recorded_by,
    )
    return True
