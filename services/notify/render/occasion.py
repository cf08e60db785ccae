"""A session as texts speak of it."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date

from shared.events import SessionState
from shared.i18n import Catalogs, Language, choose

CATALOGS = Catalogs(Path(__file__).parents[1] / "locales")

_UNWRITABLE = {"Cc", "Cs", "Zl", "Zp"}
"""Control characters, half characters, line and paragraph separators (Unicode's general categories)."""

_LATER = timedelta(minutes=15)
"""What a session that starts later is late."""


def line(text: str) -> str:
    """A text on one line, as headers want it: whatever is blank or no character at all becomes one space."""
    return " ".join("".join(" " if unicodedata.category(sign) in _UNWRITABLE else sign for sign in text).split())


@dataclass(frozen=True, kw_only=True, slots=True)
class Occasion:
    """A session as texts in one language speak of it."""

    session: SessionState
    language: Language
    zone: ZoneInfo

    @property
    def title(self) -> str:
        """What the session is called."""
        return line(choose(dict(self.session.titles), self.language.tag))

    @property
    def sms_title(self) -> str:
        """What the session is called where every character counts."""
        return line(choose(dict(self.session.sms_titles), self.language.tag))

    @property
    def day(self) -> str:
        """The day it is on."""
        return self.language.day(self.session.starts_at, self.zone)

    def day_from(self, now: datetime) -> str:
        """The day it is on, and whether that is today or tomorrow."""
        ahead = self.session.starts_at.astimezone(self.zone).date() - now.astimezone(self.zone).date()
        key = {0: "day.today", 1: "day.tomorrow"}.get(ahead.days)
        return self.language.gettext(key).format(day=self.day) if key else self.day

    def place(self, *parts: str) -> str:
        """Where it is: online, or the parts of a place that are known."""
        if self.session.place == "online":
            return self.language.gettext("where.online")
        return ", ".join(line(part) for part in parts if part)

    @property
    def short_day(self) -> str:
        """The day where every character counts: ``tis 3/3``."""
        local = self.session.starts_at.astimezone(self.zone)
        return f"{format_date(local, 'EEE', locale=self.language.locale)} {local.day}/{local.month}"

    @property
    def where(self) -> str:
        """The place in full: library, room, address."""
        return self.place(self.session.branch.name, self.session.room, self.session.branch.address)

    def facts(self) -> Mapping[str, object]:
        """What every text may name."""
        return {
            "day": self.day,
            "date": self.short_day,
            "time": self.language.time(self.session.starts_at, self.zone),
            "ends": self.language.time(self.session.ends_at, self.zone),
            "where": self.where,
            "phone": self.session.branch.phone,
            "later": self.language.time(self.session.starts_at + _LATER, self.zone),
        }


def same_place(one: SessionState, other: SessionState) -> bool:
    """Whether two sessions are held at the same library, or both online."""
    return (one.place, one.branch.id) == (other.place, other.branch.id)
