"""What somebody looks for: from their own words to what rows are chosen by, and what to give up when nothing fits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, TypeVar

from services.catalog import store
from services.catalog.domain import Invalid
from services.catalog.kinds import KINDS
from services.catalog.queries.nearby import near
from services.catalog.search import sought

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from services.catalog.domain import Place
    from services.catalog.kinds import Audience
    from services.catalog.views import Near
    from shared.db import Connection

T = TypeVar("T")

_ON_THE_MAP: tuple[Place, ...] = ("branch", "outreach")
"""Where one has to go, so that it matters how far it is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What somebody looks for in the programme, in their own words; None is no wish."""

    from_: date | None = None
    to: date | None = None
    """The first local day that is not wanted any more."""
    branch: str | None = None
    near: str | None = None
    """A place, a library or a district, or how its name begins."""
    place: Place | None = None
    kind: str | None = None
    audience: Audience | None = None
    language: str | None = None
    q: str = ""
    free: bool = False
    activity: UUID | None = None
    """Only the times of this activity: no wish, and so never given up."""
    series: UUID | None = None
    """Only the dates of this series, ..."""
    sitting: UUID | None = None
    """... or the slots of this sitting: neither is a wish."""
    cancelled: bool = False
    """Whether what was called off is shown too, until its time is over: no wish either."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """What rows are chosen by; None is no wish."""

    since: datetime
    until: datetime | None = None
    branches: tuple[str, ...] | None = None
    places: tuple[Place, ...] | None = None
    kinds: tuple[str, ...] | None = None
    language: str | None = None
    words: tuple[str, ...] | None = None
    """Folded; all of them are met."""
    any_word: bool = False
    """One of them suffices."""
    free: bool = False
    activity: UUID | None = None
    series: UUID | None = None
    sitting: UUID | None = None
    cancelled: bool = False
    around: tuple[datetime, datetime | None] | None = None
    """What was wished for before ``since`` and ``until`` were given up: what is nearest to it comes first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Understood:
    """A search, and what giving it up goes by."""

    search: Search
    today: datetime
    """When the present local day began."""
    near: Near | None
    audience: tuple[str, ...] | None
    """The kinds for those who ask, where they said who they are."""


async def understood(conn: Connection, wanted: Wanted, zone: ZoneInfo) -> Understood:
    """What somebody's words mean.

    Raises:
        Invalid: a wish cannot be understood; names which.
    """
    now = await store.now(conn)
    since, until = window(wanted, now, zone)
    if wanted.branch and not await conn.fetchval("SELECT true FROM branch WHERE id = $1", wanted.branch):
        raise Invalid("there is no such branch", "branch")
    if wanted.activity and not await conn.fetchval("SELECT true FROM activity WHERE id = $1", wanted.activity):
        raise Invalid("there is no such activity", "activity")
    if wanted.series and not await conn.fetchval("SELECT true FROM series WHERE id = $1", wanted.series):
        raise Invalid("there is no such series", "series")
    if wanted.sitting and not await conn.fetchval(
        "SELECT true FROM session WHERE sitting_id = $1 LIMIT 1", wanted.sitting
    ):
        raise Invalid("there is no such sitting", "sitting")
    around = await near(conn, wanted.near) if wanted.near else None
    audience = wanted.audience and tuple(kind.id for kind in KINDS.values() if kind.audience == wanted.audience)
    search = Search(
        since=since,
        until=until,
        branches=_both((wanted.branch,) if wanted.branch else None, around.ids if around else None),
        places=_both((wanted.place,) if wanted.place else None, _ON_THE_MAP if around else None),
        kinds=_both((wanted.kind,) if wanted.kind else None, audience),
        language=wanted.language,
        words=tuple(sought(wanted.q)) or None,
        free=wanted.free,
        activity=wanted.activity,
        series=wanted.series,
        sitting=wanted.sitting,
        cancelled=wanted.cancelled and not wanted.free,
    )
    today, _ = window(Wanted(), now, zone)
    return Understood(search=search, today=today, near=around, audience=audience)


def window(wanted: Wanted, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime | None]:
    """The moments at which the first wanted day begins and the first unwanted one."""
    first = wanted.from_ or now.astimezone(zone).date()
    if wanted.to and wanted.to <= first:
        raise Invalid("`to` is the day after the last one wanted, so it must come after `from`", "to")
    return _midnight(first, zone), _midnight(wanted.to, zone) if wanted.to else None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment a local day begins."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def given_up(meant: Understood, close: Sequence[str]) -> Iterator[tuple[str, Search]]:
    """A search with its wishes given up one after the other, what matters least first; each with the wish's name.

    ``close`` are the branches to try before all others, where a place is wished for.
    """
    search = meant.search
    when: dict[str, Any] = {"since": min(search.since, meant.today), "until": None}
    if search != replace(search, **when):
        when["around"] = (search.since, search.until)
    steps: tuple[tuple[str, dict[str, Any]], ...] = (
        ("free", {"free": False}),
        ("q", {"any_word": len(search.words or ()) > 1}),
        ("q", {"words": None, "any_word": False}),
        ("language", {"language": None}),
        ("when", when),
        ("where", {"branches": tuple(close)} if close else {}),
        ("where", {"branches": None, "places": None}),
        ("kind", {"kinds": meant.audience}),
        ("kind", {"kinds": None}),
    )
    for wish, changes in steps:
        easier = replace(search, **changes)
        if easier != search:
            yield wish, easier
            search = easier


def _both(one: tuple[T, ...] | None, other: tuple[T, ...] | None) -> tuple[T, ...] | None:
    """What two wishes allow; None where there is neither."""
    if one is None or other is None:
        return other if one is None else one
    return tuple(item for item in one if item in other)
