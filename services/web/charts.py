"""Columns to look at, where a table has the numbers: drawn here, so that they need no script.

Places across are percent of the width and those down are pixels: the drawing takes what room there is, and its words
stay as large as they are on the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

HEIGHT = 200
"""Pixels from the ground line to the highest tick."""
ABOVE = 26
"""For the number on top of the highest column."""

_FILLED = 0.72
"""How much of its place a column fills."""
_LINES = 4
_WIDEST = 9.0
"""Percent: where there are few columns they do not become walls."""
_LABELS, _LABELS_ON_A_PHONE = 13, 6
"""So many fit beside each other."""


class Value(NamedTuple):
    """What one column stands for."""

    label: str
    number: int | None
    """None where it is not told."""
    whole: bool
    """Whether that is all; otherwise it is the least."""


class Column(NamedTuple):
    """One of them, drawn."""

    value: Value
    start: float
    width: float
    middle: float
    top: float
    height: float
    labelled: bool
    """Whether there is room for its words; ``labelled_on_a_phone`` where there is little."""
    labelled_on_a_phone: bool


class Line(NamedTuple):
    """One of the lines across, and what it stands for."""

    y: float
    number: int


class Chart(NamedTuple):
    """A drawing of columns."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    ground: int
    """Where the columns stand, in pixels from above."""


def columns(values: Sequence[Value], direction: str = "ltr") -> Chart:
    """Draw values beside each other, the first where the language begins to read."""
    most = max((value.number or 0 for value in values), default=0)
    step = _step(most)
    highest = step * max(1, ceil(most / step))
    ground = ABOVE + HEIGHT
    place = 100 / max(1, len(values))
    width = min(place * _FILLED, _WIDEST)
    every, every_on_a_phone = (ceil(len(values) / fit) for fit in (_LABELS, _LABELS_ON_A_PHONE))
    drawn = []
    for n, value in enumerate(values):
        middle = place * (n + 0.5)
        if direction == "rtl":
            middle = 100 - middle
        height = HEIGHT * (value.number or 0) / highest
        drawn.append(
            Column(
                value=value,
                start=round(middle - width / 2, 3),
                width=round(width, 3),
                middle=round(middle, 3),
                top=round(ground - height, 1),
                height=round(height, 1),
                labelled=n % every == 0,
                labelled_on_a_phone=n % every_on_a_phone == 0,
            )
        )
    lines = [Line(y=ground - HEIGHT * at / highest, number=at) for at in range(0, highest + 1, step)]
    return Chart(columns=tuple(drawn), lines=tuple(lines), ground=ground)


def _step(most: int) -> int:
    """How far the lines are apart: 1, 2 or 5 of some size, so that there are few."""
    size = 1
    while most > 5 * size * _LINES:
        size *= 10
    return next(step for step in (size, 2 * size, 5 * size) if most <= step * _LINES)
