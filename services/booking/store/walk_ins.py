"""How many came without a booking, by age group: a number in a row, and nobody behind it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias
from uuid import UUID

from shared.db import Connection

Group: TypeAlias = Literal["child", "young", "adult"]
"""Up to 12 years, 13 to 17, and older."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """How many walked in."""

    child: int = 0
    young: int = 0
    adult: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.child + self.young + self.adult


async def add(conn: Connection, session_id: UUID, group: Group, change: int) -> None:
    """Count so many more, or fewer where ``change`` is below zero; taps at once all count, and none goes below 0."""
    await conn.execute(
        """
        INSERT INTO walk_in (session_id, age_group, people) VALUES ($1, $2, greatest(0, $3))
        ON CONFLICT (session_id, age_group) DO UPDATE SET people = greatest(0, walk_in.people + $3)
        """,
        session_id,
        group,
        change,
    )


async def counts(conn: Connection, session_id: UUID) -> Counts:
    """How many walked into a session."""
    rows = await conn.fetch("SELECT age_group, people FROM walk_in WHERE session_id = $1", session_id)
    return Counts(**{row["age_group"]: row["people"] for row in rows})


async def is_over(conn: Connection, session_id: UUID) -> bool:
    """Whether staff have closed a session; stable while its row is held."""
    return bool(await conn.fetchval("SELECT true FROM closing WHERE session_id = $1", session_id))
