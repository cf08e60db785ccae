"""How people are reached. Deleting a row erases a person."""

from uuid import UUID

from services.booking import codes
from services.booking.reach import Reach
from shared.db import Connection


async def add_contact(conn: Connection, ref: UUID, name: str, reach: Reach, language: str) -> str:
    """Store how to reach a person, under a code nobody else has; gives the code."""
    while True:
        code = codes.new_code()
        fresh = await conn.fetchval(
            """
            INSERT INTO contact (ref, code, name, reach, phone, email, language) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (code) DO NOTHING RETURNING true
            """,
            ref,
            code,
            name,
            reach.by,
            reach.phone,
            reach.email,
            language,
        )
        if fresh:
            return code
