"""Reading what is typed into forms of the plan."""

from __future__ import annotations

import re
from datetime import date, time
from typing import TYPE_CHECKING

from services.web.faults import seen
from services.web.rendering import msgid

if TYPE_CHECKING:
    from multidict import MultiDictProxy

_TIME = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)")
_LONGEST = 1000
"""More than any field holds: what is too long stays so."""
_A_DAY = 24 * 60
_NIGHT = 6 * 60

ENDS_BEFORE = msgid("Sluttiden behöver vara efter starttiden.")


def text(form: MultiDictProxy[str], name: str, default: str = "") -> str:
    """What stands in a field, in signs that can be seen."""
    return seen(form.get(name, default)).strip()[:_LONGEST]


def lines(form: MultiDictProxy[str], name: str) -> str:
    """What stands in a field of several lines."""
    given = form.get(name, "").replace("\r\n", "\n").split("\n")
    return "\n".join(seen(line) for line in given).strip()[:_LONGEST]


def clock(typed: str) -> time | None:
    """A time as people write it: ``17.00``, ``9:30``; None for what is none."""
    found = _TIME.fullmatch(typed)
    return time(int(found[1]), int(found[2])) if found else None


def length(starts: time, ends: time) -> int | None:
    """How long it is; what ends before it starts by the clock ends the next day. None for more than a night: a slip."""
    between = (ends.hour - starts.hour) * 60 + ends.minute - starts.minute
    if between > 0:
        return between
    return between + _A_DAY if between + _A_DAY <= _NIGHT else None


def day(typed: str) -> date | None:
    """A date as browsers send it; None for what is none."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def count(typed: str) -> int | None:
    """A number of people, seats or minutes; None for what is none."""
    return int(typed) if re.fullmatch(r"\d{1,6}", typed, re.ASCII) else None
