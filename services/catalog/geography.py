"""What is near: places as people type them, and how far it is between two. Coordinates are good to some 500 m."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

from services.catalog.search import fold, words
from shared.i18n import swedish_order

_KM_PER_DEGREE = 111.2
"""Of a meridian: the mean circumference of the earth, 40 030 km, in 360 parts."""

_ALIKE = 0.7
"""How much of two names is the same, at least, for one to be taken for the other (``slusen``, ``slussen``: 0.92)."""
_SUGGESTED = 3
"""Names that one still reads before choosing."""
_PART = 3
"""Letters by which a name is known from its middle."""


class Point(NamedTuple):
    """Where something is, in degrees (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """Something people know a part of the city by."""

    name: str
    at: Point


def km(one: Point, other: Point) -> float:
    """How far it is as the crow flies, in km: within a county the earth is a plane (equirectangular projection)."""
    north = one.latitude - other.latitude
    narrowing = math.cos(math.radians((one.latitude + other.latitude) / 2))
    east = (one.longitude - other.longitude) * narrowing
    return math.hypot(north, east) * _KM_PER_DEGREE


def middle(points: Iterable[Point]) -> Point:
    """The point in the midst of some; there is at least one."""
    latitudes, longitudes = zip(*points, strict=True)
    return Point(math.fsum(latitudes) / len(latitudes), math.fsum(longitudes) / len(longitudes))


def named(spots: Iterable[Spot], typed: str) -> Spot | None:
    """The spot somebody means who typed a name or its beginning, without minding case and accents.

    A whole name decides. Of several that begin so, those written with these accents come first (``älv`` is not
    Alvik), then the first in Swedish order; of several that are called the same, the first given.
    """
    wanted, accented = " ".join(words(typed)), typed.strip().casefold()

    def least(spot: Spot) -> tuple[bool, bool, str]:
        return fold(spot.name) != wanted, not spot.name.casefold().startswith(accented), swedish_order(spot.name)

    begun = (spot for spot in spots if wanted and fold(spot.name).startswith(wanted))
    return min(begun, key=least, default=None)


def suggested(names: Iterable[str], typed: str) -> list[str]:
    """What somebody may have meant whose words begin no name, the likeliest first; at most three.

    A name that is nearly the same, or holds what was typed (``centralen``), comes before what the first word alone is
    nearly the same as (``Kista C``).
    """
    known = {fold(name): name for name in names}
    wanted = words(typed)
    if not wanted:
        return []
    whole = " ".join(wanted)
    holding = [name for name in known if len(whole) >= _PART and whole in name]
    found = [
        *get_close_matches(whole, known, _SUGGESTED, _ALIKE),
        *sorted(holding, key=len),
        *get_close_matches(wanted[0], known, _SUGGESTED, _ALIKE),
    ]
    return [known[name] for name in dict.fromkeys(found)][:_SUGGESTED]
