from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from services.catalog.domain import UnknownBranch
from services.catalog.feeds import Entry, Feed
from services.catalog.kinds import KINDS
from services.catalog.queries.session import COMING, TABLES
from shared.calendars import Occasion
from shared.i18n import SOURCE_LANGUAGE, choose

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    import asyncpg

    from shared.db import Connection

_STRUCK_OUT = timedelta(days=30)
"""How long at least what was called off is shown as such: programs that ask seldom would else just lose it. It lasted
a day at most and was not over then, so nothing that began longer ago is looked at: sessions stay for ever."""

_EVERYWHERE = {"sv": "Bibliotekens program", "en": "The libraries’ programme"}
_ONLINE = "Online"
_FOR_EVERYONE = [kind.id for kind in KINDS.values() if kind.audience == "everyone"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscribed:
    """What part of the programme a calendar shows, and in which words; None is no wish."""

    branch: str | None = None
    kind: str | None = None
    """Without one, all kinds that are for everyone."""
    language: str | None = None
    lang: str = "sv"
    """The language of the texts; Swedish where there is none in it."""


async def feed(conn: Connection, subscribed: Subscribed, zone: ZoneInfo, public_url: str) -> Feed:
    """What is coming, and what was called off.

    Raises:
        UnknownBranch: there is none of that id.
    """
    branch = subscribed.branch and await conn.fetchval("SELECT name FROM branch WHERE id = $1", subscribed.branch)
    if subscribed.branch and branch is None:
        raise UnknownBranch("there is no such branch")
    rows = await conn.fetch(
        """
        SELECT s.id, s.revision, s.status, s.place, s.room, s.theme, s.starts_at, s.ends_at, s.updated_at,
            a.kind, a.titles, a.summaries, a.audiences, b.name, b.address
        """
        + TABLES
        + """
        WHERE (s.status = 'published' OR s.struck_out)
            AND s.starts_at > statement_timestamp() - $1::interval - interval '1 day'
            AND (
        """
        + COMING
        + """
                OR (s.struck_out AND greatest(s.ends_at, s.updated_at + $1) > statement_timestamp()))
            AND a.kind = ANY ($2)
            AND ($3::text IS NULL OR s.branch_id = $3)
            AND ($4::text IS NULL OR $4 = ANY (a.languages))
        ORDER BY s.starts_at, s.id
        """,
        _STRUCK_OUT,
        [subscribed.kind] if subscribed.kind else _FOR_EVERYONE,
        subscribed.branch,
        subscribed.language,
    )
    lang = subscribed.lang
    name = branch or choose(_EVERYWHERE, lang)
    return Feed(
        name=f"{name}: {choose(KINDS[subscribed.kind].labels, lang)}" if subscribed.kind else name,
        entries=tuple(_entry(row, lang, zone, public_url) for row in rows),
    )


def _entry(row: asyncpg.Record, lang: str, zone: ZoneInfo, public_url: str) -> Entry:
    texts = [choose(row[told], lang) for told in ("theme", "summaries", "audiences") if row[told]]
    occasion = Occasion(
        uid=f"{row['id']}@plats",
        sequence=row["revision"],
        stamp=row["updated_at"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        zone=zone,
        title=choose(row["titles"], lang),
        location=_where(row),
        description="\n".join(texts),
        url=_page(row, lang, public_url),
        cancelled=row["status"] == "cancelled",
    )
    return Entry(occasion=occasion, category=choose(KINDS[row["kind"]].labels, lang))


def _page(row: asyncpg.Record, lang: str, public_url: str) -> str:
    """The session's page. A language in which it has no title may be one in which there are no pages."""
    spoken = lang if lang in row["titles"] else SOURCE_LANGUAGE
    return f"{public_url}/{spoken}/sessions/{row['id']}" if public_url else ""


def _where(row: asyncpg.Record) -> str:
    """The place in full: library, room, address; away from the library, only where it is then."""
    if row["place"] == "online":
        return _ONLINE
    if row["place"] == "outreach" and row["room"]:
        return str(row["room"])
    return ", ".join(part for part in (row["name"], row["room"], row["address"]) if part)
