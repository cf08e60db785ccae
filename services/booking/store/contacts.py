"""How people are reached. Deleting a row erases a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.booking.reach import Reach
from shared import codes
from shared.db import Connection


async def add_contact(conn: Connection, ref: UUID, name: str, reach: Reach, language: str) -> str:
    """Store how to reach a person, under a code nobody else has; gives the code."""
    while True:
        code = codes.new_code()
        fresh = await conn.fetchval(
            """
            INSERT INTO contact (ref, code, name, reach, phone, email, language, behalf_of)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (code) DO NOTHING RETURNING true
            """,
            ref,
            code,
            name,
            reach.by,
            reach.phone,
            reach.email,
            language,
            reach.behalf_of,
        )
        if fresh:
            return code


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """A person, as far as staff may change how they are reached."""

    name: str
    reach: Reach


async def of(conn: Connection, ref: UUID) -> Contact | None:
    """How a person is reached; None once they were erased."""
    row = await conn.fetchrow("SELECT name, reach, phone, email, behalf_of FROM contact WHERE ref = $1", ref)
    if row is None:
        return None
    reach = Reach(by=row["reach"], phone=row["phone"], email=row["email"], behalf_of=row["behalf_of"])
    return Contact(name=row["name"], reach=reach)


async def change_reach(conn: Connection, refs: Sequence[UUID], reach: Reach) -> None:
    """Have a person reached in another way, under all these."""
    await conn.execute(
        "UPDATE contact SET reach = $2, phone = $3, email = $4, behalf_of = $5 WHERE ref = ANY($1)",
        refs,
        reach.by,
        reach.phone,
        reach.email,
        reach.behalf_of,
    )


async def erase(conn: Connection, refs: Sequence[UUID]) -> None:
    """Forget people; what else could tell of them goes with them."""
    await conn.execute("DELETE FROM contact WHERE ref = ANY($1)", refs)
