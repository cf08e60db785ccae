"""A time to answer by, as texts tell it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from shared.i18n import Language

_ROUND = 5
"""Minutes to which it is rounded, to the earlier side."""

_SOON = timedelta(days=6)
"""So far ahead a weekday alone says which day it is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadline:
    """Until when somebody may answer, in one language; says nothing where that has no end."""

    exact: datetime | None
    now: datetime
    """The moment of sending."""
    language: Language
    zone: ZoneInfo

    @property
    def by(self) -> datetime | None:
        """The time, rounded so that nobody comes too late who keeps to it."""
        exact = self.exact
        return exact and exact.replace(minute=exact.minute - exact.minute % _ROUND, second=0, microsecond=0)

    @property
    def short(self) -> str:
        """In few words: its weekday, or where that does not say which day, its date as well."""
        return self._told("sms.deadline.far" if self._is_far else "sms.deadline", "EEEE")

    @property
    def shortest(self) -> str:
        """The same with the weekday shortened."""
        return self._told("sms.deadline.far" if self._is_far else "sms.deadline", "EEE")

    @property
    def full(self) -> str:
        """With its date."""
        return self._told("mail.deadline", "EEEE")

    @property
    def _is_far(self) -> bool:
        by = self.by
        return by is not None and by.astimezone(self.zone).date() - self.now.astimezone(self.zone).date() > _SOON

    def _told(self, key: str, weekday: str) -> str:
        by = self.by
        if by is None:
            return ""
        local = by.astimezone(self.zone)
        return self.language.gettext(key).format(
            weekday=format_date(local, weekday, locale=self.language.locale),
            date=f"{local.day}/{local.month}",
            day=self.language.day(by, self.zone),
            time=self.language.time(by, self.zone),
        )
