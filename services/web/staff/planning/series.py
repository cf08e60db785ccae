"""The plain form that a series is planned with."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

from services.web.faults import NUMBER, Fault
from services.web.rendering import msgid
from services.web.staff.planning.faults import faults_of
from services.web.staff.planning.seats import SeatsForm
from services.web.staff.planning.typing_in import ENDS_BEFORE, clock, count, day, length, text

if TYPE_CHECKING:
    from multidict import MultiDictProxy

    from services.web.staff.planning.answers import Activity
    from shared.problems import Problem

BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_WEEKDAY = msgid("Välj minst en veckodag.")
_STARTS = msgid("Skriv när det börjar, till exempel 17.00.")
_ENDS = msgid("Skriv när det slutar, till exempel 18.30.")
_FIRST = msgid("Välj den första dagen.")
_LAST = msgid("Välj den sista dagen. Den ska vara samma dag som den första eller senare.")

_SHOWN = {
    "minutes": "ends",
    "time": "starts",
    "branch_id": "activity",
    "activity_id": "activity",
    "opens_days_before": "opens",
    "slot_minutes": "slot",
    "meeting": "link",
    "skip": "school",
}
"""The fields of the form by those of the API, where they are called otherwise."""


class SeriesForm(SeatsForm):
    """A series as it was typed."""

    weekdays: tuple[str, ...] = ()
    every: str = "1"
    starts: str = ""
    ends: str = ""
    first: str = ""
    last: str = ""
    rule: str = ""
    red: bool = True
    closures: bool = True
    school: bool = False
    opens: str = ""
    slot: str = ""
    status: Literal["draft", "published"] = "published"
    key: str = ""

    @classmethod
    def new(cls, activity: Activity, today: date) -> SeriesForm:
        """An empty form for an activity, with what follows from it."""
        return cls(activity=str(activity.id), first=today.isoformat(), key=str(uuid4()))

    @classmethod
    def sent(cls, form: MultiDictProxy[str]) -> SeriesForm:
        """What was typed."""
        return cls(
            **cls.seats_sent(form),
            weekdays=tuple(one for one in form.getall("weekdays", []) if one in BYDAY),
            every="2" if form.get("every") == "2" else "1",
            starts=text(form, "starts"),
            ends=text(form, "ends"),
            first=text(form, "first"),
            last=text(form, "last"),
            rule=text(form, "rule"),
            red="red" in form,
            closures="closures" in form,
            school="school" in form,
            opens=text(form, "opens"),
            slot=text(form, "slot"),
            status="draft" if form.get("status") == "draft" else "published",
            key=text(form, "key") or str(uuid4()),
        )

    def hidden(self) -> list[tuple[str, str]]:
        """The form as fields nobody sees, to be sent again."""
        kept: list[tuple[str, str]] = [("weekdays", one) for one in self.weekdays]
        for name, value in self.model_dump(exclude={"weekdays"}).items():
            if isinstance(value, bool):
                kept += [(name, "1")] if value else []
            else:
                kept.append((name, value))
        return kept

    def faults(self) -> list[Fault]:
        """What has to be put right before catalog can be asked."""
        starts, ends = clock(self.starts), clock(self.ends)
        first, last = day(self.first), day(self.last)
        found = [
            (bool(self.weekdays) or bool(self.rule), "weekdays", _WEEKDAY),
            (starts is not None, "starts", _STARTS),
            (ends is not None, "ends", _ENDS),
            (starts is None or ends is None or length(starts, ends) is not None, "ends", ENDS_BEFORE),
            (first is not None, "first", _FIRST),
            (self._says_its_end or (last is not None and (first is None or last >= first)), "last", _LAST),
            (not self.opens or count(self.opens) is not None, "opens", NUMBER),
            (not self.slot or count(self.slot) is not None, "slot", NUMBER),
        ]
        return [Fault(field=field, text=said) for right, field, said in found if not right] + self.seats_faults()

    @property
    def _says_its_end(self) -> bool:
        return any(part in self.rule.upper() for part in ("UNTIL=", "COUNT="))

    def body(self, branch: str) -> dict[str, Any]:
        """What catalog is asked for; only of a form without faults."""
        return {
            **self.seats_body(),
            "branch_id": branch,
            "first": self.first,
            "time": f"{_known(self.starts):%H:%M}",
            "minutes": length(_known(self.starts), _known(self.ends)),
            "rule": self._rule(),
            "skip": {"red_days": self.red, "closures": self.closures, "school_holidays": self.school},
            "status": self.status,
            **({"opens_days_before": count(self.opens)} if self.opens else {}),
            **({"slot_minutes": count(self.slot)} if self.slot else {}),
        }

    def _rule(self) -> str:
        if self.rule:
            return self.rule if self._says_its_end else f"{self.rule};UNTIL={self.last}"
        every = ";INTERVAL=2" if self.every == "2" else ""
        return f"FREQ=WEEKLY{every};BYDAY={','.join(self.weekdays)};UNTIL={self.last}"


def refused(problem: Problem) -> list[Fault]:
    """What catalog wants put right.

    Raises:
        Problem: it is about nothing that somebody typed.
    """
    return faults_of(problem, _SHOWN)


def _known(typed: str) -> time:
    found = clock(typed)
    if found is None:
        raise ValueError(typed)
    return found
