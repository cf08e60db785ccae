"""When schools are off, by municipality: each decides for itself, so this table is kept up by hand.

Whoever adds a school year writes its days from the municipality's own page, and moves ``known_until``. A series that
goes further is refused rather than held on days that nobody knew of.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple, TypeAlias

Municipality: TypeAlias = Literal["stockholm", "halmstad"]

_AUTUMN = {"sv": "Höstlov", "en": "Autumn school break"}
_CHRISTMAS = {"sv": "Jullov", "en": "Christmas school break"}
_WINTER = {"sv": "Sportlov", "en": "Winter school break"}
_EASTER = {"sv": "Påsklov", "en": "Easter school break"}
_SUMMER = {"sv": "Sommarlov", "en": "Summer school break"}


class Holiday(NamedTuple):
    """Days off, both included."""

    names: Mapping[str, str]
    first: date
    last: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """The school holidays of a municipality."""

    known_until: date
    holidays: tuple[Holiday, ...]

    def between(self, first: date, last: date) -> Mapping[date, Mapping[str, str]]:
        """The days off between two days, both included, with their names."""
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        return {day: off.names for day in days for off in self.holidays if off.first <= day <= off.last}


CALENDARS: Mapping[Municipality, Calendar] = {
    # The city's weeks as its schools have had them for years: 44 in autumn, 9 in winter, the four days after Easter
    # Monday. Compare with "Läsårstider" on grundskola.stockholm; it could not be read when this was written
    # (November 2026), so the first and last days of Christmas and summer are to be checked before they are relied on.
    "stockholm": Calendar(
        known_until=date(2028, 8, 14),
        holidays=(
            Holiday(_AUTUMN, date(2026, 10, 26), date(2026, 10, 30)),
            Holiday(_CHRISTMAS, date(2026, 12, 19), date(2027, 1, 10)),
            Holiday(_WINTER, date(2027, 3, 1), date(2027, 3, 5)),
            Holiday(_EASTER, date(2027, 3, 30), date(2027, 4, 2)),
            Holiday(_SUMMER, date(2027, 6, 12), date(2027, 8, 16)),
            Holiday(_AUTUMN, date(2027, 11, 1), date(2027, 11, 5)),
            Holiday(_CHRISTMAS, date(2027, 12, 18), date(2028, 1, 9)),
            Holiday(_WINTER, date(2028, 2, 28), date(2028, 3, 3)),
            Holiday(_EASTER, date(2028, 4, 18), date(2028, 4, 21)),
            Holiday(_SUMMER, date(2028, 6, 10), date(2028, 8, 14)),
        ),
    ),
    # halmstad.se, "Läsårstider, lov och studiedagar", read in November 2026; the term of autumn 2027 is not decided.
    "halmstad": Calendar(
        known_until=date(2027, 6, 30),
        holidays=(
            Holiday(_AUTUMN, date(2026, 10, 26), date(2026, 10, 30)),
            Holiday(_CHRISTMAS, date(2026, 12, 19), date(2027, 1, 10)),
            Holiday(_WINTER, date(2027, 2, 22), date(2027, 2, 26)),
            Holiday(_EASTER, date(2027, 3, 30), date(2027, 4, 2)),
            Holiday(_SUMMER, date(2027, 6, 16), date(2027, 6, 30)),
        ),
    ),
}
