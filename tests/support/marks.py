"""Looking for marked people in everything that is stored: every column of every table, and files."""

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path

import asyncpg

_BOOKKEEPING = frozenset({"_yoyo_log", "_yoyo_migration", "_yoyo_version", "yoyo_lock"})


def spelled(marks: Iterable[str | bytes]) -> set[str]:
    """Marks as a row shows them when it is read as text: bytes, and texts within bytes, are hexadecimal there."""
    found = set()
    for mark in marks:
        if isinstance(mark, str):
            found.update({mark, mark.encode().hex()})
        else:
            found.add(mark.hex())
    return found


async def marked_tables(databases: Mapping[str, str], marks: Iterable[str | bytes]) -> set[str]:
    """The tables, named with their service, any row of which holds any of these marks in any column."""
    wanted = list(spelled(marks))
    found = set()
    for service, dsn in databases.items():
        conn = await asyncpg.connect(dsn)
        try:
            for row in await conn.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
                table = row["tablename"]
                query = f"""
                    SELECT EXISTS (
                        SELECT FROM public."{table}" AS whole CROSS JOIN unnest($1::text[]) AS mark
                        WHERE position(lower(mark) IN lower(whole::text)) > 0
                    )
                """  # noqa: S608 - names of our own tables
                if table not in _BOOKKEEPING and await conn.fetchval(query, wanted):
                    found.add(f"{service}.{table}")
        finally:
            await conn.close()
    return found


async def marked_files(folders: Iterable[Path], marks: Iterable[str | bytes]) -> set[str]:
    """The log files in these folders that hold any of these marks."""
    wanted = [mark.lower() for mark in spelled(marks)]

    def look() -> set[str]:
        logs = [path for folder in folders for path in folder.rglob("*.log")]
        assert logs, "nothing was looked at"
        read = {path: path.read_text(errors="replace").lower() for path in logs}
        return {path.name for path, text in read.items() if any(mark in text for mark in wanted)}

    return await asyncio.to_thread(look)
