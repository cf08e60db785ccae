"""Opening hours and closures to try Plats with.

The hours of Kista, Rinkeby, Tensta and Husby were in a local paper once; all others are invented.
"""

from __future__ import annotations

from calendar import FRIDAY, MONDAY, SATURDAY, SUNDAY, THURSDAY, TUESDAY, WEDNESDAY
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid5

from services.catalog.demo.rows import NAMESPACE
from services.catalog.opening import Closure, Hours

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DAYS = (MONDAY, TUESDAY, WEDNESDAY, THURSDAY)
_WEEKEND = (SATURDAY, SUNDAY)


class _Span(NamedTuple):
    weekdays: tuple[int, ...]
    opens: int
    """Hour."""
    closes: int
    staffed: bool = True


_SMALL = (_Span((MONDAY, WEDNESDAY), 12, 19), _Span((TUESDAY, THURSDAY), 10, 17), _Span((FRIDAY,), 10, 16))
_MIDDLE = (_Span(_DAYS, 10, 19), _Span((FRIDAY,), 10, 17), _Span((SATURDAY,), 11, 15))
_LARGE = (_Span(_DAYS, 9, 20), _Span((FRIDAY,), 9, 18), _Span(_WEEKEND, 11, 16))

_EARLY = _Span((TUESDAY, THURSDAY, FRIDAY), 7, 10, staffed=False)
_LATE = _Span((MONDAY, WEDNESDAY), 19, 21, staffed=False)
_WEEKENDS = _Span(_WEEKEND, 9, 18, staffed=False)

_TABLE = (
    ("kista", (_Span((*_DAYS, FRIDAY, *_WEEKEND), 10, 20),)),
    (
        "rinkeby",
        (
            _Span((MONDAY, THURSDAY), 10, 19),
            _Span((TUESDAY,), 12, 19),
            _Span((WEDNESDAY,), 10, 17),
            _Span((FRIDAY,), 10, 18),
            _Span((SATURDAY,), 12, 16),
        ),
    ),
    (
        "tensta",
        (
            _Span((MONDAY, WEDNESDAY, THURSDAY, FRIDAY), 10, 18),
            _Span((TUESDAY,), 12, 18),
            _Span(_WEEKEND, 12, 16),
        ),
    ),
    ("husby", (_Span((MONDAY, WEDNESDAY), 12, 19), _Span((FRIDAY,), 10, 17), _Span((SATURDAY,), 12, 16))),
    ("farsta hornstull kungsholmen skarholmen stadsbiblioteket transtromer vallingby", _LARGE),
    ("alvsjo arsta bredang brommaplan fruangen hagsatra hasselby-gard hogdalen", _MIDDLE),
    ("luma ostermalm skarpnack spanga sture telefonplan", _MIDDLE),
    (
        "norra-djurgardsstaden",
        (*_MIDDLE, _Span(_DAYS, 7, 10, staffed=False), _Span(_DAYS, 19, 21, staffed=False)),
    ),
    ("alvik aspudden bagarmossen bjorkhagen blackeberg enskede gubbangen ostberga skondal", _SMALL),
    ("hasselby-villastad orby stora-essingen", (*_SMALL, _EARLY, _LATE, _WEEKENDS)),
    (
        "grondal",
        (
            _Span(_DAYS, 12, 18),
            _Span((FRIDAY,), 10, 16),
            _Span(_DAYS, 7, 12, staffed=False),
            _Span(_DAYS, 18, 21, staffed=False),
            _WEEKENDS,
        ),
    ),
)

HOURS = tuple(
    Hours(branch_id=branch, weekday=weekday, opens=time(span.opens), closes=time(span.closes), staffed=span.staffed)
    for branches, spans in _TABLE
    for branch in branches.split()
    for span in spans
    for weekday in span.weekdays
)

_FIRST_WEEK = range(1, 8)
_JUNE = 6
_MIDSUMMER = range(19, 26)
_PLANNING = {"sv": "Personalen planerar", "en": "The staff are planning"}


def closures(first: date, last: date) -> Iterator[Closure]:
    """The eves on which every branch is shut, and a day each month on which Örby is; ids come from the day."""
    for day in (first + timedelta(days=number) for number in range((last - first).days + 1)):
        if reasons := _eve(day):
            yield _closure("every-branch", None, day, reasons)
        if day.weekday() == WEDNESDAY and day.day in _FIRST_WEEK:
            yield _closure("orby", "orby", day, _PLANNING)


def _closure(name: str, branch: str | None, day: date, reasons: Mapping[str, str]) -> Closure:
    id_ = uuid5(NAMESPACE, f"closure/{name}/{day.isoformat()}")
    return Closure(id=id_, branch_id=branch, first_day=day, last_day=day, reasons=reasons)


def _eve(day: date) -> Mapping[str, str] | None:
    """What eve a day is, of those that are no red days and yet everybody is off."""
    if (day.month, day.day) == (12, 24):
        return {"sv": "Julafton", "en": "Christmas Eve"}
    if (day.month, day.day) == (12, 31):
        return {"sv": "Nyårsafton", "en": "New Year's Eve"}
    if day.month == _JUNE and day.day in _MIDSUMMER and day.weekday() == FRIDAY:
        return {"sv": "Midsommarafton", "en": "Midsummer's Eve"}
    return None
