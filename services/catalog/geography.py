"""What is near: places as people type them, and how far it is between two. Coordinates are good to some 500 m."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from services.catalog.search import fold, swedish_order, words

_KM_PER_DEGREE = 111.2
"""Of a meridian: the mean circumference of the earth, 40 030 km, in 360 parts."""


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
