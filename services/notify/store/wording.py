from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.db import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnWords:
    """What an administrator says instead of a catalog."""

    language: str
    key: str
    forms: tuple[str, ...] | None
    """None: the catalog's words again."""
    revision: int
    changed_at: datetime


async def own_words(conn: Connection) -> list[OwnWords]:
    """Everything that was ever said instead, or was and is no more."""
    rows = await conn.fetch("SELECT language, key, forms, revision, changed_at FROM wording ORDER BY language, key")
    return [OwnWords(**dict(row) | {"forms": row["forms"] and tuple(row["forms"])}) for row in rows]


async def lock_words(conn: Connection, language: str, key: str) -> int:
    """Hold the words of a text until the end of the transaction; gives their revision, 0 where there never were any."""
    await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"wording {language} {key}")
    revision: int | None = await conn.fetchval(
        "SELECT revision FROM wording WHERE language = $1 AND key = $2", language, key
    )
    return revision or 0


async def put_words(conn: Connection, language: str, key: str, forms: Sequence[str] | None) -> None:
    """Say these words from now on, or the catalog's again."""
    await conn.execute(
        """
        INSERT INTO wording (language, key, forms) VALUES ($1, $2, $3)
        ON CONFLICT (language, key) DO UPDATE
        SET forms = excluded.forms, revision = wording.revision + 1, changed_at = clock_timestamp()
        """,
        language,
        key,
        forms,
    )
