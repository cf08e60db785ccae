"""What somebody who helps changes about themselves: as they typed it, what is wrong with it, and what is sent of it."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from services.web.faults import Fault
from services.web.helping.views import Except, Spoken, Weekly
from services.web.helping.words import LANGUAGES, LEVELS
from services.web.rendering import msgid
from services.web.staff.planning.typing_in import clock, day, text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from multidict import MultiDictProxy

    from services.web.helping.views import Availability, Me

_EMPTY_ROWS = 2
_ROWS = 30


class Part(NamedTuple):
    """A part of a day of the week, as it stands in two fields."""

    weekday: int
    number: int
    starts: str
    ends: str

    @property
    def field(self) -> str:
        """What its fields are called, before ``-starts`` and ``-ends``."""
        return f"d{self.weekday}-{self.number}"


class WeekForm(NamedTuple):
    """When somebody usually can: each day's parts, and one row for a day without any."""

    parts: tuple[Part, ...]

    @classmethod
    def of(cls, known: Availability) -> WeekForm:
        """As it is known."""
        rows = []
        for weekday in range(7):
            told = [one for one in known.weekly if one.weekday == weekday]
            rows += [
                Part(weekday, number, f"{one.starts:%H.%M}", f"{one.ends:%H.%M}") for number, one in enumerate(told)
            ] or [Part(weekday, 0, "", "")]
        return cls(tuple(rows))

    @classmethod
    def sent(cls, form: MultiDictProxy[str]) -> WeekForm:
        """As it was typed."""
        named = [re.fullmatch(r"d([0-6])-(\d)-starts", name) for name in form]
        found = sorted({(int(one[1]), int(one[2])) for one in named if one})
        parts = [
            Part(*at, text(form, f"d{at[0]}-{at[1]}-starts"), text(form, f"d{at[0]}-{at[1]}-ends")) for at in found
        ]
        return cls(tuple(parts))

    @property
    def fields(self) -> dict[str, str]:
        """As it would be sent again."""
        sides = [(f"{one.field}-{side}", getattr(one, side)) for one in self.parts for side in ("starts", "ends")]
        return dict(sides)

    def faults(self) -> list[Fault]:
        """What is no time, or ends before it starts, or twice on one day."""
        found = []
        before: dict[int, Weekly] = {}
        for one in self.parts:
            if not (one.starts or one.ends):
                continue
            starts, ends = clock(one.starts), clock(one.ends)
            if starts is None or ends is None:
                found.append(Fault(field=f"{one.field}-{'ends' if starts else 'starts'}", text=_TIME))
            elif ends <= starts:
                found.append(Fault(field=f"{one.field}-ends", text=_ENDS_BEFORE))
            else:
                if one.weekday in before and before[one.weekday].ends > starts:
                    found.append(Fault(field=f"{one.field}-starts", text=_OVERLAP))
                before[one.weekday] = Weekly(weekday=one.weekday, starts=starts, ends=ends)
        return found

    def weekly(self) -> tuple[Weekly, ...]:
        """What it says, from a form without faults."""
        times = [(one.weekday, clock(one.starts), clock(one.ends)) for one in self.parts]
        return tuple(Weekly(weekday=on, starts=starts, ends=ends) for on, starts, ends in times if starts and ends)


class AwayForm(NamedTuple):
    """Days on which somebody is away."""

    first: str = ""
    last: str = ""

    @classmethod
    def sent(cls, form: MultiDictProxy[str]) -> AwayForm:
        """As it was typed; one day only needs no last one."""
        return cls(text(form, "first"), text(form, "last"))

    def faults(self, today: date) -> list[Fault]:
        """What is no day, or over, or ends before it begins."""
        first, last = day(self.first), day(self.last or self.first)
        if first is None:
            return [Fault(field="first", text=_DAY)]
        if last is None:
            return [Fault(field="last", text=_DAY)]
        if last < first:
            return [Fault(field="last", text=_LAST_BEFORE)]
        return [Fault(field="last" if self.last else "first", text=_OVER)] if last < today else []

    def away(self) -> Except | None:
        """What it says; None with a fault."""
        first, last = day(self.first), day(self.last or self.first)
        return Except(first_day=first, last_day=last, available=False) if first and last else None


class LanguagesForm(NamedTuple):
    """Which languages somebody speaks, a row each, and rows for more."""

    rows: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, known: tuple[Spoken, ...]) -> LanguagesForm:
        """As they are known."""
        empty = (("", "good"),) * _EMPTY_ROWS
        return cls((*((one.language, one.level) for one in known), *empty))

    @classmethod
    def sent(cls, form: MultiDictProxy[str]) -> LanguagesForm:
        """As they were chosen."""
        rows: list[tuple[str, str]] = []
        for number in count():
            if f"language-{number}" not in form or number == _ROWS:
                return cls(tuple(rows))
            rows.append((text(form, f"language-{number}"), text(form, f"level-{number}")))
        raise AssertionError

    @property
    def fields(self) -> dict[str, str]:
        """As it would be sent again."""
        names = ("language", "level")
        return {f"{name}-{number}": row[at] for number, row in enumerate(self.rows) for at, name in enumerate(names)}

    def faults(self) -> list[Fault]:
        """A language named twice, or none at all."""
        named = [language for language, _ in self.rows if language]
        if not named:
            return [Fault(field="language-0", text=_LANGUAGE)]
        for number, (language, _) in enumerate(self.rows):
            if language and [one for one, _ in self.rows[:number]].count(language):
                return [Fault(field=f"language-{number}", text=_TWICE)]
        return []

    def body(self, known: tuple[Spoken, ...]) -> list[Mapping[str, str]]:
        """What is sent; a language that pages do not offer stays, where it was known."""
        offered = {*LANGUAGES, *(one.language for one in known)}
        rows = [(language, level) for language, level in self.rows if language in offered and level in LEVELS]
        return [{"language": language, "level": level} for language, level in rows]


class ReachedForm(NamedTuple):
    """How somebody is written to."""

    by: str
    language: str

    @classmethod
    def of(cls, me: Me) -> ReachedForm:
        """As it is known."""
        return cls(me.reach.by, me.language)

    @classmethod
    def sent(cls, form: MultiDictProxy[str]) -> ReachedForm:
        """As it was chosen."""
        return cls(text(form, "by"), text(form, "language"))

    def faults(self, me: Me, languages: tuple[str, ...]) -> list[Fault]:
        """What cannot be chosen."""
        if self.by not in me.reach.ways:
            return [Fault(field="by", text=_BY)]
        return [] if self.language in languages else [Fault(field="language", text=_LANGUAGE)]


_TIME = msgid("Skriv tiden med siffror, till exempel 17.00, både när det börjar och när det slutar.")
_ENDS_BEFORE = msgid("Sluttiden behöver vara efter starttiden.")
_OVERLAP = msgid("Två tider samma dag går in i varandra.")
_DAY = msgid("Skriv dagen som år-månad-dag, till exempel 2026-12-24.")
_LAST_BEFORE = msgid("Den sista dagen kan inte vara före den första.")
_OVER = msgid("De dagarna är redan över.")
_LANGUAGE = msgid("Välj minst ett språk.")
_TWICE = msgid("Det språket har du redan valt.")
_BY = msgid("Välj hur vi når dig.")
